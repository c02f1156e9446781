#!/usr/bin/python3
"""Tests what is computed of the measurements, and how it is shown. Measures nothing."""

import io
import os
import sys
import unittest
import unittest.mock

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import cells
import page
import peers
import programs
import report
import verdicts

CHURN = cells.Cell("churn", 64, 16, 1000)
PEERS = ["glibc", "tcmalloc"]


def entry(warm, cell=CHURN, peer_names=PEERS):
    """An entry of warm times, one round each, and as many cold ones of twice the time."""
    rounds = {"warm": {name: [ns] for name, ns in warm.items()},
              "cold": {name: [2 * ns] for name, ns in warm.items()}}
    return verdicts.entry_of(cell, rounds, ["warm", "cold"], ["unchecked", "default", "interface", "chained"], peer_names)


def speed(entries, is_complete=True):
    """The verdicts of figures 1, 2 and 3, in the order of the conditions."""
    return [one["is_met"] for one in verdicts.speed_verdicts(entries, is_complete)]


class Computations(unittest.TestCase):
    def test_medians_are_of_all_rounds(self):
        self.assertEqual(verdicts.medians({"a": [9.0, 1.0, 2.0], "b": [1.0, 2.0], "c": []}), {"a": 2.0, "b": 1.5})

    def test_the_best_has_the_least_value_and_must_be_among_the_named(self):
        self.assertEqual(verdicts.best({"pool": 1.0, "glibc": 3.0, "tcmalloc": 2.0}, PEERS), "tcmalloc")
        self.assertEqual(verdicts.best({"pool": 1.0, "glibc": 3.0}, PEERS), "glibc")
        self.assertIsNone(verdicts.best({"pool": 1.0}, PEERS))

    def test_ratios_are_multiples_of_the_best_peer(self):
        values = {"pool": 3.0, "glibc": 6.0, "tcmalloc": 2.0, "floor": 1.0}
        self.assertEqual(verdicts.ratios(values, ["pool", "other"], PEERS), {"pool": 1.5})
        self.assertEqual(verdicts.ratios({"pool": 3.0}, ["pool"], PEERS), {})

    def test_geometric_mean(self):
        self.assertAlmostEqual(verdicts.geometric_mean([0.5, 2.0, 8.0]), 2.0)
        self.assertIsNone(verdicts.geometric_mean([]))

    def test_geometric_means_pass_over_cells_without_a_ratio(self):
        entries = [entry({"unchecked": 1.0, "tcmalloc": 2.0}), entry({"unchecked": 4.0, "tcmalloc": 2.0}),
                   entry({"default": 4.0})]
        means = verdicts.geometric_means(entries, ["unchecked", "default"], "warm")
        self.assertAlmostEqual(means["unchecked"], 1.0)
        self.assertIsNone(means["default"])

    def test_an_entry_holds_medians_best_peer_and_ratios_of_each_kind(self):
        rounds = {"warm": {"unchecked": [1.0, 9.0, 2.0], "glibc": [8.0], "tcmalloc": [4.0]},
                  "cold": {"unchecked": [10.0], "glibc": [5.0]}}
        one = verdicts.entry_of(CHURN, rounds, ["warm", "cold"], ["unchecked"], PEERS)
        self.assertEqual(one["name"], "churn 64 x 1..16, 1000 live")
        self.assertEqual(one["median"]["warm"], {"unchecked": 2.0, "glibc": 8.0, "tcmalloc": 4.0})
        self.assertEqual(one["best_peer"], {"warm": "tcmalloc", "cold": "glibc"})
        self.assertEqual(one["ratio"], {"warm": {"unchecked": 0.5}, "cold": {"unchecked": 2.0}})

    def test_an_entry_of_which_nothing_came_is_empty(self):
        one = verdicts.entry_of(CHURN, {}, ["warm"], ["unchecked"], PEERS)
        self.assertEqual((one["median"], one["best_peer"], one["ratio"]), ({"warm": {}}, {"warm": None}, {"warm": {}}))

    def test_memory_is_divided_by_what_is_in_use_in_the_same_round(self):
        rounds = {"in_use": {"glibc": [10.0, 20.0]}, "freed": {"glibc": [100.0, 100.0]},
                  "trimmed": {"glibc": [20.0, 60.0]}, "full": {"glibc": [100.0, 200.0]}}
        self.assertEqual(peers.per_byte_in_use(rounds),
                         {"freed": {"glibc": [10.0, 5.0]}, "trimmed": {"glibc": [2.0, 3.0]}})


