/* The handler of misuse that is installed. */
#include "block_allocator/misuse.h"

#include "block_allocator/internal/language.h"

static struct {
    ba_misuse_handler handler;
    ba_severity severity;
} settings = {{NULL, NULL}, BA_SEVERITY_PANIC};

ba_misuse_handler ba_misuse_set_handler(ba_misuse_handler handler) {
    const ba_misuse_handler before = settings.handler;
    settings.handler = handler;
    return before;
}

ba_severity ba_misuse_set_severity(ba_severity severity) {
    const ba_severity before = settings.severity;
    settings.severity = severity;
    return before;
}

ba_severity ba_misuse_severity(void) {
    return settings.severity;
}

ba_error ba_misuse_report(const ba_misuse *misuse) {
    if (settings.handler.function != NULL) {
        settings.handler.function(settings.handler.context, misuse);
    } else {
        ba_misuse_default(misuse);
    }
    switch (misuse->severity) {
    case BA_SEVERITY_LOG:
        return misuse->error;
    case BA_SEVERITY_PANIC:
        break;
    }
    BA_TRAP();
}

ba_error ba_misuse_reject(const char *allocator, const char *operation, ba_error_code code,
                          ba_memory memory, ba_length expected, ba_alignment alignment,
                          ba_call_site site) {
    const ba_misuse misuse = {
        .severity = settings.severity,
        .error = ba_error_of(code),
        .allocator = allocator,
        .operation = operation,
        .memory = memory,
        .expected = expected,
        .alignment = alignment,
        .site = site,
    };
    return ba_misuse_report(&misuse);
}
