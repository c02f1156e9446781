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


def run(directory):
    command = ["valgrind", "-q", "--tool=callgrind", "--instr-atstart=no", "--collect-atstart=no",
               "--callgrind-out-file=" + os.path.join(directory, "out"), PROGRAM]
    subprocess.run(command, check=True)


def read_counts(directory):
    """Instructions per operation: counts[shape][operation][load]."""
    counts = collections.defaultdict(lambda: collections.defaultdict(dict))
    for path in glob.glob(os.path.join(directory, "out.*")):
        with open(path, encoding="utf-8") as f:
            text = f.read()
        name = re.search(r"^desc: Trigger: Client Request: (\S+) (\S+) (\S+) (\d+)$", text, re.MULTILINE)
        total = re.search(r"^totals: (\d+)", text, re.MULTILINE)
        if name and total:
            operation, shape, load, operations = name.groups()
            counts[shape][operation][load] = int(total.group(1)) / int(operations)
    return counts


def add_replacement(of_shape):
    """Merging with the neighbours is put off: what a free saves an allocation may pay, so they belong together."""
    of_shape["free + alloc"] = {load: of_shape["free"][load] + of_shape["alloc"][load] for load in LOADS}


def print_table(counts):
    print("Instructions per operation")
    print("%-8s %-14s" % ("blocks", "operation") + "".join("%10s" % load for load in LOADS) + "   most/1000")
    for shape, of_shape in counts.items():
        for operation, of_load in of_shape.items():
            ratio = max(of_load[load] / of_load["1000"] for load in LOADS)
            print("%-8s %-14s" % (shape, operation) + "".join("%10.0f" % of_load[load] for load in LOADS) +
                  "%12.2f" % ratio)


def growing(counts):
    """What grows beyond the bound."""
    for shape, of_shape in counts.items():
        for operation in ["free + alloc", "resize"]:
            for load in ["1000000", "holes"]:
                ratio = of_shape[operation][load] / of_shape[operation]["1000"]
                if ratio > BOUND:
                    yield "%s of %s blocks, %s: %.2f times that of 1000" % (operation, shape, load, ratio)


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
