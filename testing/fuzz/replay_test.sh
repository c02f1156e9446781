#!/bin/sh
# A replay that finds no input must not pass.
set -eu

replay=testing/fuzz/pool_fuzz_test
mkdir "$TEST_TMPDIR/empty" "$TEST_TMPDIR/one"
printf 'one input' >"$TEST_TMPDIR/one/input"

if "$replay"; then
  echo "passed without a directory"
  exit 1
fi
for directory in "$TEST_TMPDIR/empty" "$TEST_TMPDIR/missing"; do
  if "$replay" "$directory"; then
    echo "passed with nothing in $directory"
    exit 1
  fi
done
"$replay" "$TEST_TMPDIR/one"
