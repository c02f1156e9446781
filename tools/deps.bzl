"""External repositories that the tests of this workspace use."""

load("@bazel_tools//tools/build_defs/repo:utils.bzl", "maybe")
load("//tools:linters.bzl", "linters")

def _system_or_archive_impl(ctx):
    if ctx.path(ctx.attr.system_path + "/" + ctx.attr.system_marker).exists:
        for source, link in ctx.attr.system_links.items():
            ctx.symlink(ctx.attr.system_path + "/" + source, link)
    else:
        ctx.download_and_extract(
            url = ctx.attr.urls,
            sha256 = ctx.attr.sha256,
            stripPrefix = ctx.attr.strip_prefix,
        )
        ctx.delete("BUILD.bazel")
    ctx.symlink(ctx.attr.build_file, "BUILD")
    ctx.file("WORKSPACE", "workspace(name = \"%s\")\n" % ctx.name)

system_or_archive = repository_rule(
    doc = "A third-party library: the distribution's copy where there is one, else a pinned release.",
    implementation = _system_or_archive_impl,
    attrs = {
        "system_path": attr.string(mandatory = True),
        "system_marker": attr.string(mandatory = True),
        "system_links": attr.string_dict(mandatory = True),
        "urls": attr.string_list(mandatory = True),
        "sha256": attr.string(mandatory = True),
        "strip_prefix": attr.string(mandatory = True),
        "build_file": attr.label(mandatory = True, allow_single_file = True),
    },
)

def development_dependencies():
    """What the tests need; never needed to use the libraries."""
    maybe(
        system_or_archive,
        name = "com_google_googletest",
        build_file = Label("//tools/third_party:googletest.BUILD"),
        system_path = "/usr/src/googletest",
        system_marker = "googletest/src/gtest-all.cc",
        system_links = {"googletest": "googletest", "googlemock": "googlemock"},
        urls = ["https://github.com/google/googletest/archive/refs/tags/release-1.12.1.tar.gz"],
        sha256 = "81964fe578e9bd7c94dfdb09c8e4d6e6759e19967e397dbea48d1c10e45d0df2",
        strip_prefix = "googletest-release-1.12.1",
    )
    maybe(linters, name = "linters")
