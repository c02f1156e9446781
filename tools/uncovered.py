"""What the tests do not execute, and the list of what is known not to be executed (uncovered.txt).

An entry of the list is a file, what is missing in one of its lines, and the text of that line:

    room/room.c: not executed: return NULL;
    room/room.c: of 3 branches not taken 2: switch (kind) {
        The reason for the entries above, on indented lines.

It holds no line number, so that it outlives changes elsewhere. Of lines that are alike, each needs an
entry of its own. Branches are numbered from 0, in the compiler's order.
"""

import collections
import os

# How much each library is covered, at least, in percent.
LIBRARIES = ["block_allocator", "pba", "static_buffer"]
LEAST_LINES = 98
LEAST_BRANCHES = 95

# What threads execute of their caches is never twice the same: .bazelrc has coverage leave them out.
NOT_MEASURED = "pba/threads/"

# Something that was not executed. Line 0 stands for the whole file.
Gap = collections.namedtuple("Gap", "path line entry")


def missing(source):
    """Pairs of a line's number and what is missing there."""
    for number in sorted(source.lines):
        if not source.lines[number]:
            yield number, "not executed"
            continue
        for shape, counts in sorted(source.branches.get(number, {}).items()):
            untaken = [str(index) for index, count in enumerate(counts) if not count]
            if untaken:
                yield number, "of %d branches not taken %s" % (shape, ", ".join(untaken))


def gaps(report, root):
    """What a report says was not executed of the sources below `root`."""
    for path, source in sorted(report.sources.items()):
        with open(os.path.join(root, path), encoding="utf-8") as f:
            text = [" ".join(line.split()) for line in f]
        for number, what in missing(source):
            yield Gap(path, number, "%s: %s: %s" % (path, what, text[number - 1]))


def below(root, folder):
    """The files of a folder and of those in it, by their paths from `root`."""
    for place, _, names in os.walk(os.path.join(root, folder)):
        for name in names:
            yield os.path.relpath(os.path.join(place, name), root)


def unbuilt(report, root):
    """The sources that no test links: of their lines the report knows nothing."""
    for folder in sorted({path.split("/")[0] for path in report.sources}):
        for path in sorted(below(root, folder)):
            is_library = path.endswith(".c") and not path.endswith("_test.c")
            if is_library and path not in report.sources and not path.startswith(NOT_MEASURED):
                yield Gap(path, 0, path + ": in no test")


def read_list(path):
    """The entries of a list. Each must have a reason."""
    entries = []
    unexplained = None
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate([*f, ""], 1):
            if line.startswith((" ", "\t")):
                unexplained = None
            elif line.strip() and not line.startswith("#"):
                entries.append(line.strip())
                unexplained = unexplained or number
            elif unexplained:
                raise ValueError("%s:%d: an entry without a reason" % (path, unexplained))
    return entries


def unlike(found, entries):
    """How what was found and the entries of a list differ, in lines that editors can jump to."""
    unused = collections.Counter(entries)
    for gap in found:
        if unused[gap.entry]:
            unused[gap.entry] -= 1
        else:
            yield "%s:%d: not in the list: %s" % (gap.path, gap.line, gap.entry)
    for entry in sorted(unused.elements()):
        yield "in the list, but covered, or changed: " + entry


def totals(report):
    """For each folder and for "all": lines hit, lines, branches hit, branches."""
    sums = collections.defaultdict(lambda: [0, 0, 0, 0])
    for path, source in report.sources.items():
        branches = source.all_branches()
        numbers = [
            sum(map(bool, source.lines.values())),
            len(source.lines),
            sum(map(bool, branches)),
            len(branches),
        ]
        for key in (path.split("/")[0], "all"):
            sums[key] = [a + b for a, b in zip(sums[key], numbers)]
    return sums


def too_little(sums):
    """The libraries of which too little was executed."""
    for library in LIBRARIES:
        lines_hit, lines, branches_hit, branches = sums[library]
        if 100 * lines_hit < LEAST_LINES * lines:
            yield "%s: less than %d %% of the lines" % (library, LEAST_LINES)
        if 100 * branches_hit < LEAST_BRANCHES * branches:
            yield "%s: less than %d %% of the branches" % (library, LEAST_BRANCHES)
