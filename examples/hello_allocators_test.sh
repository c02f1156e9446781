#!/bin/sh
# The example says what the README says that it says.
set -eu
expected='exact:       777 bytes
whole span: 4096 bytes
too much:   a stated limit, or what a count can hold, would be passed'
said=$(examples/hello_allocators)
[ "$said" = "$expected" ] || { echo "It says:"; echo "$said"; exit 1; }
