#!/bin/bash
# Each installed header that is for users compiles alone, those of C++ as that, against the installed tree and nothing else, and the library has
# every function that code of the headers calls.
. tools/dist/user.sh

cd "$installed/include/pooled_block_alloc" || exit 1
headers=0
while read -r header; do
  language="-x c -std=c11"
  [[ $header != cpp/* ]] || language="-x c++ -std=c++17"
  gcc $language -Wall -Wextra -pedantic -Werror -fsyntax-only -I. - <<<"#include \"$header\"
extern int not_empty;" || fail "$header does not compile alone"
  ((headers++))
done < <(find . -name '*.h' -printf '%P\n' | grep -v -E '(^|/)(internal|engine)/|^(pba|static_buffer)/define.h')
((headers > 25)) || fail "there are only $headers headers"

templates=${sources%/examples}/testing/headers
printf '#include "template_types.h"\nint main(void) { return 0; }\n' >"$scratch/all.c"
for mode in BA_DEBUG BA_RELEASE_SAFE; do
  # The user's own functions are declared there, and defined nowhere.
  gcc -std=c11 -fkeep-inline-functions -fkeep-static-functions -DBA_BUILD_MODE=$mode -I. -I"$templates" "$scratch/all.c" \
    -L"$installed/lib" -lpba -o "$scratch/all" 2>"$scratch/said"
  grep -q 'undefined reference to `template_' "$scratch/said" || fail "not even linked: $(cat "$scratch/said")"
  if grep -o 'undefined reference to .*' "$scratch/said" | grep -v '`template_'; then
    fail "the above are called by headers in $mode, and not exported"
  fi
done
exit $status
