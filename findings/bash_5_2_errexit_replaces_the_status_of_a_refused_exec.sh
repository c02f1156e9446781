#!/bin/bash
# With `set -e`, bash 5.2 ends with 1 where `exec` names a program that the kernel refuses (an ELF file that is of another
# machine or no whole program, ENOEXEC), instead of 126, which POSIX wants of a command that is found and cannot be executed,
# and which the same bash gives without `set -e`. A text file without permission gives 126 either way, dash 126 always. So a
# wrapper that ends in `exec "$@"` hides from its caller that the program is for another machine. Around it: no `set -e`
# in such a wrapper.
#
# Takes Debian 12's bash into a temporary folder.
set -u
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
apt-get -qq download bash=5.2.15-2+b13 >/dev/null || exit 1
dpkg -x bash_*.deb unpacked
bash=unpacked/bin/bash

printf '\177ELF\001' >of_another_machine
chmod +x of_another_machine
echo text >text

status_of() {
  "$bash" -c "$1" >/dev/null 2>&1
  echo $?
}

"$bash" --version | head -n 1
failed=0
expect() {
  local status
  status=$(status_of "$2")
  echo "$2: $status"
  [[ $status == "$1" ]] || { echo "changed: was $1"; failed=1; }
}
expect 126 'exec ./of_another_machine'
expect 1 'set -e; exec ./of_another_machine'
expect 126 'set -e; exec ./text'
expect 127 'set -e; exec ./not_there'
exit "$failed"
