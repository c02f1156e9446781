#!/usr/bin/python3
"""Runs each program of this folder in every way named below, and makes a page of the results.

    tools/bazel run //testing/misuse:catalogue             writes docs/misuse.md
    tools/bazel test //testing/misuse:catalogue_test       fails if that is not what the runs give

Each run is held to what the pool promises as well: one that is not as it must be makes no page.
"""

import collections
import concurrent.futures
import difflib
import os
import re
import resource
import signal
import subprocess
import sys

FOLDER = "testing/misuse"
PAGE = "docs/misuse.md"

WRONG_CALLS = [
    "double_free_small", "double_free_large", "double_free_given_back", "double_free_reused", "free_interior",
    "free_foreign", "free_in_other_pool", "free_of_parent", "free_of_child", "free_chunk_of_child", "size_too_small",
    "size_too_large", "wrong_alignment", "free_after_release_all", "release_parent_first", "alloc_by_backing",
    "moved_pool",
]
STRAY_ACCESSES = [
    "read_after_free", "write_after_free", "write_after_shrink", "overflow_into_free", "overflow_into_live",
    "underflow_into_free", "underflow_into_live", "write_after_release_all", "corrupted_metadata",
]
# What does not depend on the safety level. The pool's own calls are all right after a stray access, but not after one
# to its metadata.
WITHOUT_PROMISE = ["alloc_by_backing"] + [fault for fault in STRAY_ACCESSES if fault != "corrupted_metadata"]
# Found by or in release_all, whose reports name no site in release builds.
WITHOUT_SITE = ["release_parent_first", "free_chunk_of_child"]

# One way to run a program: a build, words of the command line, and whether it runs under Valgrind.
Way = collections.namedtuple("Way", "build words under_valgrind")
# Some ways, which all have to come to the same.
Column = collections.namedtuple("Column", "title ways")

DEBUG, SAFE, SMALL, FAST, SMALL_ALWAYS, FAST_ALWAYS, ASAN = [
    Way(build, words, False) for build, words in [
        ("debug", ()), ("release_safe", ()), ("release_small", ()), ("release_fast", ()),
        ("release_small", ("always",)), ("release_fast", ("always",)), ("asan", ()),
    ]
]
CHECKED = [DEBUG, SAFE, SMALL_ALWAYS, FAST_ALWAYS]
UNCHECKED = [SMALL, FAST]


def with_word(ways, word):
    return [way._replace(words=way.words + (word,)) for way in ways]


def under_valgrind(ways):
    return [way._replace(under_valgrind=True) for way in ways]


BY_MODE = [
    Column("debug", [DEBUG]),
    Column("release-safe", [SAFE]),
    Column("release-small, release-fast", UNCHECKED),
    Column("these two, safety `ALWAYS`", [SMALL_ALWAYS, FAST_ALWAYS]),
]
WITH_MORE = [
    Column("guard", with_word(CHECKED + UNCHECKED, "guard")),
    Column("fill", with_word(CHECKED + UNCHECKED, "fill")),
    Column("AddressSanitizer", [ASAN]),
    # Valgrind takes most of the time, so it only sees the two modes that are furthest apart.
    Column("Valgrind", under_valgrind([DEBUG, FAST_ALWAYS])),
]
BY_OPTION = [Column("by itself", CHECKED + UNCHECKED)] + WITH_MORE + [
    Column("AddressSanitizer, guard", with_word([ASAN], "guard")),
    Column("Valgrind, guard", with_word(under_valgrind([DEBUG]), "guard")),
]

REPORT = re.compile(r"^\w+: (?P<operation>\w+)\((?P<memory>(?:0x[0-9a-f]+, \d+)?)\): (?P<code>[A-Z_]+), .+$",
                    re.MULTILINE)
LINE = re.compile(r"[\w/]*\b(\w+)\.c:(\d+)")
CALL_SITE = re.compile(r", at (?:(?P<address>0x[0-9a-f]+)|[\w/]*\b(?P<source>\w+)\.c:(?P<number>\d+))")
ASAN_ERROR = re.compile(r"ERROR: AddressSanitizer: ([\w-]+).*?#0 [^\n]*?(\w+)\.c:(\d+)", re.DOTALL)
VALGRIND_ERROR = re.compile(r"^==\d+== (Invalid (?:read|write) of size \d+)\n==\d+== +at [^\n]*\((\w+)\.c:(\d+)\)",
                            re.MULTILINE)


class Wrong(Exception):
    """A run that is not as it must be."""


class Source:
    """What a program's source says of itself, in its first comment and in the marks of its lines."""

    def __init__(self, fault):
        with open("%s/%s.c" % (FOLDER, fault), encoding="utf-8") as f:
            text = f.read()
        self.comment = re.match(r"/\* (.*?) \*/", text, re.DOTALL).group(1).replace("\n *", "")
        self.marks = {}
        for number, line in enumerate(text.splitlines(), start=1):
            mark = re.search(r"/\* (made|fault|found) \*/", line)
            if mark:
                self.marks[number] = mark.group(1)


