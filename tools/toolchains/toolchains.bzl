"""Toolchains beside the one that Bazel finds by itself, with a platform for each."""

load("@rules_cc//cc:defs.bzl", "cc_toolchain")
load(":cc_toolchain_config.bzl", "debian_cc_toolchain_config")

# name: (cpu, extra constraints, configuration)
_TOOLCHAINS = {
    "clang": ("x86_64", ["//tools/toolchains:is_clang"], dict(
        compiler = "clang",
        link_flags = [
            "-fuse-ld=lld",
            # The driver is clang, not clang++: it would leave out what C++ needs of UndefinedBehaviorSanitizer.
            "-fsanitize-link-c++-runtime",
        ],
        tools = {
            "gcc": "clang",
        },
        triplet = "x86_64-linux-gnu",
    )),
}

def declare_toolchains():
    # One of our own: Bazel's has moved from one repository to another.
    native.constraint_setting(name = "compiler")
    native.constraint_value(name = "is_clang", constraint_setting = ":compiler")
    for name, (cpu, constraints, config) in _TOOLCHAINS.items():
        native.platform(
            name = "linux_" + name,
            constraint_values = ["@platforms//cpu:" + cpu, "@platforms//os:linux"] + constraints,
        )
        debian_cc_toolchain_config(name = name + "_config", cpu = cpu, **config)
        cc_toolchain(
            name = name + "_cc",
            all_files = ":empty",
            compiler_files = ":empty",
            dwp_files = ":empty",
            linker_files = ":empty",
            objcopy_files = ":empty",
            strip_files = ":empty",
            toolchain_config = ":" + name + "_config",
        )
        native.toolchain(
            name = name,
            exec_compatible_with = ["@platforms//os:linux"],
            target_compatible_with = ["@platforms//cpu:" + cpu, "@platforms//os:linux"] + constraints,
            toolchain = ":" + name + "_cc",
            toolchain_type = "@bazel_tools//tools/cpp:toolchain_type",
        )
