#!/bin/bash
# cppcheck 2.10's preprocessor does not expand a function-like macro whose parentheses come from another macro's parameter:
# in `#define ROW(name, parameters) void name(STRIP parameters)` the word STRIP stays, where C rescans it together with the
# parentheses that the parameter brought (C11 6.10.3.4), as gcc and clang do. cppcheck then reports a syntax error where
# there is none, and looks at nothing of that file. Around it: make the call an argument of one more macro.
#
# Takes Debian 12's cppcheck into a temporary folder.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq download cppcheck=2.10-2 libtinyxml2-9 libpcre3 >/dev/null
for package in *.deb; do dpkg -x "$package" unpacked; done
cppcheck() {
  LD_LIBRARY_PATH=$folder/unpacked/usr/lib/x86_64-linux-gnu:$folder/unpacked/lib/x86_64-linux-gnu \
    "$folder/unpacked/usr/bin/cppcheck" "$@"
}

cat >table.c <<'END'
#define STRIP(...) __VA_ARGS__
#define EXPAND(x) x
#define ROW(name, parameters) void name(STRIP parameters, int last);
#define OTHER_ROW(name, parameters) void name(EXPAND(STRIP parameters), int last);
ROW(f, (int first))
OTHER_ROW(g, (int first))
END

version=$(cppcheck --version)
echo "$version"
[ "$version" = "Cppcheck 2.10" ] || { echo "another version: look again"; exit 1; }
said=$(cppcheck -E table.c | tr -s ' \n' ' ')
echo "$said"
[[ $said == *"void f ( STRIP ( int first ) , int last ) ;"* ]] || { echo "changed: f is expanded"; exit 1; }
[[ $said == *"void g ( int first , int last ) ;"* ]] || { echo "changed: g is not expanded"; exit 1; }
