#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): its name  \
                       is the C library's. */
#endif
#include "static_buffer/file_view.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#if defined(__linux__) || defined(__APPLE__) || defined(__FreeBSD__) || defined(__NetBSD__) ||     \
    defined(__OpenBSD__)

/* What a stream writes to. */
typedef struct stream {
    sab_writer writer;
    bool has_lost; /* something was printed that the writer did not take */
} stream;

static int close_stream(void *cookie) {
    const bool has_lost = ((const stream *)cookie)->has_lost;
    free(cookie);
    if (has_lost) {
        errno = ENOMEM;
    }
    return has_lost ? -1 : 0;
}

/* All bytes, or 0 with errno set. What comes after something that was lost is not written either:
 * it would stand where it does not belong. */
static size_t write_all(stream *self, const char *bytes, size_t count) {
    if (!self->has_lost && self->writer.write(self->writer.context, bytes, count) == count) {
        return count;
    }
    self->has_lost = true;
    errno = ENOMEM;
    return 0;
}

#if defined(__linux__)

static ssize_t write_to(void *cookie, const char *bytes, size_t count) {
    return (ssize_t)write_all((stream *)cookie, bytes, count);
}

static FILE *open_cookie(stream *self) {
    const cookie_io_functions_t functions = {.write = write_to, .close = close_stream};
    return fopencookie(self, "w", functions);
}

#else

static int write_to(void *cookie, const char *bytes, int count) {
    const size_t taken = write_all((stream *)cookie, bytes, (size_t)count);
    return taken == 0 && count != 0 ? -1 : (int)taken;
}

static FILE *open_cookie(stream *self) {
    return funopen(self, NULL, write_to, NULL, close_stream);
}

#endif

FILE *sab_open_writer(sab_writer writer) {
    stream *const cookie = (stream *)malloc(sizeof *cookie);
    if (cookie == NULL) {
        return NULL;
    }
    cookie->writer = writer;
    cookie->has_lost = false;
    FILE *const file = open_cookie(cookie);
    if (file == NULL) {
        free(cookie);
        return NULL;
    }
    /* Without a buffer nothing is lost after the call that printed it has said that it is there. */
    (void)setvbuf(file, NULL, _IONBF, 0);
    return file;
}

#else

FILE *sab_open_writer(sab_writer writer) {
    (void)writer;
    errno = ENOTSUP;
    return NULL;
}

#endif
