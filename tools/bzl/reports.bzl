"""A test that reports hold nothing."""

def reports_test(ctx, reports):
    """Returns the providers of a test that prints the report files, and fails if one is not empty."""
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(
        script,
        "#!/bin/sh\n" +
        "cat /dev/null %s >\"$TEST_TMPDIR/report\"\n" % " ".join([r.short_path for r in reports]) +
        "cat \"$TEST_TMPDIR/report\"\n" +
        "! test -s \"$TEST_TMPDIR/report\"\n",
        is_executable = True,
    )
    return [DefaultInfo(executable = script, runfiles = ctx.runfiles(files = reports))]
