#!/bin/sh
# Usage: clang_format_test.sh STYLE_FILE SOURCE...
set -eu
style=$1
shift
command -v clang-format >/dev/null || { echo "clang-format is not installed"; exit 1; }
clang-format --version
exec clang-format --style="file:$style" --dry-run --Werror "$@"
