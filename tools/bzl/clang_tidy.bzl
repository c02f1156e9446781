"""clang-tidy over C and C++ targets, as an aspect and as a test."""

load("//tools/bzl:compile_flags.bzl", "CC_RULE_ATTRIBUTES", "CC_RULE_FRAGMENTS", "CC_RULE_TOOLCHAINS", "compile_command", "private_macro")
load("//tools/bzl:reports.bzl", "reports_test")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")

ClangTidyInfo = provider(fields = {"reports": "depset of report files; an empty file means no finding"})

_SOURCES = ("c", "cc")

def _report(ctx, target, src, name):
    context = target[CcInfo].compilation_context
    _, flags = compile_command(ctx, src.path, context, ctx.rule.attr.copts)
    flags = [f for f in flags if f != "-fno-canonical-system-headers"] + ["-Wno-unknown-warning-option"]
    report = ctx.actions.declare_file("_clang_tidy/%s/%s.txt" % (ctx.label.name, name))
    config = ctx.file._test_config if src.extension == "cc" else ctx.file._config
    ctx.actions.run_shell(
        inputs = depset([src, config], transitive = [context.headers]),
        outputs = [report],
        command = """
command -v clang-tidy >/dev/null || { echo >&2 "clang-tidy is not installed"; exit 1; }
if clang-tidy --quiet --config-file="$1" --warnings-as-errors='*' "$3" -- "${@:4}" >"$2.tmp" 2>"$2.err"
then : >"$2"
else cat "$2.tmp" "$2.err" >"$2"; [ -s "$2" ] || echo "clang-tidy failed" >"$2"
fi
""",
        arguments = [config.path, report.path, src.path] + flags,
        mnemonic = "ClangTidy",
        progress_message = "Linting %s" % src.short_path,
        use_default_shell_env = True,
    )
    return report

def _clang_tidy_aspect_impl(target, ctx):
    if CcInfo not in target or target.label.workspace_root or not hasattr(ctx.rule.attr, "srcs"):
        return [ClangTidyInfo(reports = depset())]
    reports = []
    for attr in ["srcs", "hdrs"]:
        for dep in getattr(ctx.rule.attr, attr, []):
            for file in dep.files.to_list():
                if file.extension in _SOURCES:
                    reports.append(_report(ctx, target, file, file.basename))
                elif attr == "hdrs" and file.extension == "h":
                    # A header is linted by way of a file that has nothing else, in its library's language.
                    is_cxx = "cxx_headers" in ctx.rule.attr.tags
                    stub = ctx.actions.declare_file("_clang_tidy/%s/%s.%s" % (ctx.label.name, file.basename, "cc" if is_cxx else "c"))
                    ctx.actions.write(stub, private_macro([file]) + "#include \"%s\"\n" % file.short_path)
                    reports.append(_report(ctx, target, stub, file.basename))
    return [ClangTidyInfo(reports = depset(reports))]

clang_tidy_aspect = aspect(
    implementation = _clang_tidy_aspect_impl,
    attrs = dict(
        CC_RULE_ATTRIBUTES,
        _config = attr.label(default = "//:.clang-tidy", allow_single_file = True),
        _test_config = attr.label(default = "//testing:.clang-tidy", allow_single_file = True),
    ),
    fragments = CC_RULE_FRAGMENTS,
    toolchains = CC_RULE_TOOLCHAINS,
)

def _clang_tidy_test_impl(ctx):
    return reports_test(ctx, ctx.attr.target[ClangTidyInfo].reports.to_list())

clang_tidy_test = rule(
    doc = "Fails when clang-tidy finds something in the sources or headers of the target.",
    implementation = _clang_tidy_test_impl,
    attrs = {"target": attr.label(aspects = [clang_tidy_aspect], mandatory = True, providers = [CcInfo])},
    test = True,
)
