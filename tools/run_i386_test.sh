#!/bin/bash
# Tests run_i386.sh: who runs what, and that arguments and the status come through.
set -u
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

# Usage: expect STATUS OUTPUT PROGRAM [ARGUMENT...]
expect() {
  local expected_status=$1 expected=$2 output status=0
  shift 2
  output=$(PATH=$folder:$PATH tools/run_i386.sh "$@" 2>/dev/null) || status=$?
  if [[ $status != "$expected_status" || $output != "$expected" ]]; then
    echo "FAIL: $*: ended with $status, not $expected_status, and said: $output"
    failures=$((failures + 1))
  fi
}

write_program() {
  printf "$2" >"$folder/$1"
  chmod +x "$folder/$1"
}

write_program qemu-i386 '#!/bin/sh\necho "qemu-i386 $*"\nexit 4\n'
write_program script '#!/bin/sh\necho "script $*"\nexit 3\n'
write_program of_32_bits '\177ELF\001'

expect 3 "script a  b" "$folder/script" "a  b"
expect 0 "a  b" "$(command -v env)" printf %s "a  b"
if /lib/ld-linux.so.2 --version >/dev/null 2>&1; then
  expect 126 "" "$folder/of_32_bits" # which is no whole program
else
  expect 4 "qemu-i386 $folder/of_32_bits a  b" "$folder/of_32_bits" "a  b"
fi
[[ $failures == 0 ]]
