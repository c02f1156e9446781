#!/usr/bin/python3
"""Tests that what the README and the guide quote is what the repository holds, and that .bcr and //:dist name the same
libraries.

A block of C or C++ code stands under a link to its file, and is that file, byte for byte. The commands that
.ci/run takes from the README are there, once each. The README is short. The list of targets leaves none out.
"""

import json
import os
import re
import unittest

BLOCK = re.compile(r"^\[`([^`]+)`\]\(([^)]+)\):?\n+```c(?:pp)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def public_libraries(build_file):
    """The names of the libraries in a BUILD file that are there for everybody."""
    for rule in re.findall(r"^strict_cc_library\(\n(.*?)^\)", build_file, re.MULTILINE | re.DOTALL):
        if "testonly = True" not in rule and "//visibility:private" not in rule:
            yield re.search(r'name = "([^"]+)"', rule).group(1)


def listed_libraries(package):
    """The names of a package's libraries in the list of targets."""
    listed = re.findall(r"^\| `//%s(?::(\w+))?` " % package, read("docs/targets.md"), re.MULTILINE)
    return [name or package for name in listed]


def libraries_for_everybody():
    """All of them, as (package, name). That of pools has others, for the rest of the repository."""
    return [(package, name) for package in ["block_allocator", "cpp", "static_buffer"]
            for name in public_libraries(read(package + "/BUILD"))] + [("pba", name) for name in listed_libraries("pba")]


class PagesTest(unittest.TestCase):
    maxDiff = None

    def test_quote_files_word_for_word(self):
        for page, example in [("README.md", "examples/first_pool.c"), ("docs/guide.md", "examples/hello_allocators.c"),
                              ("docs/guide.md", "examples/containers.cc"),
                              ("docs/guide.md", "examples/shared_pool.c")]:
            blocks = BLOCK.findall(read(page))
            self.assertIn(example, [path for path, _, _ in blocks])
            for path, link, code in blocks:
                self.assertEqual(os.path.normpath(os.path.join(os.path.dirname(page), link)), path)
                self.assertEqual(code, read(path), path)

    def test_quote_no_c_code_that_is_not_a_file(self):
        for page in ["README.md", "docs/guide.md"]:
            self.assertEqual(len(re.findall("^```c(?:pp)?$", read(page), re.MULTILINE)), len(BLOCK.findall(read(page))), page)

    def test_readme_is_short(self):
        self.assertLessEqual(len(read("README.md").splitlines()), 150)

    def test_readme_has_the_commands_that_ci_runs(self):
        lines = read("README.md").splitlines()
        self.assertEqual(lines.count("tools/bazel test //..."), 1)
        self.assertEqual(lines.count("tools/bazel run //examples:word_index"), 1)

    def test_list_of_targets_has_every_one_for_everybody(self):
        for package in ["block_allocator", "cpp", "static_buffer"]:
            there = list(public_libraries(read(package + "/BUILD")))
            self.assertNotEqual(there, [])
            self.assertEqual(sorted(listed_libraries(package)), sorted(there))

    def test_distribution_has_every_library_but_the_default_handlers(self):
        lists = re.search(r"^distribution\(\n.*?^    libraries = \[(.*?)^    \]", read("BUILD"), re.MULTILINE | re.DOTALL)
        named = re.findall(r'"//(\w+)(?::(\w+))?"', lists.group(1))
        handlers = {("block_allocator", "misuse_to_stderr"), ("block_allocator", "misuse_trap")}
        self.assertEqual(sorted((package, name or package) for package, name in named),
                         sorted({("pba", "options"), *libraries_for_everybody()} - handlers))


class RegistryTest(unittest.TestCase):
    """What the Bazel Central Registry takes from .bcr."""

    def test_presubmit_builds_every_library_for_everybody(self):
        named = re.findall(r'^ +- "@pooled_block_alloc//(\w+)(?::(\w+))?"$', read(".bcr/presubmit.yml"), re.MULTILINE)
        self.assertEqual(sorted((package, name or package) for package, name in named), sorted(libraries_for_everybody()))

    def test_templates_have_what_a_registry_reads(self):
        metadata = json.loads(read(".bcr/metadata.template.json"))
        self.assertEqual(sorted(metadata), ["homepage", "maintainers", "repository", "versions", "yanked_versions"])
        source = json.loads(read(".bcr/source.template.json"))
        self.assertEqual(sorted(source), ["integrity", "strip_prefix", "url"])


if __name__ == "__main__":
    unittest.main()
