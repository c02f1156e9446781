#include "block_allocator/misuse/misuse_text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

/* A text that grows to the right: what does not fit is counted but not written. */
typedef struct text {
    char *buffer;
    size_t size;
    size_t length;
} text;

static text text_over(char *buffer, size_t size) {
    text self;
    self.buffer = buffer;
    self.size = size;
    self.length = 0;
    return self;
}

BA_PRINTF(2, 3) static void append(text *self, const char *format, ...) {
    const size_t used = self->length < self->size ? self->length : self->size;
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(self->size == 0 ? NULL : self->buffer + used, self->size - used,
                                 format, arguments);
    va_end(arguments);
    self->length += length > 0 ? (size_t)length : 0;
}

static void append_site(text *self, const char *words, ba_call_site site) {
    if (ba_call_site_is_none(site)) {
        return;
    }
    if (site.text != NULL) {
        append(self, "%s%s", words, site.text);
    } else {
        append(self, "%s0x%" PRIxPTR, words, (uintptr_t)site.address);
    }
}

static void append_memory(text *self, ba_memory memory) {
    append(self, "0x%" PRIxPTR ", %zu", (uintptr_t)ba_memory_pointer(memory),
           ba_memory_length(memory).bytes);
}

size_t ba_call_site_format(ba_call_site site, char *buffer, size_t size) {
    text out = text_over(buffer, size);
    if (ba_call_site_is_none(site)) {
        append(&out, "an unknown place");
    } else {
        append_site(&out, "", site);
    }
    return out.length;
}

size_t ba_misuse_format(const ba_misuse *misuse, char *buffer, size_t size) {
    text out = text_over(buffer, size);
    append(&out, "%s: %s(", misuse->allocator, misuse->operation);
    if (!ba_memory_is_none(misuse->memory)) {
        append_memory(&out, misuse->memory);
    }
    append(&out, "): %s, %s", ba_error_name(misuse->error), ba_error_message(misuse->error));
    const char *mark = ";";
    if (misuse->expected.bytes != 0) {
        append(&out, "%s expected %zu", mark, misuse->expected.bytes);
        mark = ",";
    }
    if (misuse->error.code == BA_BAD_ALIGN) {
        append(&out, "%s alignment %zu", mark, misuse->alignment.bytes);
    }
    append_site(&out, ", at ", misuse->site);
    append_site(&out, misuse->error.code == BA_RACE ? ", while in use at " : ", allocated at ",
                misuse->origin);
    if (misuse->live_count != 0) {
        append(&out, ": %zu bytes in %zu allocation%s", misuse->live_length.bytes,
               misuse->live_count, misuse->live_count == 1 ? "" : "s");
        for (size_t i = 0; i < misuse->live_shown; i++) {
            append(&out, "%s(", i == 0 ? ": " : ", ");
            append_memory(&out, misuse->live[i].memory);
            append_site(&out, " at ", misuse->live[i].site);
            append(&out, ")");
        }
    }
    return out.length;
}
