#!/usr/bin/python3
"""Tests uncovered.py: what is missing in a report, and how the list of it is read and held against it."""

import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lcov_merger
import uncovered


class UncoveredTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.report = lcov_merger.Report()

    def write(self, path, *lines):
        path = os.path.join(self.folder.name, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write("\n".join(lines) + "\n")
        return path

    def execute(self, path, counts, branches=()):
        """A source of which line i was executed counts[i - 1] times."""
        source = self.report.source(path)
        for number, count in enumerate(counts, 1):
            source.add_line(number, count)
        for number, taken in branches:
            source.add_branches(number, taken)
        return source

    def gaps(self):
        return list(uncovered.gaps(self.report, self.folder.name))

    def read(self, *lines):
        return uncovered.read_list(self.write("list/uncovered.txt", *lines))

    def test_names_lines_and_branches_by_their_text(self):
        self.write("room/a.c", "int a;", "  if (a)   {  \\", "\treturn;")
        self.execute("room/a.c", [1, 2, 0], [(2, [2, 0]), (2, [0, 1, 0]), (1, [1]), (3, [0, 0])])
        self.assertEqual(
            self.gaps(),
            [
                ("room/a.c", 2, "room/a.c: of 2 branches not taken 1: if (a) { \\"),
                ("room/a.c", 2, "room/a.c: of 3 branches not taken 0, 2: if (a) { \\"),
                ("room/a.c", 3, "room/a.c: not executed: return;"),
            ],
        )

    def test_names_sources_in_no_test(self):
        for name in ["a.c", "b.c", "b_test.c", "b.h"]:
            self.write("room/" + name, "int a;")
        self.write("other/c.c", "int a;")
        self.execute("room/a.c", [1])
        self.assertEqual(
            list(uncovered.unbuilt(self.report, self.folder.name)),
            [("room/b.c", 0, "room/b.c: in no test")],
        )

    def test_reads_entries_with_their_reasons(self):
        self.assertEqual(
            self.read(
                "# A comment.", "",
                "a.c: not executed: f();", "a.c: of 2 branches not taken 1: if (a)", "    Reason,", "    more.",
                "b.c: in no test", "    Reason.",
            ),
            ["a.c: not executed: f();", "a.c: of 2 branches not taken 1: if (a)", "b.c: in no test"],
        )

    def test_an_entry_without_a_reason_is_an_error(self):
        for lines in [["a.c: in no test"], ["b.c: in no test", "", "    Reason."], ["b.c: in no test", "# Why"]]:
            with self.assertRaisesRegex(ValueError, "uncovered.txt:1: an entry without a reason"):
                self.read(*lines)

    def test_what_is_listed_and_what_is_found_must_be_the_same(self):
        self.write("room/a.c", "f();", "g();")
        self.execute("room/a.c", [0, 0])
        f, g = "room/a.c: not executed: f();", "room/a.c: not executed: g();"
        self.assertEqual(list(uncovered.unlike(self.gaps(), [g, f])), [])
        self.assertEqual(
            list(uncovered.unlike(self.gaps(), [f, "room/b.c: in no test"])),
            [
                "room/a.c:2: not in the list: " + g,
                "in the list, but covered, or changed: room/b.c: in no test",
            ],
        )

    def test_lines_that_are_alike_need_an_entry_each(self):
        self.write("room/a.c", "f();", "f();")
        self.execute("room/a.c", [0, 0])
        f = "room/a.c: not executed: f();"
        self.assertEqual(list(uncovered.unlike(self.gaps(), [f, f])), [])
        self.assertEqual(list(uncovered.unlike(self.gaps(), [f])), ["room/a.c:2: not in the list: " + f])
        self.assertEqual(
            list(uncovered.unlike(self.gaps(), [f, f, f])), ["in the list, but covered, or changed: " + f]
        )

    def test_adds_up_folders(self):
        self.execute("pba/a.c", [1, 0], [(1, [1, 0]), (1, [1, 1, 1])])
        self.execute("pba/b.c", [1])
        self.execute("other/c.c", [0], [(1, [0, 0])])
        sums = uncovered.totals(self.report)
        self.assertEqual(sums["pba"], [2, 3, 4, 5])
        self.assertEqual(sums["other"], [0, 1, 0, 2])
        self.assertEqual(sums["all"], [2, 4, 4, 7])

    def test_says_which_library_is_covered_too_little(self):
        enough = [98, 100, 95, 100]
        sums = {"block_allocator": enough, "pba": enough, "static_buffer": enough, "all": [0, 1, 0, 1]}
        self.assertEqual(list(uncovered.too_little(sums)), [])
        sums["pba"] = [979, 1000, 95, 100]
        sums["static_buffer"] = [98, 100, 949, 1000]
        self.assertEqual(
            list(uncovered.too_little(sums)),
            ["pba: less than 98 % of the lines", "static_buffer: less than 95 % of the branches"],
        )


if __name__ == "__main__":
    unittest.main()
