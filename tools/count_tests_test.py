#!/usr/bin/python3
"""Tests count_tests.py on events as Bazel writes them."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "count_tests.py")


def summary(label, status):
    return {"id": {"testSummary": {"label": label}}, "testSummary": {"overallStatus": status}}


def completed(label, **what):
    return {"id": {"targetCompleted": {"label": label}}, **what}


BUILT = {"completed": {"success": True}}


class CountTestsTest(unittest.TestCase):
    def count(self, exit_code, events):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "events.json")
            if events is not None:
                with open(path, "w", encoding="utf-8") as f:
                    f.writelines(json.dumps(event) + "\n" for event in events)
            run = subprocess.run(
                [sys.executable, SCRIPT, str(exit_code), path],
                check=True, capture_output=True, text=True,
            )
        return run.stdout.strip(), run.stderr.splitlines()

    def test_counts_each_test_once(self):
        events = [{"id": {"started": {}}}]
        for label in ["//a:a_test", "//a:b_test"]:
            events += [completed(label, **BUILT), summary(label, "PASSED")]
        self.assertEqual(self.count(0, events), ("2 0 0", []))

    def test_a_target_that_is_no_test_counts_only_if_it_does_not_build(self):
        events = [completed("//a:a", **BUILT), completed("//a:b", completed={})]
        self.assertEqual(self.count(1, events), ("0 1 0", ["FAILED_TO_BUILD: //a:b"]))

    def test_names_what_failed(self):
        events = [summary("//a:b", "TIMEOUT"), summary("//a:a", "FAILED"), summary("//a:c", "PASSED")]
        self.assertEqual(self.count(3, events), ("1 2 0", ["FAILED: //a:a", "TIMEOUT: //a:b"]))

    def test_a_flaky_test_is_no_passed_test(self):
        self.assertEqual(self.count(0, [summary("//a:a", "FLAKY")]), ("0 1 0", ["FLAKY: //a:a"]))

    def test_a_target_that_cannot_be_analysed_failed(self):
        events = [completed("//a:a", aborted={"reason": "ANALYSIS_FAILURE"})]
        self.assertEqual(self.count(1, events), ("0 1 0", ["FAILED_TO_BUILD: //a:a"]))

    def test_an_incompatible_target_is_skipped(self):
        events = [completed("//a:a", aborted={"reason": "SKIPPED"}), summary("//a:b", "PASSED")]
        self.assertEqual(self.count(0, events), ("1 0 1", []))

    def test_a_failed_run_without_a_failed_test_is_one_failure(self):
        message = ["Bazel ended with 2, but no test failed"]
        self.assertEqual(self.count(2, []), ("0 1 0", message))
        self.assertEqual(self.count(2, None), ("0 1 0", message))
        self.assertEqual(self.count(2, [summary("//a:a", "PASSED")]), ("1 1 0", message))


if __name__ == "__main__":
    unittest.main()
