"""Fuzz targets: one function for one input, run by a fuzzer and, over a corpus, as an ordinary test."""

load("//tools/bzl:cc.bzl", "strict_cc_binary", "strict_cc_test")

def fuzz_target(name, deps):
    """A fuzz target, whose LLVMFuzzerTestOneInput() is in NAME_fuzz.cc.

    Makes NAME_fuzz_test, which runs the function for each file of corpus/NAME and comes with the sanitizers of other
    tests, and NAME_fuzz, the fuzzer, which links only with --config=fuzz.
    """
    deps = deps + ["//testing/fuzz:target"]
    strict_cc_test(
        name = name + "_fuzz_test",
        size = "medium",
        srcs = [
            name + "_fuzz.cc",
            "replay.cc",
        ],
        args = ["%s/corpus/%s" % (native.package_name(), name)],
        data = native.glob(["corpus/%s/*" % name]),
        deps = deps,
    )
    strict_cc_binary(
        name = name + "_fuzz",
        testonly = True,
        srcs = [name + "_fuzz.cc"],
        linkopts = ["-fsanitize=fuzzer"],
        tags = ["manual"],
        deps = deps,
    )
