#!/bin/bash
# Tests tools/setup and tools/bazel in a world of stubs: PATH holds only what a case puts there, and
# each stub writes down how it was called.
set -u

# Without a folder of its own the stubs would land in the system's.
: "${TEST_TMPDIR:?must be set, as Bazel does}"
repository=$PWD
tools="$repository/tools"
status=0

# Makes an empty world. $bin is its PATH; the calls of the stubs end up in $calls, one argument in
# each pair of brackets.
new_world() {
  world=$(mktemp -d "$TEST_TMPDIR/world.XXXXXX")
  bin=$world/bin
  calls=$world/calls
  mkdir -p "$bin" "$world/checkout/tools" "$world/checkout/deep/inside"
  : >"$calls"
  cp "$tools/bazel" "$tools/setup" "$tools/find_bazel.sh" "$world/checkout/tools/"
  # What the scripts need of any system; everything else is a stub.
  local command
  for command in bash dirname env readlink sh; do ln -s "$(command -v "$command")" "$bin/$command"; done
}

# Puts a stub into the world that writes its call down and then does what standard input says.
stub() {
  { echo '#!/bin/bash'
    echo "{ printf %s '$1'; printf ' [%s]' \"\$@\"; echo; } >>'$calls'"
    cat; } >"$bin/$1"
  "$chmod" +x "$bin/$1"
}
chmod=$(command -v chmod)

# Debian, where dpkg knows these packages as installed, and `apt-get install` adds the rest.
debian_with() {
  printf '%s installed\n' "$@" >"$world/installed"
  { echo '#!/bin/bash'
    echo "while read -r line; do echo \"\$line\"; done <'$world/installed'; exit 1"; } >"$bin/dpkg-query"
  "$chmod" +x "$bin/dpkg-query"
  stub apt-get </dev/null
}

user_is() { printf 'echo %s\n' "$1" | stub id; }
bazel_as() { echo "echo $1 ran" | stub "$1"; }

# Runs a script of the checkout in the folder `$1`, in the world only.
run() {
  local folder=$1
  shift
  (cd "$world/checkout/$folder" && env -i PATH="$bin" ${real+BAZEL_REAL="$real"} "$bin/bash" "$@") \
    >"$world/out" 2>"$world/err"
  code=$?
}

expect() {
  if [ "$2" = "$3" ]; then return; fi
  echo "FAIL: $name: $1 is"
  echo "$3"
  echo "and not"
  echo "$2"
  status=1
}
expect_code() { expect "the exit code" "$1" "$code"; }
expect_calls() { expect "the calls" "$1" "$(grep -v '^id ' "$calls")"; }
expect_says() { grep -qF -- "$1" "$world/err" || expect "what it says" "$1" "$(cat "$world/err")"; }
expect_silence() { expect "what it says" "" "$(cat "$world/err")"; }

all='clang clang-format clang-tidy cppcheck g++ gdb googletest lcov libclang-rt-dev lld python3 strace valgrind'
apt='apt-get [-qq] [-o] [DPkg::Lock::Timeout=300]'
install='[install] [--yes] [--no-install-recommends]'
unset real

name="setup: nothing missing, nothing done"
new_world; user_is 0; debian_with $all bazel-bootstrap
run . tools/setup
expect_code 0; expect_calls ""; expect_silence

name="setup: installs what is missing, and only that"
new_world; user_is 0; debian_with ${all/clang-tidy /} bazel-bootstrap; bazel_as bazel-4
run . tools/setup
expect_code 0
expect_calls "$apt [update]
$apt $install [clang-tidy]"
expect_says "tools/setup: installing clang-tidy"

name="setup: a package removed but not purged is missing; the name of one within another's is not it"
new_world; user_is 0; debian_with ${all/g++ /} g++-12 libg++; bazel_as bazel-4
echo "g++ config-files" >>"$world/installed"
run . tools/setup
expect_code 0
expect_calls "$apt [update]
$apt $install [g++]"

name="setup: without any Bazel, Debian's is wanted too"
new_world; user_is 0; debian_with $all
run . tools/setup
expect_code 0
expect_calls "$apt [update]
$apt $install [bazel-bootstrap]"

name="setup: another Bazel is as good"
new_world; user_is 0; debian_with $all; bazel_as bazelisk
run . tools/setup
expect_code 0; expect_calls ""

name="setup: installs the compiler for Windows where that is asked for"
new_world; user_is 0; debian_with $all; bazel_as bazel-4
run . tools/setup windows
expect_code 0
expect_calls "$apt [update]
$apt $install [gcc-mingw-w64-x86-64-win32] [g++-mingw-w64-x86-64-win32]"

name="setup: installs the allocators to compare with, and what draws, where that is asked for"
new_world; user_is 0; debian_with $all libjemalloc-dev; bazel_as bazel-4
run . tools/setup peers
expect_code 0
expect_calls "$apt [update]
$apt $install [libgoogle-perftools-dev] [libmimalloc-dev] [python3-matplotlib]"

name="setup: installs what makes chroots of other releases, together with other options"
new_world; user_is 0; debian_with $all git; bazel_as bazel-4
run . tools/setup debian windows
expect_code 0
expect_calls "$apt [update]
$apt $install [debootstrap] [gcc-mingw-w64-x86-64-win32] [g++-mingw-w64-x86-64-win32]"

name="setup: knows no other option"
new_world; user_is 0; debian_with; bazel_as bazel-4
run . tools/setup --windows
expect_code 1; expect_calls ""
expect_says 'tools/setup: there is nothing called "--windows" to install; the options are: debian, dist, i386, peers, windows'

