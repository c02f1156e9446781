#include "bench/replay/resident.h"

#include <stdlib.h>
#include <string.h>

#include "bench/replay/file.h"

/* The kilobytes of a line that begins with a name, in bytes; 0 if there is none. */
static size_t field(const char *text, const char *name) {
    const char *const line = strstr(text, name);
    return line == NULL ? 0 : (size_t)strtoull(line + strlen(name), NULL, 10) * 1024;
}

size_t resident_bytes_of(const char *text) {
    return field(text, "\nAnonymous:") - field(text, "\nLazyFree:");
}

size_t resident_bytes(void) {
    char text[4096];
    text[file_read("/proc/self/smaps_rollup", text, sizeof text - 1)] = '\0';
    return resident_bytes_of(text);
}
