#!/usr/bin/python3
"""Replays traces of what real programs allocated, with our pools and with the best allocators, in turn.

    tools/bazel run //bench:replay -- [--rounds N] [--block-size B,... --request-size R,...] [TRACE...]

What is measured and how: README.md in this folder.
"""

import argparse
import glob
import os
import sys

# No folder __pycache__ in the checkout.
sys.dont_write_bytecode = True
# Where Bazel starts programs, our modules lie by their paths in the repository.
sys.path[:0] = ["bench/replay", "bench"]

import measure
import peer_libraries
import report

WORKER = "bench/replay/release_worker"
TRACES = "bench/traces/*.trc.gz"


def sizes(text):
    return [int(size) for size in text.split(",")]


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="replay", description="Replays allocation traces.",
        epilog="Ends with 0; with 1 if a trace cannot be read or an allocator failed, after all others; with 2 if the "
               "command line is wrong.")
    parser.add_argument("traces", metavar="TRACE", nargs="*", help="files to replay; those of bench/traces by default")
    parser.add_argument("--rounds", metavar="N", type=int, default=5, help="how often everybody takes his turn; 5")
    parser.add_argument("--block-size", metavar="B,...", type=sizes, default=[],
                        help="also a pool with blocks of so many bytes; several make a chain, the innermost first")
    parser.add_argument("--request-size", metavar="R,...", type=sizes, default=[],
                        help="what each of these pools takes at a time")
    options = parser.parse_args(arguments)
    if len(options.block_size) != len(options.request_size):
        parser.error("--block-size and --request-size need one number for each pool")
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    return options


def from_users_folder(path):
    """Bazel starts programs in a folder of its own, and says where the user is."""
    return os.path.join(os.environ.get("BUILD_WORKING_DIRECTORY", ""), path)


def subjects_of(options):
    """Those to be measured, and the peers that are not installed."""
    installed, missing = peer_libraries.split_installed()
    chains = [measure.chain(options.block_size, options.request_size)] if options.block_size else []
    peers = [measure.peer_subject(peer, path) for peer, path in installed.items()]
    return measure.OURS + chains + peers, missing


def replay(trace, subjects, rounds):
    """Measures one trace and shows it; what went wrong, in words. They name the trace as the user does."""
    try:
        figures, failures = measure.measure(WORKER, from_users_folder(trace), subjects, rounds)
    except measure.TraceUnreadable as error:
        return ["%s: %s" % (trace, error)]
    print("\n" + os.path.basename(trace))
    for line in list(report.table(figures)) + list(report.verdicts(figures)):
        print(line, flush=True)
    return ["%s: %s" % (trace, failure) for failure in failures]


def main():
    options = parse(sys.argv[1:])
    subjects, missing = subjects_of(options)
    for peer in missing:
        print(peer_libraries.how_to_install(peer))
    failures = []
    for trace in options.traces or [os.path.abspath(path) for path in sorted(glob.glob(TRACES))]:
        failures += replay(trace, subjects, options.rounds)
    for failure in failures:
        print("FAILED: " + failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
