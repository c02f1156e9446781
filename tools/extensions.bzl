"""The development dependencies, for MODULE.bazel (Bazel 6.0 and later)."""

load("//tools:deps.bzl", repositories = "development_dependencies")

def _development_dependencies_impl(_ctx):
    repositories()

development_dependencies = module_extension(implementation = _development_dependencies_impl)
