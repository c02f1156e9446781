#!/usr/bin/python3
"""Measures our pools against the best allocators, in turn, on the same work, and gives verdicts.

    tools/bazel run //bench:peers -- [--quick] [--json FILE] [--html FILE]

What is measured and how, and the form of the file: README.md in this folder.
"""

import argparse
import collections
import glob
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time

# No folder __pycache__ in the checkout.
sys.dont_write_bytecode = True

import cells
import page
import programs
import report
import verdicts

TRACES = "bench/traces/*.trc.gz"
# The pool that traces are replayed with: blocks of 64 bytes, and size classes over them.
REPLAYED = [subject for subject in programs.measure.OURS if subject.name == "classes"]

GROWING = {"list": "peers_grow_list", "std::vector": "peers_grow_vector", "realloc": "peers_grow_realloc"}


def parse(arguments):
    parser = argparse.ArgumentParser(prog="peers", description="Our pools against the best allocators.")
    parser.add_argument("--quick", action="store_true", help="a subset of it all, in less than two minutes")
    parser.add_argument("--json", metavar="FILE", help="write everything that was measured to this file")
    parser.add_argument("--html", metavar="FILE", help="the same as a page with plots")
    parser.add_argument("--only", metavar="REGEX", default="", help="only what has such a name: a cell, a trace, or append")
    parser.add_argument("--allocators", metavar="A,B...", type=lambda text: text.split(","), help="only these")
    parser.add_argument("--rounds", metavar="N", type=int, help="how often everybody takes a turn")
    parser.add_argument("--core", metavar="N", type=int, default=max(os.sched_getaffinity(0)),
                        help="the core that all is measured on; the last one by default")
    parser.add_argument("--workers", metavar="FOLDER", default="bench/peers",
                        help="the folder of the programs that are measured; those of this build by default")
    options = parser.parse_args(arguments)
    names = [allocator.name for allocator in programs.ALLOCATORS]
    unknown = sorted(set(options.allocators or []) - set(names))
    if not os.path.isdir(options.workers):
        parser.error("there is no folder %s; tools/bazel run //bench:peers has one" % options.workers)
    if unknown:
        parser.error("there is no allocator %s; there are %s" % (", ".join(unknown), ", ".join(names)))
    return options


def users_path(path):
    """Bazel starts a program in a folder of its own, and says where the user is."""
    return os.path.join(os.environ.get("BUILD_WORKING_DIRECTORY", ""), path)


def traces():
    """Name -> path of each recorded program."""
    return {"replay " + os.path.basename(path).split(".")[0]: path for path in sorted(glob.glob(TRACES))}


