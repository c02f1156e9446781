#!/usr/bin/python3
"""What the shared library exports: exported_symbols.txt, which is what programs with the installed headers need of it.

    tools/bazel run //tools/dist:exported_symbols    writes the list
    exported_symbols.py --check                      checks it
"""

import glob
import os
import subprocess
import sys
import tarfile
import tempfile

# No folder __pycache__ in the checkout.
sys.dont_write_bytecode = True
# Where Bazel starts programs, our modules lie by their paths in the repository.
sys.path[:0] = ["tools/dist"]

import installed_headers

LIST = "tools/dist/exported_symbols.txt"


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def defined(*nm):
    """The names that nm prints as defined and global."""
    lines = subprocess.run(["nm", "--defined-only", *nm], check=True, stdout=subprocess.PIPE).stdout.decode().splitlines()
    names = {line.split()[2] for line in lines if len(line.split()) == 3 and line.split()[1] in "BDRTVW"}
    return {name.split("@")[0] for name in names}


def needed(include):
    """The words of the headers below a folder that may be names of the library."""
    names = set()
    for folder, _, headers in os.walk(include):
        for header in headers:
            path = os.path.join(folder, header)
            names |= installed_headers.needed_names(os.path.relpath(path, include), read(path))
    return names


def differences(listed, exported, wanted):
    """What is wrong, as lines."""
    return (["listed and not exported: " + name for name in sorted(listed - exported)] +
            ["exported and not listed: " + name for name in sorted(exported - listed)] +
            ["no header needs it, and it is listed: " + name for name in sorted(listed - wanted)] +
            ["a header needs it, and it is not listed: " + name for name in sorted(wanted - listed)])


def main():
    with tempfile.TemporaryDirectory() as scratch:
        archive, = glob.glob("dist/*-linux-*.tar.gz")
        with tarfile.open(archive) as tar:
            tar.extractall(scratch)
        root, = glob.glob(scratch + "/*")
        shared, = [path for path in glob.glob(root + "/lib/libpba.so.*") if not os.path.islink(path)]
        exported = defined("--dynamic", shared)
        wanted = needed(root + "/include/pooled_block_alloc") & defined("--extern-only", root + "/lib/libpba.a")
    if sys.argv[1:] != ["--check"]:
        with open(os.path.join(os.environ["BUILD_WORKSPACE_DIRECTORY"], LIST), "w", encoding="utf-8") as file:
            file.write("".join(name + "\n" for name in sorted(wanted)))
        return
    wrong = differences(set(read(LIST).split()), exported, wanted)
    if wrong:
        sys.exit("\n".join(wrong + ["tools/bazel run //tools/dist:exported_symbols writes the list anew"]))


if __name__ == "__main__":
    main()
