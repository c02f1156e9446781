#!/bin/bash
# gcc 14.2.0's -fanalyzer says that memcpy() gets overlapping buffers, where two pointers move side by side through
# memory, a stretch at a time, and no stretch is longer than the distance between them: after a few turns of a loop it has
# lost the distance. The same loop with two pointers that stay and an index that moves is silent. So is gcc 12.2, which
# does not have the warning.
#
# Seen: "overlapping buffers passed as arguments to 'memcpy'" (-Wanalyzer-overlapping-buffers) at -O0, -O1 and -O2, of a
# program that runs and rotates its bytes as it shall; with a main() in the same file also that the parameter `a` is
# uninitialized, in its first use. gcc 16.2 says the former of the same function.
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

cat >"$folder/trixie/tmp/rotate.c" <<'END'
#include <stdio.h>
#include <string.h>

#ifdef INDEX
static void swap(unsigned char *a, unsigned char *b, size_t bytes) {
    unsigned char kept[64];
    size_t part;
    for (size_t done = 0; done != bytes; done += part) {
        part = bytes - done < sizeof kept ? bytes - done : sizeof kept;
        memcpy(kept, a + done, part);
        memcpy(a + done, b + done, part);
        memcpy(b + done, kept, part);
    }
}
#else
static void swap(unsigned char *a, unsigned char *b, size_t bytes) {
    unsigned char kept[64];
    while (bytes != 0) {
        const size_t part = bytes < sizeof kept ? bytes : sizeof kept;
        memcpy(kept, a, part);
        memcpy(a, b, part);
        memcpy(b, kept, part);
        a += part;
        b += part;
        bytes -= part;
    }
}
#endif

/* The left bytes change places with the right ones behind them. */
void rotate(unsigned char *bytes, size_t left, size_t right) {
    while (left != 0 && right != 0) {
        const size_t part = left < right ? left : right;
        swap(bytes, bytes + left, part); /* part <= left: they do not overlap */
        bytes += part;
        if (part == right) {
            left -= part;
        } else {
            right -= part;
        }
    }
}

int main(void) {
    unsigned char bytes[] = "worldhello, ";
    rotate(bytes, 5, 7);
    puts((const char *)bytes);
    return strcmp((const char *)bytes, "hello, world");
}
END

compile() {
  chroot "$folder/trixie" gcc-14 "$@" /tmp/rotate.c -o /tmp/rotate
}

version=$(chroot "$folder/trixie" gcc-14 -dumpfullversion)
echo "gcc $version"
[ "$version" = 14.2.0 ] || { echo "another version: look again"; exit 1; }
for level in -O0 -O1 -O2; do
  said=$(compile $level -fanalyzer 2>&1)
  grep -q "overlapping buffers passed as arguments to .memcpy." <<<"$said" ||
    { echo "changed: $level says nothing of it"; exit 1; }
  echo "$level: $(grep -m 1 "warning: overlapping" <<<"$said")"
  said=$(compile $level -fanalyzer -DINDEX 2>&1)
  [ -z "$said" ] || { echo "changed: with an index $level says $said"; exit 1; }
  echo "$level with an index: nothing"
done
compile -O0
echo "and it prints: $(chroot "$folder/trixie" /tmp/rotate)"
