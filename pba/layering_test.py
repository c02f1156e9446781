#!/usr/bin/python3
"""Tests that the drawing of the layers in docs/design.md is what the sources of the pool are.

A module is a header, a source, or both, named for the file without its ending. It knows another one if it includes its
header, or uses one of its functions. Each module stands once in the drawing, in the layer right above the highest one
that it knows, or in the lowest of its group; so nothing runs upwards, and modules of one layer do not know each other.

What a macro uses counts where the macro is used, for it runs there.

Of all library sources: none is longer than 500 lines, and none needs "and" to say in one sentence what it holds.
"""

import collections
import os
import re
import unittest

PAGE = "docs/design.md"
# From below: what stands further behind may include what stands before it.
PARTS = ["block_allocator", "pba", "static_buffer"]
MOST_LINES = 500

Function = collections.namedtuple("Function", "name is_static")
# One file, in parts.
Source = collections.namedtuple("Source", "path includes functions macros uses")
# One module knows another one, and how.
Edge = collections.namedtuple("Edge", "path upper lower how")
# A row of the drawing.
Layer = collections.namedtuple("Layer", "number group modules")


def module_of(path):
    return os.path.splitext(os.path.basename(path))[0]


# --- what a source is


def without_comments(text):
    """The same without comments, and with empty literals."""
    pattern = r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
    return re.sub(pattern, lambda hit: '""' if hit.group()[0] in "\"'" else " ", text, flags=re.DOTALL)


def split_directives(text):
    """The lines of the preprocessor, each in one piece, and the rest."""
    text = text.replace("\\\n", " ")
    return re.findall(r"^[ \t]*#[^\n]*", text, re.MULTILINE), re.sub(r"^[ \t]*#[^\n]*", "", text, flags=re.MULTILINE)


def split_bodies(text):
    """What stands outside all braces, where each pair is {}, and what stands inside. Those of extern "C" do not count."""
    text = re.sub(r'extern\s*""\s*\{', ";", text)
    outside, inside, depth = [], [], 0
    for character in text:
        if character == "{":
            outside.append("{" if depth == 0 else "")
            depth += 1
        elif character == "}":
            depth = max(0, depth - 1)
            outside.append("}" if depth == 0 else "")
        (inside if depth > 0 else outside).append(" " if character in "{}" else character)
    return "".join(outside), "".join(inside)


def functions_in(outside):
    """The functions that have a body there."""
    for declaration in re.findall(r"([^;{}]*)\{ *\}", outside):
        # What a template makes is of no module.
        if re.search(r"=|^\s*typedef\b|\bPBA_OF_\(", declaration):
            continue
        name = re.search(r"\b([a-z]\w*)\s*\(", re.sub(r"__attribute__\s*\(\(.*?\)\)", " ", declaration))
        if name:
            yield Function(name.group(1), re.search(r"\bstatic\b", declaration) is not None)


def names_in(text):
    return set(re.findall(r"\b[A-Za-z_]\w*", text))


def read_source(path, text):
    text_includes = re.findall(r'^\s*#\s*include "([^"]+)"', text, re.MULTILINE)
    directives, code = split_directives(without_comments(text))
    outside, inside = split_bodies(code)
    macros = {}
    for directive in directives:
        macro = re.match(r"\s*#\s*define\s+(\w+)(?:\([^)]*\))?(.*)", directive, re.DOTALL)
        if macro:
            macros.setdefault(macro.group(1), set()).update(names_in(macro.group(2)))
    initializers = " ".join(re.findall(r"=([^;]*)", outside))
    return Source(path, text_includes, list(functions_in(outside)), macros, names_in(inside) | names_in(initializers))


# --- who knows whom


def expanded(uses, macros):
    """The names that are used, and those that the macros among them use."""
    todo, done = list(uses), set()
    while todo:
        name = todo.pop()
        if name not in done:
            done.add(name)
            todo += macros.get(name, ())
    return done


def edges_of(sources):
    """Which module knows which other one."""
    macros = collections.defaultdict(set)
    homes = {}
    own = collections.defaultdict(set)
    for source in sources:
        for name, uses in source.macros.items():
            macros[name] |= uses
        for function in source.functions:
            own[module_of(source.path)].add(function.name)
            if not function.is_static:
                homes[function.name] = module_of(source.path)
    paths = {source.path for source in sources}
    for source in sources:
        module = module_of(source.path)
        for path in source.includes:
            if path in paths and module_of(path) != module:
                yield Edge(source.path, module, module_of(path), "includes " + path)
        for name in sorted(expanded(source.uses, macros)):
            if homes.get(name, module) != module and name not in own[module]:
                yield Edge(source.path, module, homes[name], "uses %s()" % name)


