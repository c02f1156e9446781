"""What the headers declare: the names of functions, and which headers are for everybody.

Understands the C that this repository writes, not all of C.
"""

import re

# Macros that stand for a name: of a pool type's or a buffer type's function.
_OF = re.compile(r"\b(?:PBA|SAB)_OF_\(\s*(?:SAB_GENERIC_\(\s*(\w+)\s*\)|(\w+))\s*\)")
_KINDS = ["list", "slice"]
_ATTRIBUTE = re.compile(r"\bBA_PRINTF\([^)]*\)|\bSAB_NEEDS_\([^)]*\)|__attribute__\(\(.*?\)\)")
_FUNCTION = re.compile(r"(?:NAME_)?[a-z]\w*")


def _without_comments(text):
    return re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.DOTALL)


def _split_directives(text):
    """The lines of the preprocessor, each in one piece, and the rest."""
    text = text.replace("\\\n", " ")
    directives = re.findall(r"^[ \t]*#[^\n]*", text, re.MULTILINE)
    return directives, re.sub(r"^[ \t]*#[^\n]*", "", text, flags=re.MULTILINE)


def _without_bodies(text):
    """What stands outside all braces; those of extern "C" do not count."""
    text = re.sub(r'extern\s*"C(\+\+)?"\s*\{', ";", text)
    depth = 0
    outside = []
    for character in text:
        if character == "{":
            depth += 1
        elif character == "}":
            depth = max(0, depth - 1)
            outside.append(";" if depth == 0 else "")
        elif depth == 0:
            outside.append(character)
    return "".join(outside)


def _names_of(declaration):
    declaration = _ATTRIBUTE.sub(" ", declaration)
    if re.match(r"\s*typedef\b", declaration):
        return []
    kinds = _KINDS if "SAB_GENERIC_" in declaration else [""]
    names = []
    for kind in kinds:
        spelled = _OF.sub(lambda m: " NAME_" + (kind + "_" + m.group(1) if m.group(1) else m.group(2)), declaration)
        match = re.search(r"\b(\w+)\s*\(", spelled)
        if match and _FUNCTION.fullmatch(match.group(1)):
            names.append(match.group(1))
    return names


def functions_in(header):
    """The functions that a header's text declares or defines, and the macros in small letters that are called like
    one. NAME stands for the name of a template's type. Names that end with an underscore are internal."""
    directives, text = _split_directives(_without_comments(header))
    names = set()
    for directive in directives:
        macro = re.match(r"\s*#\s*define\s+([a-z]\w*)\(", directive)
        if macro:
            names.add(macro.group(1))
    for declaration in _without_bodies(text).split(";"):
        names.update(_names_of(declaration))
    return {name for name in names if not name.endswith("_")}


def public_headers(build_file):
    """The libraries in a BUILD file's text that are for everybody, and their headers."""
    libraries = {}
    for rule in re.findall(r"^strict_cc_library\(\n(.*?)^\)", build_file, re.MULTILINE | re.DOTALL):
        if "testonly = True" in rule or "//visibility:private" in rule:
            continue
        groups = re.findall(r"\b(?:textual_)?hdrs = \[(.*?)\]", rule, re.DOTALL)
        name = re.search(r'name = "([^"]+)"', rule).group(1)
        libraries[name] = [header for group in groups for header in re.findall(r'"([^"]+)"', group)]
    return libraries