name="setup: asks sudo when not root"
new_world; user_is 1000; debian_with $all
echo 'exec "$@"' | stub sudo
run . tools/setup
expect_code 0
expect_calls "sudo [env] [DEBIAN_FRONTEND=noninteractive] [apt-get] ${apt#apt-get } [update]
$apt [update]
sudo [env] [DEBIAN_FRONTEND=noninteractive] [apt-get] ${apt#apt-get } $install [bazel-bootstrap]
$apt $install [bazel-bootstrap]"

name="setup: neither root nor sudo"
new_world; user_is 1000; debian_with ${all/lld /}
run . tools/setup
expect_code 1; expect_calls ""
expect_says "tools/setup: you are not root and there is no sudo; have root run: apt-get install bazel-bootstrap lld"

name="setup: no apt-get"
new_world; user_is 0
run . tools/setup
expect_code 1; expect_calls ""
expect_says "tools/setup: there is no apt-get here; install what these Debian packages hold by hand: bazel-bootstrap $all"

name="setup: no list can be fetched, but the install succeeds"
new_world; user_is 0; debian_with $all
echo '[[ $* != *update* ]]' | stub apt-get
run . tools/setup
expect_code 0
expect_says "tools/setup: not every package list could be fetched; going on with those there are"

name="setup: apt-get cannot install"
new_world; user_is 0; debian_with $all
echo '[[ $* != *install* ]]' | stub apt-get
run . tools/setup
expect_code 1
expect_says "tools/setup: apt-get could not install bazel-bootstrap; its reason is above (without a network it cannot)"

name="bazel: hands its arguments over, exactly, from a subfolder"
new_world; user_is 0; debian_with $all; bazel_as bazel-4
run deep/inside ../../tools/bazel test "two words" '' '//...' '*'
expect_code 0
expect_calls "bazel-4 [test] [two words] [] [//...] [*]"
expect "the output" "bazel-4 ran" "$(cat "$world/out")"

name="bazel: through a link, and through a folder with a space in its name"
new_world; user_is 0; debian_with $all; bazel_as bazel-4
mv "$world/checkout/tools" "$world/checkout/my tools"
ln -s "$world/checkout/my tools/bazel" "$world/checkout/deep/b"
run . deep/b test
run . "my tools/bazel" build
expect_code 0; expect_calls "bazel-4 [test]
bazel-4 [build]"; expect_silence

name="bazel: passes the exit code on"
new_world; user_is 0; debian_with $all
echo 'exit 3' | stub bazel-4
run . tools/bazel test
expect_code 3

name="bazel: prefers Debian's, then any other, then Bazelisk"
new_world; user_is 0; debian_with $all; bazel_as bazelisk
run . tools/bazel a
bazel_as bazel; run . tools/bazel b
bazel_as bazel-4; run . tools/bazel c
expect_calls "bazelisk [a]
bazel [b]
bazel-4 [c]"

name="bazel: never takes itself for Bazel"
new_world; user_is 0; debian_with $all; bazel_as bazelisk
ln -s "$world/checkout/tools/bazel" "$bin/bazel"
run . tools/bazel a
expect_code 0; expect_calls "bazelisk [a]"

name="bazel: installs Bazel first where there is none"
new_world; user_is 0; debian_with $all
{ echo 'if [[ $* == *install* ]]; then'
  echo "  echo '#!/bin/bash' >'$bin/bazel-4'"
  echo "  echo 'echo installed bazel: \"\$@\"' >>'$bin/bazel-4'"
  echo "  '$chmod' +x '$bin/bazel-4'"
  echo 'fi'; } | stub apt-get
run . tools/bazel test "//..."
expect_code 0
expect "the output" "installed bazel: test //..." "$(cat "$world/out")"

name="bazel: installs a missing tool though there is a Bazel"
new_world; user_is 0; debian_with ${all/googletest /}; bazel_as bazel-4
run . tools/bazel test
expect_code 0
expect_calls "$apt [update]
$apt $install [googletest]
bazel-4 [test]"

name="bazel: goes on with a Bazel when a tool cannot be installed"
new_world; user_is 1000; debian_with ${all/googletest /}; bazel_as bazel-4
run . tools/bazel test
expect_code 0; expect_calls "bazel-4 [test]"
expect_says "you are not root and there is no sudo"

name="bazel: without apt-get, a Bazel is enough"
new_world; user_is 1000; bazel_as bazel
run . tools/bazel test
expect_code 0; expect_calls "bazel [test]"; expect_silence

name="bazel: without Bazel and apt-get"
new_world; user_is 1000
run . tools/bazel test
expect_code 1; expect_calls ""
expect_says "tools/setup: there is no apt-get here"

name="bazel: setup succeeds but there still is no Bazel"
new_world; user_is 0; debian_with $all
run . tools/bazel test
expect_code 1
expect_says "tools/bazel: there is no Bazel in PATH, not even after tools/setup"

name="bazel: called by a launcher, runs the launcher's Bazel and installs nothing"
new_world; user_is 0; debian_with; bazel_as bazel-4; bazel_as bazel-7
real=$bin/bazel-7
run . tools/bazel test "a b"
expect_code 0; expect_calls "bazel-7 [test] [a b]"; expect_silence

name="bazel: called by a launcher without the release asked for, runs Debian's"
new_world; user_is 0; debian_with; bazel_as bazel-4; bazel_as bazel
real=$bin/bazel-7.7.1
run . tools/bazel test
expect_code 0; expect_calls "bazel-4 [test]"

name="bazel: called by a launcher where there is no Bazel at all"
new_world; user_is 0; debian_with; bazel_as bazel; bazel_as bazelisk
real=$bin/bazel-7.7.1
run . tools/bazel test
expect_code 1; expect_calls ""
expect_says "tools/bazel: there is neither $real nor bazel-4; run tools/setup"

[ $status = 0 ] && echo "PASS"
exit $status
