#!/bin/sh
# The example names the line that allocated what is never freed, or an address where the build keeps
# no lines, and then finds nothing more.
set -eu
leak='names: report_leaks\(\): IN_USE, .*: 24 bytes in 1 allocation: \(0x[0-9a-f]+, 24 at '
expected="$leak(examples/find_leak\\.c:20|0x[0-9a-f]+)\\)
before: memory is still in use
after:  no error"
said=$(examples/find_leak 2>"$TEST_TMPDIR/report")
said="$(cat "$TEST_TMPDIR/report")
$said"
lines=$(echo "$said" | wc -l)
matched=$(echo "$said" | grep -cxE "$expected")
[ "$lines" = 3 ] && [ "$matched" = 3 ] || { echo "It says:"; echo "$said"; exit 1; }
