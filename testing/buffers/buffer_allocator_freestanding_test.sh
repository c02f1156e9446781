#!/bin/sh
# Usage: buffer_allocator_freestanding_test.sh PROGRAM
# The program was linked with nothing but our objects; no name may be left for a loader to find.
set -eu
undefined=$(nm --undefined-only "$1")
[ -z "$undefined" ] || { echo "undefined: $undefined"; exit 1; }
