#!/bin/sh
# What the example says of a small tree, of an empty one, and of what cannot be read.
set -eu
hierarchy=$PWD/examples/hierarchy
world=$(mktemp -d "$TEST_TMPDIR/hierarchy.XXXXXX")
cd "$world"
unset BUILD_WORKING_DIRECTORY
failed=0

fail() { echo "FAILED: $1"; sed 's/^/  out: /' "$world/out"; sed 's/^/  err: /' "$world/err"; failed=1; }

# run STATUS ARGUMENT...: keeps what the example says in the files out and err.
run() {
  wanted=$1; shift
  status=0
  "$hierarchy" "$@" >"$world/out" 2>"$world/err" || status=$?
  [ "$status" = "$wanted" ] || fail "$*: status $status, not $wanted"
}
says() { grep -Fqx -- "$2" "$world/$1" || fail "$1 has no line: $2"; }
says_nothing() { [ ! -s "$world/$1" ] || fail "$1 is not empty"; }

# A small tree.
mkdir -p tree/deep/deeper
printf 'one\ntwo\n' >tree/small
seq 1 1000 >tree/deep/medium
seq 1 20000 >tree/deep/deeper/large
: >tree/nothing
long=$(printf 'n%.0s' $(seq 1 255))
printf '\n' >"tree/$long"
ln -s ../.. tree/deep/loop
ln -s loop tree/loop
ln -s missing tree/dangling
run 0 tree
says_nothing err
says out '3 directories, 5 files, 3 others; 112796 bytes, 21003 lines'
sed -n '/^The largest/,/^$/p' out >largest
cat >expected <<END
The largest files
      108894 bytes      20000 lines  tree/deep/deeper/large
        3893 bytes       1000 lines  tree/deep/medium
           8 bytes          2 lines  tree/small
           1 bytes          1 lines  tree/$long
           0 bytes          0 lines  tree/nothing

END
cmp expected largest || fail "the largest files"
says out 'large, 1 block a character: # used, + partly, . free'
says out '###.............'
grep -Eq '^small +64 +4096 ' out || fail "the statistics of the small pool"

# As "bazel run" starts it: elsewhere, with a word on where the user stands.
(cd / && BUILD_WORKING_DIRECTORY=$world/tree/deep "$hierarchy") >out 2>err || fail "where the user stands"
says out '2 directories, 2 files, 1 others; 112787 bytes, 21000 lines'
status=0
BUILD_WORKING_DIRECTORY=$world/gone "$hierarchy" >out 2>err || status=$?
[ "$status" = 1 ] || fail "a place that is gone: status $status"
says err "hierarchy: $world/gone: No such file or directory"

# An empty tree.
mkdir empty
run 0 empty
says_nothing err
says out '1 directories, 0 files, 0 others; 0 bytes, 0 lines'

# What cannot be read, as an argument.
run 1 missing
says_nothing out
says err 'hierarchy: missing: No such file or directory'
run 1 tree/small
says err 'hierarchy: tree/small: Not a directory'
run 1 tree empty
says err 'usage: hierarchy [DIRECTORY]'

# Huge files are indexed, but not read; a path that is too long is named; the rest goes on.
mkdir huge
printf 'a line\n' >huge/read
truncate -s 1T huge/sparse
printf 'x' >"$(printf 'huge/\033[1m')"
run 0 huge
says err 'hierarchy: huge/sparse: not read: larger than 4 MiB'
says out '1 files were too large to be read, alone or together'
says out '           1 bytes          0 lines  huge/?[1m'
says out '           7 bytes          1 lines  huge/read'

mkdir deep
(cd deep && for _ in $(seq 1 20); do mkdir "$long" && cd -P "$long"; done)
run 0 deep
grep -q '^hierarchy: deep/nnn.*: File name too long$' err || fail "a path that is too long"

# Permissions. They do not bind root, unless it gives its privilege away.
mkdir -p closed/door
echo hidden >closed/file
chmod 0 closed/door closed/file
unprivileged=
[ "$(id -u)" != 0 ] || unprivileged='setpriv --bounding-set=-dac_override,-dac_read_search'
if $unprivileged ls closed/door >out 2>err; then
  echo "The tests of permissions were left out: nothing is closed to this user."
elif ! $unprivileged true 2>err; then
  echo "The tests of permissions were left out: root cannot give its privilege away here."
else
  $unprivileged "$hierarchy" closed >out 2>err || fail "a tree with closed parts"
  says err 'hierarchy: closed/door: Permission denied'
  says err 'hierarchy: closed/file: Permission denied'
  says out '2 directories, 1 files, 0 others; 7 bytes, 0 lines'
  status=0
  $unprivileged "$hierarchy" closed/door >out 2>err || status=$?
  [ "$status" = 1 ] || fail "a closed directory: status $status"
  says err 'hierarchy: closed/door: Permission denied'
fi
chmod 700 closed/door

exit $failed
