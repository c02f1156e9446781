#!/usr/bin/python3
"""Writes what follows from the declarations of the functions of lists and slices:

    tools/bazel run //static_buffer:generate

A function is declared and documented in define.h, or in internal/elements_declare.h if both kinds have it, and has its
body in internal/. What else must name it stands between the lines BEGIN and END of these files:

    generic.h            the macro sab_FUNCTION
    internal/table.h     the row of each function that has a form with a call site
    internal/register.h  the forwarding of each that has none

The first word of a declaration says which it is. //static_buffer:generate_test fails if the files are not what this writes.
"""

import os
import re
import sys

FOLDER = "static_buffer"
DECLARATIONS = [("define.h", {}), ("internal/elements_declare.h", {"list": "SAB_LIST_", "slice": "SAB_SLICE_"})]
BEGIN = "/* BEGIN: written by static_buffer/generate.py. */\n"
END = "/* END */\n"
COLUMNS = 100

# The first word of a declaration.
CLASSES_WITH_SITE = {"FUNCTION", "COPIES", "FAST"}
CLASSES_WITHOUT_SITE = {"SILENT", "COMPARES", "EQUALS", "TERMINATES", "FORMATS"}

_SECTION = re.compile(r"/\* --- (?:(?:lists|slices): )?(.*?) --- \*/")
_DECLARATION = re.compile(
    r"\bSAB_([A-Z]+)_\s((?:[^;(){}]|BA_PRINTF\([^)]*\))*?)"
    r"\bSAB_OF_\(\s*(?:SAB_GENERIC_\((\w+)\)|(list|slice)_(\w+))\s*\)\s*\((.*?)\)\s*;", re.DOTALL)
_NAME = re.compile(r"\bSAB_OF_\(\s*(?:SAB_GENERIC_\(|(?:list|slice)_)")
_SELF = re.compile(r"(const )?SAB_(?:LIST|SLICE)_ ?\* ?self")


class NotUnderstood(Exception):
    """A declaration that this does not know what to make of."""


class Function:
    """One function of one kind, list or slice."""

    def __init__(self, section, kind, name, group, returned, parameters):
        self.section = section
        self.kind = kind
        self.name = name
        self.group = group
        self.returned = returned
        self.parameters = parameters
        if group not in CLASSES_WITH_SITE | CLASSES_WITHOUT_SITE:
            raise NotUnderstood("SAB_%s_ of %s_%s" % (group, kind, name))

    def has_site(self):
        return self.group in CLASSES_WITH_SITE

    def is_format(self):
        return self.parameters[-1] == "..."

    def takes_va_list(self):
        return any(parameter.startswith("va_list ") for parameter in self.parameters)

    def works_on_self(self):
        return _SELF.fullmatch(self.parameters[0]) is not None

    def only_reads(self):
        return self.parameters[0].startswith("const ")

    def arguments(self):
        return [re.search(r"\(\*(\w+)\)|(\w+)$", parameter) for parameter in self.parameters]

    def argument_list(self):
        return "(" + ", ".join(match.group(1) or match.group(2) for match in self.arguments()) + ")"

    def parameter_list(self):
        return "(" + ", ".join(self.parameters) + ")"


def _split(parameters):
    """Splits at the commas that are in no parentheses."""
    parts = []
    depth = 0
    for piece in parameters.split(","):
        if depth:
            parts[-1] += "," + piece
        else:
            parts.append(piece)
        depth += piece.count("(") - piece.count(")")
    return [" ".join(part.split()) for part in parts]


def _without_comments_and_directives(text):
    text = re.sub(r"/\*.*?\*/", lambda m: m.group() if _SECTION.fullmatch(m.group()) else " ", text, flags=re.DOTALL)
    return re.sub(r"^[ \t]*#[^\n]*", "", text.replace("\\\n", " "), flags=re.MULTILINE)


def functions_in(text, kinds, section="elements"):
    """The functions that a header's text declares; kinds maps the kinds to what SAB_SELF_ is for each, if both have all."""
    text = _without_comments_and_directives(text)
    found = []
    at = 0
    matches = list(_DECLARATION.finditer(text))
    if len(matches) != len(_NAME.findall(text)):
        raise NotUnderstood("%d names, but %d declarations" % (len(_NAME.findall(text)), len(matches)))
    for match in matches:
        for heading in _SECTION.finditer(text, at, match.start()):
            section = heading.group(1)
        at = match.end()
        group, returned, generic, kind, name, parameters = match.groups()
        for each in kinds if generic else [kind]:
            spelled = parameters.replace("SAB_SELF_", kinds[each]) if generic else parameters
            found.append(Function(section, each, generic or name, group, " ".join(returned.split()), _split(spelled)))
    return found


