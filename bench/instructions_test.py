#!/usr/bin/env python3
"""Counts the instructions of a pool's operations at growing load, prints them, and fails if they grow with it.

The program is built for release and without Valgrind's hooks, so that the pool behaves as it does by itself: with
the hooks it would see Valgrind and do more. Callgrind counts; the counts are the same in each run.
"""

import collections
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

PROGRAM = "bench/release_instructions"
LOADS = ["1000", "30000", "1000000", "holes"]
# How much more an operation may take at 1,000,000 live spans, or with 1,000,000 holes, than at 1,000 live spans.
BOUND = 1.25
BOUNDED = [("emptied", "free"), ("emptied", "alloc"), ("emptied", "resize"), ("kept", "free + alloc"),
           ("kept", "resize")]


def run(directory):
    command = ["valgrind", "-q", "--tool=callgrind", "--instr-atstart=no", "--collect-atstart=no",
               "--callgrind-out-file=" + os.path.join(directory, "out"), PROGRAM]
    subprocess.run(command, check=True)


def read_counts(directory):
    """Instructions per operation: counts[shape][store, operation][load]."""
    counts = collections.defaultdict(lambda: collections.defaultdict(dict))
    for path in glob.glob(os.path.join(directory, "out.*")):
        with open(path, encoding="utf-8") as f:
            text = f.read()
        name = re.search(r"^desc: Trigger: Client Request: (\S+) (\S+) (\S+) (\S+) (\d+)$", text, re.MULTILINE)
        total = re.search(r"^totals: (\d+)", text, re.MULTILINE)
        if name and total:
            store, operation, shape, load, operations = name.groups()
            counts[shape][store, operation][load] = int(total.group(1)) / int(operations)
    return counts


def add_replacement(of_shape):
    """With the store kept, what a free saves an allocation may pay, so they belong together."""
    both = [of_shape["kept", "free"], of_shape["kept", "alloc"]]
    of_shape["kept", "free + alloc"] = {load: sum(counts[load] for counts in both) for load in LOADS}


def print_table(counts):
    print("Instructions per operation")
    print("%-8s %-9s %-14s" % ("blocks", "store", "operation") + "".join("%10s" % load for load in LOADS) +
          "   most/1000")
    for shape, of_shape in counts.items():
        for (store, operation), of_load in sorted(of_shape.items()):
            ratio = max(of_load[load] / of_load["1000"] for load in LOADS)
            print("%-8s %-9s %-14s" % (shape, store, operation) + "".join("%10.0f" % of_load[load] for load in LOADS) +
                  "%12.2f" % ratio)


def growing(counts):
    """What grows beyond the bound."""
    for shape, of_shape in counts.items():
        for store, operation in BOUNDED:
            for load in LOADS[1:]:
                ratio = of_shape[store, operation][load] / of_shape[store, operation]["1000"]
                if ratio > BOUND:
                    yield "%s of %s blocks, store %s, %s: %.2f times that of 1000" % (operation, shape, store, load,
                                                                                     ratio)


def main():
    if shutil.which("valgrind") is None:
        print("Left out: valgrind is not installed.")
        return 0
    with tempfile.TemporaryDirectory() as directory:
        run(directory)
        counts = read_counts(directory)
    counts = {shape: counts[shape] for shape in sorted(counts, key=lambda shape: int(shape.split("-")[0]))}
    if not counts:
        print("FAILED: nothing was counted")
        return 1
    for of_shape in counts.values():
        add_replacement(of_shape)
    print_table(counts)
    failures = list(growing(counts))
    for failure in failures:
        print("FAILED: " + failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
