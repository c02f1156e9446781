#!/bin/bash
# A user with gcc and pkg-config, in C and C++, in each build mode.
. tools/dist/user.sh

strict="-Wall -Wextra -pedantic -Werror"
[[ $(pkg-config --modversion pba) == "$version" ]] || fail "pkg-config says that it is $(pkg-config --modversion pba)"

for mode in "" -DNDEBUG "-O3 -DBA_BUILD_MODE=BA_RELEASE_FAST" "-Os -DBA_BUILD_MODE=BA_RELEASE_SMALL"; do
  gcc -std=c11 $strict $mode "$sources/first_pool.c" $(pkg-config --cflags --libs pba) -o "$scratch/shared" ||
    fail "gcc $mode"
  expect_example "$scratch/shared" shared
  gcc -std=c11 $strict $mode -static "$sources/first_pool.c" $(pkg-config --static --cflags --libs pba) \
    -o "$scratch/static" || fail "gcc -static $mode"
  expect_example "$scratch/static" static
done

g++ -x c++ -std=c++11 -Wall -Werror "$sources/first_pool.c" $(pkg-config --cflags --libs pba) \
  -o "$scratch/of_cxx" || fail "g++"
expect_example "$scratch/of_cxx" shared
g++ -std=c++17 -Wall -Wextra -Werror "$sources/containers.cc" $(pkg-config --cflags --libs pba) -o "$scratch/containers" &&
  LD_LIBRARY_PATH=$installed/lib "$scratch/containers" || fail "the headers of C++"
# A default handler of the program's own is called by either library.
cat >"$scratch/own.c" <<'END'
#include <stdio.h>
#include <stdlib.h>

#include "block_allocator/backing/page_allocator.h"
#include "block_allocator/misuse.h"

#define PBA_NAME own_pool
#include "pba/define.h"

void ba_misuse_default(const ba_misuse *misuse) {
    (void)misuse;
    puts("own");
    exit(EXIT_SUCCESS);
}

int main(void) {
    static char foreign[64];
    own_pool pool = own_pool_new(ba_page_allocator());
    own_pool_free(&pool, ba_memory_of(foreign, ba_bytes(sizeof foreign)), ba_align(1));
    return EXIT_FAILURE;
}
END
gcc "$scratch/own.c" $(pkg-config --cflags --libs pba) -o "$scratch/own_shared" || fail "own.c"
gcc -static "$scratch/own.c" $(pkg-config --static --cflags --libs pba) -o "$scratch/own_static" || fail "own.c, -static"
[[ $(LD_LIBRARY_PATH=$installed/lib "$scratch/own_shared") == own ]] || fail "the shared library calls another handler"
[[ $("$scratch/own_static") == own ]] || fail "the static library calls another handler"
exit $status
