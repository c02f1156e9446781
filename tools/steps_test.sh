#!/bin/bash
# Tests steps.sh: what each kind of step adds to the sum, and what the last line and the exit code are.
set -u
status=0

# Runs what standard input says, as a script that sources steps.sh would, and compares its last line and exit code.
expect() {
  local said
  said=$(scratch=$TEST_TMPDIR bash -u -c ". tools/steps.sh
$(cat)
finish" 2>/dev/null)
  local code=$?
  said=$(tail -n 1 <<<"$said")
  if [[ $said != "$1" || $code != "$2" ]]; then
    echo "FAIL: \"$said\", exit code $code, and not \"$1\", exit code $2"
    status=1
  fi
}

expect "0 passed, 0 failed" 0 </dev/null
expect "2 passed, 0 failed" 0 <<<'check one true; check two test 1 = 1'
expect "1 passed, 1 failed" 1 <<<'check one true; check two false'
expect "3 passed, 0 failed, 2 skipped" 0 <<<'account many 1 3 0 2'

expect "5 passed, 0 failed" 0 <<<'check_sum sum echo 5 passed, 0 failed'
expect "6 passed, 0 failed, 4 skipped" 0 <<<'check one true; check_sum sum printf "%s\n" talk "5 passed, 0 failed, 4 skipped"'
expect "5 passed, 2 failed, 4 skipped" 1 <<<'check_sum sum sh -c "echo 5 passed, 2 failed, 4 skipped; exit 1"'
expect "5 passed, 1 failed" 1 <<<'check_sum sum sh -c "echo 5 passed, 0 failed; exit 1"'
expect "0 passed, 1 failed" 1 <<<'check_sum sum true'
expect "0 passed, 1 failed" 1 <<<'check_sum sum echo it passed'

# A command that writes, into the last file named on its command line, the events of one test that passed.
cat >"$TEST_TMPDIR/bazel" <<'END'
#!/bin/bash
events=${*: -1}
echo '{"id": {"testSummary": {"label": "//a:a"}}, "testSummary": {"overallStatus": "PASSED"}}' >"${events#*=}"
exit "$1"
END
chmod +x "$TEST_TMPDIR/bazel"
expect "1 passed, 0 failed" 0 <<<'bazel_tests all "$scratch/e" "$scratch/e" "$scratch/bazel" 0'
expect "1 passed, 1 failed" 1 <<<'bazel_tests all "$scratch/e" "$scratch/e" "$scratch/bazel" 1'
expect "0 passed, 1 failed" 1 <<<'bazel_tests all "$scratch/e" "$scratch/e" false'

exit $status
