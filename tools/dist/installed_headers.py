"""Which headers are installed, and which names of the library they need it to export.

Understands the C that this repository writes, not all of C.
"""

import posixpath
import re

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+"([^"]+)"', re.MULTILINE)
_WORD = re.compile(r"\b[a-zA-Z_]\w*\b")
# No header there is for users to include.
_INTERNAL_FOLDERS = {"engine", "internal"}


def is_internal(header):
    return bool(_INTERNAL_FOLDERS.intersection(posixpath.dirname(header).split("/")))


def _without_comments(text):
    return re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.DOTALL)


def with_included(public_headers, read):
    """The public headers and all that they include, sorted."""
    found = set()
    to_do = list(public_headers)
    while to_do:
        header = to_do.pop()
        if header not in found:
            found.add(header)
            to_do += _INCLUDE.findall(_without_comments(read(header)))
    return sorted(found)


def _code(text):
    """What becomes code of a program: macros, and what stands in braces, those of extern "C" aside."""
    text = re.sub(r'extern\s*"C"\s*\{', " ", text.replace("\\\n", " "))
    code = re.findall(r"^[ \t]*#[^\n]*", text, re.MULTILINE)
    depth = 0
    for piece in re.split(r"([{}])", re.sub(r"^[ \t]*#[^\n]*", "", text, flags=re.MULTILINE)):
        if piece == "{":
            depth += 1
        elif piece == "}":
            depth = max(0, depth - 1)
        elif depth > 0:
            code.append(piece)
    return "\n".join(code)


def needed_names(header, text):
    """The words that may be names of the library which a program needs: all of a public header, and of an internal one
    those in its code."""
    text = _without_comments(text)
    return set(_WORD.findall(_code(text) if is_internal(header) else text))
