#!/usr/bin/env python3
"""Measures our pools against the best allocators, in turn, on the same work, and judges.

    tools/bazel run //bench:peers -- [--quick] [--json FILE] [--html FILE]

What is measured and how, and the form of the file, is told in docs/performance.md.
"""

import argparse
import json
import os
import re
import sys

# No folder __pycache__ in the checkout.
sys.dont_write_bytecode = True

import grid
import judge
import report


def parse(arguments):
    parser = argparse.ArgumentParser(prog="peers", description="Our pools against the best allocators.")
    parser.add_argument("--quick", action="store_true", help="a subset of the cells, in less than two minutes")
    parser.add_argument("--json", metavar="FILE", help="write everything that was measured to this file")
    parser.add_argument("--only", metavar="REGEX", default="", help="only cells with such a name")
    parser.add_argument("--allocators", metavar="A,B...", type=lambda text: text.split(","), help="only these")
    parser.add_argument("--rounds", metavar="N", type=int, help="how often everybody takes his turn")
    parser.add_argument("--core", metavar="N", type=int, default=max(os.sched_getaffinity(0)),
                        help="where the workers run; the last one by default")
    parser.add_argument("--workers", metavar="FOLDER", default="bench/peers",
                        help="where the worker programs are; those of this build by default")
    options = parser.parse_args(arguments)
    names = [allocator.name for allocator in grid.ALLOCATORS]
    unknown = sorted(set(options.allocators or []) - set(names))
    if unknown:
        parser.error("there is no allocator %s; there are %s" % (", ".join(unknown), ", ".join(names)))
    return options


def from_users_folder(path):
    """Bazel starts programs in a folder of its own, and says where the user is."""
    return os.path.join(os.environ.get("BUILD_WORKING_DIRECTORY", ""), path)


def chosen_allocators(options, workers):
    """Those to be measured, and the peers that are not installed."""
    wanted = [one for one in grid.ALLOCATORS if options.allocators is None or one.name in options.allocators]
    missing = [one for one in wanted if one.library and not workers.is_there(one)]
    return [one for one in wanted if one not in missing], missing


def measure_cell(cell, allocators, effort, workers, failures, show_progress):
    """allocator name -> times of each round."""
    rounds = {}
    for number, allocator in grid.rounds_in_turn(allocators, effort.rounds):
        show_progress("%s: round %d of %d, %s" % (cell.name, number + 1, effort.rounds, allocator.name))
        try:
            rounds.setdefault(allocator.name, []).append(workers.time(allocator, cell, effort))
        except grid.WorkerFailed as failure:
            failures.append(str(failure))
    return rounds


def main():
    options = parse(sys.argv[1:])
    workers = grid.Workers(options.workers, options.core)
    effort = grid.QUICK if options.quick else grid.FULL
    if options.rounds:
        effort = effort._replace(rounds=options.rounds)
    cells = [cell for cell in (grid.quick_cells() if options.quick else list(grid.all_cells()))
             if re.search(options.only, cell.name)]
    allocators, missing = chosen_allocators(options, workers)
    peers = [peer.name for peer in grid.PEERS if peer in allocators]
    ours = [pool.name for pool in grid.OURS if pool in allocators]
    failures = []

    out = report.Terminal(sys.stdout, sys.stderr)
    out.missing(missing)
    out.header([one.name for one in allocators], ours)
    rounds, warm, ratios = {}, {}, {}
    for number, cell in enumerate(cells):
        rounds[cell] = measure_cell(cell, allocators, effort, workers, failures,
                                    lambda text, number=number: out.progress("%d/%d %s" % (number + 1, len(cells), text)))
        warm[cell] = judge.medians(rounds[cell], "warm")
        ratios[cell] = judge.ratios(warm[cell], peers)
        out.row(cell.name, warm[cell], judge.best(warm[cell], peers), ratios[cell])
    out.means(judge.geometric_means(ratios, ours))
    is_complete = len(cells) == len(list(grid.all_cells())) and len(peers) == len(grid.PEERS) and not failures
    out.verdicts(judge.speed_verdicts(warm, ratios, is_complete))
    if options.json:
        with open(from_users_folder(options.json), "w", encoding="utf-8") as f:
            json.dump({"geomean": judge.geometric_means(ratios, ours)}, f, indent=1)
    for failure in failures:
        print("FAILED: " + failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
