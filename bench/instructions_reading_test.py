#!/usr/bin/python3
"""Tests of how instructions.py reads what Callgrind counted, and of its verdicts."""

import os
import sys
import tempfile
import unittest

sys.path.insert(0, "bench")
import instructions

LOG = """
**7** measure 1 1000
**7** nothing
instrumentation: on
events-1: 20
**7** free
events-1: 140
events-1-0: 120
**7** free
events-1: 260
**7** free backing
events-1: 9260
**7** alloc
events-1: 9290
**7** measure 1 holes
**7** nothing
events-1: 20
**7** free
events-1: 90
"""


class WorstTest(unittest.TestCase):

    def test_the_worst_operation_is_counted_alone_and_without_the_counting(self):
        worst = instructions.read_worst(LOG.splitlines())
        self.assertEqual(worst, {"1": {"free": {"1000": 100, "holes": 50}, "alloc": {"1000": 10}}})

    def test_what_called_the_backing_does_not_count(self):
        self.assertEqual(instructions.read_worst("measure 1 1000\nnothing\nevents-1: 1\nfree backing\nevents-1: 9".
                                                 splitlines()), {})

    def test_more_than_the_bound_is_too_slow(self):
        for pool in instructions.POOLS:
            of_load = dict.fromkeys(instructions.LOADS, instructions.WORST[pool])
            self.assertEqual(list(instructions.too_slow(pool, {"1": {"free": of_load}})), [])
            of_load["30000"] += 1
            self.assertEqual(list(instructions.too_slow(pool, {"1": {"free": of_load}})),
                             ["one free of 1 blocks, 30000: %d instructions" % (instructions.WORST[pool] + 1)])


class MeansTest(unittest.TestCase):

    def test_counts_are_divided_by_the_operations(self):
        with tempfile.TemporaryDirectory() as directory:
            with open(os.path.join(directory, "out.1"), "w", encoding="utf-8") as f:
                f.write("desc: Trigger: Client Request: kept free 1-16 holes 100\nsummary: 5\ntotals: 4200\n")
            with open(os.path.join(directory, "out.2"), "w", encoding="utf-8") as f:
                f.write("desc: Trigger: Program termination\ntotals: 1\n")
            means = instructions.read_means(directory)
        self.assertEqual(means, {"1-16": {("kept", "free"): {"holes": 42}}})

    def test_growth_beyond_the_bound_is_named(self):
        flat = dict.fromkeys(instructions.LOADS, 100)
        means = {"1": {line: dict(flat) for line in instructions.BOUNDED}}
        self.assertEqual(list(instructions.growing("default", means)), [])
        means["1"]["emptied", "alloc"]["holes"] = 126
        self.assertEqual(list(instructions.growing("default", means)),
                         ["alloc of 1 blocks, cache emptied, holes: 1.26 times that of 1000"])

    def test_a_stated_excess_is_bounded_too(self):
        flat = dict.fromkeys(instructions.LOADS, 100)
        means = {"1-16": {line: dict(flat) for line in instructions.BOUNDED}}
        means["1-16"]["kept", "resize"]["holes"] = 126  # of no stated excess
        means["1-16"]["kept", "free + alloc"]["holes"] = 134
        self.assertEqual(len(list(instructions.growing("default", means))), 1)
        means["1-16"]["kept", "free + alloc"]["holes"] = 136
        self.assertEqual(len(list(instructions.growing("default", means))), 2)


if __name__ == "__main__":
    unittest.main()
