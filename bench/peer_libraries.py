"""The allocators of others that the benchmarks compare with: the C library's malloc, and those that Debian packages."""

import collections
import os

# `library` has the name that does not tell the version, as the versions differ from release to release; the package that
# programs are compiled with brings it. It is None for the C library's own malloc, which every program has already.
Peer = collections.namedtuple("Peer", ["name", "library", "package"])

PEERS = [
    Peer("glibc", None, None),
    Peer("jemalloc", "libjemalloc.so", "libjemalloc-dev"),
    Peer("tcmalloc", "libtcmalloc_minimal.so", "libgoogle-perftools-dev"),
    Peer("mimalloc", "libmimalloc.so", "libmimalloc-dev"),
]

FOLDERS = ["/usr/local/lib", "/usr/lib/%s-linux-gnu" % os.uname().machine, "/usr/lib64", "/usr/lib"]


def find_library(peer, folders):
    """The path of a peer's shared object, "" where there is nothing to preload, or None if it is not there."""
    if peer.library is None:
        return ""
    paths = [os.path.join(folder, peer.library) for folder in folders]
    return next((path for path in paths if os.path.exists(path)), None)


def split_installed(folders=None):
    """The peers that are here, as {peer: path to preload}, and those that are not, as a list."""
    paths = {peer: find_library(peer, FOLDERS if folders is None else folders) for peer in PEERS}
    return ({peer: path for peer, path in paths.items() if path is not None},
            [peer for peer, path in paths.items() if path is None])


def environment(path):
    """The environment in which a program uses the allocator of this path. Nothing of the caller's: much there can
    change how an allocator works."""
    return {"LD_PRELOAD": path} if path else {}


def how_to_install(peer):
    """What to say of a peer that is not here."""
    return "Left out: %s is not installed (sudo apt-get install %s)." % (peer.name, peer.package)
