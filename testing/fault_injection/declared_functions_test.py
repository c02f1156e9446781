#!/usr/bin/python3
"""Tests declared_functions.py on headers as they are written here."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import declared_functions

HEADER = """/* thing_ignored(); a comment. */
#ifndef THING_H_
#define THING_H_
#ifdef __cplusplus
extern "C" {
#endif
#define THING_LOUD(x) thing_loud_(x)
#define thing_macro(x)  \\
    thing_macro_at((x), 1)
/* A struct whose members are no functions. */
typedef struct thing {
    int (*operation)(void *context);
} thing;
typedef int (*thing_callback)(int);
enum { THING_COUNT = 3 };
/* Declared, over two lines. */
BA_MUST_USE int thing_declared(const thing *self,
                               int (*call)(void *context));
BA_PRINTF(2, 3) void thing_printed(thing *self, const char *text, ...);
/* Defined. */
BA_ALWAYS_INLINE int thing_defined(int a) {
    if (a > 0) {
        return thing_called(a);
    }
    return 0;
}
BA_ALWAYS_INLINE int thing_internal_(int a) { return a; }
BA_STATIC_ASSERT(sizeof(thing) == 8, "a message");
THING_RULES(THING_ASSERT_)
#ifdef __cplusplus
}
#endif
#endif
"""

TEMPLATE = """
BA_MUST_USE BA_ALWAYS_INLINE int PBA_OF_(alloc)(PBA_NAME *pool) { return PBA_OF_(alloc_at)(pool); }
SAB_FUNCTION_ BA_MUST_USE BA_PRINTF(2, 3) ba_error
    SAB_OF_(list_try_format)(SAB_LIST_ *self, const char *format, ...);
SAB_FUNCTION_ SAB_T_ *SAB_OF_(SAB_GENERIC_(at))(const SAB_SELF_ *self, size_t index);
#ifdef SAB_SENTINEL
SAB_FUNCTION_
#else
extern SAB_NEEDS_("SAB_SENTINEL must be defined")
#endif
const SAB_T_ *SAB_OF_(SAB_GENERIC_(terminated))(const SAB_SELF_ *self);
enum { SAB_OF_(parameters_) = 1 };
typedef SAB_TYPE SAB_T_;
"""

BUILD = """
strict_cc_library(
    name = "thing",
    srcs = ["thing.c", "thing_internal.h"],
    hdrs = ["thing.h"],
    textual_hdrs = [
        "define.h",
    ],
)

strict_cc_library(
    name = "thing_for_tests",
    testonly = True,
    hdrs = ["thing_for_tests.h"],
)

strict_cc_library(
    name = "part",
    hdrs = ["part.h"],
    visibility = ["//visibility:private"],
)
"""


class DeclaredFunctionsTest(unittest.TestCase):
    def test_finds_what_is_declared_and_defined(self):
        self.assertEqual(declared_functions.functions_in(HEADER),
                         {"thing_macro", "thing_declared", "thing_printed", "thing_defined"})

    def test_finds_a_function_that_is_added(self):
        added = HEADER.replace("/* Defined. */", "int thing_added(void);\n/* Defined. */")
        self.assertEqual(declared_functions.functions_in(added) - declared_functions.functions_in(HEADER),
                         {"thing_added"})

    def test_finds_the_functions_of_templates(self):
        self.assertEqual(declared_functions.functions_in(TEMPLATE),
                         {"NAME_alloc", "NAME_list_try_format", "NAME_list_at", "NAME_slice_at",
                          "NAME_list_terminated", "NAME_slice_terminated"})

    def test_finds_the_headers_for_everybody(self):
        self.assertEqual(declared_functions.public_headers(BUILD), {"thing": ["thing.h", "define.h"]})


if __name__ == "__main__":
    unittest.main()
