# Sourced by .ci/run and tools/check_debian: runs steps one after the other, and adds up what they passed.

passed=0
failed=0
skipped=0
summary=()

# Adds a step's counts to the sums, and a line to the summary: account STEP SECONDS PASSED FAILED SKIPPED
account() {
  local step=$1 seconds=$2
  ((passed += $3, failed += $4, skipped += $5))
  summary+=("$(printf '%-44s %4d s %5d passed %3d failed %3d skipped' "$step" "$seconds" "$3" "$4" "$5")")
}

# A step that is one test: passed if the command ends with 0.
check() {
  local step=$1 start=$SECONDS
  shift
  echo "=== $step"
  if "$@"; then
    account "$step" $((SECONDS - start)) 1 0 0
  else
    account "$step" $((SECONDS - start)) 0 1 0
  fi
}

# A step whose last line is itself such a sum.
check_sum() {
  local step=$1 start=$SECONDS said=$scratch/said code counts
  shift
  echo "=== $step"
  "$@" | tee "$said"
  code=${PIPESTATUS[0]}
  read -ra counts < <(tail -n 1 "$said" |
    sed -nE 's/^([0-9]+) passed, ([0-9]+) failed(, ([0-9]+) skipped)?$/\1 \2 \4/p')
  # What says nothing, or ends badly without a failed test, failed.
  if ((${#counts[@]} < 2 || (code != 0 && counts[1] == 0))); then
    counts=("${counts[0]:-0}" 1)
  fi
  account "$step" $((SECONDS - start)) "${counts[0]}" "${counts[1]}" "${counts[2]:-0}"
}

# A step whose tests Bazel counts: bazel_tests STEP EVENTS EVENTS_OF_COMMAND COMMAND..., where both EVENTS are names of one
# file, which the command may see from a root of its own. One broken target must not hide the others: --keep_going.
bazel_tests() {
  local step=$1 events=$2 events_of_command=$3 start=$SECONDS
  shift 3
  echo "=== $step"
  rm -f "$events"
  "$@" --keep_going --noshow_progress --build_event_json_file="$events_of_command"
  account "$step" $((SECONDS - start)) $(tools/count_tests.py $? "$events" || echo 0 1 0)
}

# The commands that the README tells everybody, word for word.
from_readme() {
  grep "^tools/bazel $1 " README.md
}

# Prints the sum, "N passed, N failed", and ", N skipped" if any were. Ends with 0 only if none failed.
finish() {
  echo "=== Summary"
  printf '%s\n' "${summary[@]}"
  if ((skipped > 0)); then
    echo "$passed passed, $failed failed, $skipped skipped"
  else
    echo "$passed passed, $failed failed"
  fi
  ((failed == 0))
  exit
}
