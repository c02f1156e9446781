"""A test that the headers of a library can be used: alone, as every C and C++ that we promise, after
other people's macros, and without a warning."""

load("@rules_cc//cc:find_cc_toolchain.bzl", "find_cc_toolchain")
load("//tools/bzl:compile_flags.bzl", "CC_RULE_ATTRIBUTES", "CC_RULE_FRAGMENTS", "CC_RULE_TOOLCHAINS", "compile_probe", "private_macro")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")

# Each standard by the names that it has had: the first that a compiler knows is taken.
_STANDARDS = {
    "c": [["c11"], ["c17"], ["c23", "c2x"]],
    "cc": [["c++11"], ["c++14"], ["c++17"], ["c++20"], ["c++23", "c++2b"], ["c++26", "c++2c"]],
}

# A user's warnings must not come from our headers.
_WARNINGS = ["-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Wsign-conversion", "-Wshadow", "-Wundef", "-Werror"]

# What no header of this library can meet.
_IMPOSSIBLE = {
    "gcc": [
        # Lengths, memory, errors and lists are structs, given and returned by value.
        "-Wno-aggregate-return",
        # It tells of the optimiser, not of the code.
        "-Wno-inline",
        # A macro takes any number of arguments as C99 and C++11 have it.
        "-Wno-variadic-macros",
    ],
    "gcc c": [
        # They ask for C of the time before prototypes,
        "-Wno-traditional",
        "-Wno-traditional-conversion",
        # and these for C before C99 and C11: the library is C11.
        "-Wno-c90-c99-compat",
        "-Wno-c99-c11-compat",
    ],
    "gcc cc": [],
    "clang": [
        # Not every clang knows all that is named here.
        "-Wno-unknown-warning-option",
        # The library is C11 and C++11: its macros use alignof.
        "-Wno-c++98-compat",
        "-Wno-c++98-compat-pedantic",
    ],
    "clang c": [],
    "clang cc": [],
}

# Names that a header's locals have, of globals of the user's.
_GLOBALS = "extern int a, b, c, i, k, n, memory, pool, self;\n"

def _stub(ctx, name, extension, headers, first = "", in_extern_c = True):
    """A source that includes headers and does nothing."""
    stub = ctx.actions.declare_file("%s/%s.%s" % (ctx.label.name, name, extension))
    text = "".join(["#include \"%s\"\n" % header.short_path for header in headers]) + "extern int not_empty;\n"
    if extension == "cc" and in_extern_c:
        # The header must bear being included from a block of the user's own.
        text = "extern \"C\" {\n" + text + "}\n"
    ctx.actions.write(stub, first + private_macro(headers) + text)
    return stub

def _probe(ctx, stub, name, copts, **kwargs):
    out = ctx.actions.declare_file("%s/%s" % (ctx.label.name, name))
    compile_probe(ctx, out, stub, ctx.attr.target[CcInfo].compilation_context, copts, **kwargs)
    return out

def _headers_test_impl(ctx):
    headers = ctx.attr.target[CcInfo].compilation_context.direct_public_headers
    macros = ctx.file._common_macros
    compiler = "clang" if find_cc_toolchain(ctx).compiler.startswith("clang") else "gcc"
    probes = []
    for extension, standards in _STANDARDS.items():
        for header in headers:
            stub = _stub(ctx, header.basename, extension, [header])
            name = "%s.%s" % (header.basename, standards[0][0])
            probes.append(_probe(ctx, stub, name, _WARNINGS, standards = standards[0]))

        all = _stub(ctx, "all_headers", extension, headers)
        for names in standards[1:]:
            probes.append(_probe(ctx, all, "all_headers." + names[0], _WARNINGS, standards = names))

        if not ctx.attr.for_users:
            continue
        after_macros = _stub(ctx, "after_macros", extension, headers, first = "#include \"%s\"\n" % macros.short_path)
        probes.append(_probe(
            ctx,
            after_macros,
            "after_macros.%s.txt" % extension,
            ["-pedantic-errors"],
            headers = [macros],
            standards = standards[0],
        ))

        every_warning = _stub(ctx, "every_warning", extension, headers, first = _GLOBALS, in_extern_c = False)
        probes.append(_probe(
            ctx,
            every_warning,
            "every_warning.%s.txt" % extension,
            _IMPOSSIBLE[compiler] + _IMPOSSIBLE[compiler + " " + extension] + ["-Werror"],
            every_warning = ctx.file._every_warning,
            standards = standards[0],
        ))
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(script, """#!/bin/sh
status=0
for probe in %s; do
  case $(head -n 1 "$probe") in
    0) ;;
    unknown) echo "left out: $probe: $(sed 1d "$probe")" ;;
    *) echo "FAIL: $probe"; sed 1d "$probe"; status=1 ;;
  esac
done
exit $status
""" % " ".join([probe.short_path for probe in probes]), is_executable = True)
    return [DefaultInfo(executable = script, runfiles = ctx.runfiles(files = probes))]

headers_test = rule(
    implementation = _headers_test_impl,
    attrs = dict(
        CC_RULE_ATTRIBUTES,
        for_users = attr.bool(doc = "whether other people's programs include the headers, with their macros and warnings"),
        target = attr.label(mandatory = True, providers = [CcInfo]),
        _common_macros = attr.label(default = "//testing/headers:common_macros.h", allow_single_file = True),
        _every_warning = attr.label(default = "//tools/bzl:every_warning.sh", allow_single_file = True),
    ),
    fragments = CC_RULE_FRAGMENTS,
    test = True,
    toolchains = CC_RULE_TOOLCHAINS,
)
