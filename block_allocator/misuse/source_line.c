#if defined(__linux__)

/* For dl_iterate_phdr. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): its name  \
                       is the C library's */

#include "block_allocator/misuse/source_line.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <link.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Where an address lies: the file that was loaded there, and the address in that file. */
typedef struct place {
    uintptr_t address;
    uintptr_t in_file;
    char file[PATH_MAX];
} place;

static bool holds(const struct dl_phdr_info *object, uintptr_t address) {
    for (size_t i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *const segment = &object->dlpi_phdr[i];
        if (segment->p_type == PT_LOAD &&
            address - object->dlpi_addr - segment->p_vaddr < segment->p_memsz) {
            return true;
        }
    }
    return false;
}

/* Looks at one loaded object; 1 ends the search. The program itself has no name here. */
static int look_at(struct dl_phdr_info *object, size_t size, void *context) {
    place *const found = (place *)context;
    (void)size;
    if (!holds(object, found->address)) {
        return 0;
    }
    found->in_file = found->address - object->dlpi_addr;
    if (object->dlpi_name[0] != '\0') {
        (void)snprintf(found->file, sizeof found->file, "%s", object->dlpi_name);
        return 1;
    }
    const ssize_t length = readlink("/proc/self/exe", found->file, sizeof found->file - 1);
    found->file[length > 0 ? length : 0] = '\0';
    return 1;
}

/* Starts addr2line with its output going to a pipe, in an environment in which nothing is preloaded
 * into it. */
static bool start(place *where, const int ends[2], pid_t *process) {
    char address[2 + 2 * sizeof(uintptr_t) + 1];
    (void)snprintf(address, sizeof address, "0x%" PRIxPTR, where->in_file);
    char name[] = "addr2line";
    char option[] = "-e";
    char *const arguments[] = {name, option, where->file, address, NULL};
    char *const environment[] = {NULL};

    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0) {
        return false;
    }
    const bool started =
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO) == 0 &&
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) == 0 &&
        posix_spawnp(process, name, &actions, NULL, arguments, environment) == 0;
    (void)posix_spawn_file_actions_destroy(&actions);
    return started;
}

/* Reads until the other end is closed; what does not fit is lost. */
static void read_text(int from, char *text, size_t size) {
    size_t length = 0;
    ssize_t more = 1;
    /* A signal may end a read before there is anything. */
    while ((more > 0 || (more < 0 && errno == EINTR)) && length + 1 < size) {
        more = read(from, text + length, size - 1 - length);
        length += more > 0 ? (size_t)more : 0;
    }
    text[length] = '\0';
}

static void ask_addr2line(place *where, char *line, size_t size) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return;
    }
    pid_t process = 0;
    const bool started = start(where, ends, &process);
    (void)close(ends[1]);
    if (started) {
        read_text(ends[0], line, size);
        while (waitpid(process, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    (void)close(ends[0]);
}

/* Of "file:line" or "file:line (discriminator 2)" and a newline, the first two; nothing if a
 * question mark stands for one of them, or if the end is missing. */
static bool cut_to_line(char *line) {
    const size_t length = strcspn(line, "\n");
    const bool is_whole = line[length] == '\n';
    line[length] = '\0';
    char *const remark = strstr(line, " (discriminator");
    if (remark != NULL) {
        *remark = '\0';
    }
    const char *const colon = strrchr(line, ':');
    const bool is_known =
        is_whole && colon != NULL && line[0] != '?' && colon[1] >= '1' && colon[1] <= '9';
    line[is_known ? strlen(line) : 0] = '\0';
    return is_known;
}

bool ba_source_line(const void *return_address, char *line, size_t size) {
    place where = {(uintptr_t)return_address - 1, 0, ""}; /* in the call, not after it */
    line[0] = '\0';
    if (dl_iterate_phdr(look_at, &where) == 0) {
        return false;
    }
    ask_addr2line(&where, line, size);
    return cut_to_line(line);
}

#else

#include "block_allocator/misuse/source_line.h"

bool ba_source_line(const void *return_address, char *line, size_t size) {
    (void)return_address;
    (void)size;
    line[0] = '\0';
    return false;
}

#endif
