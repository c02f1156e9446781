#include "block_allocator/forwarding/logging_to_file.h"

#include <inttypes.h>

#include "block_allocator/misuse/misuse_text.h"

static const char *operation_name(ba_log_operation operation) {
    switch (operation) {
    case BA_LOG_ALLOC:
        return "alloc";
    case BA_LOG_RESIZE:
        return "resize";
    case BA_LOG_FREE:
        return "free";
    case BA_LOG_GROW_BETWEEN:
        return "grow_between";
    case BA_LOG_REMAP:
        return "remap";
    case BA_LOG_DISCARD:
        return "discard";
    }
    return "unknown";
}

static uintptr_t address_of(ba_memory memory) {
    return (uintptr_t)ba_memory_pointer(memory);
}

static void write_line(void *context, const ba_log_event *event) {
    FILE *const file = (FILE *)context;
    char site[256];
    (void)ba_call_site_format(event->site, site, sizeof site);
    (void)fprintf(file, "%" PRIu64 " %s 0x%" PRIxPTR " %zu %zu %zu %zu %s 0x%" PRIxPTR " %zu %s\n",
                  event->number, operation_name(event->operation), address_of(event->memory),
                  ba_memory_length(event->memory).bytes, event->alignment.bytes,
                  event->minimum.bytes, event->wanted.bytes, ba_error_name(event->error),
                  address_of(event->result), ba_memory_length(event->result).bytes, site);
}

ba_log_sink ba_log_to_file(FILE *file) {
    return (ba_log_sink){.function = write_line, .context = file};
}
