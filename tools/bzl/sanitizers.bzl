"""Test targets that are always built and run under a sanitizer."""

_COMMON = ["-g", "-O1", "-fno-omit-frame-pointer", "-fno-sanitize-recover=all"]

_FLAGS = {
    "asan": ["-fsanitize=address,undefined", "-fno-sanitize=vptr"],
    # Numbers that wrap, bits that are lost, signs that change: not errors, but of a user's interest.
    "integer": ["-fsanitize=integer"],
    "msan": ["-fsanitize=memory", "-fsanitize-memory-track-origins"],
    "tsan": ["-fsanitize=thread"],
}

# gcc has no MemorySanitizer, and does not look at unsigned numbers.
_NEEDS_CLANG = ["integer", "msan"]

def _sanitizer_transition_impl(settings, attr):
    flags = _FLAGS[attr.sanitizer]
    platforms = settings["//command_line_option:platforms"]
    if attr.sanitizer in _NEEDS_CLANG:
        platforms = ["//tools/toolchains:linux_clang"]
    return {
        "//command_line_option:copt": settings["//command_line_option:copt"] + _COMMON + flags,
        # Only tests are C++ here, and to optimize what is also instrumented costs five times the time to compile.
        "//command_line_option:cxxopt": settings["//command_line_option:cxxopt"] + ["-O0"],
        # A sanitizer's own shared run-time library must come first: link everything else statically.
        "//command_line_option:dynamic_mode": "off",
        "//command_line_option:linkopt": settings["//command_line_option:linkopt"] + flags,
        "//command_line_option:platforms": platforms,
        # Keep the debug information: line numbers in the reports.
        "//command_line_option:strip": "never",
    }

_sanitizer_transition = transition(
    implementation = _sanitizer_transition_impl,
    inputs = [
        "//command_line_option:copt",
        "//command_line_option:cxxopt",
        "//command_line_option:linkopt",
        "//command_line_option:platforms",
    ],
    outputs = [
        "//command_line_option:copt",
        "//command_line_option:cxxopt",
        "//command_line_option:dynamic_mode",
        "//command_line_option:linkopt",
        "//command_line_option:platforms",
        "//command_line_option:strip",
    ],
)

def _sanitized_test_impl(ctx):
    test = ctx.attr.test[0] if type(ctx.attr.test) == "list" else ctx.attr.test
    executable = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(
        output = executable,
        target_file = test[DefaultInfo].files_to_run.executable,
        is_executable = True,
    )
    return [DefaultInfo(
        executable = executable,
        runfiles = ctx.runfiles(files = [executable]).merge(test[DefaultInfo].default_runfiles),
    )]

sanitized_test = rule(
    doc = "Runs a test again, built with a sanitizer.",
    implementation = _sanitized_test_impl,
    attrs = {
        "test": attr.label(cfg = _sanitizer_transition, executable = True, mandatory = True),
        "data": attr.label_list(allow_files = True, doc = "for $(location) in args"),
        "sanitizer": attr.string(mandatory = True, values = sorted(_FLAGS.keys())),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
    },
    test = True,
)
