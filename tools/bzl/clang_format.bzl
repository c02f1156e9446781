"""A test that sources are formatted as .clang-format says."""

def clang_format_test(name, srcs):
    native.sh_test(
        name = name,
        size = "small",
        srcs = ["//tools:clang_format_test.sh"],
        args = ["$(location //:.clang-format)"] + ["$(locations :%s_srcs)" % name],
        data = [":%s_srcs" % name, "//:.clang-format"],
        tags = ["lint"],
    )
    native.filegroup(name = name + "_srcs", srcs = srcs)
