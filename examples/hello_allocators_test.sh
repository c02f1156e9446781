#!/bin/sh
# The example says what the README says that it says, where a page has 4096 bytes.
set -eu
expected="exact:       777 bytes
whole span: $(getconf PAGESIZE) bytes
too much:   a stated limit, or what a count can hold, would be passed"
said=$(examples/hello_allocators)
[ "$said" = "$expected" ] || { echo "It says:"; echo "$said"; exit 1; }
