"""The C and C++ targets of this repository: strict warnings, and the checks that come with each.

The libraries are C11; the tests are C++17 (GoogleTest) or C11. Warnings are errors in this
repository only, so that a consumer with another compiler is not hurt.
"""

load("@rules_cc//cc:defs.bzl", "cc_binary", "cc_library", "cc_test")
load("//tools/bzl:clang_tidy.bzl", "clang_tidy_test")
load("//tools/bzl:headers_test.bzl", "headers_test")
load("//tools/bzl:sanitizers.bzl", "sanitized_test")
load("//tools/bzl:static_analysis.bzl", "static_analysis_test")

# Every compiler gets the flags that it knows in the language at hand, and no others: gcc refuses a name that it does not
# know, clang warns of one, and gcc warns of one that it knows in the other language only.
_WARNINGS = [
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Wcast-align",
    "-Wcast-qual",
    "-Wconversion",
    "-Wdouble-promotion",
    "-Wenum-conversion",
    "-Wfloat-equal",
    "-Wformat=2",
    "-Wimplicit-fallthrough",
    "-Wnull-dereference",
    "-Wpointer-arith",
    "-Wshadow",
    "-Wsign-conversion",
    "-Wswitch-enum",
    "-Wundef",
    "-Wvla",
    "-Wwrite-strings",
    "-Werror",
]

_WARNINGS_OF_C = [
    "-Wmissing-prototypes",
    "-Wstrict-prototypes",
]

# Since version 10.
_WARNINGS_OF_GCC = [
    "-Wduplicated-branches",
    "-Wduplicated-cond",
    "-Wlogical-op",
]

_WARNINGS_OF_GCC_IN_C = [
    "-Warith-conversion",
    "-Wc++-compat",
    "-Wjump-misses-init",
]

_WARNINGS_OF_CLANG = [
    "-Wassign-enum",
    "-Wcomma",
    "-Wconditional-uninitialized",
    "-Wextra-semi-stmt",
    # A target's own flags may turn off what only gcc warns of.
    "-Wno-unknown-warning-option",
]

_WARNINGS_OF_CLANG_IN_C = [
    "-Wc++-compat",
    "-Wcovered-switch-default",
    "-Wmissing-variable-declarations",
]

_UNREACHABLE_IN_C = ["-Wunreachable-code-aggressive"]

# GoogleTest's macros for death tests have a dead branch.
_UNREACHABLE_IN_CXX = ["-Wunreachable-code-aggressive", "-Wno-unreachable-code"]

def warnings(is_c):
    """The flags that make warnings errors, as the compiler in use knows them."""
    gcc = _WARNINGS_OF_GCC + (_WARNINGS_OF_GCC_IN_C if is_c else [])
    clang = _WARNINGS_OF_CLANG + (_WARNINGS_OF_CLANG_IN_C if is_c else [])
    unreachable = _UNREACHABLE_IN_C if is_c else _UNREACHABLE_IN_CXX
    return _WARNINGS + (_WARNINGS_OF_C if is_c else []) + select({
        "//tools/bzl:is_clang": clang + unreachable,
        # What these modes do not check is unreachable, and that is no mistake.
        "//tools/bzl:is_clang_and_release_fast": clang,
        "//tools/bzl:is_clang_and_release_small": clang,
        "//conditions:default": gcc,
    })

def _is_main_repository():
    # repository_name() will be gone one day (https://github.com/bazelbuild/bazel/issues/23144); Bazel 4 has nothing else.
    return native.repo_name() == "" if hasattr(native, "repo_name") else native.repository_name() == "@"

def _copts(is_c, copts):
    standard = ["-std=c11", "-pedantic"] if is_c else ["-std=c++17"]
    return standard + (warnings(is_c) if _is_main_repository() else []) + copts

def _is_c(srcs):
    return not [src for src in srcs if src.endswith(".cc")]

