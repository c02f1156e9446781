#!/usr/bin/python3
"""Tests of peer_libraries.py."""

import os
import sys
import tempfile
import unittest

sys.path.insert(0, "bench")
import peer_libraries

JEMALLOC = peer_libraries.PEERS[1]


class PeerLibrariesTest(unittest.TestCase):

    def test_names_are_unique(self):
        names = [peer.name for peer in peer_libraries.PEERS]
        self.assertEqual(sorted(set(names)), sorted(names))

    def test_the_first_folder_that_has_it_wins(self):
        with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
            self.assertIsNone(peer_libraries.find_library(JEMALLOC, [first, second]))
            for folder in [second, first]:
                path = os.path.join(folder, JEMALLOC.library)
                with open(path, "w", encoding="utf-8"):
                    pass
                self.assertEqual(peer_libraries.find_library(JEMALLOC, [first, second]), path)

    def test_what_is_missing_is_named_with_its_package(self):
        with tempfile.TemporaryDirectory() as folder:
            here, missing = peer_libraries.split_installed([folder])
        self.assertEqual({peer.name: path for peer, path in here.items()}, {"glibc": ""})
        self.assertEqual([peer.name for peer in missing], ["jemalloc", "tcmalloc", "mimalloc"])
        self.assertEqual(peer_libraries.how_to_install(missing[0]),
                         "Left out: jemalloc is not installed (sudo apt-get install libjemalloc-dev).")

    def test_nothing_of_the_caller_is_passed_on(self):
        self.assertEqual(peer_libraries.environment(""), {})
        self.assertEqual(peer_libraries.environment("peer.so"), {"LD_PRELOAD": "peer.so"})


if __name__ == "__main__":
    unittest.main()
