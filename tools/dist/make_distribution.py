#!/usr/bin/python3
"""Makes the archives of //:dist: the sources with a Makefile, what that builds and installs, and what Debian adds to the
sources.

    make_distribution.py --parts=JSON --module=MODULE.bazel --cc=COMPILER FOLDER

They are the same, byte for byte, on each run: sorted, of one owner, of one time.
"""

import argparse
import gzip
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile

# No folder __pycache__ in the checkout.
sys.dont_write_bytecode = True
# Where Bazel starts programs, our modules lie by their paths in the repository.
sys.path[:0] = ["tools/dist"]

import installed_headers

# Seconds since 1970: 1 January 2026. No build knows when it is, and a package must not hold files of 1970.
TIME = 1767225600
DEBIAN_TIME = "Thu, 01 Jan 2026 00:00:00 +0000"


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def name_and_version(module):
    """What MODULE.bazel's module() says."""
    match = re.search(r'^module\(\s*name = "([^"]+)",\s*version = "([^"]+)"', module, re.MULTILINE)
    if not match or not re.fullmatch(r"\d+\.\d+\.\d+", match.group(2)):
        raise SystemExit("make_distribution.py: MODULE.bazel has no module() with a name and a version like 1.2.3")
    return match.groups()


def abi_version(version):
    """The part of a version that changes with the ABI: 0.MINOR before the first stable release, MAJOR from then on."""
    major, minor, _ = version.split(".")
    return "0." + minor if major == "0" else major


def archive(files, links=()):
    """The bytes of a tar.gz of files, {path: (contents, is_executable)}, and symbolic links, {path: destination}."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for path in sorted({*files, *links}):
            entry = tarfile.TarInfo(path)
            entry.mtime = TIME
            if path in links:
                entry.type = tarfile.SYMTYPE
                entry.mode = 0o777
                entry.linkname = links[path]
                tar.addfile(entry)
            else:
                contents, is_executable = files[path]
                entry.size = len(contents)
                entry.mode = 0o755 if is_executable else 0o644
                tar.addfile(entry, io.BytesIO(contents))
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=packed, mode="wb", mtime=TIME) as file:
        file.write(plain.getvalue())
    return packed.getvalue()


def in_folder(folder, *trees):
    """The same files and links, in a folder."""
    return [{"%s/%s" % (folder, path): value for path, value in tree.items()} for tree in trees]


def under(root):
    """What stands below a folder, as archive() takes it."""
    files, links = {}, {}
    for folder, folders, names in os.walk(root):
        for name in names + folders:
            path = os.path.join(folder, name)
            inside = os.path.relpath(path, root)
            if os.path.islink(path):
                links[inside] = os.readlink(path)
            elif os.path.isfile(path):
                with open(path, "rb") as file:
                    files[inside] = (file.read(), os.access(path, os.X_OK))
    return files, links


def licence_words(text):
    """What debian/copyright takes from the licence: whose it is, and its text."""
    _, owner, conditions = text.split("\n\n", 2)
    return {"@COPYRIGHT@": owner.replace("Copyright ", ""), "@LICENSE@": conditions.rstrip()}


def make_list(name, values):
    return "%s = \\\n    %s\n" % (name, " \\\n    ".join(values))


def generated(parts, version, symbols):
    """The files of the sources that are made here."""
    sources = sorted(path for path in set(parts["files"]) if path.endswith(".c"))
    headers = installed_headers.with_included(parts["public_headers"], read)
    strangers = [header for header in set(headers) - set(parts["public_headers"]) if not installed_headers.is_internal(header)]
    if strangers:
        raise SystemExit("make_distribution.py: public headers include what is neither public nor in an internal folder: " +
                         " ".join(sorted(strangers)))
    abi = abi_version(version)
    node = "PBA_" + abi
    return {
        "sources.mk": "# Made from Bazel's targets by //:dist.\nVERSION = %s\nABI_VERSION = %s\n%s%s" % (
            version, abi, make_list("SOURCES", sources), make_list("INSTALLED_HEADERS", headers)),
        "pba.map": "%s {\nglobal:\n%slocal:\n    *;\n};\n" % (node, "".join("    %s;\n" % name for name in symbols)),
        "debian/libpba%s.symbols" % abi: "libpba.so.%s libpba%s #MINVER#\n* Build-Depends-Package: libpba-dev\n%s" % (
            abi, abi, "".join(" %s@%s %s\n" % (name, node, version) for name in sorted([node, *symbols]))),
    }


def all_files(parts, version):
    """The sources and what goes with them, below debian/ what Debian adds: {path: (contents, is_executable)}."""
    words = {
        "@VERSION@": version,
        "@ABI_VERSION@": abi_version(version),
        "@DEBIAN_TIME@": DEBIAN_TIME,
        **licence_words(read("LICENSE")),
    }

    def filled_in(text):
        for word, value in words.items():
            text = text.replace(word, value)
        return text

    texts = {path: (read(path), False) for path in parts["files"] + parts["docs"]}
    symbols = []
    for path in parts["packaging"]:
        inside = path[len(parts["packaging_folder"]):]
        if inside == "exported_symbols.txt":
            symbols = read(path).split()
        else:
            texts[filled_in(inside)] = (filled_in(read(path)), inside == "debian/rules")
    texts.update((path, (text, False)) for path, text in generated(parts, version, symbols).items())
    return {path: (text.encode(), is_executable) for path, (text, is_executable) in texts.items()}


def built(files, compiler):
    """What the Makefile installs of the sources, as archive() takes it."""
    with tempfile.TemporaryDirectory() as scratch:
        with tarfile.open(fileobj=io.BytesIO(archive(files))) as tar:
            tar.extractall(scratch + "/sources")
        # The installed tree may be moved: pkg-config is told its own place.
        made = subprocess.run(
            ["make", "--silent", "--directory=" + scratch + "/sources", "CC=" + compiler, "prefix=/",
             "pc_prefix=$${pcfiledir}/../..", "DESTDIR=" + scratch + "/installed", "install"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if made.returncode != 0:
            raise SystemExit("make_distribution.py: make failed:\n" + made.stdout.decode())
        return under(scratch + "/installed")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--parts", required=True)
    parser.add_argument("--module", required=True)
    parser.add_argument("--cc", required=True)
    parser.add_argument("folder")
    arguments = parser.parse_args()

    parts = json.loads(read(arguments.parts))
    name, version = name_and_version(read(arguments.module))
    files = all_files(parts, version)
    debian = {path: value for path, value in files.items() if path.startswith("debian/")}
    upstream = {path: value for path, value in files.items() if path not in debian}
    stem = "%s-%s" % (name, version)
    with_machine = "%s-linux-%s" % (stem, os.uname().machine)
    archives = {
        stem: in_folder(stem, upstream),
        stem + "-debian": (debian, {}),
        with_machine: in_folder(with_machine, *built(upstream, arguments.cc)),
    }
    os.makedirs(arguments.folder, exist_ok=True)
    for file, contents in archives.items():
        with open("%s/%s.tar.gz" % (arguments.folder, file), "wb") as out:
            out.write(archive(*contents))


if __name__ == "__main__":
    main()
