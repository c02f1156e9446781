"""Runs the worker, which replays one trace with one allocator, and reads what it measured."""

import collections
import gzip
import os
import re
import shutil
import signal
import subprocess
import tempfile
import zlib

import peer_libraries

# One allocator: what the worker calls it, what is preloaded into the worker, and the sizes of its pools.
Subject = collections.namedtuple("Subject", ["name", "kind", "library", "sizes"])

OURS = [Subject(name, name, "", ()) for name in ["pool", "unchecked", "classes"]]

# What one allocator came to with one trace. `times` are nanoseconds per event, one for each round; bytes where nothing
# else is said; None for what could not be measured.
Figures = collections.namedtuple(
    "Figures", ["times", "peak", "held", "trimmed", "in_use", "system_calls", "taken", "backing_calls"])

# The calls by which a process takes memory from the system, gives it back or says what it needs it for.
MEMORY_CALLS = ["brk", "madvise", "mmap", "mprotect", "mremap", "munmap"]
# The worker calls it before and after the events, and nobody else does.
MARK = "getppid"


class TraceUnreadable(Exception):
    """There is no such file, what is compressed in it is damaged, or what is in it is no trace with events."""


class WorkerFailed(Exception):
    """A worker ended otherwise than it should: with what command, and why."""

    def __init__(self, command, reason):
        super().__init__("%s: %s" % (" ".join(command), reason))
        self.reason = reason


def chain(block_sizes, request_sizes):
    """Pools with these sizes over each other, the innermost first."""
    pairs = list(zip(block_sizes, request_sizes))
    return Subject("chain " + " ".join("%d/%d" % pair for pair in pairs), "chain", "",
                   tuple(size for pair in pairs for size in pair))


def peer_subject(peer, path):
    return Subject(peer.name, "malloc", path, ())


def read_numbers(output):
    """The worker's lines of a name and a number."""
    return {name: int(number) for name, number in (line.split() for line in output.splitlines())}


def count_memory_calls(log):
    """How many of strace's lines between the two marks are calls for memory."""
    _, events, _ = re.split(r"^.*\b%s\(\).*$" % MARK, log, flags=re.MULTILINE)
    return len(re.findall(r"^(?:\d+ +)?(?:%s)\(" % "|".join(MEMORY_CALLS), events, re.MULTILINE))


def ending(status):
    """Why a program ended."""
    return "killed by " + signal.Signals(-status).name if status < 0 else "exit status %d" % status


def last_core():
    return max(os.sched_getaffinity(0))


def run(command, environment, core):
    """What a command prints."""
    done = subprocess.run(command, env=environment, preexec_fn=lambda: os.sched_setaffinity(0, {core}),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", check=False)
    if done.returncode != 0:
        raise WorkerFailed(command, done.stderr.strip() or ending(done.returncode))
    return done.stdout


class Worker:
    """The worker program, on one trace that is not compressed, on one core; the last one by default."""

    def __init__(self, program, trace, core=None):
        self.program = program
        self.trace = trace
        self.core = last_core() if core is None else core

    def command(self, subject, mode):
        return [self.program, subject.kind, mode, self.trace] + [str(size) for size in subject.sizes]

    def numbers(self, subject, mode):
        return read_numbers(run(self.command(subject, mode), peer_libraries.environment(subject.library), self.core))

    def time(self, subject):
        """Nanoseconds per event."""
        numbers = self.numbers(subject, "time")
        return numbers["nanoseconds"] / numbers["events"]

    def system_calls(self, subject):
        """How many calls for memory the events caused; None where strace is not installed."""
        strace = shutil.which("strace")
        if strace is None:
            return None
        with tempfile.NamedTemporaryFile("r", encoding="utf-8") as log:
            watch = [strace, "-f", "-o", log.name, "-e", "trace=" + ",".join(MEMORY_CALLS + [MARK])]
            preload = ["-E", "LD_PRELOAD=" + subject.library] if subject.library else []
            run(watch + preload + self.command(subject, "time"), {}, self.core)
            return count_memory_calls(log.read())

    def figures(self, subject, times):
        """Everything that is not a matter of time, with the times that were measured."""
        memory = self.numbers(subject, "memory")
        backing = {} if subject.kind == "malloc" else self.numbers(subject, "backing")
        return Figures(times, memory["peak"], memory["held"], memory["trimmed"], memory["peak_in_use"],
                       self.system_calls(subject), backing.get("taken"), backing.get("calls"))


def unpack(path, folder):
    """The path of a copy of the trace that is not compressed, in the folder."""
    try:
        with open(path, "rb") as f:
            data = f.read()
        data = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
    except (OSError, EOFError, zlib.error) as error:
        raise TraceUnreadable(getattr(error, "strerror", None) or str(error)) from error
    unpacked = os.path.join(folder, "trace")
    with open(unpacked, "wb") as f:
        f.write(data)
    return unpacked


def open_trace(program, path, folder, core=None):
    """The worker for a trace that it can read, of which it has a copy in the folder. Raises TraceUnreadable."""
    worker = Worker(program, unpack(path, folder), core)
    try:
        worker.numbers(OURS[0], "read")
    except WorkerFailed as failure:
        raise TraceUnreadable(failure.reason.replace("worker: ", "", 1)) from failure
    return worker


def in_turn(subjects, rounds):
    """Who comes when: each once in each round, each round begun by another one."""
    for number in range(rounds):
        start = number % len(subjects)
        yield from subjects[start:] + subjects[:start]


def measure(program, trace, subjects, rounds):
    """subject -> figures, and what went wrong, in words. Raises TraceUnreadable."""
    times = collections.defaultdict(list)
    failures = {}
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        worker = open_trace(program, trace, folder)
        for subject in in_turn(subjects, rounds):
            try:
                times[subject].append(worker.time(subject))
            except WorkerFailed as failure:
                failures[subject] = failure.reason
        for subject in subjects:
            try:
                if subject not in failures:
                    figures[subject] = worker.figures(subject, times[subject])
            except WorkerFailed as failure:
                failures[subject] = failure.reason
    return figures, ["%s: %s" % (subject.name, reason) for subject, reason in failures.items()]
