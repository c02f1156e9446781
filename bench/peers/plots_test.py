#!/usr/bin/python3
"""Tests what matplotlib makes of the plots; skipped, and said so, where it is not installed."""

import os
import re
import sys
import unittest
import xml.etree.ElementTree

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import peers
import programs

try:
    import plots
except ImportError as missing:
    plots = None
    print("Skipped: %s (sudo apt-get install python3-matplotlib)" % missing)

ROWS = [("pair 64", {"unchecked": 0.5, "glibc": 1.0}), ("pair <1>", {"unchecked": 2.0})]


def elements(svg, tag):
    """What has this tag; the whole must be well-formed."""
    return list(xml.etree.ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}" + tag))


def texts(svg):
    return [element.text for element in elements(svg, "text")]


def places(svg, name):
    """From left to right where the marks of a name are, but for the one in the legend, which is above all."""
    marks = [mark for mark in elements(svg, "use") if plots.COLOURS[name] in mark.get("style", "")]
    marks.sort(key=lambda mark: float(mark.get("y")))
    return [float(mark.get("x")) for mark in marks[1:]]


@unittest.skipIf(plots is None, "matplotlib is not installed")
class Plots(unittest.TestCase):
    def test_every_value_has_a_mark_at_its_place(self):
        svg = plots.dots(ROWS, ["unchecked", "glibc"], "ns")
        (half, two), (one,) = places(svg, "unchecked"), places(svg, "glibc")
        self.assertAlmostEqual(one - half, two - one, places=3)
        self.assertGreater(one, half)

    def test_rows_names_and_the_unit_are_told(self):
        said = texts(plots.dots(ROWS, ["unchecked", "glibc"], "ns", good_below=1.0))
        for text in ["pair 64", "pair <1>", "unchecked", "glibc", "ns", "0.5", "1", "2"]:
            self.assertIn(text, said)

    def test_bars_tell_names_and_values(self):
        svg = plots.bars({"list": 1.234, "std::vector": 20.0}, "%.2f")
        self.assertEqual(texts(svg), ["list", "std::vector", "1.23", "20.00"])

    def test_everybody_can_be_drawn(self):
        names = [one.name for one in programs.ALLOCATORS]
        svg = plots.dots([("pair 64", dict.fromkeys(names, 1.0))], names, "ns")
        self.assertEqual([len(places(svg, name)) for name in names], [1] * len(names))
        growing = list(peers.GROWING) + ["Vec"]
        self.assertEqual(texts(plots.bars(dict.fromkeys(growing, 1.0), "%.1f"))[:len(growing)], growing)

    def test_plots_of_a_page_refer_to_themselves_only(self):
        both = [plots.dots(ROWS, ["unchecked"], unit, good_below=1.0) for unit in ["ns", "bytes"]]
        names = [re.findall(r' id="([^"]*)"', svg) for svg in both]
        self.assertEqual(len(set(names[0] + names[1])), len(names[0]) + len(names[1]))
        for svg, own in zip(both, names):
            referred = re.findall(r'(?:href="|src="|url\()([^")]*)', svg)
            self.assertTrue(referred)
            self.assertLessEqual(set(referred), {"#" + name for name in own})


if __name__ == "__main__":
    unittest.main()