class Measurement:
    """All that one call measures, and what becomes of it."""

    def __init__(self, options, runner, out):
        self.options = options
        self.runner = runner
        self.out = out
        self.effort = cells.QUICK if options.quick else cells.FULL
        if options.rounds:
            self.effort = self.effort._replace(rounds=options.rounds)
        self.timed = [cell for cell in cells.timed() if self.is_wanted(cell.name)
                      and (cells.is_quick(cell) or not options.quick)]
        self.given_back = [cell for cell in cells.give_back_cells(self.effort.live_bytes) if self.is_wanted(cell.name)]
        self.grows = self.is_wanted("append")
        self.traces = {name: path for name, path in traces().items() if self.is_wanted(name)}
        self.tasks = len(self.timed) + len(self.given_back) + len(self.traces) + self.grows
        self.tasks_done = 0
        self.start = time.time()
        self.failures = []
        self.missing = []
        self.allocators = []
        self.libraries = {}
        self.find_allocators()
        self.names = [one.name for one in self.allocators]
        self.pools = [one.name for one in programs.POOLS if one in self.allocators]
        self.peers = [one.name for one in programs.PEERS if one in self.allocators]

    def find_allocators(self):
        for allocator in programs.ALLOCATORS:
            if self.options.allocators is not None and allocator.name not in self.options.allocators:
                continue
            if allocator.peer:
                self.libraries[allocator.name] = self.runner.library_of(allocator)
                if self.libraries[allocator.name] is None:
                    self.leave_out(allocator.name, allocator.peer.library, allocator.peer.package)
                    continue
            self.allocators.append(allocator)

    def leave_out(self, name, what, package):
        self.missing.append({"name": name, "what": what, "package": package})
        self.out.missing(name, what, package)

    def is_wanted(self, name):
        return re.search(self.options.only, name) is not None

    def rounds(self, name, names, measure):
        """Lets everybody take turns: kind -> name -> the numbers of all rounds. `measure` returns kind -> number."""
        result = collections.defaultdict(lambda: collections.defaultdict(list))
        for number in range(self.effort.rounds):
            if number > 0 and self.is_late():
                break
            for who in programs.turns(names, number):
                self.out.progress("%d of %d: %s, round %d, %s" %
                                  (self.tasks_done + 1, self.tasks, name, number + 1, who))
                try:
                    for kind, value in measure(who).items():
                        result[kind][who].append(value)
                except programs.Failure as failure:
                    self.failures.append(str(failure))
        self.tasks_done += 1
        return result

    def is_late(self):
        """Whether this task has no more time: each has the same, and what the ones before did not need."""
        seconds = self.effort.seconds
        return seconds is not None and time.time() > self.start + seconds * (self.tasks_done + 1) / self.tasks

    def cell_rounds(self, cell, allocators, *work):
        by_name = {one.name: one for one in allocators}

        def measure(name):
            output = self.runner.work(by_name[name], *work[:1], cell.block, cell.most, cell.live, *work[1:])
            return verdicts.medians(programs.read_numbers(output))

        return self.rounds(cell.name, list(by_name), measure)

    def time_cells(self):
        """The grid. Shows the warm times as they come, and the cold ones at the end."""
        entries = []
        if not self.timed:
            return entries
        self.out.header("Nanoseconds per operation, warm", self.names, self.pools)
        for cell in self.timed:
            rounds = self.cell_rounds(cell, self.allocators, "time", cell.work, self.effort.warm_up_ms,
                                      self.effort.measure_ms)
            entries.append(verdicts.entry_of(cell, rounds, ["warm", "cold"], self.pools, self.peers))
            self.show_entry(entries[-1], "warm")
        self.show_means(entries, "warm")
        self.out.header("Nanoseconds per operation, cold: the first pass in a process", self.names, self.pools)
        for entry in entries:
            self.show_entry(entry, "cold")
        self.show_means(entries, "cold")
        return entries

    def show_means(self, entries, kind):
        """One line for the grid and one for the long spans."""
        for group, title in [("grid", "geometric mean"), ("long", "geometric mean of long spans")]:
            means = verdicts.geometric_means(verdicts.of_group(entries, group), self.pools, kind)
            self.out.means(title, means, self.names, self.pools)

    def replay(self):
        """Nanoseconds per event of each trace."""
        entries = []
        if not self.traces:
            return entries
        subjects = REPLAYED + [programs.measure.peer_subject(one.peer, one.peer.library or "")
                               for one in self.allocators if one.peer]
        by_name = {subject.name: subject for subject in subjects}
        pools = [subject.name for subject in REPLAYED]
        self.out.header("Nanoseconds per event of a trace", list(by_name), pools)
        for name, path in self.traces.items():
            with tempfile.TemporaryDirectory() as folder:
                unpacked = programs.measure.unpack(path, folder)
                rounds = self.rounds(name, list(by_name),
                                     lambda who: {"time": self.runner.replay(by_name[who], unpacked)})
            entries.append(dict({"name": name}, **verdicts.measured(rounds, ["time"], pools, self.peers)))
            self.out.row(name, entries[-1]["median"]["time"], entries[-1]["best_peer"]["time"],
                         entries[-1]["ratio"]["time"], list(by_name), pools)
        return entries

    def show_entry(self, entry, kind, form="%10.1f"):
        self.out.row(entry["name"], entry["median"][kind], entry["best_peer"][kind], entry["ratio"][kind], self.names,
                     self.pools, form)

    def give_back(self):
        """Resident bytes for each byte in use, before and after a trim."""
        entries = []
        allocators = [one for one in self.allocators if one is not programs.FLOOR]
        if not self.given_back:
            return entries
        self.out.header("Resident bytes for each byte in use, nine of ten spans freed, then trimmed", self.names,
                        self.pools)
        for cell in self.given_back:
            rounds = self.cell_rounds(cell, allocators, "give-back")
            entries.append(verdicts.entry_of(cell, per_byte_in_use(rounds), ["freed", "trimmed"], self.pools, self.peers))
            self.show_entry(entries[-1], "trimmed", "%10.2f")
        return entries

    def grow(self):
        """The appends: "ns" and "peak" of each program, or None."""
        if not self.grows:
            return None
        with tempfile.TemporaryDirectory() as folder:
            names = dict(GROWING)
            self.add_vec(names, folder)

            def measure(name):
                return verdicts.medians(programs.read_numbers(self.runner.run(names[name], self.effort.appends)))

            rounds = self.rounds("append", list(names), measure)
        growing = {kind: verdicts.medians(rounds[kind]) for kind in ["ns", "peak"]}
        self.out.growing(self.effort.appends, growing)
        return dict(growing, appends=self.effort.appends, rounds=rounds)

    def add_vec(self, names, folder):
        if shutil.which("rustc") is None:
            self.leave_out("Vec", "rustc", "rustc")
            return
        try:
            names["Vec"] = build_vec(folder)
        except programs.Failure as failure:
            self.failures.append(str(failure))

    def verdicts(self, entries, growing, give_back, replayed):
        """Only whole measurements meet a figure: all cells and peers, no failure, and not --quick."""
        is_thorough = not self.options.quick and not self.failures
        has_peers = is_thorough and len(self.peers) == len(programs.PEERS)
        result = []
        for verdicts_of, group in [(verdicts.speed_verdicts, "grid"), (verdicts.long_verdicts, "long"),
                              (verdicts.mixed_verdicts, "mixed")]:
            of_group = verdicts.of_group(entries, group)
            every = [cell for cell in cells.timed() if cell.group == group]
            if of_group:
                result += verdicts_of(of_group, has_peers and len(of_group) == len(every))
        if replayed:
            result += verdicts.replay_verdicts(replayed, has_peers and len(replayed) == len(traces()))
        if growing:
            result += verdicts.growing_verdicts(growing, is_thorough and "Vec" in growing["ns"])
        if give_back:
            every = list(cells.give_back_cells(self.effort.live_bytes))
            result += verdicts.give_back_verdicts(give_back, has_peers and len(give_back) == len(every))
        self.out.verdicts(result)
        return result

    def document(self):
        """Measures it all; what --json writes."""
        entries = self.time_cells()
        give_back = self.give_back()
        replayed = self.replay()
        growing = self.grow()
        grid, long_spans = verdicts.of_group(entries, "grid"), verdicts.of_group(entries, "long")
        every_pool = [pool.name for pool in programs.POOLS]
        return {
            "format": 1,
            "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.start)),
            "seconds": round(time.time() - self.start),
            "quick": self.options.quick,
            "machine": machine(self.options.core),
            "effort": self.effort._asdict(),
            "pools": self.pools,
            "peers": [{"name": one.name, "library": self.libraries[one.name], "package": one.peer.package,
                       "version": programs.version(one.peer)}
                      for one in programs.PEERS if one in self.allocators],
            "missing": self.missing,
            "geomean": verdicts.geometric_means(grid, every_pool, "warm"),
            "geomean_long": verdicts.geometric_means(long_spans, every_pool, "warm"),
            "geomean_cold": verdicts.geometric_means(grid, every_pool, "cold"),
            "cells": entries,
            "growing": growing,
            "giving_back": give_back,
            "replayed": replayed,
            "figures": self.verdicts(entries, growing, give_back, replayed),
            "failures": self.failures,
        }


