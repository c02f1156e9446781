#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): its name  \
                       is the C library's. */
#endif
#include "static_buffer/file_view.h"

#include <errno.h>
#include <stdlib.h>

#if defined(__linux__) || defined(__APPLE__) || defined(__FreeBSD__) || defined(__NetBSD__) ||     \
    defined(__OpenBSD__)

static int close_writer(void *cookie) {
    free(cookie);
    return 0;
}

/* All bytes, or 0 with errno set. */
static size_t write_all(const sab_writer *writer, const char *bytes, size_t count) {
    const size_t taken = writer->write(writer->context, bytes, count);
    if (taken == 0) {
        errno = ENOMEM;
    }
    return taken;
}

#if defined(__linux__)

static ssize_t write_to(void *cookie, const char *bytes, size_t count) {
    return (ssize_t)write_all((const sab_writer *)cookie, bytes, count);
}

static FILE *open_cookie(sab_writer *writer) {
    const cookie_io_functions_t functions = {.write = write_to, .close = close_writer};
    return fopencookie(writer, "w", functions);
}

#else

static int write_to(void *cookie, const char *bytes, int count) {
    const size_t taken = write_all((const sab_writer *)cookie, bytes, (size_t)count);
    return taken == 0 && count != 0 ? -1 : (int)taken;
}

static FILE *open_cookie(sab_writer *writer) {
    return funopen(writer, NULL, write_to, NULL, close_writer);
}

#endif

FILE *sab_open_writer(sab_writer writer) {
    sab_writer *const cookie = (sab_writer *)malloc(sizeof *cookie);
    if (cookie == NULL) {
        return NULL;
    }
    *cookie = writer;
    FILE *const file = open_cookie(cookie);
    if (file == NULL) {
        free(cookie);
    }
    return file;
}

#else

FILE *sab_open_writer(sab_writer writer) {
    (void)writer;
    errno = ENOTSUP;
    return NULL;
}

#endif
