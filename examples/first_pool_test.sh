#!/bin/sh
# The example says what the README says that it says.
set -eu
expected="asked for 100 bytes, got 128
5 squares, the last one 25"
said=$(examples/first_pool)
[ "$said" = "$expected" ] || { echo "It says:"; echo "$said"; exit 1; }
