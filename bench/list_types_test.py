#!/usr/bin/python3
"""Compiles a program with 100 list types and 5,000 calls of generic functions, and one with a single type; says what time
and memory each compiler took, and fails if a call arrived at the wrong type."""

import glob
import os
import shutil
import subprocess
import sys
import tempfile

TYPES = 100
CALLS = 5000

HEAD = """#include <stdint.h>
#include <stdio.h>
#include "block_allocator/backing/libc_allocator.h"
static ba_block_allocator blocks;
"""

# The length of the element is another one for each type, so that no type can stand for another.
TYPE = """typedef struct { unsigned char bytes[%(number)d + 1]; } element_%(number)d;
#define SAB_NAME type_%(number)d
#define SAB_TYPE element_%(number)d
#define SAB_ALLOCATOR blocks
#include "static_buffer/define.h"
static type_%(number)d_list list_%(number)d;
"""

TAIL = """int main(void) {
    blocks = ba_libc_block_allocator();
    %(calls)s
    printf("%%zu\\n", %(sum)s);
    %(releases)s
    return 0;
}
"""


def write_source(path, types):
    with open(path, "w", encoding="utf-8") as f:
        f.write(HEAD)
        for number in range(types):
            f.write(TYPE % {"number": number})
        for call in range(CALLS):
            number = call % types
            f.write("static void call_%d(element_%d item) { sab_append(&list_%d, item); }\n" % (call, number, number))
        f.write(TAIL % {
            "calls": "\n    ".join("call_%d((element_%d){{0}});" % (call, call % types) for call in range(CALLS)),
            "sum": " + ".join("list_%d.len * sizeof *list_%d.ptr" % (number, number) for number in range(types)),
            "releases": "\n    ".join("sab_release(&list_%d);" % number for number in range(types)),
        })


def expected_sum(types):
    return sum(call % types + 1 for call in range(CALLS))


def run_measured(command):
    """Seconds of processor time, and the most memory in MB, of the compiler and the programs that it ran."""
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit("FAILED: %s" % " ".join(command))
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    compilers = [compiler for compiler in ["gcc", "clang"] if shutil.which(compiler)]
    if not compilers:
        print("Left out: no compiler of a known name is installed.")
        return 0
    archives = glob.glob("static_buffer/*.a") + glob.glob("block_allocator/*.a")
    status = 0
    print("%-8s %6s %6s %8s %10s" % ("compiler", "types", "calls", "seconds", "most MB"))
    with tempfile.TemporaryDirectory() as directory:
        source = os.path.join(directory, "types.c")
        program = os.path.join(directory, "types")
        for compiler in compilers:
            for types in [1, TYPES]:
                write_source(source, types)
                seconds, megabytes = run_measured([compiler, "-std=c11", "-O0", "-I.", "-c", source, "-o", program + ".o"])
                print("%-8s %6d %6d %8.2f %10.0f" % (compiler, types, CALLS, seconds, megabytes))
                subprocess.run([compiler, program + ".o", "-Wl,--start-group"] + archives +
                               ["-Wl,--end-group", "-o", program], check=True)
                said = subprocess.run([program], check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout.strip()
                if said != str(expected_sum(types)):
                    print("FAILED: %s elements' bytes, not %d" % (said, expected_sum(types)))
                    status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