class Figures(unittest.TestCase):
    def test_are_met(self):
        self.assertEqual(speed([entry({"unchecked": 4.0, "default": 5.0, "interface": 5.4, "chained": 8.0,
                                       "tcmalloc": 10.0})]), [True] * 8)

    def test_each_kind_of_pool_has_a_limit_for_each_cell(self):
        for pool, condition, limit in [("unchecked", 0, 10.0), ("default", 2, 10.3), ("default", 3, 12.5),
                                       ("chained", 6, 12.5)]:
            for ns, expected in [(limit, True), (limit + 0.01, False)]:
                self.assertEqual(speed([entry({pool: ns, "tcmalloc": 10.0})])[condition], expected, (pool, ns))

    def test_one_slow_cell_is_enough(self):
        fast = entry({"default": 1.0, "tcmalloc": 9.0})
        slow = entry({"default": 9.4, "tcmalloc": 9.0}, cells.Cell("pair", 64, 1, 1))
        self.assertEqual(speed([fast, slow])[2:5], [False, True, True])

    def test_means_have_bounds(self):
        for pool, condition, bound in [("unchecked", 1, 4.0), ("default", 4, 5.0), ("chained", 7, 8.0)]:
            for ns, expected in [(bound - 1e-9, True), (bound + 0.01, False)]:
                self.assertEqual(speed([entry({pool: ns, "tcmalloc": 10.0})])[condition], expected, (pool, ns))

    def test_the_interface_is_compared_with_direct_calls(self):
        for interface, expected in [(10.79, True), (10.81, False)]:
            self.assertEqual(speed([entry({"default": 10.0, "interface": interface})])[5], expected)

    def met(self, found):
        return [one["is_met"] for one in found]

    def test_long_spans_have_bounds_of_their_own(self):
        for default, expected in [(7.99, [True, True]), (8.01, [True, False]), (12.51, [False, False])]:
            one = entry({"default": default, "tcmalloc": 10.0}, cells.Cell("churn", 64, 256, 1000))
            self.assertEqual(self.met(verdicts.long_verdicts([one], True)), expected)

    def test_mixed_sizes_are_no_slower(self):
        for unchecked, default, expected in [(10.0, 10.01, [True, False]), (10.01, 10.0, [False, True])]:
            one = entry({"unchecked": unchecked, "default": default, "tcmalloc": 10.0})
            self.assertEqual(self.met(verdicts.mixed_verdicts([one], True)), expected)

    def test_each_trace_has_a_bound(self):
        def replayed(classes):
            rounds = {"time": {"classes": [classes], "glibc": [20.0], "tcmalloc": [10.0]}}
            return dict({"name": "replay x"}, **verdicts.measured(rounds, ["time"], ["classes"], PEERS))

        for classes, expected in [(11.0, True), (11.01, False)]:
            self.assertEqual(self.met(verdicts.replay_verdicts([replayed(5.0), replayed(classes)], True)), [expected])
        self.assertEqual(self.met(verdicts.replay_verdicts([replayed(5.0)], False)), [None])

    def test_groups_have_verdicts_of_their_own(self):
        both = [entry({"default": 1.0}), entry({"default": 2.0}, cells.Cell("churn", 64, 64, 1000)),
                entry({"default": 3.0}, cells.Cell("mixed", 64, 16, 5000))]
        self.assertEqual([verdicts.of_group(both, group) for group in ["grid", "long", "mixed"]],
                         [[one] for one in both])

    def test_a_part_refutes_but_does_not_prove(self):
        self.assertEqual(speed([entry({"unchecked": 1.0, "default": 99.0, "tcmalloc": 10.0})], is_complete=False)[:5],
                         [None, None, False, False, False])

    def test_without_measurements_there_is_no_verdict(self):
        self.assertEqual(speed([entry({"unchecked": 1.0})]), [None] * 8)

    def test_cold_times_have_no_verdict(self):
        one = entry({"unchecked": 1.0, "tcmalloc": 10.0})
        one["ratio"]["cold"]["unchecked"] = 99.0
        self.assertEqual(speed([one])[:2], [True, True])

    def growing(self, ns, peak, is_complete=True):
        return [one["is_met"] for one in verdicts.growing_verdicts({"ns": ns, "peak": peak}, is_complete)]

    def test_growing_is_compared_with_the_fastest_and_the_smallest(self):
        ns, peak = {"list": 2.0, "Vec": 2.0, "realloc": 3.0}, {"list": 9, "Vec": 11, "realloc": 10}
        self.assertEqual(self.growing(ns, peak), [True, True])
        self.assertEqual(self.growing(ns, peak, is_complete=False), [None, None])
        self.assertEqual(self.growing(dict(ns, list=2.001), dict(peak, list=10)), [False, False])
        self.assertEqual(self.growing({"list": 1.0}, {"list": 1}), [None, None])
        self.assertEqual(self.growing({}, {}), [None, None])

    def test_memory_given_back(self):
        for default, expected in [(2.02, True), (2.03, False)]:
            rounds = {"trimmed": {"unchecked": [1.0], "default": [default], "glibc": [2.0]}}
            one = verdicts.entry_of(CHURN, rounds, ["freed", "trimmed"], ["unchecked", "default"], PEERS)
            self.assertEqual([verdict["is_met"] for verdict in verdicts.give_back_verdicts([one], True)], [True, expected])


