"""The compiler and the flags with which Bazel would compile a file of a target."""

load("@bazel_tools//tools/build_defs/cc:action_names.bzl", "CPP_COMPILE_ACTION_NAME", "C_COMPILE_ACTION_NAME")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc:find_cc_toolchain.bzl", "find_cc_toolchain")

def compile_command(ctx, path, compilation_context, copts):
    """Returns (compiler path, list of flags) for one source file."""
    is_c = path.endswith(".c")
    toolchain = find_cc_toolchain(ctx)
    features = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = toolchain,
        requested_features = ctx.features,
        unsupported_features = ctx.disabled_features,
    )
    cpp = ctx.fragments.cpp
    action = C_COMPILE_ACTION_NAME if is_c else CPP_COMPILE_ACTION_NAME
    variables = cc_common.create_compile_variables(
        feature_configuration = features,
        cc_toolchain = toolchain,
        user_compile_flags = cpp.copts + (cpp.conlyopts if is_c else cpp.cxxopts) + copts,
        include_directories = compilation_context.includes,
        quote_include_directories = compilation_context.quote_includes,
        system_include_directories = compilation_context.system_includes,
        preprocessor_defines = depset(transitive = [
            compilation_context.defines,
            compilation_context.local_defines,
        ]),
    )
    compiler = cc_common.get_tool_for_action(feature_configuration = features, action_name = action)
    flags = cc_common.get_memory_inefficient_command_line(
        feature_configuration = features,
        action_name = action,
        variables = variables,
    )
    return compiler, flags

def compile_probe(ctx, out, src, compilation_context, copts, headers = [], standards = [], every_warning = None):
    """Declares an action that compiles src and writes what came of it to out.

    The action itself always succeeds: the first line of out is the compiler's exit status, the rest
    is what the compiler said.

    Args:
      ctx: the rule's context.
      out: the file to write.
      src: the source.
      compilation_context: of what the source includes.
      copts: flags.
      headers: what the source includes beside that.
      standards: names of a standard, such as ["c++23", "c++2b"]: the first that the compiler knows is
        used. If it knows none, nothing is compiled, and the first line of out is "unknown".
      every_warning: tools/bzl/every_warning.sh, to turn on every warning that the compiler has; copts
        come after and can turn some off.
    """
    compiler, flags = compile_command(ctx, src.path, compilation_context, copts)
    ctx.actions.run_shell(
        inputs = depset(
            [src] + headers + ([every_warning] if every_warning else []),
            transitive = [compilation_context.headers, find_cc_toolchain(ctx).all_files],
        ),
        outputs = [out],
        command = """
out=$1; language=$2; standards=$3; every_warning=$4; compiler=$5; shift 5
export LC_ALL=C
standard=
for name in $standards; do
  "$compiler" "-std=$name" -x "$language" -fsyntax-only /dev/null 2>/dev/null && { standard=-std=$name; break; }
done
if [ -n "$standards" ] && [ -z "$standard" ]; then
  { echo unknown; echo "$compiler knows no standard called: $standards"; } >"$out"
  exit
fi
options=
[ -z "$every_warning" ] || options=$(sh "$every_warning" "$compiler" "$language") || exit 1
"$compiler" $standard $options "$@" >"$out.msg" 2>&1; status=$?
{ echo "$status"; cat "$out.msg"; } >"$out"
""",
        arguments = [
            out.path,
            "c" if src.path.endswith(".c") else "c++",
            " ".join(standards),
            every_warning.path if every_warning else "",
            compiler,
        ] + flags + ["-c", src.path, "-o", "/dev/null"],
        mnemonic = "CompileProbe",
        progress_message = "Probing %s" % out.short_path,
        use_default_shell_env = True,
    )

# What a rule needs to call compile_probe().
CC_RULE_ATTRIBUTES = {
    "_cc_toolchain": attr.label(default = "@bazel_tools//tools/cpp:current_cc_toolchain"),
}
CC_RULE_FRAGMENTS = ["cpp"]
CC_RULE_TOOLCHAINS = ["@bazel_tools//tools/cpp:toolchain_type"]

_PRIVATE = ["pba/engine/", "pba/internal/", "pba/pool/", "pba/threads/"]

def private_macro(headers):
    """The line that a source needs to include private headers, which only this repository may include.

    Args:
      headers: files.

    Returns:
      It, or nothing where all of them are public.
    """
    is_private = [h for h in headers if [folder for folder in _PRIVATE if h.short_path.startswith(folder)]]
    return "#define PBA_INTERNAL_\n" if is_private else ""
