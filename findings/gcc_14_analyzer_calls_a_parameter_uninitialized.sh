#!/bin/bash
# gcc 14.2.0's -fanalyzer says that a parameter is uninitialized, in the memcpy() that reads through it, where two
# pointers move side by side over memory that a local array keeps a piece of. Every call gives the parameter a value. With
# two pointers that stay and an index that moves, the same loop is silent.
#
# Seen: "use of uninitialized value 'next'" (-Wanalyzer-use-of-uninitialized-value) at -O0, -O1 and -O2, of a program that
# runs and does what it shall. gcc 16.2.0 says the same at -O0.
#
# Needs root and debootstrap; takes Debian 13's gcc-14 into a temporary folder, from the mirror that this machine uses.
set -eu
folder=$(mktemp -d)
trap 'rm -rf --one-file-system "$folder"' EXIT
mirror=$(apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' 'Created-By: Packages' |
  sed -n 's/^Debian Debian //p' | head -n 1)
debootstrap --variant=minbase --include=gcc-14,libc6-dev trixie "$folder/trixie" "$mirror" >"$folder/log" 2>&1 || {
  tail "$folder/log"
  exit 1
}

cat >"$folder/trixie/tmp/sink.c" <<'END'
#include <stdio.h>
#include <string.h>

#ifdef INDEX
static void change_places(char *row, char *next, size_t width) {
    char spare[4];
    for (size_t at = 0, some; at < width; at += some) {
        some = width - at < 4 ? width - at : 4;
        memcpy(spare, row + at, some);
        memcpy(row + at, next + at, some);
        memcpy(next + at, spare, some);
    }
}
#else
static void change_places(char *row, char *next, size_t width) {
    char spare[4];
    for (size_t some; width > 0; width -= some, row += some, next += some) {
        some = width < 4 ? width : 4;
        memcpy(spare, row, some);
        memcpy(row, next, some);
        memcpy(next, spare, some);
    }
}
#endif

/* The first row becomes the last one. */
void sink(char *rows, size_t width, size_t count) {
    for (; count > 1; count--, rows += width) {
        change_places(rows, rows + width, width);
    }
}

int main(void) {
    char rows[] = "crow  ant   bee   ";
    sink(rows, 6, 3);
    puts(rows);
    return strcmp(rows, "ant   bee   crow  ");
}
END

compile() {
  chroot "$folder/trixie" gcc-14 "$@" /tmp/sink.c -o /tmp/sink
}

version=$(chroot "$folder/trixie" gcc-14 -dumpfullversion)
echo "gcc $version"
[ "$version" = 14.2.0 ] || { echo "another version: look again"; exit 1; }
for level in -O0 -O1 -O2; do
  said=$(compile $level -fanalyzer 2>&1)
  grep -q "warning: use of uninitialized value .next." <<<"$said" ||
    { echo "changed: $level says nothing of it"; exit 1; }
  echo "$level: $(grep -m 1 "warning: use of uninitialized" <<<"$said")"
  said=$(compile $level -fanalyzer -DINDEX 2>&1)
  [ -z "$said" ] || { echo "changed: with an index $level says $said"; exit 1; }
  echo "$level with an index: nothing"
done
compile -O0
echo "and it prints: $(chroot "$folder/trixie" /tmp/sink)"
