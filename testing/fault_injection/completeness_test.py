#!/usr/bin/python3
"""Tests that the harness leaves no public function out.

Reads what the public headers of the three parts declare, and the names of the tests of the programs that are its
arguments: SUITE.FUNCTION/STATE. Each function has such a test, or a reason in functions_without_memory.py.
"""

import glob
import os
import re
import subprocess
import sys
import unittest

HERE = "testing/fault_injection"
sys.path.insert(0, HERE)
import declared_functions
import functions_without_memory

PARTS = ["block_allocator", "pba", "static_buffer"]
# The rooms of the pool: reached through the pool only.
LIBRARIES_NOT_FOR_USERS = {"pba:engine"}
# Part of a header for users, though it says for itself that it is not for them.
DECLARES_FOR_USERS = {"static_buffer/internal/elements_declare.h"}
# The name of a row in the sources, and the call that must follow it before the next one. A macro that fills in the call
# site stands for its function.
ROWS = [
    (r'"((?:ba|pba|sab)_\w+?)(?:_at)?"', r"\b{name}(?:_at)?\("),
    (r"\bNAME_\((\w+)\)", r"\bPOOL_\({name}\)\("),
    (r"\bTRIES_\(\w+, (\w+),", r"(?:::|_)try_{name}\b"),
    (r"\b(?:DEMANDS|DOES)_\(\w+, (\w+),", r"(?:\bsab_|\bTypes::){name}\b"),
]
# Comments, and what the preprocessor is told but for macros that are rows.
NO_ROWS = re.compile(r"//[^\n]*|^#(?:include|undef|define \w+\([^)]*\bfunction\b|define FAILURES_)[^\n]*", re.MULTILINE)


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def headers_for_users():
    for part in PARTS:
        for library, headers in declared_functions.public_headers(read(part + "/BUILD")).items():
            if part + ":" + library in LIBRARIES_NOT_FOR_USERS:
                continue
            for header in headers:
                path = part + "/" + header
                text = read(path)
                if path in DECLARES_FOR_USERS or "ot for users" not in text[:text.index("*/")]:
                    yield path, text


def declared():
    """Each function for users, and its header."""
    return {name: path for path, text in headers_for_users() for name in declared_functions.functions_in(text)}


def is_macro_for(name, functions):
    """True of a macro that calls another function: one that fills in the call site, or one that chooses between the
    lists and slices of all types."""
    if name.startswith("sab_"):
        return any("NAME_%s_%s" % (kind, name[len("sab_"):]) in functions for kind in ["list", "slice"])
    return not name.startswith("NAME_") and name + "_at" in functions


def is_called_by_a_macro(name, functions, rows):
    """True of a function whose call site is filled in by a macro that is a row."""
    return name.endswith("_at") and not name.startswith("NAME_") and name[:-len("_at")] in rows & set(functions)


def tried(programs):
    """The functions that have a test."""
    names = set()
    for program in programs:
        tests = subprocess.run([program, "--gtest_list_tests"], check=True, stdout=subprocess.PIPE, encoding="utf-8")
        names.update(line.strip().split("/")[0] for line in tests.stdout.splitlines() if line.startswith("  "))
    return names


def missing(functions, rows, reasons):
    return sorted("%s: %s" % (path, name) for name, path in functions.items()
                  if name not in rows | reasons and not is_macro_for(name, functions)
                  and not is_called_by_a_macro(name, functions, rows))


class CompletenessTest(unittest.TestCase):
    maxDiff = None
    programs = []

    @classmethod
    def setUpClass(cls):
        cls.declared = declared()
        cls.tried = tried(cls.programs)

    def test_finds_the_functions_of_each_part(self):
        for name in ["ba_alloc_at", "ba_tracking_allocator_release", "pba_pool_reserve", "NAME_alloc_at",
                     "NAME_list_append", "NAME_slice_sort", "NAME_list_terminated", "sab_open_writer"]:
            self.assertIn(name, self.declared)

    def test_leaves_no_function_out(self):
        self.assertEqual(missing(self.declared, self.tried, functions_without_memory.NAMES), [])

    def test_would_find_a_function_that_is_added(self):
        added = dict(self.declared, pba_pool_added="pba/pool.h")
        self.assertEqual(missing(added, self.tried, functions_without_memory.NAMES), ["pba/pool.h: pba_pool_added"])

    def test_names_nothing_that_is_not_there(self):
        self.assertEqual(sorted((self.tried | functions_without_memory.NAMES) - set(self.declared)), [])

    def test_has_no_reason_for_what_is_tried(self):
        self.assertEqual(sorted(self.tried & functions_without_memory.NAMES), [])

    def test_each_row_calls_what_it_is_named_for(self):
        rows = 0
        for path in glob.glob(HERE + "/*.cc") + glob.glob(HERE + "/*_rows.h"):
            text = NO_ROWS.sub("", read(path).replace("\\\n", " "))
            for name, call in ROWS:
                matches = list(re.finditer(name, text))
                ends = [match.start() for match in matches[1:]] + [len(text)]
                for match, end in zip(matches, ends):
                    rows += 1
                    self.assertRegex(text[match.end():end], call.format(name=match.group(1)), path)
        self.assertGreater(rows, 200)


if __name__ == "__main__":
    CompletenessTest.programs = sys.argv[1:]
    unittest.main(argv=sys.argv[:1])
