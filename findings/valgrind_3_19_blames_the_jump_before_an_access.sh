#!/bin/bash
# Valgrind 3.19.0 names the wrong line for an invalid read that is the first instruction behind an unconditional jump: that of
# the jump, as far away as the jump goes. It translates both as one block, and takes the address of the read for that of the
# jump. Compilers make such jumps of loops and of calls in tail position. --vex-guest-chase=no names the right line.
#
# Takes Debian 12's valgrind into a temporary folder. The program reads behind four bytes of its own memory: a fault for
# Valgrind to find.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq download valgrind=1:3.19.0-1 >/dev/null
dpkg -x valgrind_*.deb unpacked
export VALGRIND_LIB=$folder/unpacked/usr/libexec/valgrind
valgrind() {
  "$folder/unpacked/usr/bin/valgrind" --quiet "$@" 2>&1
}

version=$(valgrind --version)
echo "$version"
[ "$version" = valgrind-3.19.0 ] || { echo "another version: look again"; exit 1; }
cat >program.s <<'SOURCE'
    .globl main
main:
    subq $8, %rsp
    movl $4, %edi
    call malloc
    jmp access
done:
    xorl %eax, %eax
    addq $8, %rsp
    ret
access:
    movl 4(%rax), %eax
    jmp done
    .section .note.GNU-stack,"",@progbits
SOURCE
gcc -g -gdwarf-4 -no-pie program.s -o program
valgrind ./program | grep -o '(program.s:[0-9]*)' | head -n 1 | tee said
[ "$(cat said)" = "(program.s:6)" ] || { echo "changed: it does not name the jump"; exit 1; }
valgrind --vex-guest-chase=no ./program | grep -o '(program.s:[0-9]*)' | head -n 1 | tee said
[ "$(cat said)" = "(program.s:12)" ] || { echo "changed: it does not name the read"; exit 1; }
