#!/bin/bash
# Runs a test of --config=i386: run_i386.sh PROGRAM [ARGUMENT...]. Where the kernel runs no programs of
# 32 bits, qemu-i386 (Debian's qemu-user) runs them; scripts and everything else run as they are.
set -u

is_i386() {
  [[ $(head -c 5 "$1" | od -An -t x1) == " 7f 45 4c 46 01" ]]
}

kernel_runs_i386() {
  /lib/ld-linux.so.2 --version >/dev/null 2>&1
}

if is_i386 "$1" && ! kernel_runs_i386; then
  exec qemu-i386 "$@"
fi
exec "$@"
