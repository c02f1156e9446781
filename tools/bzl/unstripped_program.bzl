"""Programs with the debug information that they were compiled with, which Bazel strips where --compilation_mode is
fastbuild."""

def _unstripped_transition_impl(_settings, _attr):
    return {"//command_line_option:strip": "never"}

_unstripped_transition = transition(
    implementation = _unstripped_transition_impl,
    inputs = [],
    outputs = ["//command_line_option:strip"],
)

def _unstripped_program_impl(ctx):
    program = ctx.attr.program[0] if type(ctx.attr.program) == "list" else ctx.attr.program
    executable = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(
        output = executable,
        target_file = program[DefaultInfo].files_to_run.executable,
        is_executable = True,
    )
    return [DefaultInfo(
        executable = executable,
        runfiles = ctx.runfiles(files = [executable]).merge(program[DefaultInfo].default_runfiles),
    )]

_ATTRIBUTES = {
    "program": attr.label(cfg = _unstripped_transition, executable = True, mandatory = True),
    "_allowlist_function_transition": attr.label(
        default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
    ),
}

unstripped_program = rule(
    implementation = _unstripped_program_impl,
    attrs = _ATTRIBUTES,
    executable = True,
)

unstripped_test = rule(
    doc = "The same of a program that is a test.",
    implementation = _unstripped_program_impl,
    attrs = _ATTRIBUTES,
    test = True,
)
