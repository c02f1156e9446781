"""Programs built in a stated mode, whatever the build at hand is like: for tests that run one program in several modes."""

def _mode_transition_impl(_settings, attr):
    return {
        "//block_allocator:build_mode": attr.build_mode,
        "//command_line_option:collect_code_coverage": False,
        "//command_line_option:compilation_mode": "fastbuild" if attr.build_mode == "debug" else "opt",
        "//command_line_option:copt": attr.copts,
        # A sanitizer's own shared run-time library must come first: link everything else statically.
        "//command_line_option:dynamic_mode": "off",
        "//command_line_option:linkopt": attr.linkopts,
        # Keep the debug information: line numbers in the reports.
        "//command_line_option:strip": "never",
    }

_mode_transition = transition(
    implementation = _mode_transition_impl,
    inputs = [],
    outputs = [
        "//block_allocator:build_mode",
        "//command_line_option:collect_code_coverage",
        "//command_line_option:compilation_mode",
        "//command_line_option:copt",
        "//command_line_option:dynamic_mode",
        "//command_line_option:linkopt",
        "//command_line_option:strip",
    ],
)

def _programs_in_mode_impl(ctx):
    links = []
    for program in ctx.attr.programs:
        link = ctx.actions.declare_file("%s/%s" % (ctx.label.name, program.label.name))
        ctx.actions.symlink(output = link, target_file = program[DefaultInfo].files_to_run.executable, is_executable = True)
        links.append(link)
    return [DefaultInfo(files = depset(links), runfiles = ctx.runfiles(files = links))]

programs_in_mode = rule(
    doc = "Programs, as NAME/PROGRAM.",
    implementation = _programs_in_mode_impl,
    attrs = {
        "build_mode": attr.string(mandatory = True, doc = "a value of //block_allocator:build_mode"),
        "copts": attr.string_list(doc = "for everything that is built"),
        "linkopts": attr.string_list(doc = "for everything that is linked"),
        "programs": attr.label_list(cfg = _mode_transition, mandatory = True),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
    },
)
