/* Has what a process executed counted although a signal ends it: gcov writes its counts when a
 * program exits, and the child of a death test does not. For `bazel coverage` alone, which links it
 * into every test. */
#include <pthread.h>
#include <signal.h>
#include <stddef.h>

/* As gcc's <gcov.h> declares them, which clang does not have. */
// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): gcc's names
void __gcov_dump(void);
void __gcov_reset(void);
// NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)

/* Returns to what caused the signal, which then ends the program. */
static void write_counts(int number) {
    /* Not for asynchronous signals; these a thread sends itself. */
    __gcov_dump(); // NOLINT(bugprone-signal-handler,cert-sig30-c): see above
    (void)signal(number, SIG_DFL);
}

__attribute__((constructor)) static void prepare_to_die(void) {
    static const int deadly[] = {SIGABRT, SIGILL, SIGSEGV, SIGTRAP};
    for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++) {
        (void)signal(deadly[i], write_counts);
    }
    /* What was executed before a fork is the parent's to count. */
    (void)pthread_atfork(NULL, NULL, __gcov_reset);
}
