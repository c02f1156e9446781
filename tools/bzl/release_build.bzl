"""Programs and libraries as a release build has them, release-safe if nothing else is said, whatever the build at hand is
like: for reports of size and of speed, which must not depend on how they were asked for."""

load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")

# What each build mode compiles with, as .bazelrc has it for the whole build.
_MODE_COPTS = {
    "release_fast": ["-O3"],
    "release_safe": [],
    "release_small": ["-Os"],
}

def _release_transition_impl(_settings, attr):
    return {
        "//block_allocator:build_mode": attr.build_mode,
        "//command_line_option:collect_code_coverage": False,
        "//command_line_option:compilation_mode": "opt",
        "//command_line_option:copt": _MODE_COPTS[attr.build_mode] + attr.copts,
        "//command_line_option:linkopt": [],
    }

_release_transition = transition(
    implementation = _release_transition_impl,
    inputs = [],
    outputs = [
        "//block_allocator:build_mode",
        "//command_line_option:collect_code_coverage",
        "//command_line_option:compilation_mode",
        "//command_line_option:copt",
        "//command_line_option:linkopt",
    ],
)

_ATTRIBUTES = {
    "build_mode": attr.string(
        default = "release_safe",
        doc = "the library's",
        values = _MODE_COPTS.keys(),
    ),
    "copts": attr.string_list(doc = "for everything that is built"),
    "_allowlist_function_transition": attr.label(
        default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
    ),
}

def _release_program_impl(ctx):
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

release_program = rule(
    doc = "A program, built for release.",
    implementation = _release_program_impl,
    attrs = dict(
        _ATTRIBUTES,
        program = attr.label(cfg = _release_transition, executable = True, mandatory = True),
    ),
    executable = True,
)

def _release_libraries_impl(ctx):
    archives = []
    for library in ctx.attr.libraries:
        for linker_input in library[CcInfo].linking_context.linker_inputs.to_list():
            for one in linker_input.libraries:
                archives.append(one.static_library or one.pic_static_library)
    files = depset(archives)
    return [DefaultInfo(files = files, runfiles = ctx.runfiles(transitive_files = files))]

release_libraries = rule(
    doc = "The archives of libraries and of all that they depend on, built for release.",
    implementation = _release_libraries_impl,
    attrs = dict(
        _ATTRIBUTES,
        libraries = attr.label_list(cfg = _release_transition, mandatory = True, providers = [CcInfo]),
    ),
)
