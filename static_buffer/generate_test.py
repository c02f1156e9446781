#!/usr/bin/python3
"""Tests generate.py on declarations, and that the headers are what it writes."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import generate

BOTH = {"list": "SAB_LIST_", "slice": "SAB_SLICE_"}


def functions(text, kinds=None):
    return generate.functions_in(text, kinds or {})


def lines(text):
    return [line for line in text.splitlines() if line and "clang-format" not in line]


class GenerateTest(unittest.TestCase):
    maxDiff = None

    def test_headers_are_what_it_writes(self):
        for path, (before, after) in generate.files().items():
            self.assertMultiLineEqual(
                before, after, path + ": tools/bazel run //static_buffer:generate")

    def test_finds_every_function_of_the_headers(self):
        names = {path: {f.kind + "_" + f.name for f in functions(generate.read(path), kinds)}
                 for path, kinds in generate.DECLARATIONS}
        self.assertLess({"list_append", "list_with_capacity", "slice_resize", "list_try_vformat", "list_as_writer"},
                        names["define.h"])
        self.assertLess({"list_at", "slice_at", "slice_terminated", "list_equal"},
                        names["internal/elements_declare.h"])

    def test_a_function_with_a_site_gets_a_row_and_a_macro(self):
        made = functions("""
            /* --- lists: life --- */
            /* Text with SAB_OF_ and ; in it. */
            SAB_FUNCTION_ BA_MUST_USE ba_error SAB_OF_(list_try_frob)(SAB_LIST_ *self,
                                                                      const SAB_T_ *items, size_t count);""")
        self.assertEqual(lines(generate.table(made)), [
            "SAB_ROW_(FUNCTION, BA_MUST_USE ba_error, try_frob, list,",
            "    (SAB_LIST_ *self, const SAB_T_ *items, size_t count), (self, items, count))"])
        self.assertEqual(lines(generate.forwarding(made)), [])
        self.assertEqual(lines(generate.generic(made))[:2], [
            "/* --- life --- */",
            "#define sab_try_frob(self, ...) SAB_ON_LIST_(self, try_frob)((self), __VA_ARGS__, BA_HERE())"])

    def test_a_function_that_never_reports_is_forwarded(self):
        made = functions("SAB_SILENT_ SAB_T_ *SAB_OF_(list_frob)(SAB_LIST_ *self);")
        self.assertEqual(lines(generate.table(made)), [])
        self.assertEqual(lines(generate.forwarding(made)), [
            "SAB_PASS_(SAB_T_ *, frob, list,", "    (SAB_LIST_ *self), (self))"])
        text = generate.generic(made)
        self.assertLess(text.index("#ifndef __cplusplus"),
                        text.index("#define sab_frob(self) SAB_ON_LIST_(self, frob)((self))\n"))

    def test_knows_what_returns_nothing(self):
        made = functions("SAB_COPIES_ void SAB_OF_(slice_frob)(SAB_SLICE_ *self);"
                         "SAB_EQUALS_ void SAB_OF_(slice_frab)(SAB_SLICE_ *self);")
        self.assertEqual(lines(generate.table(made))[0], "SAB_ROW_VOID_(COPIES, frob, slice,")
        self.assertEqual(lines(generate.forwarding(made))[0], "SAB_PASS_VOID_(frab, slice,")
        self.assertIn("#define sab_frob(self) SAB_ON_SLICE_(self, frob)((self), BA_HERE())\n", generate.generic(made))

    def test_makes_one_macro_of_what_both_kinds_have(self):
        made = functions("SAB_FUNCTION_ bool SAB_OF_(SAB_GENERIC_(frob))(SAB_SELF_ *self, size_t n);"
                         "SAB_SILENT_ bool SAB_OF_(SAB_GENERIC_(frab))(const SAB_SELF_ *self, const SAB_SELF_ *other);",
                         BOTH)
        self.assertEqual(lines(generate.table(made)), [
            "SAB_ROW_(FUNCTION, bool, frob, list,", "    (SAB_LIST_ *self, size_t n), (self, n))",
            "SAB_ROW_(FUNCTION, bool, frob, slice,", "    (SAB_SLICE_ *self, size_t n), (self, n))"])
        self.assertIn("    (const SAB_SLICE_ *self, const SAB_SLICE_ *other), (self, other))",
                      lines(generate.forwarding(made)))
        macros = [line for line in lines(generate.generic(made)) if line.startswith("#define")]
        self.assertEqual(macros, [
            "#define sab_frob(self, ...) SAB_ON_EITHER_(self, frob)((self), __VA_ARGS__, BA_HERE())",
            "#define sab_frab(self, ...) SAB_READ_EITHER_(self, frab)((self), __VA_ARGS__)"])

    def test_breaks_a_macro_as_clang_format_does(self):
        made = functions("SAB_FUNCTION_ void SAB_OF_(list_%s)(SAB_LIST_ *self, int n);" % ("x" * 25))
        head, body = [line for line in generate.generic(made).splitlines() if "xxx" in line]
        self.assertEqual((len(head), head[-1], body[:5]), (100, "\\", "    S"))

    def test_gives_no_macro_to_what_makes_a_list_or_takes_a_va_list(self):
        made = functions("""
            SAB_FUNCTION_ SAB_LIST_ SAB_OF_(list_of)(size_t n);
            SAB_FUNCTION_ ba_error SAB_OF_(list_try_of)(SAB_LIST_ *self, size_t n);
            SAB_FUNCTION_ BA_PRINTF(2, 0) ba_error SAB_OF_(list_vfrob)(SAB_LIST_ *self, va_list arguments);""")
        self.assertEqual(lines(generate.table(made)), [
            "SAB_ROW_WITHOUT_GENERIC_(SAB_LIST_, of, list,", "    (size_t n), (n))",
            "SAB_ROW_WITHOUT_GENERIC_(ba_error, try_of, list,", "    (SAB_LIST_ *self, size_t n), (self, n))",
            "#ifdef SAB_BYTES",
            "SAB_ROW_WITHOUT_GENERIC_(BA_PRINTF(2, 0) ba_error, vfrob, list,",
            "    (SAB_LIST_ *self, va_list arguments), (self, arguments))", "#endif"])
        self.assertNotIn("#define", generate.generic(made))

    def test_gives_only_a_macro_to_what_prints(self):
        made = functions("SAB_FUNCTION_ void SAB_OF_(list_frob)(SAB_LIST_ *self, const char *format, ...);")
        self.assertEqual(lines(generate.table(made)), [])
        self.assertIn("#define sab_frob(self, ...) SAB_ON_LIST_(self, frob)((self), BA_HERE(), __VA_ARGS__)\n",
                      generate.generic(made))

    def test_names_the_parameter_that_is_a_function(self):
        made = functions("SAB_SILENT_ void SAB_OF_(list_frob)(SAB_LIST_ *self, bool (*keep)(void *context,"
                         " const SAB_T_ *item), void *context);")
        self.assertEqual(lines(generate.forwarding(made))[1],
                         "    (SAB_LIST_ *self, bool (*keep)(void *context, const SAB_T_ *item), void *context), "
                         "(self, keep, context))")

    def test_refuses_what_it_does_not_understand(self):
        for text in ["SAB_OTHER_ void SAB_OF_(list_frob)(SAB_LIST_ *self);",  # no class that it knows
                     "void SAB_OF_(list_frob)(SAB_LIST_ *self);"]:  # no class
            with self.assertRaises(generate.NotUnderstood):
                functions(text)
        for text in ["SAB_FUNCTION_ void SAB_OF_(list_frob)(const SAB_LIST_ *self);",  # reads, of one kind
                     "SAB_FUNCTION_ void SAB_OF_(list_frob)(SAB_LIST_ *self);"
                     "SAB_FUNCTION_ void SAB_OF_(slice_frob)(const SAB_SLICE_ *self);"]:  # reads one, changes one
            with self.assertRaises(generate.NotUnderstood):
                generate.generic(functions(text))
        with self.assertRaises(generate.NotUnderstood):  # a maker that returns nothing
            generate.table(functions("SAB_FUNCTION_ void SAB_OF_(list_frob)(size_t n);"))

    def test_keeps_what_is_outside_the_lines(self):
        text = "before\n" + generate.BEGIN + "old\n" + generate.END + "after\n"
        self.assertEqual(generate.replaced(text, "new\n"),
                         "before\n" + generate.BEGIN + "new\n" + generate.END + "after\n")


if __name__ == "__main__":
    unittest.main()
