# Sourced by the tests of what //:dist installs: the example, as its user builds it.
set -u
status=0

fail() {
  echo "FAIL: $*"
  status=1
}

# Makes a folder that no other test has, and prints its path.
scratch=$(mktemp -d "${TEST_TMPDIR:-/tmp}/user.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
sources=$PWD/examples

# The installed tree, in a place that no build knew.
installed=$scratch/installed
mkdir "$installed"
tar --extract --file="$(echo dist/*-linux-*.tar.gz)" --directory="$installed" --strip-components=1 || fail "no archive"
export PKG_CONFIG_PATH=$installed/lib/pkgconfig
version=$(basename "$(echo "$installed"/lib/libpba.so.*.*.*)")
version=${version#libpba.so.}

# It runs, says what it should, and needs the shared library or not: expect_example PROGRAM shared|static
expect_example() {
  local program=$1 kind=$2 needed
  LD_LIBRARY_PATH=$installed/lib "$program" | diff "$sources/first_pool.txt" - || fail "$program does not say that"
  needed=$(readelf --dynamic "$program" | sed -n 's/.*(NEEDED).*\[\(libpba.*\)\]/\1/p')
  case $kind in
    shared) [[ $needed == libpba.so.* && $needed != libpba.so.*.*.* ]] || fail "$program needs \"$needed\" and no soname" ;;
    static) [[ -z $needed ]] || fail "$program needs $needed" ;;
  esac
}
