"""A test that wrong uses do not compile, each for its stated reason, with the compiler in use."""

load("//tools/bzl:cc.bzl", "warnings")
load("//tools/bzl:compile_flags.bzl", "CC_RULE_ATTRIBUTES", "CC_RULE_FRAGMENTS", "CC_RULE_TOOLCHAINS", "compile_probe")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load("@rules_cc//cc:find_cc_toolchain.bzl", "find_cc_toolchain")

def _compile_fail_test_impl(ctx):
    src = ctx.file.src
    context = cc_common.merge_cc_infos(cc_infos = [d[CcInfo] for d in ctx.attr.deps]).compilation_context
    is_clang = find_cc_toolchain(ctx).compiler.startswith("clang")
    messages = ctx.attr.clang if is_clang else ctx.attr.gcc
    if sorted(ctx.attr.clang.keys()) != sorted(ctx.attr.gcc.keys()):
        fail("each case needs a message of gcc and a message of clang")

    control = ctx.actions.declare_file(ctx.label.name + "/control")
    compile_probe(ctx, control, src, context, ctx.attr.copts)
    probes = [control]
    checks = []
    for case, message in messages.items():
        probe = ctx.actions.declare_file(ctx.label.name + "/" + case)
        compile_probe(ctx, probe, src, context, ctx.attr.copts, defines = [case])
        probes.append(probe)
        checks.append("check %s '%s' '%s'" % (case, probe.short_path, message))
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(script, """#!/bin/sh
status=0
fail() {{ echo "FAIL: $1"; echo "The compiler said:"; sed 1d "$2"; status=1; }}
check() {{
  if [ "$(head -n 1 "$2")" = 0 ]; then fail "with $1 it must not compile, but does" "$2"
  elif ! sed 1d "$2" | grep -E -q -e "$3"; then fail "with $1 the message lacks: $3" "$2"
  elif [ {max_lines} -gt 0 ] && [ "$(sed 1d "$2" | wc -l)" -gt {max_lines} ]; then
    fail "with $1 the message has more than {max_lines} lines" "$2"
  else echo "ok: $1"; fi
}}
[ "$(head -n 1 {control})" = 0 ] || fail "without a case it must compile" {control}
{checks}
exit $status
""".format(
        checks = "\n".join(checks),
        control = control.short_path,
        max_lines = ctx.attr.max_lines,
    ), is_executable = True)
    return [DefaultInfo(executable = script, runfiles = ctx.runfiles(files = probes))]

_compile_fail_test = rule(
    implementation = _compile_fail_test_impl,
    attrs = dict(
        CC_RULE_ATTRIBUTES,
        src = attr.label(allow_single_file = [".c", ".cc"], mandatory = True),
        clang = attr.string_dict(doc = "case -> extended regular expression that clang's message holds; no single quote"),
        copts = attr.string_list(),
        deps = attr.label_list(providers = [CcInfo]),
        gcc = attr.string_dict(doc = "case -> extended regular expression that gcc's message holds; no single quote"),
        max_lines = attr.int(doc = "the longest message allowed, in lines; 0 for any"),
    ),
    fragments = CC_RULE_FRAGMENTS,
    test = True,
    toolchains = CC_RULE_TOOLCHAINS,
)

def compile_fail_test(name, src, cases = {}, gcc = {}, clang = {}, **kwargs):
    """Compiles src once as it is, which must succeed, and once with each case defined as a macro.

    Args:
      name: ends in _test.
      src: the source; each wrong use in it stands between #ifdef CASE and #endif.
      cases: case -> regular expression, where gcc and clang say the same.
      gcc: the same for gcc alone.
      clang: the same for clang alone.
      **kwargs: deps, max_lines and what every test takes.
    """
    is_c = src.endswith(".c")
    _compile_fail_test(
        name = name,
        size = "small",
        src = src,
        clang = dict(cases, **clang),
        copts = (["-std=c11", "-pedantic"] if is_c else ["-std=c++17"]) + warnings(is_c),
        gcc = dict(cases, **gcc),
        # Valgrind would look at the shell.
        tags = ["no_valgrind"],
        **kwargs
    )