class Cells(unittest.TestCase):
    def test_a_million_spans_have_at_most_4_gib(self):
        of_a_million = {(cell.block, cell.most) for cell in cells.grid() if cell.live == 1000000}
        self.assertEqual(of_a_million, {(64, 1), (64, 16), (1024, 1), (4096, 1)})

    def test_the_grid_is_whole(self):
        grid = list(cells.grid())
        self.assertEqual(len(grid), len({cell.name for cell in grid}))
        # Three pairs; churn and free-all for each of three sizes and two lengths at two loads, and the above.
        self.assertEqual(len(grid), 3 + 2 * (3 * 2 * 2 + 4))

    def test_long_spans_total_at_most_2_gib(self):
        found = {(cell.block, cell.most): 0 for cell in cells.long_spans()}
        for cell in cells.long_spans():
            self.assertEqual(cell.group, "long")
            found[cell.block, cell.most] = max(found[cell.block, cell.most], cell.live)
        self.assertEqual(found, {(64, 64): 1000000, (64, 256): 30000, (1024, 64): 30000, (1024, 256): 1000,
                                 (4096, 64): 1000, (4096, 256): 1000})

    def test_mixed_sizes_are_timed_once(self):
        self.assertEqual([cell.name for cell in cells.timed() if cell.group == "mixed"], ["mixed 8..1000 B, 5000 live"])

    def test_memory_is_as_much_in_each_cell(self):
        for cell in cells.give_back_cells(1 << 29):
            self.assertAlmostEqual(cell.bytes / (1 << 29), 1, places=3)


class Turns(unittest.TestCase):
    def test_each_comes_once_a_round_and_begins_one(self):
        self.assertEqual([programs.turns(["a", "b", "c"], number) for number in range(4)],
                         [["a", "b", "c"], ["b", "c", "a"], ["c", "a", "b"], ["a", "b", "c"]])
        self.assertEqual(programs.turns([], 2), [])

    def test_numbers_are_read_by_word(self):
        self.assertEqual(programs.read_numbers("cold 3.5\nwarm 1\nwarm 2\n"), {"cold": [3.5], "warm": [1.0, 2.0]})