# --- the drawing


def drawing_in(page):
    """The rows of the table whose first cell is a layer's number, from below, each with the group that it stands in."""
    group, layers = "", []
    for line in page.splitlines():
        row = re.match(r"\|\s*(\d*)\s*\|([^|]*)\|", line)
        if row and row.group(1):
            layers.append(Layer(int(row.group(1)), group, re.findall(r"`(\w+)`", row.group(2))))
        elif row and "**" in row.group(2):
            group = row.group(2).strip()
    return layers[::-1]


def layers_for(groups, edges):
    """The layer of each module, with the groups, from below, as they are drawn."""
    lower = collections.defaultdict(set)
    for edge in edges:
        lower[edge.upper].add(edge.lower)
    layers, base = {}, 0
    for modules in groups:
        left = set(modules)
        while left:
            ready = {module for module in left if not lower[module] & left}
            if not ready:
                break  # they know each other
            for module in ready:
                layers[module] = 1 + max([base] + [layers.get(known, 0) for known in lower[module]])
            left -= ready
        base = max([base] + [layers[module] for module in modules if module in layers])
    return layers


def faults_in_order(layers, sources, edges):
    """What a drawing has that is not there, lacks, or has in a wrong order, a line each."""
    drawn = {module: layer.number for layer in layers for module in layer.modules}
    modules = [module for layer in layers for module in layer.modules]
    there = {module_of(source.path) for source in sources}
    for module in sorted(set(modules) ^ there | {module for module in modules if modules.count(module) > 1}):
        yield "%s: stands %d times in the drawing, of %d such modules" % (
            module, modules.count(module), module in there)
    if [layer.number for layer in layers] != list(range(1, len(layers) + 1)):
        yield "the layers are not numbered from below"
    for edge in edges:
        if drawn.get(edge.lower, 0) >= drawn.get(edge.upper, 0):
            yield "%s: %s: layer %d knows layer %d" % (
                edge.path, edge.how, drawn.get(edge.upper, 0), drawn.get(edge.lower, 0))


def faults_in_drawing(layers, sources):
    """What is wrong with a drawing of these sources, a line each; of one that is in order, what could be lower."""
    edges = list(edges_of(sources))
    faults = list(faults_in_order(layers, sources, edges))
    groups = collections.OrderedDict()
    for layer in layers:
        groups.setdefault(layer.group, []).extend(layer.modules)
    right = layers_for(groups.values(), edges)
    return faults or ["%s: is drawn in layer %d, and is in layer %d" % (module, layer.number, right[module])
                      for layer in layers for module in layer.modules if right[module] != layer.number]


# --- what any source is like


def head_of(text):
    """The first sentence of the comment that a file begins with, or nothing."""
    comment = re.match(r"/\*(.*?)\*/", text, re.DOTALL)
    if not comment:
        return ""
    words = " ".join(re.sub(r"^ \*", " ", comment.group(1), flags=re.MULTILINE).split())
    return re.match(r".*?(?:[.!?](?= |$)|$)", words).group()


def faults_in_file(path, text, paths):
    if text.count("\n") > MOST_LINES:
        yield "%s: has %d lines, of %d" % (path, text.count("\n"), MOST_LINES)
    head = head_of(text)
    if re.search(r"\band\b", head):
        yield "%s: holds more than one thing: %s" % (path, head)
    if not head and os.path.splitext(path)[0] + ".h" not in paths:
        yield "%s: does not say what it holds" % path


def faults_between_parts(path, text):
    """Includes of a part that stands above the file's own, or of no library."""
    part = PARTS.index(path.split("/")[0])
    for include in re.findall(r'^\s*#\s*include "([^"]+)"', text, re.MULTILINE):
        if include.split("/")[0] not in PARTS[:part + 1]:
            yield "%s: includes %s" % (path, include)


# --- the files


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def library_files(part):
    """The paths and texts of a part's library sources."""
    for folder, _, names in os.walk(part, followlinks=True):
        for name in sorted(names):
            if name.endswith((".c", ".h")) and not name.endswith(("_test.c", "_test.h")):
                yield os.path.join(folder, name), read(os.path.join(folder, name))


