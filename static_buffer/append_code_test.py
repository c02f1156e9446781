#!/usr/bin/python3
"""Looks at the machine code of appends, as a release-safe build has it.

The fast path is short and has no call, and the slow one is a jump. Bound directly to a pool, a list makes no indirect
call when it grows; bound to a ba_block_allocator it does, which shows that this test would see one.
"""

import platform
import re
import shutil
import subprocess
import sys

PROGRAM = "static_buffer/release_append_code"
# Instructions of the fast path, the return included.
MOST = 9


def code_of(function):
    """The instructions of a function, each as its name and operands."""
    output = subprocess.run(["objdump", "--disassemble=" + function, "--no-show-raw-insn", PROGRAM], check=True,
                            stdout=subprocess.PIPE, encoding="utf-8").stdout
    return [match.group(1) for match in re.finditer(r"^ +[0-9a-f]+:\t(.*?) *$", output, re.MULTILINE)]


def code_below(function):
    """The instructions of a function of a list type, and of those of the type that it calls."""
    kind = function.split("_")[0]
    names = [function]
    for name in names:
        for line in code_of(name):
            called = re.match(r"(?:call|jmp)q? +[0-9a-f]+ <(%s_[\w.]+)>" % kind, line)
            if called and called.group(1) not in names:
                names.append(called.group(1))
    return [line for name in names for line in code_of(name)]


def indirect_calls(code):
    return [line for line in code if re.match(r"(notrack )?(call|jmp)q? +\*", line)]


def problems():
    for kind in ["direct", "indirect"]:
        code = code_of("append_" + kind)
        fast = [line for line in code[:next((i for i, line in enumerate(code) if line.startswith("ret")), 0) + 1]
                if not line.startswith("endbr")]
        print("append_%s: %d instructions: %s" % (kind, len(fast), "; ".join(fast)))
        if not fast or len(fast) > MOST:
            yield "the fast path of append_%s has %d instructions" % (kind, len(fast))
        if any(line.startswith(("call", "push")) for line in code):
            yield "append_%s calls or saves registers" % kind
        if not any(re.match(r"j\w+ +[0-9a-f]+ <%s_list_append_slow_>" % kind, line) for line in code):
            yield "the slow path of append_%s is no jump" % kind
    direct = indirect_calls(code_below("direct_list_append_slow_"))
    if direct:
        yield "a list bound to a pool makes indirect calls: " + "; ".join(direct)
    if not indirect_calls(code_below("indirect_list_append_slow_")):
        yield "no indirect call was seen where one must be"


def main():
    if platform.machine() != "x86_64":
        print("Left out: this machine's code is not known here.")
        return 0
    if shutil.which("objdump") is None:
        print("Left out: objdump is not installed.")
        return 0
    found = list(problems())
    for problem in found:
        print("FAILED: " + problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