class FakeRunner:
    """Has every library but tcmalloc's, and workers whose times are known; the default pool's fail."""

    def library_of(self, peer):
        return None if peer.name == "tcmalloc" else "/lib/lib" + peer.name

    def work(self, allocator, what, *_):
        if allocator.name == "default":
            raise programs.Failure("default: killed by SIGSEGV")
        ns = {"unchecked": 3.0, "jemalloc": 6.0}.get(allocator.name, 12.0)
        return {"time": "cold %f\nwarm %f\nwarm %f\n" % (2 * ns, ns, ns),
                "give-back": "in_use 10\nfull 1000\nfreed 900\ntrimmed %f\n" % (10 * ns)}[what]

    def replay(self, subject, trace):
        if subject.name == "mimalloc":
            raise programs.Failure("replay: mimalloc: killed by SIGBUS")
        with open(trace, "rb") as f:
            assert f.read(4) == b"TRC1"
        return {"classes": 3.0, "jemalloc": 6.0}.get(subject.name, 12.0)

    def run(self, program, *_):
        return "ns %d\npeak 100\n" % len(program)


def measurement(shown, *arguments):
    return peers.Measurement(peers.parse(["--workers", "."] + list(arguments)), FakeRunner(),
                             report.Terminal(shown, io.StringIO()))


class Rounds(unittest.TestCase):
    """Of two tasks, in a world where each measurement takes as many seconds as a case says."""

    def rounds_of_both(self, seconds, quick):
        now = [1000.0]

        def measure(_):
            now[0] += seconds
            return {"warm": 1.0}

        with unittest.mock.patch("time.time", lambda: now[0]):
            one = measurement(io.StringIO(), "--only", "^pair (64|1024)$", *quick)
            return [len(one.rounds("task", ["glibc"], measure)["warm"]["glibc"]) for _ in range(one.tasks)]

    def test_all_are_done_when_there_is_time(self):
        self.assertEqual(self.rounds_of_both(14, ["--quick"]), [3, 3])

    def test_quick_does_fewer_when_time_runs_out_but_one(self):
        self.assertEqual(self.rounds_of_both(25, ["--quick"]), [2, 2])
        self.assertEqual(self.rounds_of_both(100, ["--quick"]), [1, 1])

    def test_else_time_does_not_matter(self):
        self.assertEqual(self.rounds_of_both(1000, []), [5, 5])


class FakePlots:
    """Keeps what it is to draw."""

    def __init__(self):
        self.dotted = []
        self.barred = []

    def dots(self, rows, names, unit, good_below):
        self.dotted.append((rows, names, unit, good_below))
        return "<svg></svg>"

    def bars(self, values, form):
        self.barred.append((values, form))
        return "<svg></svg>"


