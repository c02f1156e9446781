"""A test that is a script. Stands in for sh_test, which Bazel 8 no longer has of itself."""

def _script_test_impl(ctx):
    executable = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(output = executable, target_file = ctx.file.src, is_executable = True)
    return [DefaultInfo(
        executable = executable,
        runfiles = ctx.runfiles(files = [ctx.file.src] + ctx.files.data),
    )]

script_test = rule(
    doc = "Runs a script; it passes if it ends with 0. Its files are in data, found from the repository's root.",
    implementation = _script_test_impl,
    attrs = {
        "src": attr.label(allow_single_file = True, mandatory = True),
        "data": attr.label_list(allow_files = True),
    },
    test = True,
)
