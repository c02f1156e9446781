#!/bin/sh
# Prints every warning option that a compiler has for a language, one a line, as the compiler itself
# names them; those with levels at the highest. Not those that want a number of bytes, and warn of what
# is longer, nor those that only change what becomes of a warning.
#
#     tools/bzl/every_warning.sh COMPILER c|c++
set -eu
LC_ALL=C
export LC_ALL

compiler=$1
language=$2

if "$compiler" --version | grep -q clang; then
  echo -Weverything
  exit
fi

# "  -Wname   ..." and "  -Wname=<0,2>  ...", of the language and of all languages.
options=$({
  "$compiler" -Q "--help=warnings,$language"
  "$compiler" -Q --help=warnings,common
} | sed -nE \
  -e '/^ *-W(error|fatal-errors|larger-than-|system-headers)/d' \
  -e 's/^ *(-W[a-z0-9+-]+) .*/\1/p' \
  -e 's/^ *(-W[a-z0-9+-]+=)<[0-9]+,([0-9]+)> .*/\1\2/p' | sort -u)
# The compiler says of some that they do nothing.
useless=$("$compiler" -x "$language" $options -fsyntax-only /dev/null 2>&1 | grep -oE "'-W[^']+'") || true
for option in $options; do
  case $useless in
    *"'$option'"*) ;;
    *) echo "$option" ;;
  esac
done
