#!/usr/bin/python3
"""Compiles a source once as it is, which must succeed, and once with each of its cases, which must not.

    compile_fail.py REPORT gcc|clang c|c++ MAX_LINES SOURCE... -- COMPILER FLAG...

COMPILER FLAG... compiles the source; the cases are read from SOURCE..., it and the headers with cases that it includes. A
case is a macro that is asked for by #ifdef, or by #ifndef if it is no include guard, and the lines right below say what the
compiler must say:

    #ifdef LENGTH_FOR_ALIGNMENT
    // expect: incompatible type
        foo(length);
    #endif

The expectation is a regular expression that one line of the message holds. It may be of one compiler, of one language, or
both; the first that is for the compiler and the language in use counts. The whole message has at most MAX_LINES lines, where
that is not 0, or as many as the expectation says ("in 14 lines", "in any number of lines"):

    // expect gcc C: incompatible type for argument 1
    // expect clang C: passing .ba_length. to parameter of incompatible type
    // expect C++ in 14 lines: no matching function

A case that has expectations for the other language only is left out. One that has none at all, or for this language none of
one of the two compilers, fails, and so does an expectation that belongs to no case.

REPORT begins with a line 0 if all is as expected, else 1; the rest says what came of each case.
"""

import os
import re
import subprocess
import sys

COMPILERS = ("gcc", "clang")
ANY_NUMBER = sys.maxsize
_CONDITION = re.compile(r"\s*#\s*(ifdef|ifndef)\s+(\w+)")
_EXPECTATION = re.compile(r"\s*//\s*expect(?: (gcc|clang))?(?: (C|C\+\+))?(?: in ([1-9][0-9]*|any number of) lines)?: (.+)$")
_NEARLY_EXPECTATION = re.compile(r"\s*//\s*expect")


class Expectation:
    """What a compiler must say, and in how many lines; None stands for either compiler, both languages, the usual length."""

    def __init__(self, compiler, language, max_lines, pattern):
        self.compiler = compiler
        self.language = language
        self.max_lines = ANY_NUMBER if max_lines == "any number of" else int(max_lines) if max_lines else None
        self.pattern = pattern

    def is_for(self, compiler, language):
        return self.compiler in (None, compiler) and self.speaks(language)

    def speaks(self, language):
        return self.language in (None, language)


def _is_guard(lines, number, name):
    following = lines[number + 1] if number + 1 < len(lines) else ""
    return re.fullmatch(r"\s*#\s*define\s+%s\s*" % re.escape(name), following) is not None


def read_cases(text, where):
    """Returns the cases of a source, name -> list of Expectation, and a list of what is wrong with them."""
    cases = {}
    faults = []
    case = None  # the one that a line right here belongs to
    lines = text.splitlines()
    for number, line in enumerate(lines):
        place = "%s:%d: " % (where, number + 1)
        condition = _CONDITION.match(line)
        expectation = _EXPECTATION.match(line)
        if condition:
            name = condition.group(2)
            case = None
            if name.startswith("__") or (condition.group(1) == "ifndef" and _is_guard(lines, number, name)):
                continue
            if name in cases:
                faults.append(place + "a second %s" % name)
                continue
            case = name
            cases[case] = []
        elif expectation and case:
            try:
                re.compile(expectation.group(4))
            except re.error as error:
                faults.append(place + "no regular expression: %s" % error)
            cases[case].append(Expectation(*expectation.groups()))
        elif _NEARLY_EXPECTATION.match(line):
            faults.append(place + ("an expectation without a case" if expectation else "not understood") + ": " + line.strip())
        else:
            case = None
    return cases, faults


def expectation_of(name, expectations, compiler, language):
    """Returns the Expectation that counts, or None if the case is of the other language, and what is missing, or None."""
    if not expectations:
        return None, "%s: no expectation" % name
    if not any(expectation.speaks(language) for expectation in expectations):
        return None, None
    for each in COMPILERS:
        if not any(expectation.is_for(each, language) for expectation in expectations):
            return None, "%s: no expectation of %s in %s" % (name, each, language)
    return next(e for e in expectations if e.is_for(compiler, language)), None


def _compile(command):
    environment = dict(os.environ, LC_ALL="C")
    done = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, universal_newlines=True,
        errors="replace")
    return done.returncode, done.stdout.splitlines()


def fault_of(expectation, max_lines, status, message):
    """Says what is wrong with a compiler's answer to a case, or None."""
    if status == 0:
        return "it must not compile, but does"
    if not any(re.search(expectation.pattern, line) for line in message):
        return "the message lacks: " + expectation.pattern
    most = expectation.max_lines or max_lines
    if most and len(message) > most:
        return "the message has %d lines, and may have %d" % (len(message), most)
    return None


class _Report:
    def __init__(self):
        self.failed = False
        self.lines = []

    def fail(self, what, message=()):
        self.failed = True
        self.lines.append("FAIL: " + what)
        if message:
            self.lines += ["The compiler said:"] + list(message)

    def say(self, what):
        self.lines.append(what)


def _try_case(report, name, expectations, compiler, language, max_lines, command):
    expectation, missing = expectation_of(name, expectations, compiler, language)
    if missing:
        report.fail(missing)
    elif not expectation:
        report.say("left out, as it is not of %s: %s" % (language, name))
    else:
        status, message = _compile(command + ["-D" + name])
        fault = fault_of(expectation, max_lines, status, message)
        if fault:
            report.fail("%s: %s" % (name, fault), message)
        else:
            report.say("ok: " + name)


def check(compiler, language, max_lines, sources, command):
    """Returns whether all is as expected, and the lines of the report."""
    report = _Report()
    cases = {}
    for source in sources:
        with open(source, encoding="utf-8") as f:
            found, faults = read_cases(f.read(), source)
        for fault in faults:
            report.fail(fault)
        for name in found.keys() & cases.keys():
            report.fail("%s: a second %s" % (source, name))
        cases.update(found)
    if not cases:
        report.fail("no case in " + " ".join(sources))
    status, message = _compile(command)
    if status != 0:
        report.fail("without a case it must compile", message)
    for name, expectations in cases.items():
        _try_case(report, name, expectations, compiler, language, max_lines, command)
    return not report.failed, report.lines


def main(arguments):
    end = arguments.index("--")
    path, compiler, language, max_lines = arguments[:4]
    is_well, lines = check(
        compiler, {"c": "C", "c++": "C++"}[language], int(max_lines), arguments[4:end], arguments[end + 1:])
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(["0" if is_well else "1"] + lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
