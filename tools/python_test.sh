#!/bin/bash
# Tests that scripts run in the system's Python, for which tools/setup installs what they need. A `python3` in PATH may be
# a user's own, of a version manager or a virtual environment, and have none of it.
set -u
status=0
fail() {
  echo "FAIL: $1"
  status=1
}

scripts=0
while read -r script; do
  read -r line <"$script"
  [[ $line == '#!'* ]] || continue # a module
  [[ $line == '#!/usr/bin/python3' ]] || fail "$script begins with $line"
  ((scripts++))
done < <(find -L bench pba static_buffer testing tools -name '*.py'; echo tools/coverage)
((scripts > 20)) || fail "only $scripts scripts are here"

own=$TEST_TMPDIR/own
mkdir -p "$own"
printf '#!/bin/sh\necho "not this one" >&2\nexit 1\n' >"$own/python3"
chmod +x "$own/python3"
said=$(PATH="$own:$PATH" tools/count_tests.py 0 /dev/null 2>&1)
[[ $said == "0 0 0" ]] || fail "tools/count_tests.py says $said"

exit $status
