#!/bin/bash
# Tests install.sh: what it installs, DESTDIR, and what it says of wrong use.
set -u
status=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
  echo "FAIL: $*"
  status=1
}

# expect STATUS WORDS ARGUMENT...: it ends with STATUS, and WORDS are in what it says.
expect() {
  local expected_status=$1 expected=$2 said ended=0
  shift 2
  said=$(tools/dist/install.sh "$@" 2>&1) || ended=$?
  [[ $ended == "$expected_status" ]] || fail "install.sh $*: ended with $ended, not $expected_status: $said"
  [[ $said == *"$expected"* ]] || fail "install.sh $*: does not say \"$expected\", but: $said"
}

unset DESTDIR
expect 0 "Usage: tools/bazel run //:install -- PREFIX" --help
expect 0 "Usage: " -h
expect 2 "there must be one PREFIX, and there are 0 arguments"
expect 2 "there must be one PREFIX, and there are 2 arguments" /usr /usr/local
expect 2 "there is no option --prefix=/usr" --prefix=/usr
expect 2 'PREFIX must be an absolute path, and "usr" is none' usr
DESTDIR=here expect 2 'DESTDIR must be an absolute path, and "here" is none' /usr
: >"$scratch/file"
expect 1 "cannot make the folder $scratch/file/prefix" "$scratch/file/prefix"
(cd "$scratch" && ! "$OLDPWD/tools/dist/install.sh" "$scratch/none" 2>said && grep -q "run by tools/bazel run //:install" said) ||
  fail "it does not say how it is run"

expect_installed() {
  local file
  for file in include/pooled_block_alloc/pba/define.h include/pooled_block_alloc/block_allocator/internal/language.h \
    lib/libpba.a lib/libpba.so lib/pkgconfig/pba.pc lib/cmake/pba/pba-config.cmake \
    share/doc/pooled_block_alloc/LICENSE share/doc/pooled_block_alloc/docs/install.md; do
    [[ -s $1/$file ]] || fail "there is no $1/$file"
  done
  [[ $(stat -c %a "$1/lib/libpba.a" "$1/lib") == $'644\n755' ]] || fail "not for everybody to read: $(ls -la "$1/lib")"
}

umask 077
expect 0 "installed into $scratch/a b/prefix" "$scratch/a b/prefix"
expect_installed "$scratch/a b/prefix"
expect 0 "installed into $scratch/a b/prefix" "$scratch/a b/prefix" # again
DESTDIR=$scratch/staged/ expect 0 "installed into $scratch/staged/opt/pba" /opt/pba
expect_installed "$scratch/staged/opt/pba"
exit $status
