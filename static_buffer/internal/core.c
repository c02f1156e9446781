#include "static_buffer/internal/core.h"

#include <string.h>

#include "block_allocator/misuse.h"

sab_growth sab_core_exact_growth(sab_layout layout, size_t needed) {
    const ba_length bytes = ba_bytes(sab_core_bytes(layout, needed));
    return (sab_growth){bytes, bytes};
}

sab_growth sab_core_growth(sab_layout layout, size_t capacity, size_t needed) {
    sab_growth growth = sab_core_exact_growth(layout, needed);
    /* If 2 * capacity overflows, it becomes less than the capacity, and so than what is needed. */
    const size_t doubled = sab_core_bytes(layout, 2 * capacity);
    if (doubled > growth.wanted.bytes && growth.minimum.bytes != 0) {
        growth.wanted = ba_bytes(doubled);
    }
    return growth;
}

void sab_core_copy(void *to, const void *from, size_t bytes) {
    if (bytes != 0) {
        memcpy(to, from, bytes);
    }
}

void sab_core_move(void *to, const void *from, size_t bytes) {
    if (bytes != 0) {
        memmove(to, from, bytes);
    }
}

void sab_core_exchange(void *first, void *second, size_t bytes) {
    unsigned char *const a = (unsigned char *)first;
    unsigned char *const b = (unsigned char *)second;
    unsigned char kept[64];
    size_t part;
    for (size_t done = 0; done != bytes; done += part) {
        part = bytes - done < sizeof kept ? bytes - done : sizeof kept;
        memcpy(kept, a + done, part);
        memcpy(a + done, b + done, part);
        memcpy(b + done, kept, part);
    }
}

void sab_core_rotate(void *bytes, size_t left, size_t right) {
    unsigned char *start = (unsigned char *)bytes;
    /* Exchanges the beginning of the left run with the beginning of the right one, for as many
     * bytes as the shorter run has: then those of the right run are where they belong. */
    while (left != 0 && right != 0) {
        const size_t part = left < right ? left : right;
        sab_core_exchange(start, start + left, part);
        start += part;
        if (part == right) {
            left -= part;
        } else {
            right -= part;
        }
    }
}

/* --- sorting --- */

/* What is sorted. */
typedef struct sorting {
    unsigned char *elements;
    size_t size;
    int (*compare)(const void *first, const void *second);
} sorting;

static unsigned char *element_at(const sorting *self, size_t index) {
    return self->elements + index * self->size;
}

static void exchange(const sorting *self, size_t first, size_t second) {
    sab_core_exchange(element_at(self, first), element_at(self, second), self->size);
}

static bool is_less(const sorting *self, size_t first, size_t second) {
    return self->compare(element_at(self, first), element_at(self, second)) < 0;
}

/* Lets the root of a heap of `count` elements sink to its place. Goes down to a leaf along the
 * larger children, and from there up to where the root belongs: most elements belong near the
 * leaves, so that this takes about half the comparisons. */
static void sink(const sorting *self, size_t root, size_t count) {
    size_t place = root;
    while (2 * place + 2 < count) {
        const size_t left = 2 * place + 1;
        place = is_less(self, left, left + 1) ? left + 1 : left;
    }
    if (2 * place + 2 == count) {
        place = 2 * place + 1;
    }
    while (place > root && is_less(self, place, root)) {
        place = (place - 1) / 2;
    }
    /* The root goes to its place; what lies on the path moves up by one. */
    while (place > root) {
        exchange(self, root, place);
        place = (place - 1) / 2;
    }
}

sab_core_run sab_core_whole_run(size_t count) {
    sab_core_run run = {.start = 0, .count = count, .divisions = 0};
    for (size_t rest = count; rest > 1; rest /= 2) {
        run.divisions += 2;
    }
    return run;
}

void sab_core_heapsort(void *elements, size_t count, size_t size,
                       int (*compare)(const void *first, const void *second)) {
    const sorting self = {(unsigned char *)elements, size, compare};
    for (size_t root = count / 2; root > 0; root--) {
        sink(&self, root - 1, count);
    }
    for (size_t rest = count; rest > 1; rest--) {
        exchange(&self, 0, rest - 1);
        sink(&self, 0, rest - 1);
    }
}

/* --- misuse --- */

static ba_error report(ba_severity severity, const char *type, const char *function, ba_error error,
                       ba_call_site site) {
    const ba_misuse misuse = {
        .severity = severity,
        .error = error,
        .allocator = type,
        .operation = function,
        .memory = ba_memory_none(ba_error_of(BA_OK)),
        .alignment = ba_align(1),
        .site = site,
    };
    return ba_misuse_report(&misuse);
}

void sab_core_panic(const char *type, const char *function, ba_error error, ba_call_site site) {
    (void)report(BA_SEVERITY_PANIC, type, function, error, site);
    BA_TRAP();
}

ba_error sab_core_log(const char *type, const char *function, ba_error error, ba_call_site site) {
    return report(BA_SEVERITY_LOG, type, function, error, site);
}

void sab_core_log_refusal(const char *type, const char *function, ba_error error,
                          ba_call_site site) {
    if (error.code == BA_OUT_OF_MEMORY || error.code == BA_LIMIT) {
        sab_core_panic(type, function, error, site);
    }
    /* Those two are a list's own. */
    if (error.code != BA_OUT_OF_BOUNDS && error.code != BA_OVERLAP) {
        (void)sab_core_log(type, function, error, site);
    }
}
