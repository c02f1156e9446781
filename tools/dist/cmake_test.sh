#!/bin/bash
# A user with CMake's find_package().
. tools/dist/user.sh

cp "$sources/first_pool.c" "$scratch"
cat >"$scratch/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.13)
project(user C)
find_package(pba ${WANTED} REQUIRED)
find_package(pba ${WANTED} REQUIRED) # twice, as in a large project
add_executable(shared first_pool.c)
target_link_libraries(shared PRIVATE pba::pba)
add_executable(static first_pool.c)
target_link_libraries(static PRIVATE pba::pba_static)
END

configure() {
  cmake -S "$scratch" -B "$scratch/$1" -DWANTED="$2" -DCMAKE_PREFIX_PATH="$installed" >"$scratch/said" 2>&1
}

for wanted in "" "$version" "${version%.*}"; do
  configure "with_$wanted" "$wanted" || fail "version \"$wanted\" is not found: $(cat "$scratch/said")"
done
for wanted in 0.0 "${version%.*}.999" "${version%.*}0" 999.0; do
  ! configure "with_$wanted" "$wanted" || fail "version $wanted is found"
  grep -q 'compatible' "$scratch/said" || fail "version $wanted is refused otherwise: $(cat "$scratch/said")"
done

cmake --build "$scratch/with_" || fail "it does not build"
expect_example "$scratch/with_/shared" shared
expect_example "$scratch/with_/static" static
exit $status