def is_generic(function, functions):
    """True if there is a sab_FUNCTION: not of those that take a va_list, or make a list or slice of nothing, of which
    the form with try_ takes the place to put it at."""
    plain = re.sub("^try_", "", function.name)
    makers = [f for f in functions if (f.kind, f.name) == (function.kind, plain)]
    return not function.takes_va_list() and all(f.works_on_self() for f in makers + [function])


def _row(function, functions):
    if is_generic(function, functions):
        macro = "SAB_ROW_VOID_" if function.returned == "void" else "SAB_ROW_"
        head = [function.group]
    elif function.group == "FUNCTION" and function.returned != "void":
        macro = "SAB_ROW_WITHOUT_GENERIC_"
        head = []
    else:
        raise NotUnderstood("%s_%s has no generic function" % (function.kind, function.name))
    return _call(macro, head, function)


def _call(macro, head, function):
    returned = [] if function.returned == "void" else [function.returned]
    words = head + returned + [function.name, function.kind]
    return "%s(%s,\n    %s, %s)\n" % (
        macro, ", ".join(words), function.parameter_list(), function.argument_list())


def table(functions):
    rows = [f for f in functions if f.has_site() and not f.is_format()]
    text = [_row(f, functions) for f in rows if not f.takes_va_list()]
    of_bytes = [_row(f, functions) for f in rows if f.takes_va_list()]
    if of_bytes:
        text += ["#ifdef SAB_BYTES\n"] + of_bytes + ["#endif\n"]
    return "/* clang-format off */\n" + "".join(text) + "/* clang-format on */\n"


def forwarding(functions):
    text = [_call("SAB_PASS_VOID_" if f.returned == "void" else "SAB_PASS_", [], f)
            for f in functions if not f.has_site()]
    return "/* clang-format off */\n" + "".join(text) + "/* clang-format on */\n"


def _choice(same):
    """The macro that chooses between the functions of a name."""
    kinds = {f.kind for f in same}
    reads = {f.only_reads() for f in same}
    if kinds == {"list", "slice"} and len(reads) == 1:
        return "SAB_READ_EITHER_" if reads == {True} else "SAB_ON_EITHER_"
    if len(kinds) == 1 and reads == {False}:
        return "SAB_ON_LIST_" if kinds == {"list"} else "SAB_ON_SLICE_"
    raise NotUnderstood("sab_%s: its forms differ in what they do to self" % same[0].name)


def _macro(same):
    first = same[0]
    more = first.is_format() or len(first.parameters) > 1
    arguments = ["(self)"]
    if first.is_format():
        arguments += ["BA_HERE()", "__VA_ARGS__"]
    else:
        arguments += (["__VA_ARGS__"] if more else []) + (["BA_HERE()"] if first.has_site() else [])
    head = "#define sab_%s(self%s)" % (first.name, ", ..." if more else "")
    body = "%s(self, %s)(%s)" % (_choice(same), first.name, ", ".join(arguments))
    if len(head) + 1 + len(body) <= COLUMNS:
        return head + " " + body + "\n"
    return head.ljust(COLUMNS - 1) + "\\\n    " + body + "\n"


def _macros(functions):
    """Pairs of a section and a macro, one for each name."""
    pairs = []
    for name in dict.fromkeys(f.name for f in functions):
        same = [f for f in functions if f.name == name]
        pairs.append((same[0].section, _macro(same)))
    return pairs


def generic(functions):
    functions = [f for f in functions if is_generic(f, functions)]
    text = []
    section = None
    for each, macro in _macros([f for f in functions if f.has_site()]):
        if each != section:
            section = each
            text.append("\n/* --- %s --- */\n\n" % section)
        text.append(macro)
    text.append("\n/* --- what never reports: in C++ these are functions --- */\n\n#ifndef __cplusplus\n\n")
    text += [macro for _, macro in _macros([f for f in functions if not f.has_site()])]
    return "".join(text) + "\n#endif /* !__cplusplus */\n\n"


WRITERS = {"generic.h": generic, "internal/table.h": table, "internal/register.h": forwarding}


def replaced(text, part):
    """A file's text with another part between its lines BEGIN and END."""
    start = text.index(BEGIN) + len(BEGIN)
    return text[:start] + part + text[text.index(END, start):]


def read(path):
    with open(os.path.join(FOLDER, path), encoding="utf-8") as f:
        return f.read()


def files():
    """Path -> (the text that is there, the text that should be)."""
    functions = [f for path, kinds in DECLARATIONS for f in functions_in(read(path), kinds)]
    return {path: (read(path), replaced(read(path), write(functions))) for path, write in WRITERS.items()}


def main():
    os.chdir(os.environ.get("BUILD_WORKSPACE_DIRECTORY", "."))
    for path, (before, after) in files().items():
        if before != after:
            with open(os.path.join(FOLDER, path), "w", encoding="utf-8") as f:
                f.write(after)
            print("written: %s/%s" % (FOLDER, path))
    return 0


if __name__ == "__main__":
    sys.exit(main())