def build_vec(folder):
    """Compiles the program of Rust's Vec, as cargo does for release, and returns its path."""
    source = os.path.join(os.path.dirname(os.path.realpath(__file__)), "grow_vec.rs")
    program = os.path.join(folder, "peers_grow_vec")
    done = subprocess.run(["rustc", "-C", "opt-level=3", "-o", program, source], stderr=subprocess.PIPE,
                          universal_newlines=True, check=False)
    if done.returncode != 0:
        raise programs.Failure("rustc: " + done.stderr.strip())
    return program


def per_byte_in_use(rounds):
    """What was resident, as multiples of what was in use."""
    return {kind: {name: [value / in_use for value, in_use in zip(values, rounds["in_use"][name])]
                   for name, values in rounds[kind].items()}
            for kind in ("freed", "trimmed") if kind in rounds}


def machine(core):
    """What it was measured on."""
    model = None
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        model = next((line.split(":", 1)[1].strip() for line in f if line.startswith("model name")), None)
    return {"processor": model, "cores": os.cpu_count(), "core": core, "system": platform.platform(),
            "bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")}


def import_plots():
    """Only who asks for plots needs what draws them, and is told so before anything is measured."""
    try:
        import plots
    except ImportError as error:
        sys.exit("--html needs matplotlib (sudo apt-get install python3-matplotlib); %s says: %s" %
                 (sys.executable, error))
    return plots


def main():
    options = parse(sys.argv[1:])
    plots = import_plots() if options.html else None
    runner = programs.Runner(options.workers, options.core)
    measurement = Measurement(options, runner, report.Terminal(sys.stdout, sys.stderr))
    if measurement.tasks == 0:
        sys.exit("nothing has a name that matches " + options.only)
    document = measurement.document()
    if options.json:
        with open(users_path(options.json), "w", encoding="utf-8") as f:
            json.dump(document, f, indent=1)
    if options.html:
        with open(users_path(options.html), "w", encoding="utf-8") as f:
            f.write(page.html(document, plots))
    for failure in document["failures"]:
        print("FAILED: " + failure, file=sys.stderr)
    return 1 if document["failures"] else 0


if __name__ == "__main__":
    sys.exit(main())
