#!/usr/bin/python3
"""Tests of the driver: what it reads, its verdicts, and one small trace that goes through the real worker."""

import contextlib
import gzip
import io
import os
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

sys.path[:0] = ["bench/replay", "bench"]

import measure
import replay
import report

MALLOC, FREE, REALLOC, CALLOC, ALIGNED = 1, 2, 3, 4, 5

# What lives at most is a slot of 8,192 bytes and one of 100; the last one is not freed by the program.
EVENTS = bytes([MALLOC, 0, 100, CALLOC, 1, 0x80, 0x20, REALLOC, 1, 0x80, 0x40, FREE, 0, ALIGNED, 0, 12, 1, FREE, 1])

PEER = measure.Subject("peer", "malloc", "", ())
OTHER = measure.Subject("other", "malloc", "", ())
POOL = measure.OURS[0]


def figures(times, peak, in_use=100, taken=None):
    return measure.Figures(times, peak, 0, 0, in_use, None, taken, None)


def write_trace(folder, data):
    path = os.path.join(folder, "small.trc")
    with open(path, "wb") as f:
        f.write(data)
    return path


class ReadingTest(unittest.TestCase):

    def test_numbers_are_read_by_name(self):
        self.assertEqual(measure.read_numbers("peak 12\nheld 0\n"), {"peak": 12, "held": 0})

    def test_only_calls_for_memory_between_the_marks_count(self):
        log = ("7 brk(NULL) = 0x1\n7 mmap(NULL, 4096) = 0x2\n7 getppid() = 6\n"
               "7 mmap(NULL, 4096) = 0x3\n7 madvise(0x3, 4096, MADV_DONTNEED) = 0\n7 munmap(0x3, 4096) = 0\n"
               "7 getppid() = 6\n7 munmap(0x2, 4096) = 0\n7 +++ exited with 0 +++\n")
        self.assertEqual(measure.count_memory_calls(log), 3)
        self.assertEqual(measure.count_memory_calls(log.replace("7 ", "")), 3)

    def test_a_log_without_marks_is_no_zero(self):
        with self.assertRaises(ValueError):
            measure.count_memory_calls("7 mmap(NULL, 4096) = 0x3\n")

    def test_traces_may_be_compressed(self):
        with tempfile.TemporaryDirectory() as folder:
            for data in [b"TRC1" + EVENTS, gzip.compress(b"TRC1" + EVENTS)]:
                with open(measure.unpack(write_trace(folder, data), folder), "rb") as f:
                    self.assertEqual(f.read(), b"TRC1" + EVENTS)

    def test_everybody_begins_a_round(self):
        self.assertEqual(list(measure.in_turn(["a", "b", "c"], 3)), ["a", "b", "c", "b", "c", "a", "c", "a", "b"])


class VerdictTest(unittest.TestCase):

    def verdict(self, peak, taken):
        of_subject = {POOL: figures([1], peak, taken=taken), PEER: figures([1], 120), OTHER: figures([1], 130)}
        (line,) = report.verdicts(of_subject)
        return line

    def test_the_target_is_the_best_peer(self):
        self.assertEqual(self.verdict(110, 120), "pool: resident 1.100, taken 1.200; the best peer, peer, 1.200: met")
        self.assertTrue(self.verdict(120, 121).endswith(": met by what is resident"))
        self.assertTrue(self.verdict(121, 121).endswith(": NOT MET"))

    def test_without_peers_there_is_no_verdict(self):
        self.assertEqual(list(report.verdicts({POOL: figures([1], 110, taken=110)})), [])

    def test_times_are_medians_and_ratios_to_the_fastest_peer(self):
        table = list(report.table({
            POOL: figures([9, 4, 5], 110, taken=120),
            PEER: figures([10, 2, 2], 120),
            OTHER: figures([3, 3, 3], 90),
        }))
        rows = {line.split()[0]: line.split() for line in table}
        self.assertEqual(rows["pool"], "pool 5.0 2.50 0.0 1.100 1.200 0.0 0.0 n/a n/a".split())
        self.assertEqual(rows["peer"], "peer 2.0 1.00 0.0 1.200 n/a 0.0 0.0 n/a n/a".split())
        self.assertEqual(rows["other"][2], "1.50")

    def test_without_peers_there_is_no_ratio(self):
        self.assertEqual(list(report.table({POOL: figures([5], 110, taken=120)}))[1].split()[2], "n/a")


