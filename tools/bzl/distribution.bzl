"""The libraries as others get them who do not build with Bazel: as sources with a Makefile, and built."""

load("@rules_cc//cc:find_cc_toolchain.bzl", "find_cc_toolchain", "use_cc_toolchain")

SourcesInfo = provider(
    doc = "What a library is made of, with all that it depends on.",
    fields = {
        "files": "depset of all files, headers and sources",
        "public_headers": "list of the headers that this library offers itself",
    },
)

def _sources_aspect_impl(_target, ctx):
    own = []
    for attribute in ["srcs", "hdrs", "textual_hdrs"]:
        own += getattr(ctx.rule.files, attribute, [])
    public_headers = getattr(ctx.rule.files, "hdrs", []) + getattr(ctx.rule.files, "textual_hdrs", [])
    deps = [dep[SourcesInfo].files for dep in getattr(ctx.rule.attr, "deps", []) if SourcesInfo in dep]
    return [SourcesInfo(files = depset(own, transitive = deps), public_headers = public_headers)]

_sources_aspect = aspect(
    implementation = _sources_aspect_impl,
    attr_aspects = ["deps"],
)

def _distribution_impl(ctx):
    files = depset(transitive = [library[SourcesInfo].files for library in ctx.attr.libraries])
    public_headers = [header for library in ctx.attr.libraries for header in library[SourcesInfo].public_headers]
    parts = struct(
        docs = [file.path for file in ctx.files.docs],
        files = [file.path for file in files.to_list()],
        packaging = [file.path for file in ctx.files.packaging],
        packaging_folder = ctx.attr.packaging.label.package + "/",
        public_headers = [header.path for header in public_headers],
    )
    list_of_parts = ctx.actions.declare_file(ctx.label.name + ".json")
    ctx.actions.write(list_of_parts, json.encode(parts))
    folder = ctx.actions.declare_directory(ctx.label.name)
    toolchain = find_cc_toolchain(ctx)
    ctx.actions.run(
        executable = ctx.executable._make,
        arguments = [
            "--parts=" + list_of_parts.path,
            "--module=" + ctx.file._module.path,
            "--cc=" + toolchain.compiler_executable,
            folder.path,
        ],
        inputs = depset(
            [list_of_parts, ctx.file._module] + ctx.files.docs + ctx.files.packaging,
            transitive = [files, toolchain.all_files],
        ),
        outputs = [folder],
        mnemonic = "Distribution",
        progress_message = "Building what is distributed, with make",
        use_default_shell_env = True,
    )
    return [DefaultInfo(files = depset([folder]), runfiles = ctx.runfiles(files = [folder]))]

distribution = rule(
    doc = "A folder with two archives, both the same on each run: NAME-VERSION.tar.gz with the sources and a Makefile, and " +
          "NAME-VERSION-linux-MACHINE.tar.gz with what that Makefile builds and installs. NAME and VERSION are the module's.",
    implementation = _distribution_impl,
    attrs = {
        "docs": attr.label_list(allow_files = True, doc = "what comes along as it is"),
        "libraries": attr.label_list(
            aspects = [_sources_aspect],
            doc = "whose headers are public, and whose sources, with those of all that they depend on, are the one library",
            mandatory = True,
        ),
        "packaging": attr.label(doc = "the Makefile and what goes with it; it stands at the root of the sources", mandatory = True),
        "_cc_toolchain": attr.label(default = "@bazel_tools//tools/cpp:current_cc_toolchain"),
        "_make": attr.label(cfg = "exec", default = "//tools/dist:make_distribution", executable = True),
        "_module": attr.label(allow_single_file = True, default = "//:MODULE.bazel"),
    },
    toolchains = use_cc_toolchain(),
)