SOURCES = {fault: Source(fault) for fault in WRONG_CALLS + STRAY_ACCESSES}
# What all of them share.
SOURCES["frame"] = Source("frame")


class Run:
    """What one run of one program said."""

    def __init__(self, fault, way, severity):
        command = ["%s/%s/%s" % (FOLDER, way.build, fault), severity, *way.words]
        if way.under_valgrind:
            # Where it follows jumps, Valgrind takes an access that a jump leads to for one by the jump, and names the
            # line of that.
            command = ["valgrind", "--quiet", "--vgdb=no", "--leak-check=no", "--vex-guest-chase=no"] + command
        self.command = " ".join(command)
        self.fault = fault
        # clang's run-time library takes addr2line only where it is allowed to.
        environment = dict(os.environ, ASAN_OPTIONS="allow_addr2line=1")
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              check=False, encoding="utf-8", env=environment)
        self.status = done.returncode
        self.errors = done.stderr
        self.said = done.stdout.splitlines()
        self.answers = [line.split()[1] for line in self.said if line.startswith("answer: ")]
        self.verdicts = [line.split()[1] for line in self.said if line.startswith("verify: ")]
        self.reports = list(REPORT.finditer(done.stderr))

    def expect(self, condition, otherwise):
        if not condition:
            raise Wrong("%s: %s\n%s\n%s\nIt ended with %d." % (self.command, otherwise, "\n".join(self.said),
                                                             self.errors, self.status))

    def mark(self, source, number):
        """What stands at a line that is named."""
        mark = SOURCES[source].marks.get(int(number)) if source in (self.fault, "frame") else None
        self.expect(mark, "%s.c:%s is named, a line without a mark" % (source, number))
        return mark

    def message(self, report):
        """A report, without what differs from run to run and from edit to edit."""
        text = LINE.sub(lambda line: "%s.c:%s" % (line.group(1), self.mark(*line.groups())), report.group())
        return re.sub("0x[0-9a-f]+", "0x...", text)

    def is_rejected(self):
        """True if the wrong call itself was reported."""
        return bool(self.reports) and self.answers[:1] == [self.reports[0].group("code")]

    def tool_error(self):
        """What AddressSanitizer or Valgrind says, or None."""
        for pattern in (ASAN_ERROR, VALGRIND_ERROR):
            error = pattern.search(self.errors)
            if error:
                self.expect(self.mark(*error.groups()[1:]) == "fault", "another line than that of the fault is blamed")
                return error.group(1)
        self.expect("==" not in self.errors, "a tool says something else")
        return None


def check_report(run):
    """The first report names the memory, and the line of the call that it is about."""
    report = run.reports[0]
    run.expect(report.group("memory") or report.group("operation") in ("alloc", "release_all"),
               "the report names no memory")
    if run.fault in WITHOUT_SITE and not CALL_SITE.search(report.group()):
        return
    site = CALL_SITE.search(report.group())
    run.expect(site, "the report names no call site")
    if not site.group("address"):
        expected = "fault" if run.is_rejected() else "found"
        run.expect(run.mark(site.group("source"), site.group("number")) == expected, "another line is blamed")


def outcome_of_reports(run):
    check_report(run)
    first = run.reports[0]
    if run.is_rejected():
        run.expect(set(run.verdicts) == {"OK"} and len(run.reports) == 1, "the rejected call has changed something")
        return "`%s`" % first.group("code")
    for later in run.reports[1:]:
        # A span whose guard was overwritten is not freed, so it is in use at the end.
        run.expect((first.group("code"), later.group("code")) == ("CORRUPT", "IN_USE"), "too much is reported")
    return "`%s` by a later `%s`" % (first.group("code"), first.group("operation"))


def outcome_of(run):
    """What came of a run with severity LOG, in the words of the page."""
    error = run.tool_error()
    found = ["`%s`" % error] if error else []
    if run.status != 0:
        run.expect(not run.reports, "it does not go on after a report")
        run.expect(error or run.status == -signal.SIGSEGV, "it ends for another reason")
        return "`%s`" % (error or "SIGSEGV")
    run.expect(run.said[-1] == "went on", "it does not go on")
    if run.verdicts[0] != "OK":
        found.append("`verify`")
    if run.reports:
        found.append(outcome_of_reports(run))
    elif run.answers[:1] not in ([], ["OK"]):
        found.append("`%s` returned, not reported" % run.answers[0])
    run.expect(found or set(run.verdicts) == {"OK"}, "verify finds something, but late")
    return "; ".join(found) or "not caught"


