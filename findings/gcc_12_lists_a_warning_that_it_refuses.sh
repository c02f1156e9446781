#!/bin/bash
# gcc 12.2.0 lists among its own warnings (gcc -Q --help=warnings) one that it refuses: -Wlarger-than-, which wants an argument
# joined to it. Whoever turns on each warning that the compiler names gets "missing argument", an error, and no compilation.
#
# Takes Debian 12's gcc-12 into a temporary folder.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq download gcc-12=12.2.0-14+deb12u1 cpp-12=12.2.0-14+deb12u1 libmpc3 libmpfr6 libgmp10 libisl23 libzstd1 >/dev/null
for package in *.deb; do dpkg -x "$package" unpacked; done
gcc() {
  LD_LIBRARY_PATH=$folder/unpacked/usr/lib/x86_64-linux-gnu "$folder/unpacked/usr/bin/gcc-12" "$@"
}

version=$(gcc -dumpfullversion)
echo "gcc $version"
[ "$version" = 12.2.0 ] || { echo "another version: look again"; exit 1; }
gcc -Q --help=warnings | grep -E '^ +-Wlarger-than- ' || { echo "changed: it is not listed"; exit 1; }
echo 'int x;' >x.c
if said=$(gcc -Wlarger-than- -fsyntax-only x.c 2>&1); then echo "changed: it is taken"; exit 1; fi
grep "missing argument to .-Wlarger-than-." <<<"$said" || { echo "changed: it says $said"; exit 1; }