class DrawingTest(unittest.TestCase):
    maxDiff = None

    def test_is_what_the_sources_are(self):
        sources = [read_source(path, text) for path, text in library_files("pba")]
        self.assertGreater(len(sources), 80)
        edges = list(edges_of(sources))
        self.assertGreater(len([edge for edge in edges if edge.how.startswith("uses")]), 200)
        self.assertEqual(list(faults_in_drawing(drawing_in(read(PAGE)), sources)), [])

    def test_each_function_is_in_the_module_that_the_page_names(self):
        page = read(PAGE)
        named = re.findall(r"`(\w+)\.[ch]`, `(pba_\w+)\(\)`", page)
        named += [(module, name) for name, module in re.findall(r"`(pba_\w+)\(\)`\s(?:of|is in)\s`(\w+)`", page)]
        self.assertGreaterEqual(len(named), 7)
        homes = {(module_of(path), function.name) for path, text in library_files("pba")
                 for function in read_source(path, text).functions}
        self.assertEqual([function for function in named if function not in homes], [])

    def test_each_module_has_a_row_of_what_it_knows(self):
        rows = re.findall(r"^\|((?:[^|]*`\w+`)+)[^|]*\|", read(PAGE).split("## What each may know")[1], re.MULTILINE)
        said = sorted(module for row in rows for module in re.findall(r"`(\w+)`", row))
        self.assertEqual(said, sorted(module for layer in drawing_in(read(PAGE)) for module in layer.modules))


class LibrariesTest(unittest.TestCase):
    maxDiff = None

    def test_sources_are_short_and_hold_one_thing(self):
        files = dict(file for part in PARTS for file in library_files(part))
        self.assertGreater(len(files), 150)
        self.assertEqual([fault for path, text in sorted(files.items()) for fault in faults_in_file(path, text, files)], [])

    def test_parts_know_only_what_lies_below_them(self):
        self.assertEqual([fault for part in PARTS for path, text in library_files(part)
                          for fault in faults_between_parts(path, text)], [])


# --- that this can fail: on sources made up

LOW_H = """/* The low one. */
#include <stddef.h>
int pba_low(void); /* not pba_high() */
#define PBA_LOW_CALLS(x) pba_other(x)
BA_ALWAYS_INLINE int pba_low_inline(void) {
    return pba_low() + helper();
}
"""
LOW_C = """#include "pba/low.h"
static int helper(void) {
    return "pba_high()" != NULL;
}
int pba_low(void) { return helper(); }
"""
HIGH_H = """/* The high one. */
#include "pba/low.h"
int pba_high(void);
"""
HIGH_C = """#include "pba/high.h"
static int helper(void) { return 0; }
static const table own = {pba_low, helper};
int pba_high(void) {
    return helper();
}
"""
OTHER_C = """/* Another one. */
int pba_other(int x) { return x; }
"""
FILES = {"pba/low.h": LOW_H, "pba/low.c": LOW_C, "pba/high.h": HIGH_H, "pba/high.c": HIGH_C, "pba/other.c": OTHER_C}
DRAWING = """
| layer | modules | what |
|---|---|---|
| | **all** | |
| 2 | `high` | calls |
| 1 | `low`, `other` | is called |
"""


def faults(drawing=DRAWING, **changed):
    """What is wrong with these files, some of which are changed: their names, with _ for the dot, and their texts."""
    files = dict(FILES, **{"pba/%s.%s" % tuple(name.rsplit("_", 1)): text for name, text in changed.items()})
    sources = [read_source(path, text) for path, text in sorted(files.items())]
    return list(faults_in_drawing(drawing_in(drawing), sources))


