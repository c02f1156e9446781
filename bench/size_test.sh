#!/bin/sh
# Prints how large the libraries are, and what one more pool type adds to a program; fails if a second pool type
# brings more than its fast paths.
set -eu

# What each of the two programs has: "text", or one symbol.
text_of() { size "$1" | awk 'NR == 2 { print $1 }'; }
count_of() { nm "$1" | awk -v name="$2" '$3 == name { n++ } END { print n + 0 }'; }

# The sum over the objects of an archive.
archive() {
  size -t "$1" | awk -v what="$2" '$6 == "(TOTALS)" { printf "%8d %6d %6d  %s\n", $1, $2, $3, what }'
}

echo "    text   data    bss  library, built with -O2 (text: code, constants and unwind tables)"
archive block_allocator/libblock_allocator.a "//block_allocator: the interface alone"
for path in block_allocator/lib*.a; do
  name=$(basename "$path" .a)
  [ "$name" = libblock_allocator ] || archive "$path" "//block_allocator:${name#lib}"
done
archive static_buffer/libstatic_buffer.a "//static_buffer, what all types share"
for name in options engine pba; do archive "pba/lib$name.a" "//pba:$name" | sed "s|//pba:pba|//pba|"; done
echo
echo "    text   data    bss  object in //pba"
size pba/libengine.a pba/libpba.a pba/liboptions.a |
  awk 'NR > 1 { printf "%8d %6d %6d  %s\n", $1, $2, $3, $6 }' | sort -k 4
echo

one=$(text_of bench/release_one_pool_type)
two=$(text_of bench/release_two_pool_types)
growth=$((two - one))
echo "A program with one pool type: $one bytes of text; with two: $two, that is $growth more."

status=0
fail() { echo "FAILED: $1"; status=1; }

# Measured: 1,424 bytes with gcc 12, 1,248 with clang 14; the pool's compiled functions have more than 20,000.
[ "$growth" -le 2048 ] || fail "a second pool type costs more than 2048 bytes"
for function in pba_pool_alloc_at pba_pool_free_at pba_pool_resize_at pba_pool_init_checked pba_pool_release_all; do
  count=$(count_of bench/release_two_pool_types "$function")
  [ "$count" = 1 ] || fail "$function is there $count times"
done
for prefix in first_pool_ second_pool_; do
  ! nm bench/release_two_pool_types | grep " $prefix" || fail "functions of a type were compiled by themselves"
done
exit $status