def check_panic(panic, log):
    """PANIC says what LOG says, up to its first report, and ends the program there."""
    if not log.reports:
        panic.expect(outcome_of(panic) == outcome_of(log), "it differs from LOG, which reports nothing")
        return
    panic.expect(panic.status == -signal.SIGABRT, "it does not abort")
    panic.expect([panic.message(report) for report in panic.reports] == [log.message(log.reports[0])],
                 "it reports something else than LOG")
    panic.expect(panic.said == log.said[:len(panic.said)] and panic.said != log.said, "it goes on")


def ways_of(fault, column):
    """The ways in which a fault is not a broken promise, after which anything may happen."""
    return [way for way in column.ways if fault in WITHOUT_PROMISE or way.build not in ("release_small", "release_fast")
            or "always" in way.words]


def run_all():
    """All runs that the page shows: for each fault and each way, the one with LOG."""
    keys = [(fault, way) for faults, columns in [(WRONG_CALLS, BY_MODE + WITH_MORE), (STRAY_ACCESSES, BY_OPTION)]
            for fault in faults for column in columns for way in ways_of(fault, column)]

    def run(key):
        log, panic = [Run(*key, severity) for severity in ("log", "panic")]
        outcome_of(log)
        check_panic(panic, log)
        return log

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
        return dict(zip(keys, workers.map(run, keys)))


def without_sites(message):
    """A message as each build has it: only debug builds know lines, and where memory was allocated."""
    return re.sub(r",? (allocated )?at [^ ,)]+", "", message)


def cell(runs, fault, column):
    """The one outcome of a column's ways."""
    logs = [runs[fault, way] for way in ways_of(fault, column)]
    if not logs:
        return "promised"
    outcomes = {outcome_of(log) for log in logs}
    messages = {without_sites(log.message(log.reports[0])) for log in logs if log.reports}
    if len(outcomes) != 1 or len(messages) > 1:
        raise Wrong("%s, %s: these differ: %s" % (fault, column.title, sorted(outcomes | messages)))
    return outcomes.pop()


def row(*cells):
    return "| " + " | ".join(cells) + " |"


def name(fault):
    return "[`%s`](../%s/%s.c)" % (fault, FOLDER, fault)


def table(runs, faults, columns):
    yield row("program", "what it does", *(column.title for column in columns))
    yield row(*["---"] * (2 + len(columns)))
    for fault in faults:
        yield row(name(fault), SOURCES[fault].comment, *(cell(runs, fault, column) for column in columns))


def plain(way):
    """The way without options and tools, in the same mode."""
    return Way("debug" if way.build == "asan" else way.build, tuple(word for word in way.words if word == "always"),
               False)


def exceptions(runs):
    """Wrong calls that come to something else with an option or a tool."""
    yield row("program", "with", "by itself", "then")
    yield row(*["---"] * 4)
    for fault in WRONG_CALLS:
        for column in WITH_MORE:
            changes = {(outcome_of(runs[fault, plain(way)]), outcome_of(runs[fault, way]))
                       for way in ways_of(fault, column)}
            for before, after in sorted(changes):
                if before != after:
                    yield row(name(fault), column.title, before, after)


def messages(runs, faults):
    """The first report of each fault in debug builds, with the option that it needs."""
    for fault in faults:
        for option in [(), ("guard",), ("fill",)]:
            log = runs[fault, DEBUG._replace(words=option)]
            if log.reports:
                yield "%s:" % " ".join((fault, *option))
                yield "    " + log.message(log.reports[0])
                break


def page(runs):
    with open("%s/misuse.md.in" % FOLDER, encoding="utf-8") as f:
        text = f.read()
    for place, lines in [
            ("WRONG CALLS", table(runs, WRONG_CALLS, BY_MODE)),
            ("EXCEPTIONS", exceptions(runs)),
            ("STRAY ACCESSES", table(runs, STRAY_ACCESSES, BY_OPTION)),
            ("MESSAGES", messages(runs, WRONG_CALLS + STRAY_ACCESSES)),
    ]:
        text = text.replace("<%s>\n" % place, "".join(line + "\n" for line in lines))
    return text


def check(text):
    with open(PAGE, encoding="utf-8") as f:
        is_there = f.read()
    if is_there == text:
        return 0
    sys.stdout.writelines(difflib.unified_diff(is_there.splitlines(True), text.splitlines(True), PAGE, "the runs"))
    print("FAILED: the page is not what the runs give. To write it: tools/bazel run //%s:catalogue" % FOLDER)
    return 1


def check_lists():
    there = {name[:-len(".c")] for name in os.listdir(FOLDER) if name.endswith(".c")}
    if there != set(SOURCES):
        raise Wrong("in the folder or in the lists only: %s" % sorted(there ^ set(SOURCES)))


def main(arguments):
    try:
        check_lists()
        runs = run_all()
        text = page(runs)
    except Wrong as wrong:
        print("FAILED: %s" % wrong)
        return 1
    if arguments == ["--check"]:
        return check(text)
    with open(os.path.join(os.environ["BUILD_WORKSPACE_DIRECTORY"], PAGE), "w", encoding="utf-8") as f:
        f.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
