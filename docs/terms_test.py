#!/usr/bin/python3
"""Tests that the glossary's terms are those of the code: each stands in its header, and no retired word has come back.

A retired word is a whole word, in any case, also across the lines of a comment; one that ends in "_" is the beginning of
identifiers, and the identifier without it. The CHANGELOG, which says what things were called, is not looked at.
"""

import os
import re
import unittest

GLOSSARY = "docs/glossary.md"
BETWEEN_WORDS = r"(?:\s|//|\*|#)+"


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def rows():
    """The glossary's rows: (terms, meaning, header, retired words)."""
    for line in read(GLOSSARY).splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and cells[2].startswith("`"):
            yield cells[0].split(", "), cells[1], cells[2].strip("`"), re.findall(r"`([^`]+)`", cells[3])


def pattern_of(word):
    """What finds a retired word, whatever stands between its parts."""
    if word.endswith("_"):
        return re.compile(r"\b%s(?:_\w+)?\b" % re.escape(word[:-1]), re.IGNORECASE)
    parts = BETWEEN_WORDS.join(re.escape(part) for part in word.split())
    return re.compile(r"(?<![A-Za-z0-9])%s(?![A-Za-z0-9])" % parts, re.IGNORECASE)


def name_of(term):
    """What finds a term in its header: as words, or in an identifier; "summary" is there as "summarize" too."""
    parts = (term[:-1] if term.endswith("y") else term).split()
    return re.compile(r"(?:%s|_)".join(map(re.escape, parts)) % ((BETWEEN_WORDS,) * (len(parts) - 1)), re.IGNORECASE)


def texts():
    """All sources and pages that this test was given, but the glossary."""
    for folder, _, names in os.walk(".", followlinks=True):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name))
            if name.endswith((".c", ".cc", ".h", ".md")) and path not in (GLOSSARY, "CHANGELOG.md"):
                yield path, read(path)


def found(pattern, text):
    """The lines, from 1, where something stands."""
    return [text.count("\n", 0, hit.start()) + 1 for hit in pattern.finditer(text)]


class GlossaryTest(unittest.TestCase):
    maxDiff = None

    def test_has_its_terms(self):
        self.assertGreaterEqual(len(list(rows())), 20)

    def test_each_term_stands_in_its_header(self):
        missing = ["%s: %s" % (header, term) for terms, _, header, _ in rows() for term in terms
                   if not name_of(term).search(read(header))]
        self.assertEqual(missing, [])

    def test_no_retired_word_has_come_back(self):
        patterns = [(word, pattern_of(word)) for _, _, _, retired in rows() for word in retired]
        pages = dict(texts())
        self.assertGreater(len(pages), 200)
        back = ["%s:%d: %s" % (path, line, word) for path, text in sorted(pages.items()) for word, pattern in patterns
                for line in found(pattern, text)]
        self.assertEqual(back, [], "these words are retired; %s has what they are called now" % GLOSSARY)


class FoundTest(unittest.TestCase):
    def test_across_lines_of_a_comment(self):
        self.assertEqual(found(pattern_of("short way"), "/* It goes the\n * short\n * way of all. */"), [2])
        self.assertEqual(found(pattern_of("short way"), "// a Short\n// Way"), [1])

    def test_whole_words_only(self):
        self.assertEqual(found(pattern_of("settle"), "it is unsettled, settler"), [])
        self.assertEqual(found(pattern_of("sum_up"), "pba_map_sum_up(map)"), [1])

    def test_the_beginning_of_identifiers(self):
        self.assertEqual(found(pattern_of("ba_either_"), "ba_either x = ba_either_of(y);\nba_eitherness"), [1, 1])


if __name__ == "__main__":
    unittest.main()
