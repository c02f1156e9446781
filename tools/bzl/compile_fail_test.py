#!/usr/bin/python3
"""Tests compile_fail.py with a compiler that says what the test wants: for each -DCASE the lines of a file of that name."""

import os
import subprocess
import sys
import tempfile
import unittest

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "compile_fail.py")

COMPILER = """#!/bin/sh
folder=$1
case=control
[ $# -gt 1 ] && case=${2#-D}
[ -f "$folder/$case" ] || exit 0
cat "$folder/$case"
exit 1
"""

TWO = """
#ifdef FIRST
// expect: first.*wrong
int first = x;
#endif
void f(void) {
#ifdef SECOND
    // expect gcc: gcc of second
    // expect clang: clang of second
    int second;
#endif
}
"""


class CompileFailTest(unittest.TestCase):
    def check(self, source, compiler="gcc", language="c", max_lines=0, header=None, **said):
        """Runs the script on a source, and perhaps a header, with a compiler that says so of its cases."""
        with tempfile.TemporaryDirectory() as folder:
            names = []
            for name, text in (("source.c", source), ("header.h", header)):
                if text is not None:
                    names.append(os.path.join(folder, name))
                    self.write(names[-1], text)
            for case, message in said.items():
                self.write(os.path.join(folder, case), message)
            fake = os.path.join(folder, "compiler")
            self.write(fake, COMPILER)
            os.chmod(fake, 0o755)
            report = os.path.join(folder, "report")
            subprocess.run(
                [sys.executable, SCRIPT, report, compiler, language, str(max_lines)] + names + ["--", fake, folder],
                check=True)
            with open(report, encoding="utf-8") as f:
                status, *lines = f.read().replace(folder + "/", "").splitlines()
        return status, lines

    @staticmethod
    def write(path, text):
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)

    def expect_failure(self, wanted, source, **kwargs):
        status, lines = self.check(source, **kwargs)
        self.assertIn("FAIL: " + wanted, lines)
        self.assertEqual("1", status)

    def test_passes_what_fails_as_expected(self):
        self.assertEqual(
            ("0", ["ok: FIRST", "ok: SECOND"]),
            self.check(TWO, FIRST="note\nthe first is wrong here\n", SECOND="gcc of second\n"))
        self.assertEqual(
            ("0", ["ok: FIRST", "ok: SECOND"]),
            self.check(TWO, compiler="clang", FIRST="first, wrong\n", SECOND="clang of second\n"))

    def test_fails_a_case_that_compiles(self):
        self.expect_failure("FIRST: it must not compile, but does", TWO, SECOND="gcc of second\n")

    def test_fails_another_message_and_shows_it(self):
        status, lines = self.check(TWO, FIRST="the first\nis wrong\n", SECOND="gcc of second\n")
        self.assertEqual("1", status)
        self.assertEqual(
            ["FAIL: FIRST: the message lacks: first.*wrong", "The compiler said:", "the first", "is wrong", "ok: SECOND"],
            lines)

    def test_asks_each_compiler_for_its_own_message(self):
        wrong = {"FIRST": "first wrong\n", "SECOND": "gcc of second\n"}
        self.expect_failure("SECOND: the message lacks: clang of second", TWO, compiler="clang", **wrong)

    def test_fails_a_source_that_does_not_compile_without_a_case(self):
        self.expect_failure(
            "without a case it must compile", TWO, control="no\n", FIRST="first wrong\n", SECOND="gcc of second\n")

    def test_fails_a_source_without_cases(self):
        self.expect_failure("no case in source.c", "int x;\n#ifdef __cplusplus\n#endif\n")

    def test_fails_a_case_without_an_expectation(self):
        self.expect_failure("BARE: no expectation", "#ifdef BARE\nint x;\n#endif\n", BARE="no\n")
        self.expect_failure("BARE: no expectation", "#ifndef BARE\n#define N 1\n#endif\n", BARE="no\n")
        self.expect_failure("BARE: no expectation", "#ifdef BARE\n\n// expect: no\n#endif\n", BARE="no\n")

    def test_fails_a_case_with_an_expectation_of_one_compiler(self):
        source = "#ifdef HALF\n// expect gcc: no\n#endif\n"
        self.expect_failure("HALF: no expectation of clang in C", source, HALF="no\n")
        self.expect_failure("HALF: no expectation of clang in C", source, compiler="clang", HALF="no\n")

    def test_fails_an_expectation_without_a_case(self):
        self.expect_failure(
            "source.c:5: an expectation without a case: // expect: more",
            "#ifdef CASE\n// expect: no\n#endif\n\n// expect: more\n", CASE="no\n")
        self.expect_failure(
            "source.c:2: an expectation without a case: // expect: guarded",
            "#ifdef __cplusplus\n// expect: guarded\n#endif\n")

    def test_fails_what_is_no_expectation_but_looks_like_one(self):
        for line in ("// expects: no", "// expect GCC: no", "// expect C gcc: no", "// expect in 0 lines: no", "// expect:"):
            self.expect_failure("source.c:2: not understood: " + line, "#ifdef CASE\n%s\n#endif\n" % line, CASE="no\n")

    def test_fails_what_is_no_regular_expression(self):
        status, lines = self.check("#ifdef CASE\n// expect: f(\n#endif\n")
        self.assertEqual("1", status)
        self.assertRegex(lines[0], "^FAIL: source.c:2: no regular expression: ")

    def test_fails_a_case_that_is_there_twice(self):
        case = "#ifdef CASE\n// expect: no\n#endif\n"
        self.expect_failure("source.c:4: a second CASE", case + case, CASE="no\n")
        self.expect_failure("header.h: a second CASE", case, header=case, CASE="no\n")

    def test_reads_the_cases_of_headers(self):
        header = "#ifndef HEADER_H_\n#define HEADER_H_\n#ifndef NAME\n// expect: no name\n#define N\n#endif\n#endif\n"
        self.assertEqual(("0", ["ok: NAME"]), self.check("#include <a>\n", header=header, NAME="no name\n"))

    def test_takes_the_expectation_of_the_language(self):
        source = "#ifdef CASE\n// expect C: in C\n// expect C++: in another\n#endif\n"
        self.assertEqual(("0", ["ok: CASE"]), self.check(source, language="c", CASE="in C\n"))
        self.assertEqual(("0", ["ok: CASE"]), self.check(source, language="c++", CASE="in another\n"))
        self.expect_failure("CASE: the message lacks: in another", source, language="c++", CASE="in C\n")

    def test_leaves_out_what_is_of_the_other_language(self):
        source = "#ifdef CASE\n// expect C++: no\n#endif\n"
        self.assertEqual(("0", ["left out, as it is not of C: CASE"]), self.check(source))
        self.assertEqual(("0", ["ok: CASE"]), self.check(source, language="c++", CASE="no\n"))

    def test_limits_the_length_of_a_message(self):
        source = "#ifdef CASE\n// expect%s: no\n#endif\n"
        three = {"CASE": "no\n2\n3\n"}
        self.assertEqual("0", self.check(source % "", max_lines=3, **three)[0])
        self.expect_failure(
            "CASE: the message has 3 lines, and may have 2", source % "", max_lines=2, **three)
        self.expect_failure(
            "CASE: the message has 3 lines, and may have 2", source % " in 2 lines", max_lines=3, **three)
        self.assertEqual("0", self.check(source % " in 3 lines", max_lines=2, **three)[0])
        self.assertEqual("0", self.check(source % " in any number of lines", max_lines=2, **three)[0])


if __name__ == "__main__":
    unittest.main()
