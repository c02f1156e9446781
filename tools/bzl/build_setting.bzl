"""A build setting with a string value, set on the command line as --//package:name=value."""

def _string_flag_impl(ctx):
    value = ctx.build_setting_value
    if value not in ctx.attr.values:
        fail("%s is one of %s, not \"%s\"" % (ctx.label, ", ".join(ctx.attr.values), value))
    return []

string_flag = rule(
    implementation = _string_flag_impl,
    attrs = {"values": attr.string_list(mandatory = True, doc = "the values allowed")},
    build_setting = config.string(flag = True),
)