class FaultsTest(unittest.TestCase):
    def test_right_drawing_has_none(self):
        self.assertEqual(faults(), [])

    def test_include_upwards(self):
        self.assertEqual(faults(low_c=LOW_C + '#include "pba/high.h"\n'),
                         ["pba/low.c: includes pba/high.h: layer 1 knows layer 2"])

    def test_call_upwards(self):
        self.assertEqual(faults(low_c=LOW_C + "void f(void) { if (1) { pba_high (); } }"),
                         ["pba/low.c: uses pba_high(): layer 1 knows layer 2"])

    def test_name_in_a_table_upwards(self):
        self.assertEqual(faults(low_c=LOW_C + "static const table t = PBA_TABLE(pba_high);"),
                         ["pba/low.c: uses pba_high(): layer 1 knows layer 2"])

    def test_call_within_a_layer(self):
        self.assertEqual(faults(low_c=LOW_C + "void f(void) { pba_other(1); }"),
                         ["pba/low.c: uses pba_other(): layer 1 knows layer 1"])

    def test_macro_counts_where_it_is_used(self):
        self.assertEqual(faults(high_c=HIGH_C + "void f(void) { PBA_LOW_CALLS(1); }"), [])
        self.assertEqual(faults(low_c=LOW_C + "void f(void) { PBA_LOW_CALLS(1); }"),
                         ["pba/low.c: uses pba_other(): layer 1 knows layer 1"])

    def test_declaration_is_no_use(self):
        self.assertEqual(faults(low_h=LOW_H + "int pba_high(void);\n"), [])

    def test_own_static_function_hides_another_modules(self):
        self.assertEqual(faults(other_c=OTHER_C + "int helper(void) { return 1; }"), [])

    def test_module_that_is_not_drawn(self):
        self.assertEqual(faults(new_c="/* New. */\n"), ["new: stands 0 times in the drawing, of 1 such modules"])

    def test_module_that_is_not_there(self):
        self.assertEqual(faults(DRAWING.replace("`other`", "`other`, `gone`")),
                         ["gone: stands 1 times in the drawing, of 0 such modules"])

    def test_module_that_is_drawn_twice(self):
        self.assertEqual(faults(DRAWING.replace("`high`", "`high`, `other`")),
                         ["other: stands 2 times in the drawing, of 1 such modules"])

    def test_module_that_is_drawn_too_high(self):
        self.assertEqual(faults(DRAWING.replace(", `other`", "").replace("`high`", "`high`, `other`")),
                         ["other: is drawn in layer 2, and is in layer 1"])

    def test_group_stands_above_the_one_before_it(self):
        groups = DRAWING.replace("| 2 | `high` | calls |", "| 2 | `high`, `other` | |\n| | **low** | |")
        self.assertEqual(faults(groups.replace("`low`, `other` ", "`low` ")), [])

    def test_layers_are_numbered(self):
        self.assertIn("the layers are not numbered from below", faults(DRAWING.replace("| 2 |", "| 4 |")))

    def test_modules_that_know_each_other(self):
        each_other = faults(other_c=OTHER_C + "void f(void) { pba_low(); }",
                            low_c=LOW_C + "void g(void) { pba_other(1); }")
        self.assertEqual(each_other,
                         ["pba/low.c: uses pba_other(): layer 1 knows layer 1",
                          "pba/other.c: uses pba_low(): layer 1 knows layer 1"])


class FileFaultsTest(unittest.TestCase):
    def faults(self, text, path="pba/low.c"):
        return list(faults_in_file(path, text, {"pba/low.h", "pba/low.c", "pba/high.c"}))

    def test_length(self):
        self.assertEqual(self.faults("/* One. */\n" + 499 * "\n"), [])
        self.assertEqual(self.faults("/* One. */\n" + 500 * "\n"), ["pba/low.c: has 501 lines, of 500"])

    def test_first_sentence(self):
        self.assertEqual(self.faults("/* Takes candy from\n * a band. And and. */\n"), [])
        self.assertEqual(self.faults("/* Makes: chunks\n * and spans. */\n"),
                         ["pba/low.c: holds more than one thing: Makes: chunks and spans."])
        self.assertEqual(self.faults("/* The file foo.h and more */\n"),
                         ["pba/low.c: holds more than one thing: The file foo.h and more"])

    def test_source_without_a_header_says_what_it_holds(self):
        self.assertEqual(self.faults("int x;\n"), [])
        self.assertEqual(self.faults("int x;\n", "pba/high.c"), ["pba/high.c: does not say what it holds"])

    def test_includes_of_other_parts(self):
        self.assertEqual(list(faults_between_parts("pba/a.c", '#include "pba/b.h"\n#include "block_allocator/c.h"\n')), [])
        self.assertEqual(list(faults_between_parts("block_allocator/a.c", '#include "pba/b.h"\n')),
                         ["block_allocator/a.c: includes pba/b.h"])
        self.assertEqual(list(faults_between_parts("pba/a.c", '#include "testing/b.h"\n')),
                         ["pba/a.c: includes testing/b.h"])


if __name__ == "__main__":
    unittest.main()
