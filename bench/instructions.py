#!/usr/bin/python3
"""Counts the instructions of a pool's operations at growing load, prints them, and fails if they grow with it.

    tools/bazel run //bench:instructions -- [POOL...]

POOL is "default", "unchecked" or "uncached". First the mean of each operation, then the worst single one that did not call the
backing. The programs are built for release and without Valgrind's hooks, so that the pool behaves as it does by itself:
with the hooks it would see Valgrind and do more. Callgrind counts; the counts are the same in each run.
"""

import collections
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

POOLS = ["default", "unchecked", "uncached"]
PROGRAMS = "bench/release_"
LOADS = ["1000", "30000", "1000000", "holes"]
# How much more an operation may take at 1,000,000 live spans, or with 1,000,000 holes, than at 1,000 live spans.
BOUND = 1.25
BOUNDED = [("emptied", "free"), ("emptied", "alloc"), ("emptied", "resize"), ("kept", "free + alloc"),
           ("kept", "resize")]
# Where that is not reached, by pool, blocks, cache and operation: a little more than it came to, so that it does not
# grow. docs/performance.md says why.
EXCEEDED = {
    ("default", "1-16", "kept", "free + alloc"): 1.35,
    ("default", "64-80", "kept", "free + alloc"): 1.3,
    ("unchecked", "1", "kept", "resize"): 1.35,
    ("unchecked", "1-16", "kept", "free + alloc"): 1.4,
    ("unchecked", "64-80", "kept", "free + alloc"): 1.35,
}
# The most instructions of any one operation, by pool: with a cache, of an allocation that gathers as much of what is free
# as one may; without one, of any. docs/performance.md has the figures.
WORST = {"default": 1000000, "unchecked": 1000000, "uncached": 5000}


def callgrind(directory, program, *options):
    command = ["valgrind", "-q", "--tool=callgrind", "--instr-atstart=no", "--collect-atstart=no",
               "--callgrind-out-file=" + os.path.join(directory, "out")]
    # The first call of a library's function would count the search for it too.
    environment = dict(os.environ, LD_BIND_NOW="1")
    subprocess.run(command + list(options) + [PROGRAMS + program], env=environment, check=True)


# --- means ---


def read_means(directory):
    """Instructions per operation: means[shape][cache, operation][load]."""
    means = collections.defaultdict(lambda: collections.defaultdict(dict))
    for path in glob.glob(os.path.join(directory, "out.*")):
        with open(path, encoding="utf-8") as f:
            text = f.read()
        name = re.search(r"^desc: Trigger: Client Request: (\S+) (\S+) (\S+) (\S+) (\d+)$", text, re.MULTILINE)
        total = re.search(r"^totals: (\d+)", text, re.MULTILINE)
        if name and total:
            cache, operation, shape, load, operations = name.groups()
            means[shape][cache, operation][load] = int(total.group(1)) / int(operations)
    return {shape: means[shape] for shape in sorted(means, key=lambda shape: [int(n) for n in shape.split("-")])}


def add_replacement(of_shape):
    """With the cache kept, what a free saves an allocation may pay, so they belong together."""
    both = [of_shape["kept", "free"], of_shape["kept", "alloc"]]
    of_shape["kept", "free + alloc"] = {load: sum(means[load] for means in both) for load in LOADS}


def print_means(pool, means):
    print("Instructions per operation, %s pool" % pool)
    print("%-8s %-9s %-14s" % ("blocks", "cache", "operation") + "".join("%10s" % load for load in LOADS) +
          "   most/1000")
    for shape, of_shape in means.items():
        for (cache, operation), of_load in sorted(of_shape.items()):
            ratio = max(of_load[load] / of_load["1000"] for load in LOADS)
            print("%-8s %-9s %-14s" % (shape, cache, operation) + "".join("%10.0f" % of_load[load] for load in LOADS) +
                  "%12.2f" % ratio)


def growing(pool, means):
    """What grows beyond the bound."""
    for shape, of_shape in means.items():
        for cache, operation in BOUNDED:
            bound = EXCEEDED.get((pool, shape, cache, operation), BOUND)
            for load in LOADS[1:]:
                ratio = of_shape[cache, operation][load] / of_shape[cache, operation]["1000"]
                if ratio > bound:
                    yield "%s of %s blocks, cache %s, %s: %.2f times that of 1000" % (operation, shape, cache, load,
                                                                                     ratio)


def count_means(pool):
    """Counts and prints; what is wrong, in words."""
    with tempfile.TemporaryDirectory() as directory:
        callgrind(directory, "instructions_" + pool)
        means = read_means(directory)
    if not means:
        return ["nothing was counted"]
    for of_shape in means.values():
        add_replacement(of_shape)
    print_means(pool, means)
    return list(growing(pool, means))


# --- the worst single operation ---


def read_worst(lines):
    """The most instructions of a single operation that did not call the backing: worst[shape][operation][load]."""
    worst = collections.defaultdict(lambda: collections.defaultdict(dict))
    for line in lines:
        words = re.sub(r"^\*\*\d+\*\* ", "", line).split()
        if words[:1] == ["measure"]:
            shape, load = words[1:]
            before = 0
            counting = 0
        elif words[:1] in (["nothing"], ["free"], ["alloc"], ["resize"]):
            operation = words
        elif words[:1] == ["events-1:"]:
            now = int(words[1])
            if operation == ["nothing"]:
                counting = now
            elif operation[1:] != ["backing"]:
                of_load = worst[shape][operation[0]]
                of_load[load] = max(of_load.get(load, 0), now - before - counting)
            before = now
    return worst


def print_worst(pool, worst):
    print("Instructions of the worst single operation that did not call the backing, %s pool" % pool)
    print("%-8s %-14s" % ("blocks", "operation") + "".join("%10s" % load for load in LOADS))
    for shape, of_shape in worst.items():
        for operation, of_load in of_shape.items():
            print("%-8s %-14s" % (shape, operation) + "".join("%10d" % of_load[load] for load in LOADS))


def too_slow(pool, worst):
    """What takes more than the bound of a pool."""
    for shape, of_shape in worst.items():
        for operation, of_load in of_shape.items():
            for load in LOADS:
                if of_load[load] > WORST[pool]:
                    yield "one %s of %s blocks, %s: %d instructions" % (operation, shape, load, of_load[load])


def count_worst(pool):
    """Counts and prints; what is wrong, in words."""
    with tempfile.TemporaryDirectory() as directory:
        log = os.path.join(directory, "log")
        callgrind(directory, "worst_" + pool, "--log-file=" + log)
        with open(log, encoding="utf-8") as lines:
            worst = read_worst(lines)
    if not worst:
        return ["nothing was counted"]
    print_worst(pool, worst)
    return list(too_slow(pool, worst))


def main():
    if shutil.which("valgrind") is None:
        print("Left out: valgrind is not installed.")
        return 0
    failures = []
    for pool in sys.argv[1:] or POOLS:
        for count in [count_means, count_worst]:
            failures += ["%s pool: %s" % (pool, failure) for failure in count(pool)]
            print(flush=True)
    for failure in failures:
        print("FAILED: " + failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
