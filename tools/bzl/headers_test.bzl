"""A test that each header of a library compiles alone, as C and as every C++ that we promise."""

load("//tools/bzl:compile_flags.bzl", "CC_RULE_ATTRIBUTES", "CC_RULE_FRAGMENTS", "CC_RULE_TOOLCHAINS", "compile_probe")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")

_C = ["-std=c11", "-pedantic"]
_CXX = [["-std=" + standard, "-pedantic"] for standard in ["c++11", "c++14", "c++17", "c++20"]]

# A user's warnings must not come from our headers.
_WARNINGS = ["-Wall", "-Wextra", "-Wconversion", "-Wsign-conversion", "-Wshadow", "-Wundef", "-Werror"]

def _headers_test_impl(ctx):
    context = ctx.attr.target[CcInfo].compilation_context
    probes = []
    for header in context.direct_public_headers:
        for extension, dialects in [("c", [_C]), ("cc", _CXX)]:
            stub = ctx.actions.declare_file("%s/%s.%s" % (ctx.label.name, header.basename, extension))
            text = "#include \"%s\"\nextern int not_empty;\n" % header.short_path
            if extension == "cc":
                # The header must bear being included from a block of the user's own.
                text = "extern \"C\" {\n" + text + "}\n"
            ctx.actions.write(stub, text)
            for flags in dialects:
                probe = ctx.actions.declare_file("%s/%s.%s" % (ctx.label.name, header.basename, flags[0][5:]))
                compile_probe(ctx, probe, stub, context, flags + _WARNINGS)
                probes.append(probe)
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(script, """#!/bin/sh
status=0
for probe in %s; do
  [ "$(head -n 1 "$probe")" = 0 ] || { echo "FAIL: $probe"; sed 1d "$probe"; status=1; }
done
exit $status
""" % " ".join([probe.short_path for probe in probes]), is_executable = True)
    return [DefaultInfo(executable = script, runfiles = ctx.runfiles(files = probes))]

headers_test = rule(
    implementation = _headers_test_impl,
    attrs = dict(CC_RULE_ATTRIBUTES, target = attr.label(mandatory = True, providers = [CcInfo])),
    fragments = CC_RULE_FRAGMENTS,
    test = True,
    toolchains = CC_RULE_TOOLCHAINS,
)
