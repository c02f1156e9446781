#!/bin/sh
# Tests always_inline.sh: it names what stands in a table, and not what is only called.
set -u
cat >"$TEST_TMPDIR/table.c" <<'END'
#define BOTH static inline __attribute__((always_inline, unused))
BOTH int called(int x) { return x + 1; }
BOTH int stored(int x) { return called(x) + 1; }
static int plain(int x) { return called(x); }
static int (*const table[])(int) = {
#ifdef STORED
    stored,
#endif
    plain};
int call(int i, int x) { return table[i](x) + stored(x); }
END
status=0
expect() {
  wanted=$1
  shift
  said=$(tools/bzl/always_inline.sh "$@" "$TEST_TMPDIR/table.c") || { echo "FAIL: $* ended with $?"; status=1; }
  [ "$said" = "$wanted" ] || { echo "FAIL: $* says \"$said\" and not \"$wanted\""; status=1; }
}
expect "" gcc
expect "" gcc -O2
expect "stored: an always_inline function, and its address is taken" gcc -DSTORED
expect "stored: an always_inline function, and its address is taken" gcc -DSTORED -O2
if tools/bzl/always_inline.sh gcc "$TEST_TMPDIR/nothing.c" 2>/dev/null; then
  echo "FAIL: it does not tell of a source that does not compile"
  status=1
fi
exit $status
