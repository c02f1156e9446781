#!/bin/bash
# gcc 16.2.0 at -O2 refuses an always_inline function of which nothing but the address is used: it stands in a table of
# operations, and calls an operation of another table of the same type. -fspeculatively-call-stored-functions, new and on
# by default, guesses that the function calls itself, inlines that guess again and again, and ends in "recursive inlining".
#
# Seen: -O0 and -O1 compile; -O2 and -O3 fail with "inlining failed in call to 'always_inline'"; -Os compiles; -O2 with
# -fno-speculatively-call-stored-functions compiles. gcc 12.2 and 14.2 compile at each level.
#
# Needs root and debootstrap; takes Debian's gcc-16 of unstable into a temporary folder, from the mirror that this machine uses.
set -eu
folder=$(mktemp -d)
trap 'rm -rf --one-file-system "$folder"' EXIT
mirror=$(apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' 'Created-By: Packages' |
  sed -n 's/^Debian Debian //p' | head -n 1)
debootstrap --variant=minbase --include=gcc-16 sid "$folder/sid" "$mirror" >"$folder/log" 2>&1 || {
  tail "$folder/log"
  exit 1
}

cat >"$folder/sid/tmp/table.c" <<'END'
struct operations { int (*size)(const void *context); };
struct allocator { const void *context; const struct operations *operations; };

static inline __attribute__((always_inline)) int size_of_parent(const void *context) {
    const struct allocator *const parent = context;
    return parent->operations->size(parent->context);
}

static const struct operations forwarding = {size_of_parent};

struct allocator forward_to(const struct allocator *parent) {
    const struct allocator self = {parent, &forwarding};
    return self;
}
END

compile() {
  chroot "$folder/sid" gcc-16 "$@" -c /tmp/table.c -o /dev/null
}

version=$(chroot "$folder/sid" gcc-16 -dumpfullversion)
echo "gcc $version"
[ "$version" = 16.2.0 ] || { echo "another version: look again"; exit 1; }
for flags in -O0 -O1 -Os "-O2 -fno-speculatively-call-stored-functions"; do
  compile $flags || { echo "changed: $flags does not compile"; exit 1; }
  echo "$flags compiles"
done
for flags in -O2 -O3; do
  if said=$(compile $flags 2>&1); then echo "changed: $flags compiles"; exit 1; fi
  grep -q "inlining failed in call to .always_inline. .size_of_parent.: recursive inlining" <<<"$said" ||
    { echo "changed: $flags says $said"; exit 1; }
  echo "$flags: $(grep -m 1 error: <<<"$said")"
done
