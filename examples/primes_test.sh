#!/bin/sh
# The example prints the primes, and nothing else.
set -eu
expected="2 3 5 7 11 13 17 19 23 29 31 37 41 43 47 53 59 61 67 71 73 79 83 89 97"
said=$(examples/primes 2>&1)
[ "$said" = "$expected" ] || { echo "It says:"; echo "$said"; exit 1; }
