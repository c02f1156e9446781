"""A test that wrong uses do not compile, each for its stated reason, with the compiler in use."""

load("//tools/bzl:cc.bzl", "warnings")
load("//tools/bzl:compile_flags.bzl", "CC_RULE_ATTRIBUTES", "CC_RULE_FRAGMENTS", "CC_RULE_TOOLCHAINS", "compile_command")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load("@rules_cc//cc:find_cc_toolchain.bzl", "find_cc_toolchain")

def _compile_fail_test_impl(ctx):
    src = ctx.file.src
    context = cc_common.merge_cc_infos(cc_infos = [d[CcInfo] for d in ctx.attr.deps]).compilation_context
    toolchain = find_cc_toolchain(ctx)
    compiler, flags = compile_command(ctx, src.path, context, ctx.attr.copts)

    # The cases are in the sources, which Bazel does not read: one action compiles all of them.
    report = ctx.actions.declare_file(ctx.label.name + ".txt")
    ctx.actions.run(
        executable = ctx.file._compile_fail,
        inputs = depset([src, ctx.file._compile_fail] + ctx.files.hdrs, transitive = [context.headers, toolchain.all_files]),
        outputs = [report],
        arguments = [
            report.path,
            "clang" if toolchain.compiler.startswith("clang") else "gcc",
            "c" if src.path.endswith(".c") else "c++",
            str(ctx.attr.max_lines),
            src.path,
        ] + [header.path for header in ctx.files.hdrs] +
        ["--", compiler] + flags + ["-c", src.path, "-o", "/dev/null"],
        mnemonic = "CompileFail",
        progress_message = "Compiling the wrong uses of %s" % ctx.label,
        use_default_shell_env = True,
    )
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(script, """#!/bin/sh
sed 1d {report}
[ "$(head -n 1 {report})" = 0 ]
""".format(report = report.short_path), is_executable = True)
    return [DefaultInfo(executable = script, runfiles = ctx.runfiles(files = [report]))]

_compile_fail_test = rule(
    implementation = _compile_fail_test_impl,
    attrs = dict(
        CC_RULE_ATTRIBUTES,
        src = attr.label(allow_single_file = [".c", ".cc"], mandatory = True),
        copts = attr.string_list(),
        deps = attr.label_list(providers = [CcInfo]),
        hdrs = attr.label_list(allow_files = [".h"], doc = "the headers that have cases, which src includes"),
        max_lines = attr.int(doc = "the longest message of a case that states no other limit, in lines; 0 for any"),
        _compile_fail = attr.label(default = "//tools/bzl:compile_fail.py", allow_single_file = True),
    ),
    fragments = CC_RULE_FRAGMENTS,
    test = True,
    toolchains = CC_RULE_TOOLCHAINS,
)

def compile_fail_test(name, src, **kwargs):
    """Compiles src once as it is, which must succeed, and once with each of its cases, which must not.

    tools/bzl/compile_fail.py says how a case and what the compiler must say are written.

    Args:
      name: ends in _test.
      src: the source.
      **kwargs: hdrs, deps, max_lines and what every test takes.
    """
    is_c = src.endswith(".c")
    _compile_fail_test(
        name = name,
        size = "small",
        src = src,
        copts = (["-std=c11", "-pedantic"] if is_c else ["-std=c++17"]) + warnings(is_c),
        # Valgrind would look at the shell.
        tags = ["no_valgrind"],
        **kwargs
    )
