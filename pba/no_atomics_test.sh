#!/bin/sh
# The pool for one thread pays for no other: the release objects of //pba have no atomic instruction, and call no
# function of a threads library. Neither do those of //pba:threads, whose lock is the user's. That this script can fail
# is seen from the spin lock, which has such instructions, and from the POSIX lock, which makes such calls.
set -eu

# Instructions that are atomic or order memory: of x86 a lock prefix, an exchange with memory (which needs none), a
# fence; of AArch64 exclusive and atomic ones, loads and stores that order, and barriers.
atomics() {
  objdump -d --no-show-raw-insn "$1" | sed 's/<[^>]*>//g' |
    grep -E '^ +[0-9a-f]+:[[:space:]]+(lock |xchg .*\(|[lms]fence|ld[al]*xp?r|st[l]*xp?r|ldar|stlr|cas|swp|ld(add|clr|eor|set)|dmb|dsb)' || true
}

# What is called of threads, and of compilers' help with atomics; and a thread's own variables.
calls() {
  nm -u "$1" 2> /dev/null | grep -E ' (pthread_|mtx_|thrd_|tss_|__atomic_|__sync_|__aarch64_|__tls_get_addr|sem_)' || true
}

status=0
fail() { echo "FAILED: $1"; status=1; }

for name in pba engine options threads; do
  archive="pba/lib$name.a"
  # An archive that is not there, or is empty, would pass.
  [ "$(objdump -d "$archive" | grep -c '^[0-9a-f]* <.*>:$')" -gt 0 ] || fail "$archive has no functions"
  found="$(atomics "$archive")$(calls "$archive")"
  [ -z "$found" ] || fail "$archive: $found"
done

[ -n "$(atomics block_allocator/libspin_lock.a)" ] || fail "the spin lock's instructions were not found"
[ -n "$(calls block_allocator/libpthread_lock.a)" ] || fail "the calls of the POSIX lock were not found"
exit $status
