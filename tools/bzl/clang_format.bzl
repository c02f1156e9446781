"""A test that sources are formatted as .clang-format says."""

load("//tools/bzl:script_test.bzl", "script_test")

def clang_format_test(name, srcs):
    script_test(
        name = name,
        size = "small",
        src = "//tools:clang_format_test.sh",
        args = ["$(location //:.clang-format)"] + ["$(locations :%s_srcs)" % name],
        data = [":%s_srcs" % name, "//:.clang-format"],
        tags = ["lint"],
        target_compatible_with = ["@linters//:clang_format_tried"],
    )
    native.filegroup(name = name + "_srcs", srcs = srcs, visibility = ["//docs:__pkg__", "//pba:__pkg__"])