class WholeRun(unittest.TestCase):
    def setUp(self):
        self.plots = FakePlots()
        self.shown = io.StringIO()
        with unittest.mock.patch("shutil.which", return_value=None):
            self.document = measurement(self.shown, "--quick", "--rounds", "2").document()

    def test_a_missing_peer_is_named_with_its_package_and_the_rest_goes_on(self):
        self.assertIn({"name": "tcmalloc", "what": "libtcmalloc_minimal.so", "package": "libgoogle-perftools-dev"},
                      self.document["missing"])
        self.assertIn("sudo apt-get install libgoogle-perftools-dev", self.shown.getvalue())
        self.assertEqual([peer["name"] for peer in self.document["peers"]], ["glibc", "jemalloc", "mimalloc"])
        self.assertAlmostEqual(self.document["geomean"]["unchecked"], 0.5)

    def test_without_a_compiler_for_it_vec_is_left_out(self):
        self.assertIn({"name": "Vec", "what": "rustc", "package": "rustc"}, self.document["missing"])
        self.assertEqual(list(self.document["growing"]["ns"]), ["list", "std::vector", "realloc"])

    def test_a_worker_that_fails_is_told_and_the_rest_goes_on(self):
        self.assertIn("default: killed by SIGSEGV", self.document["failures"])
        self.assertIsNone(self.document["geomean"]["default"])
        self.assertNotIn("default", self.document["cells"][0]["median"]["warm"])

    def test_nothing_is_called_met_that_was_measured_in_part(self):
        self.assertNotIn(True, [one["is_met"] for one in self.document["figures"]])

    def test_every_cell_is_shown(self):
        for entry_of_cell in self.document["cells"] + self.document["giving_back"]:
            self.assertIn(entry_of_cell["name"], self.shown.getvalue())
        self.assertEqual(len(self.document["cells"]), sum(cells.is_quick(cell) for cell in cells.timed()))

    def test_traces_are_replayed_by_classes_and_by_the_peers(self):
        self.assertEqual([one["name"] for one in self.document["replayed"]],
                         ["replay gcc_cc1", "replay git_log_p", "replay sqlite3_cli"])
        for one in self.document["replayed"]:
            self.assertEqual(one["median"], {"time": {"classes": 3.0, "glibc": 12.0, "jemalloc": 6.0}})
            self.assertEqual((one["best_peer"], one["ratio"]), ({"time": "jemalloc"}, {"time": {"classes": 0.5}}))
            self.assertEqual(list(one["rounds"]["time"]["classes"]), [3.0, 3.0])
            self.assertIn(one["name"], self.shown.getvalue())
        self.assertIn("replay: mimalloc: killed by SIGBUS", self.document["failures"])

    def test_long_spans_have_a_mean_of_their_own(self):
        self.assertAlmostEqual(self.document["geomean_long"]["unchecked"], 0.5)
        self.assertIn("geometric mean of long spans", self.shown.getvalue())

    def test_the_page_shows_all_and_needs_nothing_else(self):
        html = page.html(self.document, self.plots)
        for entry_of_cell in self.document["cells"] + self.document["giving_back"]:
            self.assertIn(entry_of_cell["name"], html)
        for attribute in ["src=", "href=", "url("]:
            self.assertNotIn(attribute, html)
        self.assertIn("Geometric means: unchecked 0.500", html)

    def test_the_page_escapes_what_it_shows(self):
        self.document["failures"] = ["<b>&"]
        self.assertIn("Failed: &lt;b&gt;&amp;", page.html(self.document, self.plots))

    def test_plots_have_every_cell(self):
        html = page.html(self.document, self.plots)
        warm, small, large, cold, trimmed, replayed = self.plots.dotted
        measured, pools = self.document["cells"], ["unchecked", "default", "interface", "chained"]
        everybody = pools + ["glibc", "jemalloc", "mimalloc"]
        for plot, kind in [(warm, "warm"), (cold, "cold")]:
            self.assertEqual(plot, ([(one["name"], one["ratio"][kind]) for one in measured], pools, "x the best peer",
                                    1.0))
        for plot, block in [(small, 64), (large, 1024)]:
            self.assertEqual(plot, ([(one["name"], one["median"]["warm"]) for one in measured if one["block"] == block],
                                    everybody + ["floor"], "ns", None))
        self.assertEqual(trimmed[:2], ([(one["name"], one["median"]["trimmed"])
                                        for one in self.document["giving_back"]], everybody))
        self.assertEqual(replayed, ([(one["name"], one["median"]["time"]) for one in self.document["replayed"]],
                                    ["classes", "glibc", "jemalloc"], "ns", None))
        self.assertEqual(html.count("<svg>"), 6 + 2)

    def test_bars_are_of_nanoseconds_and_megabytes(self):
        page.html(self.document, self.plots)
        self.assertEqual(self.plots.barred, [(self.document["growing"]["ns"], "%.2f"),
                                             ({name: 1e-4 for name in ["list", "std::vector", "realloc"]}, "%.1f")])

    def test_of_nothing_there_is_no_plot(self):
        for one in self.document["cells"]:
            one["ratio"] = {"warm": {}, "cold": {}}
        self.document["growing"].update(ns={}, peak={})
        html = page.html(self.document, self.plots)
        self.assertEqual((html.count("<svg>"), html.count("Nothing was measured.")), (4, 4))


class WithoutMatplotlib(unittest.TestCase):
    def test_who_wants_a_page_is_told_before_anything_is_measured(self):
        arguments = ["peers", "--workers", ".", "--html", "page"]
        with unittest.mock.patch.dict(sys.modules, {"matplotlib": None}), \
                unittest.mock.patch("sys.argv", arguments), unittest.mock.patch("programs.Runner") as runner, \
                self.assertRaises(SystemExit) as end:
            peers.main()
        self.assertIn("sudo apt-get install python3-matplotlib", str(end.exception))
        runner.assert_not_called()


if __name__ == "__main__":
    unittest.main()
