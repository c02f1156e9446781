"""gcc -fanalyzer and cppcheck over the C sources of targets, and a search for always_inline functions whose address is
taken, as an aspect and as a test.

Each looks at one source with its headers, whatever compiler the build uses.
"""

load("//tools/bzl:reports.bzl", "reports_test")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")

StaticAnalysisInfo = provider(fields = {"reports": "depset of report files; an empty file means no finding"})

# Without optimization: what gcc 12 moves about, it then takes for uninitialized.
_ANALYZER = ["gcc", "-O0", "-fanalyzer", "-fdiagnostics-plain-output", "-c", "-o", "/dev/null"]

# An address taken shows in any compiler's object.
_ALWAYS_INLINE = ["tools/bzl/always_inline.sh", "gcc"]

# Style is clang-tidy's. cppcheck takes no compiler's part, so it is told a system that we build for.
_CPPCHECK = [
    "cppcheck",
    "--quiet",
    "--error-exitcode=1",
    "--enable=warning,performance,portability",
    "--inline-suppr",
    "--language=c",
    "--std=c11",
    "--library=posix",
    "--library=gnu",
    "-D__GNUC__=12",
    "-D__linux__=1",
    "-D__x86_64__=1",
    # Version 2.10 gives up a file where a generic function, a _Generic, is the condition of a loop: let it see a call.
    "-D_Generic(...)=function_of_a_type",
    # It asks for readdir_r(), which the C library's own manual advises against.
    "--suppress=readdirCalled",
    # A note on how far version 2.11 and later look, and no finding.
    "--suppress=normalCheckLevelMaxBranches",
]

def _preprocessor_flags(context):
    includes = [context.includes, context.quote_includes, context.system_includes]
    defines = [context.defines, context.local_defines]
    return (["-I" + path for path in depset(transitive = includes).to_list()] +
            ["-D" + define for define in depset(transitive = defines).to_list()])

def _report(ctx, target, src, tool, command):
    context = target[CcInfo].compilation_context
    report = ctx.actions.declare_file("_static_analysis/%s/%s.%s.txt" % (ctx.label.name, src.basename, tool))
    ctx.actions.run_shell(
        inputs = depset([src, ctx.file._always_inline], transitive = [context.headers]),
        outputs = [report],
        command = """
report=$1; shift
command -v "$1" >/dev/null || { echo >&2 "$1 is not installed; tools/setup installs it"; exit 1; }
LC_ALL=C "$@" >"$report" 2>&1 || [ -s "$report" ] || echo "$1 ended with $?" >"$report"
""",
        arguments = [report.path] + command + _preprocessor_flags(context) + [src.path],
        mnemonic = "StaticAnalysis",
        progress_message = "Analyzing %s: %s" % (src.short_path, tool),
        use_default_shell_env = True,
    )
    return report

def _is_for_gcc(flag):
    """Whether gcc knows this flag, which is meant for the compiler in use: warnings are that one's own."""
    return not flag.startswith("-W") or flag.startswith("-Wno-analyzer-")

def _static_analysis_aspect_impl(target, ctx):
    if CcInfo not in target or target.label.workspace_root:
        return [StaticAnalysisInfo(reports = depset())]
    copts = [opt for opt in ctx.rule.attr.copts if _is_for_gcc(opt)]
    macros = [opt for opt in copts if opt.startswith("-D") or opt.startswith("-U")]
    reports = []
    for src in ctx.rule.files.srcs:
        if src.extension == "c":
            reports.append(_report(ctx, target, src, "analyzer", _ANALYZER + copts))
            reports.append(_report(ctx, target, src, "cppcheck", _CPPCHECK + macros))
            reports.append(_report(ctx, target, src, "always_inline", _ALWAYS_INLINE + copts))
    return [StaticAnalysisInfo(reports = depset(reports))]

static_analysis_aspect = aspect(
    implementation = _static_analysis_aspect_impl,
    attrs = {"_always_inline": attr.label(default = "//tools/bzl:always_inline.sh", allow_single_file = True)},
)

def _static_analysis_test_impl(ctx):
    return reports_test(ctx, ctx.attr.target[StaticAnalysisInfo].reports.to_list())

static_analysis_test = rule(
    doc = "Fails when gcc -fanalyzer or cppcheck finds something in the C sources of the target, or when the address of an " +
          "always_inline function is taken there.",
    implementation = _static_analysis_test_impl,
    attrs = {"target": attr.label(aspects = [static_analysis_aspect], mandatory = True, providers = [CcInfo])},
    test = True,
)
