#include "bench/replay/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

size_t file_length(const char *path) {
    struct stat about;
    return stat(path, &about) == 0 && about.st_size > 0 ? (size_t)about.st_size : 0;
}

size_t file_read(const char *path, void *bytes, size_t room) {
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return 0;
    }
    size_t length = 0;
    while (length < room) {
        const ssize_t part = read(file, (char *)bytes + length, room - length);
        if (part <= 0) {
            break;
        }
        length += (size_t)part;
    }
    (void)close(file);
    return length;
}
