"""The allocators, the cells of the grid, and how a worker measures one."""

import collections
import os
import signal
import statistics
import subprocess

# A million live spans are measured only where they total at most so many bytes, on average.
MOST_BYTES = 4 << 30

# An allocator: the program that does its work, and what is preloaded into that, from which Debian package.
Allocator = collections.namedtuple("Allocator", "name worker library package")

FLOOR = Allocator("floor", "peers_floor", None, None)
OURS = [Allocator(name, "peers_pool_" + name, None, None) for name in ["unchecked", "default", "interface", "chained"]]
PEERS = [
    Allocator("glibc", "peers_malloc", "libc.so.6", "libc6"),
    Allocator("jemalloc", "peers_malloc", "libjemalloc.so.2", "libjemalloc2"),
    Allocator("tcmalloc", "peers_malloc", "libtcmalloc_minimal.so.4", "libtcmalloc-minimal4"),
    Allocator("mimalloc", "peers_malloc", "libmimalloc.so.2", "libmimalloc2.0"),
]
ALLOCATORS = OURS + PEERS + [FLOOR]


class Cell(collections.namedtuple("Cell", "work block most live")):
    """One kind of work (pair, churn, free-all) on `live` spans of 1 to `most` blocks of `block` bytes."""

    @property
    def name(self):
        if self.work == "pair":
            return "pair %d" % self.block
        return "%s %d x %s, %d live" % (self.work, self.block, "1" if self.most == 1 else "1..%d" % self.most, self.live)


def all_cells():
    for block in [64, 1024, 4096]:
        yield Cell("pair", block, 1, 1)
        for most in [1, 16]:
            for live in [1000, 30000, 1000000]:
                if live * block * (1 + most) / 2 <= MOST_BYTES:
                    yield Cell("churn", block, most, live)
                    yield Cell("free-all", block, most, live)


# How thoroughly a cell is measured: rounds, and milliseconds in each process.
Effort = collections.namedtuple("Effort", "rounds warm_up_ms measure_ms")

FULL = Effort(5, 20, 50)
QUICK = Effort(3, 10, 20)


def quick_cells():
    """The subset of --quick: blocks of 64 and 1024 bytes, up to 30,000 live spans."""
    return [cell for cell in all_cells() if cell.block <= 1024 and cell.live <= 30000]


class WorkerFailed(Exception):
    """A worker ended otherwise than it should."""


class Workers:
    """Runs worker programs, one at a time, on one core."""

    def __init__(self, folder, core):
        self.folder = folder
        self.core = core

    def run(self, allocator, *arguments):
        """What the allocator's worker prints. Nothing of the caller's environment changes how it allocates."""
        environment = {"LD_PRELOAD": allocator.library} if allocator.library else {}
        command = [os.path.join(self.folder, allocator.worker)] + [str(argument) for argument in arguments]
        done = subprocess.run(command, env=environment, preexec_fn=lambda: os.sched_setaffinity(0, {self.core}),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, check=False)
        if done.returncode != 0:
            raise WorkerFailed("%s: %s" % (" ".join(command), done.stderr.strip() or ending(done.returncode)))
        return done.stdout

    def is_there(self, peer):
        """Whether malloc really is this peer's: the loader ignores a library that is not installed."""
        return os.path.basename(self.run(peer, "library").strip()) == peer.library

    def time(self, allocator, cell, effort):
        """Nanoseconds per operation, cold and warm, in a process of its own."""
        return read_times(self.run(allocator, "time", cell.work, cell.block, cell.most, cell.live, effort.warm_up_ms,
                                   effort.measure_ms))


def ending(status):
    """Why a program without a message ended."""
    return "killed by " + signal.Signals(-status).name if status < 0 else "exit status %d" % status


def read_times(output):
    """A worker's "cold N" and "warm N" lines: the one, and the median of the others."""
    times = collections.defaultdict(list)
    for line in output.splitlines():
        kind, ns = line.split()
        times[kind].append(float(ns))
    return {kind: statistics.median(times[kind]) for kind in ["cold", "warm"]}


def rounds_in_turn(allocators, rounds):
    """Who comes when: each once in each round, each round begun by another one."""
    for number in range(rounds):
        start = number % len(allocators)
        for allocator in allocators[start:] + allocators[:start]:
            yield number, allocator