class WorkerTest(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.trace = write_trace(self.folder, b"TRC1" + EVENTS)

    def numbers(self, subject, mode):
        return measure.Worker(replay.WORKER, self.trace).numbers(subject, mode)

    def test_each_subject_replays_the_whole_trace(self):
        for subject in measure.OURS + [measure.chain([64, 1024], [4096, 65536]), PEER]:
            numbers = self.numbers(subject, "time")
            self.assertGreater(numbers.pop("nanoseconds"), 0)
            self.assertEqual(numbers, {"events": 7, "slots": 2, "peak_in_use": 8292, "peak_live": 2})

    def test_memory_was_touched(self):
        numbers = self.numbers(POOL, "memory")
        self.assertGreaterEqual(numbers["peak"], 8192)
        self.assertLessEqual(numbers["trimmed"], numbers["peak"])

    def test_the_backing_is_counted(self):
        pages = self.numbers(measure.chain([4096], [4096]), "backing")
        # 8,192 and 100 bytes live at once; all metadata is whole pages, as the page allocator grants them.
        self.assertGreaterEqual(pages["taken"], 3 * 4096)
        # One chunk of 1 MiB holds everything, and its metadata is less than that.
        whole = self.numbers(POOL, "backing")
        self.assertGreaterEqual(whole["taken"], 1 << 20)
        self.assertLess(whole["taken"], 2 << 20)
        self.assertGreater(pages["calls"], whole["calls"])

    def test_a_whole_measurement(self):
        of_subject, failures = measure.measure(replay.WORKER, self.trace, [POOL, PEER], 2)
        self.assertEqual(failures, [])
        self.assertEqual(list(of_subject), [POOL, PEER])
        self.assertEqual(len(of_subject[POOL].times), 2)
        self.assertEqual(of_subject[POOL].in_use, 8292)
        self.assertIsNone(of_subject[PEER].taken)

    def test_what_fails_is_told_and_the_rest_goes_on(self):
        wrong = measure.chain([100], [4096])
        of_subject, failures = measure.measure(replay.WORKER, self.trace, [wrong, POOL], 1)
        self.assertEqual(list(of_subject), [POOL])
        self.assertEqual(len(failures), 1)
        self.assertRegex(failures[0], "^chain 100/4096: .*PBA_BLOCK_SIZE must be a power of two")
        self.assertNotIn(tempfile.gettempdir(), failures[0])

    def test_what_is_no_trace_fails(self):
        for data, reason in [(b"TRC2", "it does not begin as a trace does"), (b"TRC1\x01", "it ends within an event"),
                             (b"TRC1", "it has no events")]:
            with self.assertRaisesRegex(measure.WorkerFailed, reason):
                measure.Worker(replay.WORKER, write_trace(self.folder, data)).numbers(POOL, "time")

    def test_wrong_arguments_fail(self):
        for arguments in [[], ["pool", "time"], ["nobody", "time", self.trace], ["pool", "weight", self.trace],
                          ["pool", "time", self.trace + "?"], ["chain", "time", self.trace, "64"],
                          ["chain", "time", self.trace, "64", "4k"]]:
            done = subprocess.run([replay.WORKER] + arguments, stderr=subprocess.PIPE, encoding="utf-8", check=False)
            self.assertEqual(done.returncode, 1, arguments)
            self.assertRegex(done.stderr, "^worker: .+\n$")


class CommandTest(unittest.TestCase):

    def run_command(self, *arguments):
        output, errors = io.StringIO(), io.StringIO()
        with unittest.mock.patch.object(sys, "argv", ["replay"] + list(arguments)), \
             unittest.mock.patch.object(replay.peer_libraries, "FOLDERS", []), contextlib.redirect_stdout(output), \
             contextlib.redirect_stderr(errors):
            status = replay.main()
        return status, output.getvalue(), errors.getvalue()

    def test_missing_peers_are_named_and_the_rest_goes_on(self):
        with tempfile.TemporaryDirectory() as folder:
            trace = write_trace(folder, b"TRC1" + EVENTS)
            status, output, errors = self.run_command("--rounds", "1", "--block-size", "64", "--request-size", "4096", trace)
        self.assertEqual((status, errors), (0, ""))
        self.assertIn("Left out: jemalloc is not installed (sudo apt-get install libjemalloc-dev).", output)
        for name in ["small.trc", "\npool ", "\nunchecked ", "\nclasses ", "\nchain 64/4096 ", "\nglibc "]:
            self.assertIn(name, output)

    def test_what_cannot_be_read_is_told_once_and_by_the_users_name(self):
        whole = gzip.compress(b"TRC1" + EVENTS)
        for data, reason in [(None, "No such file or directory"), (b"", "the trace cannot be read"),
                             (b"TRC2", "it does not begin as a trace does"), (b"TRC1", "it has no events"),
                             (gzip.compress(b"TRC1"), "it has no events"), (b"TRC1\x01", "it ends within an event"),
                             (whole[:-9], "Compressed file ended before the end-of-stream marker was reached"),
                             (b"\x1f\x8bno", None)]:
            with self.subTest(data=data), tempfile.TemporaryDirectory() as folder, \
                 unittest.mock.patch.dict(os.environ, {"BUILD_WORKING_DIRECTORY": folder}):
                if data is not None:
                    write_trace(folder, data)
                status, output, errors = self.run_command("--rounds", "2", "small.trc")
                self.assertEqual(status, 1)
                self.assertNotIn("small.trc", output)
                self.assertRegex(errors, "^FAILED: small.trc: [^/\n]+\n$")
                self.assertIn(reason or "", errors)

    def test_a_folder_is_no_trace(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(self.run_command(folder)[::2], (1, "FAILED: %s: Is a directory\n" % folder))

    def test_after_what_cannot_be_read_the_rest_goes_on(self):
        with tempfile.TemporaryDirectory() as folder:
            status, output, errors = self.run_command("--rounds", "1", os.path.join(folder, "nothing"),
                                                      write_trace(folder, b"TRC1" + EVENTS))
        self.assertEqual((status, errors.count("\n")), (1, 1))
        self.assertIn("small.trc", output)

    def test_an_allocator_that_fails_is_told_with_the_trace(self):
        with tempfile.TemporaryDirectory() as folder:
            trace = write_trace(folder, b"TRC1" + EVENTS)
            status, _, errors = self.run_command("--rounds", "2", "--block-size", "100", "--request-size", "4096",
                                                 trace)
        self.assertEqual(status, 1)
        self.assertRegex(errors, "^FAILED: %s: chain 100/4096: .+\n$" % trace)

    def test_sizes_come_in_pairs(self):
        for arguments in [["--block-size", "64"], ["--block-size", "64,1024", "--request-size", "4096"],
                          ["--rounds", "0"]]:
            with contextlib.redirect_stderr(io.StringIO()), self.assertRaises(SystemExit):
                replay.parse(arguments)


if __name__ == "__main__":
    unittest.main()
