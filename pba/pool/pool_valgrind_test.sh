#!/bin/sh
# Valgrind reports every stray access to a pool's payload, and nothing else.
set -eu
program=testing/pool/pool_stray
reported=99
failures=0

# Usage: expect STATUS ACCESS
expect() {
  status=0
  message=$(valgrind --quiet --error-exitcode=$reported "$program" "$2" 2>&1) || status=$?
  if [ "$status" != "$1" ]; then
    echo "FAIL: $2 ends with $status, expected $1:"
    echo "$message"
    failures=$((failures + 1))
  elif [ "$status" = $reported ] && ! echo "$message" | grep -q 'Invalid write of size 1'; then
    echo "FAIL: $2 is not reported as a wrong write:"
    echo "$message"
    failures=$((failures + 1))
  else
    echo "ok: $2"
  fi
}

command -v valgrind >/dev/null || { echo "FAIL: valgrind is missing; tools/setup installs it"; exit 1; }
expect 0 none
for access in freed behind tail reserved; do
  expect $reported $access
done
[ $failures = 0 ]
