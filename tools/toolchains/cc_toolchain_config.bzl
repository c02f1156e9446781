"""A C and C++ toolchain as Debian packages it: every tool is in /usr/bin, cross tools as TRIPLET-name."""

load("@bazel_tools//tools/build_defs/cc:action_names.bzl", "ACTION_NAMES")
load("@bazel_tools//tools/cpp:cc_toolchain_config_lib.bzl", "feature", "flag_group", "flag_set", "tool_path", "with_feature_set")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/toolchains:cc_toolchain_config_info.bzl", "CcToolchainConfigInfo")

_COMPILE = [
    ACTION_NAMES.c_compile,
    ACTION_NAMES.cpp_compile,
    ACTION_NAMES.assemble,
    ACTION_NAMES.preprocess_assemble,
]

_LINK = [
    ACTION_NAMES.cpp_link_executable,
    ACTION_NAMES.cpp_link_dynamic_library,
    ACTION_NAMES.cpp_link_nodeps_dynamic_library,
]

def _impl(ctx):
    triplet = ctx.attr.triplet
    return cc_common.create_cc_toolchain_config_info(
        ctx = ctx,
        toolchain_identifier = ctx.attr.compiler + "_" + triplet,
        host_system_name = "local",
        target_system_name = triplet,
        target_cpu = ctx.attr.cpu,
        target_libc = "glibc",
        compiler = ctx.attr.compiler,
        abi_version = "local",
        abi_libc_version = "local",
        cxx_builtin_include_directories = ["/usr/include", "/usr/lib", "/usr/" + triplet + "/include"],
        tool_paths = [
            tool_path(name = tool, path = "/usr/bin/" + (ctx.attr.tools.get(tool) or ctx.attr.prefix + tool))
            for tool in ["ar", "cpp", "gcc", "gcov", "ld", "nm", "objdump", "strip"]
        ],
        features = [
            feature(name = "dbg"),
            feature(name = "fastbuild"),
            feature(name = "opt"),
            feature(name = "default_flags", enabled = True, flag_sets = [
                flag_set(
                    actions = _COMPILE,
                    flag_groups = [flag_group(flags = ["-Wall"] + ctx.attr.compile_flags)],
                ),
                flag_set(
                    actions = _COMPILE,
                    flag_groups = [flag_group(flags = ["-g"])],
                    with_features = [with_feature_set(features = ["dbg"])],
                ),
                flag_set(
                    actions = _COMPILE,
                    flag_groups = [flag_group(flags = ["-O2", "-DNDEBUG", "-ffunction-sections", "-fdata-sections"])],
                    with_features = [with_feature_set(features = ["opt"])],
                ),
                flag_set(
                    actions = _LINK,
                    flag_groups = [flag_group(flags = ctx.attr.link_flags + ["-lstdc++", "-lm"])],
                ),
            ]),
        ],
    )

debian_cc_toolchain_config = rule(
    implementation = _impl,
    attrs = {
        "compile_flags": attr.string_list(),
        "compiler": attr.string(default = "gcc"),
        "cpu": attr.string(mandatory = True),
        "link_flags": attr.string_list(),
        "prefix": attr.string(),
        "tools": attr.string_dict(),
        "triplet": attr.string(mandatory = True),
    },
    provides = [CcToolchainConfigInfo],
)
