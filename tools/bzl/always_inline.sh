#!/bin/sh
# Usage: always_inline.sh COMPILE_COMMAND...
# Says which always_inline functions the compiled source takes the address of.
#
# gcc may refuse to compile such a function, as it can come to call it where it cannot inline it (gcc 16 does, for tables of
# operations). Without optimization each call of one is inlined all the same, so that a body of its own in the object means
# that its address was taken. Here those bodies have a section to themselves.
set -eu
object=$(mktemp)
trap 'rm -f "$object"' EXIT
"$@" -O0 -w '-Dalways_inline=always_inline,section(".always_inline")' -c -o "$object"
objdump --syms "$object" |
  sed -n 's/.* F \.always_inline[[:space:]]*[0-9a-f]* \(.*\)/\1: an always_inline function, and its address is taken/p'
