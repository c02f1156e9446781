#!/bin/sh
# One thread's buffers are freed by the other one, and nothing is left.
set -eu
expected="a
b
c
0 bytes in use"
said=$(examples/shared_pool 2>&1)
[ "$said" = "$expected" ] || { echo "It says:"; echo "$said"; exit 1; }
