#!/usr/bin/python3
"""Stands in for Bazel's CoverageOutputGenerator, which Debian does not ship.

As lcov_merger it turns one test's gcov (JSON) and lcov files into one lcov file;
as coverage_report_generator it adds up the lcov files of all the tests.

A line of a header is compiled into many objects, and a line of a template into one function for each
type. What was executed in any of them was executed: the counts of the line are added up over all
functions, objects and tests. So are the counts of its branches, the first to the first and so on, over
those functions in which the line has the same number of branches. Where it has another number (an
option was left out there, or the language is the other one), its branches are others, and are counted
apart.
"""

import argparse
import glob
import gzip
import json
import os
import re
import sys


class Source:
    """The counts of one source file."""

    def __init__(self):
        self.lines = {}  # line number -> count
        self.branches = {}  # line number -> {number of branches: counts, in the compiler's order}
        self.functions = {}  # name -> [line number, count]

    def add_line(self, number, count):
        self.lines[number] = self.lines.get(number, 0) + count

    def add_branches(self, number, counts):
        """Adds the branches that a line has in one function, or in one report."""
        if counts:
            shapes = self.branches.setdefault(number, {})
            known = shapes.get(len(counts), [0] * len(counts))
            shapes[len(counts)] = [a + b for a, b in zip(known, counts)]

    def all_branches(self):
        """The counts of all branches."""
        return [
            count
            for shapes in self.branches.values()
            for counts in shapes.values()
            for count in counts
        ]

    def add_function(self, name, number, count):
        entry = self.functions.setdefault(name, [number, 0])
        entry[0] = entry[0] or number
        entry[1] += count


class Report:
    """The sources of a report, by path."""

    def __init__(self):
        self.sources = {}

    def source(self, path):
        return self.sources.setdefault(path, Source())

    def add_lcov(self, path):
        with open(path, encoding="utf-8") as f:
            for line in f:
                tag, _, rest = line.strip().partition(":")
                fields = rest.split(",")
                if tag == "SF":
                    source = self.source(rest)
                    branches = {}
                elif tag == "DA":
                    source.add_line(int(fields[0]), int(fields[1]))
                elif tag == "BRDA":
                    taken = 0 if fields[3] == "-" else int(fields[3])
                    branches.setdefault((int(fields[0]), fields[1]), []).append(taken)
                elif tag == "FN":
                    source.add_function(fields[-1], int(fields[0]), 0)
                elif tag == "FNDA":
                    source.add_function(fields[-1], 0, int(fields[0]))
                elif tag == "end_of_record":
                    for (number, _), counts in branches.items():
                        source.add_branches(number, counts)

    def add_gcov(self, path):
        with gzip.open(path, "rt", encoding="utf-8") as f:
            data = json.load(f)
        for file in data["files"]:
            source = self.source(os.path.normpath(file["file"]))
            for line in file["lines"]:
                source.add_line(line["line_number"], line["count"])
                source.add_branches(
                    line["line_number"], [branch["count"] for branch in line.get("branches", [])]
                )
            for function in file["functions"]:
                source.add_function(
                    function["name"], function["start_line"], function["execution_count"]
                )

    def write_lcov(self, path, keep=lambda name: True):
        with open(path, "w", encoding="utf-8") as f:
            for name in sorted(filter(keep, self.sources)):
                f.write("SF:%s\n" % name)
                write_record(f, self.sources[name])
                f.write("end_of_record\n")


def write_record(f, source):
    functions = sorted(source.functions.items())
    for name, (number, _) in functions:
        f.write("FN:%d,%s\n" % (number, name))
    for name, (_, count) in functions:
        f.write("FNDA:%d,%s\n" % (count, name))
    f.write("FNF:%d\n" % len(functions))
    f.write("FNH:%d\n" % sum(count > 0 for _, (_, count) in functions))
    for number, shapes in sorted(source.branches.items()):
        for shape, counts in sorted(shapes.items()):
            for index, count in enumerate(counts):
                # A dash says that the line itself was never executed.
                taken = "%d" % count if source.lines.get(number) else "-"
                f.write("BRDA:%d,%d,%d,%s\n" % (number, shape, index, taken))
    counts = source.all_branches()
    f.write("BRF:%d\n" % len(counts))
    f.write("BRH:%d\n" % sum(count > 0 for count in counts))
    for number, count in sorted(source.lines.items()):
        f.write("DA:%d,%d\n" % (number, count))
    f.write("LH:%d\n" % sum(count > 0 for count in source.lines.values()))
    f.write("LF:%d\n" % len(source.lines))


def is_counted(name, manifest):
    """Whether a source is one of those that a report is about.

    Tests and models are not, though they are instrumented: they are where the code of template headers ends up. Those
    headers are textual to Bazel, so that its manifest leaves them out. C++ is measured without exceptions, and its headers
    are made of them.
    """
    if re.search(r"_(test\.c|test\.cc|model\.cc)$", name):
        return False
    return name in manifest or re.search(r"^(?!cpp/)\w+/(define\.h|internal/\w+\.h)$", name) is not None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--coverage_dir")
    parser.add_argument("--output_file", required=True)
    parser.add_argument("--reports_file")
    parser.add_argument("--source_file_manifest")
    args, _ = parser.parse_known_args()
    report = Report()
    if args.reports_file:
        with open(args.reports_file, encoding="utf-8") as f:
            for path in f.read().split():
                report.add_lcov(path)
        report.write_lcov(args.output_file)
        return 0
    for path in sorted(glob.glob(args.coverage_dir + "/**/*.gcov.json.gz", recursive=True)):
        report.add_gcov(path)
    for path in sorted(glob.glob(args.coverage_dir + "/**/*.dat", recursive=True)):
        report.add_lcov(path)
    keep = lambda name: True
    if args.source_file_manifest:
        with open(args.source_file_manifest, encoding="utf-8") as f:
            manifest = set(f.read().split())
        keep = lambda name: is_counted(name, manifest)
    report.write_lcov(args.output_file, keep)
    return 0


if __name__ == "__main__":
    sys.exit(main())
