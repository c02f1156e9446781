#!/usr/bin/python3
"""Tests make_distribution.py and installed_headers.py, and that the archives of //:dist come out the same each time."""

import contextlib
import glob
import io
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import unittest

# No folder __pycache__ in the checkout.
sys.dont_write_bytecode = True
# Where Bazel starts programs, our modules lie by their paths in the repository.
sys.path[:0] = ["tools/dist"]

import exported_symbols
import installed_headers
import make_distribution

MODULE = 'module(\n    name = "pooled_block_alloc",\n    version = "%s",\n)\n'


class VersionTest(unittest.TestCase):
    def test_is_what_the_module_says(self):
        self.assertEqual(make_distribution.name_and_version(MODULE % "1.20.3"), ("pooled_block_alloc", "1.20.3"))

    def test_has_three_numbers(self):
        for version in ["", "1.2", "1.2.3.4", "1.2.3-rc1", "v1.2.3"]:
            with self.assertRaisesRegex(SystemExit, "a version like 1.2.3"):
                make_distribution.name_and_version(MODULE % version)

    def test_of_a_dependency_is_not_taken(self):
        with self.assertRaisesRegex(SystemExit, "no module"):
            make_distribution.name_and_version('bazel_dep(name = "rules_cc", version = "0.0.11")\n')

    def test_of_the_abi(self):
        for version, abi in [("0.1.0", "0.1"), ("0.12.3", "0.12"), ("1.2.3", "1"), ("10.0.1", "10")]:
            self.assertEqual(make_distribution.abi_version(version), abi)


class HeadersTest(unittest.TestCase):
    def test_that_are_neither_public_nor_internal_are_refused(self):
        parts = {"files": ["a.h", "internal/b.h"], "public_headers": ["a.h"]}
        with tempfile.TemporaryDirectory() as scratch, contextlib.ExitStack() as stack:
            stack.callback(os.chdir, os.getcwd())
            os.chdir(scratch)
            os.mkdir("internal")
            for path, text in [("a.h", '#include "internal/b.h"\n'), ("internal/b.h", '#include "c.h"\n'), ("c.h", "")]:
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
            with self.assertRaisesRegex(SystemExit, "neither public nor in an internal folder: c.h"):
                make_distribution.generated(parts, "0.1.0", [])
            parts["public_headers"].append("c.h")
            self.assertIn("INSTALLED_HEADERS = \\\n    a.h \\\n    c.h \\\n    internal/b.h\n",
                          make_distribution.generated(parts, "0.1.0", [])["sources.mk"])

    def test_are_the_public_ones_and_what_they_include(self):
        texts = {
            "a/public.h": '#include "a/internal/one.h"\n/*\n#include "a/example.h"\n*/\n#include <stddef.h>\n',
            "a/internal/one.h": '  #  include "a/public.h"\n#include "b/two.h"\n',
            "b/two.h": '// #include "a/example.h"\n',
        }
        self.assertEqual(installed_headers.with_included(["a/public.h"], texts.get),
                         ["a/internal/one.h", "a/public.h", "b/two.h"])

    def test_are_internal_by_their_folder(self):
        for header in ["a/internal/one.h", "pba/engine/bits.h", "internal/one.h"]:
            self.assertTrue(installed_headers.is_internal(header), header)
        for header in ["a/public.h", "a/implementing/internal.h"]:
            self.assertFalse(installed_headers.is_internal(header), header)

    TEXT = """
extern "C" {
int declared(int); /* commented { */
static inline int defined(void) { if (1) { called(); } return after(); }
}
#define MACRO() \\
    in_macro()
"""

    def test_need_all_that_a_public_one_names(self):
        names = installed_headers.needed_names("a/public.h", self.TEXT)
        self.assertTrue({"declared", "defined", "called", "after", "in_macro"} <= names)
        self.assertFalse({"commented"} & names)

    def test_need_what_an_internal_one_calls(self):
        names = installed_headers.needed_names("a/internal/one.h", self.TEXT)
        self.assertTrue({"called", "after", "in_macro"} <= names)
        self.assertFalse({"declared", "defined", "commented"} & names)


class SymbolsTest(unittest.TestCase):
    def test_that_differ_are_told_of(self):
        self.assertEqual(exported_symbols.differences({"a", "b"}, {"a", "b"}, {"a", "b"}), [])
        self.assertEqual(exported_symbols.differences({"same", "listed"}, {"same", "exported"}, {"same", "needed"}), [
            "listed and not exported: listed",
            "exported and not listed: exported",
            "no header needs it, and it is listed: listed",
            "a header needs it, and it is not listed: needed",
        ])


class ArchiveTest(unittest.TestCase):
    def read(self, data):
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            return tar.getmembers()

    def test_depends_on_no_order_and_no_file(self):
        files = [("b", (b"2", True)), ("a", (b"1", False)), ("c/d", (b"3", False))]
        one = make_distribution.archive(dict(files), {"l": "a"})
        self.assertEqual(one, make_distribution.archive(dict(reversed(files)), {"l": "a"}))
        members = self.read(one)
        self.assertEqual([member.name for member in members], ["a", "b", "c/d", "l"])
        self.assertEqual([oct(member.mode) for member in members], ["0o644", "0o755", "0o644", "0o777"])
        self.assertEqual({(member.uid, member.gid, member.uname, member.gname, member.mtime) for member in members},
                         {(0, 0, "", "", make_distribution.TIME)})

    def unpacked(self, suffix, folder):
        archive, = [name for name in os.listdir("dist") if re.fullmatch(r".*-[0-9.]+%s\.tar\.gz" % suffix, name)]
        with open("dist/" + archive, "rb") as file:
            data = file.read()
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            tar.extractall(folder)
        return data

    def test_of_the_sources_is_the_same_from_another_folder(self):
        with tempfile.TemporaryDirectory() as scratch:
            data = self.unpacked("", scratch)
            self.assertEqual(make_distribution.archive(*make_distribution.under(scratch)), data)

    def test_of_the_built_is_the_same_from_another_folder_and_is_what_make_checks(self):
        with tempfile.TemporaryDirectory() as scratch:
            data = self.unpacked("-linux-" + os.uname().machine, scratch + "/built")
            self.unpacked("", scratch)
            name, = os.listdir(scratch + "/built")
            sources, = glob.glob(scratch + "/pooled_block_alloc-*")
            installed = "%s/installed/%s" % (scratch, name)
            # The compiler stands in the archive's own bytes, so this is for the one that built it.
            compiler = "clang" if b"clang" in open(scratch + "/built/" + name + "/lib/libpba.a", "rb").read() else "gcc"
            subprocess.run(["make", "--silent", "-C", sources, "CC=" + compiler, "prefix=/", "DESTDIR=" + installed,
                            "pc_prefix=$${pcfiledir}/../..", "install", "check"],
                           check=True, env=dict(os.environ, TZ="Asia/Tokyo", LC_ALL="C"), umask=0o077)
            self.assertEqual(make_distribution.archive(*make_distribution.under(scratch + "/installed")), data)


if __name__ == "__main__":
    unittest.main()
