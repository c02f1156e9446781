"""What version of each linter this machine has, and whether it has some other programs, as constraints that the tests which
run them are compatible with.

Another version finds other things, and formats otherwise. Where a linter is of a version that nobody has tried, its tests
are skipped, which Bazel counts, and says of one that is asked for by name; everything else runs. A linter that is missing
is no reason to skip: its tests fail and say what to install. The other programs are those that tools/setup installs only when
it is asked to, or not at all: where one is missing, its tests are skipped.
"""

# The versions tried, the documented one first, and what prints one.
_LINTERS = {
    "clang_format": (["14"], "clang-format --version"),
    "clang_tidy": (["14"], "clang-tidy --version"),
    "cppcheck": (["2.10", "2.17", "2.22"], "cppcheck --version"),
    "gcc": (["12", "14", "16"], "gcc -dumpversion"),
}

# What tests of //tools/dist build with, a model checker of which few machines have a package, and what prints a version.
_PROGRAMS = {
    "cmake": "cmake --version",
    "meson": "meson --version",
    "pkg_config": "pkg-config --version",
    "spin": "spin -V",
}

# Where actions look for a program.
_PATH = "/bin:/usr/bin:/usr/local/bin"

def _version(ctx, command):
    """The first number that the command prints, as "14.0.6", or None if there is no such command."""
    done = ctx.execute(["sh", "-c", command], environment = {"PATH": _PATH})
    if done.return_code != 0:
        return None
    for word in done.stdout.replace("\n", " ").split(" "):
        if word and word[0].isdigit():
            return word
    return None

def _is_one_of(version, tried):
    return version == None or bool([one for one in tried if version == one or version.startswith(one + ".")])

_BUILD = """
constraint_setting(
    name = "{name}",
    default_constraint_value = ":{here}",
)

[
    constraint_value(name = name, constraint_setting = ":{name}")
    for name in {values}
]
"""

def _constraint(name, holds, yes, no):
    """A constraint that this machine meets by the value `yes` or `no`."""
    return _BUILD.format(name = name, here = yes if holds else no, values = [yes, no])

def _linters_impl(ctx):
    build = ["package(default_visibility = [\"//visibility:public\"])\n"]
    for name, (tried, command) in _LINTERS.items():
        version = _version(ctx, command)
        is_tried = ctx.os.environ.get("LINT_WITH_ANY_VERSION") == "1" or _is_one_of(version, tried)
        if not is_tried:
            # buildifier: disable=print
            print("%s is version %s, and not %s: the tests that run it are skipped" %
                  (command.split(" ")[0], version, " or ".join(tried)))
        build.append(_constraint(name + "_version", is_tried, name + "_tried", name + "_of_another_version"))
    for name, command in _PROGRAMS.items():
        build.append(_constraint(name, _version(ctx, command) != None, name + "_installed", name + "_missing"))
    ctx.file("WORKSPACE", "workspace(name = \"%s\")\n" % ctx.name)
    ctx.file("BUILD", "".join(build))

linters = repository_rule(
    implementation = _linters_impl,
    # A machine's programs change without Bazel's knowledge: look again whenever its server starts.
    configure = True,
    environ = ["LINT_WITH_ANY_VERSION"],
    local = True,
)
