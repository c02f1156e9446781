"""The programs that are measured: who allocates, and how a program is run."""

import collections
import os
import shutil
import signal
import subprocess

# Who allocates: the program that does its work, and for malloc what is preloaded into that, from which Debian package.
Allocator = collections.namedtuple("Allocator", "name worker library package")

FLOOR = Allocator("floor", "peers_floor", None, None)
POOLS = [Allocator(name, "peers_pool_" + name, None, None) for name in ["unchecked", "default", "interface", "chained"]]
PEERS = [
    Allocator("glibc", "peers_malloc", "libc.so.6", "libc6"),
    Allocator("jemalloc", "peers_malloc", "libjemalloc.so.2", "libjemalloc2"),
    Allocator("tcmalloc", "peers_malloc", "libtcmalloc_minimal.so.4", "libtcmalloc-minimal4"),
    Allocator("mimalloc", "peers_malloc", "libmimalloc.so.2", "libmimalloc2.0"),
]
ALLOCATORS = POOLS + PEERS + [FLOOR]


class Failure(Exception):
    """A program ended otherwise than it should."""


class Runner:
    """Runs programs of one folder, one at a time, on one core."""

    def __init__(self, folder, core):
        self.folder = folder
        self.core = core

    def run(self, program, *arguments, library=None):
        """What a program prints. Nothing of the caller's environment changes how it allocates."""
        command = [os.path.join(self.folder, program)] + [str(argument) for argument in arguments]
        done = subprocess.run(command, env={"LD_PRELOAD": library} if library else {}, check=False,
                              preexec_fn=lambda: os.sched_setaffinity(0, {self.core}),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
        if done.returncode != 0:
            raise Failure("%s: %s" % (" ".join(command), done.stderr.strip() or ending(done.returncode)))
        return done.stdout

    def work(self, allocator, *arguments):
        """What an allocator's worker prints."""
        return self.run(allocator.worker, *arguments, library=allocator.library)

    def library_of(self, peer):
        """The file that malloc comes from, or None if it is not this peer's: what is not there, the loader ignores."""
        path = self.work(peer, "library").strip()
        return path if os.path.basename(path) == peer.library else None


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


def package_version(package):
    """What version of a Debian package is installed; None where nobody can tell."""
    if shutil.which("dpkg-query") is None:
        return None
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, universal_newlines=True, check=False)
    return done.stdout or None


def turns(names, number):
    """Who comes when in a round: each once, and each round begun by another one."""
    start = number % len(names) if names else 0
    return names[start:] + names[:start]
