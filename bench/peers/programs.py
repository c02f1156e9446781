"""The programs that are measured: who allocates, and how a program is run."""

import collections
import os
import platform
import shutil
import signal
import subprocess
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "replay"))
import measure
import peer_libraries

# Who allocates: the program that does its work, and for malloc whose that is.
Allocator = collections.namedtuple("Allocator", "name worker peer")

FLOOR = Allocator("floor", "peers_floor", None)
POOLS = [Allocator(name, "peers_pool_" + name, None) for name in ["unchecked", "default", "interface", "chained"]]
PEERS = [Allocator(peer.name, "peers_malloc", peer) for peer in peer_libraries.PEERS]
ALLOCATORS = POOLS + PEERS + [FLOOR]


class Failure(Exception):
    """A program ended otherwise than it should."""


class Runner:
    """Runs programs of one folder, one at a time, on one core."""

    def __init__(self, folder, core):
        self.folder = folder
        self.core = core

    def run(self, program, *arguments, library=None):
        """What a program prints."""
        command = [os.path.join(self.folder, program)] + [str(argument) for argument in arguments]
        done = subprocess.run(command, env=peer_libraries.environment(library), check=False,
                              preexec_fn=lambda: os.sched_setaffinity(0, {self.core}),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
        if done.returncode != 0:
            raise Failure("%s: %s" % (" ".join(command), done.stderr.strip() or ending(done.returncode)))
        return done.stdout

    def work(self, allocator, *arguments):
        """What an allocator's worker prints."""
        return self.run(allocator.worker, *arguments, library=allocator.peer.library if allocator.peer else None)

    def replay(self, subject, trace):
        """Nanoseconds per event of a trace, by the worker of bench/replay."""
        worker = os.path.join(self.folder, os.pardir, "replay", "release_worker")
        try:
            return measure.Worker(worker, trace, self.core).time(subject)
        except measure.WorkerFailed as failure:
            raise Failure("replay: %s: %s" % (subject.name, failure.reason)) from failure

    def library_of(self, allocator):
        """The file that malloc comes from, or None if it is not this peer's: what is not there, the loader ignores."""
        path = self.work(allocator, "library").strip()
        return path if os.path.basename(path) == (allocator.peer.library or "libc.so.6") else None


def ending(status):
    """Why a program without a message ended."""
    return "killed by " + signal.Signals(-status).name if status < 0 else "exit status %d" % status


def read_numbers(output):
    """A program's lines "WORD NUMBER": the numbers of each word."""
    numbers = collections.defaultdict(list)
    for line in output.splitlines():
        word, number = line.split()
        numbers[word].append(float(number))
    return dict(numbers)


def version(peer):
    """The version that is installed; None where nobody can tell."""
    if peer.package is None:
        return platform.libc_ver()[1] or None
    if shutil.which("dpkg-query") is None:
        return None
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", peer.package], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, universal_newlines=True, check=False)
    return done.stdout or None


def turns(names, number):
    """Who comes when in a round: each once, and each round begun by another one."""
    start = number % len(names) if names else 0
    return names[start:] + names[:start]
