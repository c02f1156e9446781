"""Scripts as tests and as programs. Stands in for sh_test and sh_binary, which Bazel 8 no longer has of itself."""

def _script_impl(ctx):
    executable = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(output = executable, target_file = ctx.file.src, is_executable = True)
    runfiles = ctx.runfiles(files = [ctx.file.src] + ctx.files.data)
    for data in ctx.attr.data:
        runfiles = runfiles.merge(data[DefaultInfo].default_runfiles)
    return [DefaultInfo(executable = executable, runfiles = runfiles)]

_ATTRIBUTES = {
    "src": attr.label(allow_single_file = True, mandatory = True),
    "data": attr.label_list(allow_files = True),
}

_script_test = rule(implementation = _script_impl, attrs = _ATTRIBUTES, test = True)

script_program = rule(
    doc = "Runs a script; it finds its data from the folder that it is started in.",
    implementation = _script_impl,
    attrs = _ATTRIBUTES,
    executable = True,
)

def script_test(name, src, tags = [], **kwargs):
    """Runs a script, which passes if it ends with 0; it finds its data from the repository's root."""

    # Valgrind would look at the shell.
    _script_test(name = name, src = src, tags = tags + ["no_valgrind"], **kwargs)
