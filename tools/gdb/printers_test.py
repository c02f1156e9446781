#!/usr/bin/python3
"""Tests printers.py: what gdb prints of a program's values, line by line."""

import difflib
import shutil
import subprocess
import sys

PRINTERS = "tools/gdb/printers.py"
PROGRAM = "tools/gdb/unstripped_printers_program"
# Stands before the first line that is compared.
MARK = "--- values ---"
LIST_OFF = "disable pretty-printer global pooled_block_alloc;list"


def address_bits(program):
    """64 or 32: what the header of the ELF file says."""
    with open(program, "rb") as file:
        return {1: 32, 2: 64}[file.read(5)[4]]


# Where the program makes pointers point that point nowhere.
ASTRAY = "0x%x" % (2 ** address_bits(PROGRAM) - 16)

# What each command, or the last of several lines, prints behind "$1 = ",
# "$2 = " and so on.
VALUES = [
    # Lists, slices and views.
    ("print here->primes", "medium_u32_list of 3, capacity 256 = {2, 3, 5}"),
    ("print here->no_numbers", "medium_u32_list of 0, capacity 0"),
    ("print here->squares", "medium_u32_slice of 4 = {1, 4, 9, 16}"),
    ("print here->no_squares", "medium_u32_slice of 0"),
    ("print here->two_primes", "medium_u32_view of 2 = {2, 3}"),
    ("print here->corners",
     "point_list of 2, capacity 128 = {{x = 1, y = 2}, {x = 3, y = 4}}"),
    # As gdb's options say.
    ("with print elements 2 -- print here->numbers",
     "medium_u32_list of 300, capacity 512 = {0, 1...}"),
    ("print -elements 4 -- here->primes",
     "medium_u32_list of 3, capacity 256 = {2, 3, 5}"),
    ("print/r here->no_numbers", "{ptr = 0x0, len = 0, cap = 0}"),
    ("print/x here->squares", "medium_u32_slice of 4 = {0x1, 0x4, 0x9, 0x10}"),
    # Characters.
    ("print here->word", 'text_list of 5, capacity 1023 = "hello"'),
    ("print here->no_text", 'text_list of 0, capacity 0 = ""'),
    ("print here->name", r'text_slice of 9 = "a \"name\"\n"'),
    ("print here->line",
     'text_list of 300, capacity 1023 = "%s"...' % (20 * "abcdefghij")),
    ("with print elements unlimited -- print here->line",
     'text_list of 300, capacity 1023 = "%s"' % (30 * "abcdefghij")),
    ("with print elements unlimited -- print here->page",
     "text_list of 70000, capacity 70655 = 'x' <repeats 65536 times>..."),
    ("print -elements 4 -- here->word",
     'text_list of 5, capacity 1023 = "hell"...'),
    ("print -elements 250 -- here->line",
     'text_list of 300, capacity 1023 = "%s"...' % (25 * "abcdefghij")),
    ("print -elements 5 -- here->word",
     'text_list of 5, capacity 1023 = "hello"'),
    # Pools.
    ("print here->medium",
     'medium_pool = {name = "pool", block_bytes = 1024, chunks = 2, '
     "payload_bytes = 196608, bytes_in_use = 78848, live_spans = 8}"),
    ("print here->small",
     'small_pool = {name = "small things", block_bytes = 64, chunks = 1, '
     "payload_bytes = 4096, bytes_in_use = 192, live_spans = <not counted>, "
     "byte_limit = 100000}"),
    ("print here->plain",
     'pba_pool = {name = "pool", block_bytes = 1024, chunks = 0, '
     "payload_bytes = 0, bytes_in_use = 0, live_spans = 0}"),
    ("print here->not_made", "medium_pool, not made yet, or broken"),
    # What only looks like a list.
    ("print here->linked", "{ptr = 0x0, len = 0}"),
    ("print here->untyped", "{ptr = 0x0, len = 0, cap = 0}"),
    ("print here->opaque", "{ptr = 0x0, len = 0, cap = 0}"),
    # Broken.
    ("print here->too_long",
     "medium_u32_list, broken: len 300 is more than cap 256"),
    ("print here->without_elements",
     "medium_u32_list, broken: ptr is NULL, len is 3"),
    ("print here->without_memory",
     "medium_u32_list, broken: ptr is NULL, cap is 16"),
    ("print here->without_squares",
     "medium_u32_slice, broken: ptr is NULL, len is 3"),
    ("print here->astray",
     "medium_u32_list of 3, capacity 4 = "
     "{<error: Cannot access memory at address %s>}" % ASTRAY),
    ("print here->text_astray",
     "text_list of 3, capacity 4 = "
     "<error: Cannot access memory at address %s>" % ASTRAY),
    ("print here->nameless", "medium_pool, not made yet, or broken"),
    ("print here->scribbled", "medium_pool, not made yet, or broken"),
    ("print here->overdrawn",
     "medium_pool, broken: 1000 of 192 blocks are in use"),
    ("print here->overgrown",
     "medium_pool, broken: it has %d blocks" % (2**64 - 1)),
    # As a gdb before 13, which tells no printer of options like -elements.
    ("python del gdb.print_options\nprint here->line",
     'text_list of 300, capacity 1023 = "%s"...' % (20 * "abcdefghij")),
    ("print -elements 4 -- here->line",
     'text_list of 300, capacity 1023 = "abcd"...'),
    ("with print elements unlimited -- print here->line",
     'text_list of 300, capacity 1023 = "%s"' % (30 * "abcdefghij")),
    # Switched off, one kind of them.
    ("python gdb.execute('%s', to_string=True)\nprint here->no_numbers"
     % LIST_OFF, "{ptr = 0x0, len = 0, cap = 0}"),
    ("print here->no_squares", "medium_u32_slice of 0"),
]


def run_gdb():
    commands = ["break look_at", "run", "echo %s\\n" % MARK]
    for command, _ in VALUES:
        commands += command.split("\n")
    arguments = ["gdb", "--batch", "--nx", "-ix", PRINTERS]
    for command in commands:
        arguments += ["-ex", command]
    return subprocess.run(arguments + [PROGRAM], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False, encoding="utf-8")


def main():
    if shutil.which("gdb") is None:
        print("Left out: gdb is not installed.")
        return 0
    gdb = run_gdb()
    printed = gdb.stdout.partition(MARK + "\n")[2].splitlines()
    expected = ["$%d = %s" % (number, value)
                for number, (_, value) in enumerate(VALUES, start=1)]
    if printed == expected:
        print("ok: %d values" % len(VALUES))
        return 0
    for line in difflib.unified_diff(expected, printed, "expected", "printed",
                                     lineterm=""):
        print(line)
    print("FAILED: gdb ended with %d and said:" % gdb.returncode)
    print(gdb.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
