#!/usr/bin/python3
"""Counts the tests of one run of Bazel: count_tests.py EXIT_CODE EVENTS

EVENTS is what --build_event_json_file wrote; EXIT_CODE is Bazel's. Prints three numbers, "passed
failed skipped", and on standard error the label of each that failed.

A target that does not build is one failed test, and so is a run that failed for any other reason.
"""

import json
import sys


def outcomes(lines):
    """Maps the label of each test, and of each target that does not build, to what came of it."""
    result = {}
    for line in lines:
        event = json.loads(line)
        identity = event["id"]
        if "testSummary" in event:
            label = identity["testSummary"]["label"]
            result[label] = event["testSummary"]["overallStatus"]
        elif "targetCompleted" in identity:
            label = identity["targetCompleted"]["label"]
            if event.get("aborted", {}).get("reason") == "SKIPPED":
                result[label] = "SKIPPED"
            elif not event.get("completed", {}).get("success"):
                result.setdefault(label, "FAILED_TO_BUILD")
    return result


def main(exit_code, path):
    try:
        with open(path, encoding="utf-8") as f:
            result = outcomes(f)
    except FileNotFoundError:
        result = {}
    statuses = list(result.values())
    passed = statuses.count("PASSED")
    skipped = statuses.count("SKIPPED")
    failed = len(statuses) - passed - skipped
    for label, status in sorted(result.items()):
        if status not in ("PASSED", "SKIPPED"):
            print("%s: %s" % (status, label), file=sys.stderr)
    if exit_code != "0" and failed == 0:
        print("Bazel ended with %s, but no test failed" % exit_code, file=sys.stderr)
        failed = 1
    print(passed, failed, skipped)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