def _tidy_test(name):
    clang_tidy_test(
        name = name + "_tidy_test",
        size = "small",
        tags = ["lint"],
        target = ":" + name,
        target_compatible_with = ["@linters//:clang_tidy_tried"],
    )

def _lint_tests(name, srcs):
    _tidy_test(name)
    if [src for src in srcs if src.endswith(".c")]:
        static_analysis_test(
            name = name + "_analysis_test",
            size = "small",
            tags = ["lint"],
            target = ":" + name,
            target_compatible_with = ["@linters//:cppcheck_tried", "@linters//:gcc_tried"],
        )

# The libraries, and the headers that make types of their templates.
_PACKAGES_FOR_USERS = ["block_allocator", "pba", "static_buffer", "testing/headers"]

def strict_cc_library(name, srcs = [], hdrs = [], copts = [], tags = [], headers_are_c = True, **kwargs):
    """A library, in C11 or, when a source ends in .cc or headers_are_c is False, in C++17.

    Comes with NAME_tidy_test, for C sources with NAME_analysis_test and for C headers with
    NAME_headers_test, which compiles each header alone as C11 and as C++11 to C++20.
    """
    cc_library(
        name = name,
        srcs = srcs,
        hdrs = hdrs,
        copts = _copts(headers_are_c and _is_c(srcs), copts),
        # clang_tidy.bzl looks for the tag.
        tags = tags + ([] if headers_are_c else ["cxx_headers"]),
        **kwargs
    )
    _lint_tests(name, srcs)
    if hdrs and headers_are_c:
        headers_test(
            name = name + "_headers_test",
            size = "small",
            for_users = native.package_name() in _PACKAGES_FOR_USERS,
            tags = ["no_valgrind"],
            target = ":" + name,
        )

def strict_cc_binary(name, srcs, copts = [], **kwargs):
    """A program, in C11 or, when a source ends in .cc, in C++17.

    Comes with NAME_tidy_test and, for C sources, with NAME_analysis_test.
    """
    cc_binary(name = name, srcs = srcs, copts = _copts(_is_c(srcs), copts), **kwargs)
    _lint_tests(name, srcs)

def strict_cc_test(
        name,
        srcs,
        deps = [],
        sanitizers = None,
        size = "small",
        args = [],
        data = [],
        tags = [],
        copts = [],
        has_googletest = True,
        only_sanitized = False,
        **kwargs):
    """A test: C++17 with GoogleTest when a source ends in .cc, else C11 with a main of its own.

    A test in C++ with has_googletest = False brings a main of its own too.

    foo_test comes with foo_test_tidy_test and, for each sanitizer, with foo_SANITIZER_test: by default
    with foo_asan_test and, when it is all C, with foo_msan_test. What links no C++ is also run by
    --config=msan; MemorySanitizer gives false alarms for C++ over an uninstrumented standard library.
    What links only with a sanitizer says only_sanitized: no pattern such as //... then builds foo_test itself.
    """
    is_c = _is_c(srcs)
    if sanitizers == None:
        sanitizers = ["asan", "msan"] if is_c else ["asan"]
    if is_c:
        tags = tags + ["msan_safe"]
    cc_test(
        name = name,
        size = size,
        srcs = srcs,
        args = args,
        copts = _copts(is_c, copts),
        data = data,
        linkstatic = True,
        tags = tags + (["manual"] if only_sanitized else []),
        deps = deps + (["@com_google_googletest//:gtest_main"] if has_googletest and not is_c else []) + select({
            "//testing:measures_coverage": ["//testing:count_at_death"],
            "//conditions:default": [],
        }),
        **kwargs
    )
    stem = name[:-len("_test")]
    _tidy_test(name)
    for sanitizer in sanitizers:
        sanitized_test(
            name = stem + "_" + sanitizer + "_test",
            size = size,
            args = args,
            data = data,
            sanitizer = sanitizer,
            tags = tags + ["sanitized", sanitizer],
            test = ":" + name,
        )
