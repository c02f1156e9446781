#!/usr/bin/python3
"""Tests lcov_merger.py through its files, as Bazel calls it."""

import gzip
import json
import os
import subprocess
import sys
import tempfile
import unittest

MERGER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lcov_merger.py")


def line(number, count, *branches, function="f"):
    return {
        "line_number": number,
        "function_name": function,
        "count": count,
        "branches": [{"count": count, "fallthrough": False, "throw": False} for count in branches],
    }


class MergerTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        return self.path(name)

    def write_gcov(self, name, file, lines, functions=()):
        with gzip.open(self.path(name), "wt", encoding="utf-8") as f:
            json.dump({"files": [{"file": file, "lines": lines, "functions": list(functions)}]}, f)

    def run_merger(self, *arguments):
        output = self.path("output")
        subprocess.check_call(
            [sys.executable, MERGER, "--output_file=" + output, "--unknown_flag=1", *arguments]
        )
        with open(output, encoding="utf-8") as f:
            return f.read().splitlines()

    def merge_test(self, *arguments):
        return self.run_merger("--coverage_dir=" + self.folder.name, *arguments)

    def test_writes_lines_functions_and_branches(self):
        self.write_gcov(
            "a.gcov.json.gz",
            "./dir/a.c",
            [line(3, 5), line(4, 5, 5, 0), line(9, 0, 0, 0)],
            [
                {"name": "f", "start_line": 3, "execution_count": 5},
                {"name": "g", "start_line": 9, "execution_count": 0},
            ],
        )
        self.assertEqual(
            self.merge_test(),
            ["SF:dir/a.c", "FN:3,f", "FN:9,g", "FNDA:5,f", "FNDA:0,g", "FNF:2", "FNH:1"]
            + ["BRDA:4,2,0,5", "BRDA:4,2,1,0", "BRDA:9,2,0,-", "BRDA:9,2,1,-", "BRF:4", "BRH:1"]
            + ["DA:3,5", "DA:4,5", "DA:9,0", "LH:2", "LF:3", "end_of_record"],
        )

    def test_adds_up_what_several_objects_execute_of_a_header(self):
        self.write_gcov("a.gcov.json.gz", "a.h", [line(1, 2, 2, 0)])
        self.write_gcov("b.gcov.json.gz", "a.h", [line(1, 3, 1, 2)])
        self.assertEqual(
            self.merge_test(),
            ["SF:a.h", "FNF:0", "FNH:0", "BRDA:1,2,0,3", "BRDA:1,2,1,2", "BRF:2", "BRH:2"]
            + ["DA:1,5", "LH:1", "LF:1", "end_of_record"],
        )

    def test_adds_up_the_instances_of_a_template(self):
        self.write_gcov(
            "a.gcov.json.gz",
            "a.h",
            [
                line(1, 2, 2, 0, function="first_list_f"),
                line(1, 1, 0, 1, function="second_list_f"),
                line(2, 1, 1, 0, function="first_list_f"),
                line(2, 1, 3, 0, function="second_list_f"),
            ],
        )
        output = self.merge_test()
        self.assertEqual(
            [x for x in output if x.startswith("BR")],
            ["BRDA:1,2,0,2", "BRDA:1,2,1,1", "BRDA:2,2,0,4", "BRDA:2,2,1,0", "BRF:4", "BRH:3"],
        )
        self.assertIn("DA:1,3", output)

    def test_instances_of_another_shape_count_apart(self):
        first = line(1, 3, 3, 0, function="without_option_f")
        second = line(1, 1, 1, 0, 0, 1, function="with_option_f")
        third = line(1, 2, 0, 2, 0, 0, function="with_option_too_f")
        self.write_gcov("a.gcov.json.gz", "a.h", [second, first, third])
        output = self.merge_test()
        self.assertEqual(
            [x for x in output if x.startswith("BR")],
            ["BRDA:1,2,0,3", "BRDA:1,2,1,0"]
            + ["BRDA:1,4,0,1", "BRDA:1,4,1,2", "BRDA:1,4,2,0", "BRDA:1,4,3,1", "BRF:6", "BRH:4"],
        )
        self.assertIn("DA:1,6", output)

    def test_reads_gcov_output_without_branches(self):
        self.write_gcov("a.gcov.json.gz", "a.c", [{"line_number": 1, "count": 1}])
        self.assertIn("DA:1,1", self.merge_test())

    def test_keeps_the_sources_of_the_manifest_only(self):
        self.write_gcov("a.gcov.json.gz", "a.c", [line(1, 1)])
        self.write_gcov("b.gcov.json.gz", "/usr/include/b.h", [line(1, 1)])
        manifest = self.write("manifest", "a.c\nc.c\n")
        output = self.merge_test("--source_file_manifest=" + manifest)
        self.assertEqual([x for x in output if x.startswith("SF")], ["SF:a.c"])

    def test_keeps_template_headers_and_no_tests(self):
        names = ["room/define.h", "room/internal/list.h", "room/list_test.cc", "room/list_test.c", "room/list_model.cc", "room/other.h"]
        for i, name in enumerate(names):
            self.write_gcov("%d.gcov.json.gz" % i, name, [line(1, 1)])
        manifest = self.write("manifest", "room/list_test.cc\nroom/list_test.c\nroom/list_model.cc\n")
        output = self.merge_test("--source_file_manifest=" + manifest)
        self.assertEqual(
            [x for x in output if x.startswith("SF")], ["SF:room/define.h", "SF:room/internal/list.h"]
        )

    def test_adds_up_the_reports_of_all_tests(self):
        first = self.write(
            "1.dat",
            "SF:a.c\nFN:1,f\nFNDA:1,f\nBRDA:1,2,0,1\nBRDA:1,2,1,0\nBRDA:1,3,0,0\nBRDA:1,3,1,1\nBRDA:1,3,2,0\nDA:1,1\nDA:2,0\nend_of_record\n",
        )
        second = self.write(
            "2.dat",
            "SF:a.c\nFN:1,f\nFNDA:2,f\nBRDA:1,2,0,-\nBRDA:1,2,1,2\nDA:1,2\nDA:2,0\nend_of_record\n"
            "SF:b.c\nDA:7,0\nend_of_record\n",
        )
        empty = self.write("3.dat", "")
        reports = self.write("reports", "\n".join([first, second, empty]))
        self.assertEqual(
            self.run_merger("--reports_file=" + reports),
            ["SF:a.c", "FN:1,f", "FNDA:3,f", "FNF:1", "FNH:1"]
            + ["BRDA:1,2,0,1", "BRDA:1,2,1,2", "BRDA:1,3,0,0", "BRDA:1,3,1,1", "BRDA:1,3,2,0"]
            + ["BRF:5", "BRH:3", "DA:1,3", "DA:2,0", "LH:1", "LF:2"]
            + ["end_of_record", "SF:b.c", "FNF:0", "FNH:0", "BRF:0", "BRH:0", "DA:7,0", "LH:0", "LF:1"]
            + ["end_of_record"],
        )

    def test_reads_what_it_wrote(self):
        self.write_gcov("a.gcov.json.gz", "a.c", [line(1, 2, 2, 0), line(1, 1, 0, 1, 1), line(2, 0)])
        written = self.merge_test()
        reports = self.write("reports", self.write("all.dat", "\n".join(written)))
        self.assertEqual(self.run_merger("--reports_file=" + reports), written)


if __name__ == "__main__":
    unittest.main()
