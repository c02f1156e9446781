#!/bin/sh
# Writes the list of what the shared library exports: tools/bazel run //tools/dist:renew_exported_symbols
exec tools/dist/exported_symbols.py --renew
