#!/usr/bin/python3
"""Runs every program that is measured, on little, and looks at what it did. Asserts no time.

A peer, a compiler or a library that is not installed is left out, and named.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import cells
import programs  # finds the next one's folder
import peer_libraries
import peers

FOLDER = "bench/peers"
RUNNER = programs.Runner(FOLDER, max(os.sched_getaffinity(0)))
SHAPES = [(block, most) for block in cells.BLOCK_SIZES
          for most in cells.MOST_BLOCKS + cells.LONG_MOST_BLOCKS]


def installed():
    """All allocators that are there; only peers from other packages than the C library's may be missing."""
    result = []
    for allocator in programs.ALLOCATORS:
        if allocator.peer and allocator.peer.package and RUNNER.library_of(allocator) is None:
            print(peer_libraries.how_to_install(allocator.peer))
        else:
            result.append(allocator)
    return result


INSTALLED = installed()


class Workers(unittest.TestCase):
    def test_malloc_is_the_peers(self):
        for peer in programs.PEERS:
            if peer in INSTALLED:
                self.assertIn(peer.peer.library or "libc.so", RUNNER.library_of(peer))

    def test_a_library_that_is_not_there_is_noticed(self):
        nobody = peer_libraries.Peer("nobody", "libnobody.so", "libnobody-dev")
        self.assertIsNone(RUNNER.library_of(programs.Allocator("nobody", "peers_malloc", nobody)))

    def test_all_work_is_done_right(self):
        for allocator in INSTALLED:
            for block, most in SHAPES:
                with self.subTest(allocator=allocator.name, block=block, most=most):
                    self.assertEqual(RUNNER.work(allocator, "check", block, most, 300), "sound\n")

    def test_times_are_told(self):
        for allocator in INSTALLED:
            for work in ["pair", "churn", "free-all", "mixed"]:
                with self.subTest(allocator=allocator.name, work=work):
                    times = programs.read_numbers(RUNNER.work(allocator, "time", 64, 16, 100, work, 0, 0))
                    self.assertEqual(set(times), {"cold", "warm"})
                    self.assertEqual(len(times["cold"]), 1)
                    self.assertGreaterEqual(len(times["warm"]), 3)

    def test_memory_is_told(self):
        spans, length = 1000, 4096
        for allocator in INSTALLED:
            with self.subTest(allocator=allocator.name):
                told = programs.read_numbers(RUNNER.work(allocator, "give-back", length, 1, spans))
                self.assertEqual(told["in_use"], [spans // 10 * length])
                # Every byte was written; the rest is whole pages of 4096 bytes or more, which no other span has.
                self.assertGreaterEqual(told["full"][0], spans * length)
                self.assertGreaterEqual(told["trimmed"][0], told["in_use"][0])

    def test_pools_give_back_whole_pages(self):
        for pool in programs.POOLS[:3]:
            told = programs.read_numbers(RUNNER.work(pool, "give-back", 4096, 1, 5000))
            # 500 spans of a page, and at most 5 chunks' ends and metadata.
            self.assertLess(told["trimmed"][0], 1.2 * told["in_use"][0])

    def test_wrong_calls_are_refused(self):
        for arguments in [["time"], ["check", 65, 1, 10], ["check", 64, 1, 0], ["check", 64, "x", 1], []]:
            with self.assertRaises(programs.Failure):
                RUNNER.run("peers_floor", *arguments)


class Growing(unittest.TestCase):
    """The programs look at their numbers themselves."""

    def check(self, program):
        told = programs.read_numbers(RUNNER.run(program, 300000))
        self.assertEqual(set(told), {"ns", "peak"})
        self.assertGreaterEqual(told["peak"][0], 300000 * 4)

    def test_each_has_all_numbers(self):
        for program in peers.GROWING.values():
            with self.subTest(program=program):
                self.check(program)
                with self.assertRaises(programs.Failure):
                    RUNNER.run(program, "x")

    def test_vec(self):
        if shutil.which("rustc") is None:
            self.skipTest("rustc is not installed")
        with tempfile.TemporaryDirectory() as folder:
            self.check(peers.build_vec(folder))


class Command(unittest.TestCase):
    def run_command(self, *arguments):
        command = [sys.executable, FOLDER + "/peers.py", "--workers", FOLDER] + list(arguments)
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True,
                              check=False)

    def test_writes_what_it_measured(self):
        with tempfile.TemporaryDirectory() as folder:
            data = os.path.join(folder, "data")
            done = self.run_command("--quick", "--rounds", "1", "--only", "^pair", "--allocators", "default,glibc",
                                    "--json", data)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            with open(data, encoding="utf-8") as f:
                document = json.load(f)
        self.assertEqual([entry["name"] for entry in document["cells"]], ["pair 64", "pair 1024"])
        self.assertEqual(list(document["geomean"]), ["unchecked", "default", "interface", "chained"])
        self.assertGreater(document["geomean"]["default"], 0)
        self.assertIsNone(document["geomean"]["unchecked"])
        self.assertIn("pair 1024", done.stdout)

    def test_replays_traces(self):
        with tempfile.TemporaryDirectory() as folder:
            data = os.path.join(folder, "data")
            done = self.run_command("--quick", "--rounds", "1", "--only", "^replay sqlite", "--allocators", "glibc",
                                    "--json", data)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            with open(data, encoding="utf-8") as f:
                (entry,) = json.load(f)["replayed"]
        self.assertEqual((entry["name"], set(entry["median"]["time"])), ("replay sqlite3_cli", {"classes", "glibc"}))
        self.assertGreater(entry["ratio"]["time"]["classes"], 0)

    def test_writes_a_page(self):
        if importlib.util.find_spec("matplotlib") is None:
            self.skipTest("matplotlib is not installed (sudo apt-get install python3-matplotlib)")
        with tempfile.TemporaryDirectory() as folder:
            page = os.path.join(folder, "page")
            done = self.run_command("--quick", "--rounds", "1", "--only", "^pair", "--allocators", "default,glibc",
                                    "--html", page)
            self.assertEqual(done.returncode, 0, done.stderr)
            with open(page, encoding="utf-8") as f:
                html = f.read()
        self.assertIn("pair 1024", html)
        self.assertIn("<svg", html)

    def test_refuses_what_there_is_not(self):
        for arguments, said in [(["--only", "nothing"], "nothing has a name that matches"),
                                (["--allocators", "nobody"], "there is no allocator nobody"),
                                (["--workers", "/nowhere"], "there is no folder /nowhere")]:
            done = self.run_command(*arguments)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(said, done.stderr)


if __name__ == "__main__":
    unittest.main()
