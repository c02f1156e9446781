/* The table is an array of slots, searched from the slot that the pointer's hash names to the next
 * empty one. An entry is removed by moving those after it up (Knuth, The Art of Computer
 * Programming, volume 3, 6.4, algorithm R), so that there are no tombstones and a removal needs
 * nothing. The occupied slots are also linked in the order of their allocation. */
#include "block_allocator/forwarding/tracking_allocator.h"

#include <stdbool.h>

#include "block_allocator/call_site.h"
#include "block_allocator/implementing/forwarding.h"
#include "block_allocator/implementing/operations.h"
#include "block_allocator/internal/language.h"

BA_STATIC_ASSERT(offsetof(ba_tracking_allocator, parent) == 0,
                 "forwarding.h wants the parent first");

enum {
    FIRST_CAPACITY = 64, /* slots */
    LIVE_SHOWN = 8,      /* in a report of leaks */
};

/* No slot. */
#define NONE SIZE_MAX

typedef struct ba_tracking_slot_ {
    ba_live live; /* the whole span; no memory if the slot is empty */
    size_t older; /* slot, or NONE */
    size_t newer; /* slot, or NONE */
} slot;

/* The links of the neighbours and ends lead to a slot's number: after it got a new one. */
static void relink(ba_tracking_allocator *self, size_t at) {
    const slot *const moved = &self->table[at];
    *(moved->older == NONE ? &self->oldest : &self->table[moved->older].newer) = at;
    *(moved->newer == NONE ? &self->newest : &self->table[moved->newer].older) = at;
}

static void unlink_slot(ba_tracking_allocator *self, size_t at) {
    const slot *const gone = &self->table[at];
    *(gone->older == NONE ? &self->oldest : &self->table[gone->older].newer) = gone->newer;
    *(gone->newer == NONE ? &self->newest : &self->table[gone->newer].older) = gone->older;
}

static bool is_empty(const slot *candidate) {
    return ba_memory_is_none(candidate->live.memory);
}

/* Where the search for a pointer begins: Fibonacci hashing (Knuth, as above, 6.4). */
BA_WRAPS static size_t home(const ba_tracking_allocator *self, const void *pointer) {
    const uint64_t hash = (uint64_t)(uintptr_t)pointer * UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(hash >> 32) & (self->capacity - 1);
}

/* The slot of a pointer, or else the empty one where it belongs. The table has one. */
static size_t probe(const ba_tracking_allocator *self, const void *pointer) {
    size_t at = home(self, pointer);
    while (!is_empty(&self->table[at]) &&
           ba_memory_pointer(self->table[at].live.memory) != pointer) {
        at = (at + 1) & (self->capacity - 1);
    }
    return at;
}

/* The slot of a pointer, or NONE. */
static size_t find(const ba_tracking_allocator *self, const void *pointer) {
    if (self->capacity == 0) {
        return NONE;
    }
    const size_t at = probe(self, pointer);
    return is_empty(&self->table[at]) ? NONE : at;
}

/* Adds an entry, as the newest. There is room. */
static void insert(ba_tracking_allocator *self, ba_live live) {
    const size_t at = probe(self, ba_memory_pointer(live.memory));
    self->table[at] = (slot){.live = live, .older = self->newest, .newer = NONE};
    relink(self, at);
}

static void remove_slot(ba_tracking_allocator *self, size_t at) {
    const size_t mask = self->capacity - 1;
    unlink_slot(self, at);
    size_t hole = at;
    for (size_t next = (at + 1) & mask; !is_empty(&self->table[next]); next = (next + 1) & mask) {
        const size_t wanted = home(self, ba_memory_pointer(self->table[next].live.memory));
        /* An entry may move up only as far as its home. */
        if (((next - wanted) & mask) >= ((next - hole) & mask)) {
            self->table[hole] = self->table[next];
            relink(self, hole);
            hole = next;
        }
    }
    self->table[hole].live.memory = ba_memory_none(ba_error_of(BA_OK));
}

static void empty_table(ba_tracking_allocator *self) {
    self->table = NULL;
    self->capacity = 0;
    self->oldest = NONE;
    self->newest = NONE;
}

static ba_error free_table(const ba_tracking_allocator *self) {
    return self->capacity == 0
               ? ba_error_of(BA_OK)
               : ba_free(self->metadata,
                         ba_memory_of(self->table, ba_bytes(self->capacity * sizeof(slot))),
                         ba_align_of(slot));
}

/* A larger table with the same entries in the same order. */
static ba_error grow_table(ba_tracking_allocator *self) {
    const size_t capacity = self->capacity == 0 ? FIRST_CAPACITY : self->capacity * 2;
    const ba_length_result length = ba_length_of_array(ba_layout_of(slot), capacity);
    if (ba_length_result_is_none(length)) {
        return ba_length_result_error(length);
    }
    const ba_memory memory =
        ba_alloc(self->metadata, ba_length_result_length(length), ba_align_of(slot));
    if (ba_memory_is_none(memory)) {
        return ba_memory_error(memory);
    }

    const ba_tracking_allocator before = *self;
    empty_table(self);
    self->table = (slot *)ba_memory_pointer(memory);
    self->capacity = capacity;
    for (size_t at = 0; at < capacity; at++) {
        self->table[at].live.memory = ba_memory_none(ba_error_of(BA_OK));
    }
    for (size_t at = before.oldest; at != NONE; at = before.table[at].newer) {
        insert(self, before.table[at].live);
    }
    const ba_error freed = free_table(&before);
    if (ba_failed(freed)) {
        (void)free_table(self);
        *self = before;
    }
    return freed;
}

/* Room for one entry more. */
static ba_error reserve(ba_tracking_allocator *self) {
    const bool fits = self->statistics.allocations < self->capacity / 4 * 3;
    return fits ? ba_error_of(BA_OK) : grow_table(self);
}

/* Accounts for memory that had `before` bytes and has `now`. */
static void account(ba_tracking_statistics *statistics, ba_length before, ba_length now) {
    statistics->in_use.bytes = statistics->in_use.bytes - before.bytes + now.bytes;
    if (now.bytes > before.bytes) {
        statistics->total_bytes += now.bytes - before.bytes;
    }
    if (statistics->in_use.bytes > statistics->peak_in_use.bytes) {
        statistics->peak_in_use = statistics->in_use;
    }
}

static ba_error reject(const ba_tracking_allocator *self, const char *operation, ba_error_code code,
                       ba_memory memory, ba_length expected, ba_alignment alignment,
                       ba_call_site site, ba_call_site origin) {
    const ba_misuse misuse = {
        .severity = ba_severity_now(self->severity),
        .error = ba_error_of(code),
        .allocator = self->name,
        .operation = operation,
        .memory = memory,
        .expected = expected,
        .alignment = alignment,
        .site = site,
        .origin = origin,
    };
    return ba_misuse_report(&misuse);
}

/* The slot of the live span that the pointer lies in, or NONE. */
BA_WRAPS static size_t find_around(const ba_tracking_allocator *self, const void *pointer) {
    const uintptr_t address = (uintptr_t)pointer;
    size_t at = self->oldest;
    while (at != NONE) {
        const ba_memory span = self->table[at].live.memory;
        if (address - (uintptr_t)ba_memory_pointer(span) < ba_memory_length(span).bytes) {
            return at;
        }
        at = self->table[at].newer;
    }
    return NONE;
}

/* True if a length has as many blocks as the memory in the slot. */
static bool fits(const ba_tracking_allocator *self, const slot *held, ba_length length) {
    const ba_length_result span = ba_block_allocator_span_length(self->parent, length);
    return ba_length_result_length(span).bytes == ba_memory_length(held->live.memory).bytes;
}

/* Finds the slot of memory that a caller gives back or wants to be resized, or rejects the call. */
static ba_error claim(const ba_tracking_allocator *self, const char *operation, ba_memory memory,
                      ba_alignment alignment, ba_call_site site, size_t *at) {
    *at = find(self, ba_memory_pointer(memory));
    if (*at == NONE) {
        const size_t around = find_around(self, ba_memory_pointer(memory));
        return around == NONE ? reject(self, operation, BA_FOREIGN, memory, ba_bytes(0), alignment,
                                       site, ba_call_site_none())
                              : reject(self, operation, BA_INTERIOR, memory, ba_bytes(0), alignment,
                                       site, self->table[around].live.site);
    }
    const slot *const held = &self->table[*at];
    if (!ba_alignment_is_valid(alignment) || !ba_is_aligned(ba_memory_pointer(memory), alignment)) {
        return reject(self, operation, BA_BAD_ALIGN, memory, ba_bytes(0), alignment, site,
                      held->live.site);
    }
    if (!fits(self, held, ba_memory_length(memory))) {
        return reject(self, operation, BA_SIZE_MISMATCH, memory,
                      ba_memory_length(held->live.memory), alignment, site, held->live.site);
    }
    return ba_error_of(BA_OK);
}

static ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment,
                       ba_call_site site) {
    ba_tracking_allocator *const self = (ba_tracking_allocator *)context;
    ba_tracking_statistics *const statistics = &self->statistics;
    const ba_memory memory = ba_block_alloc_at(self->parent, minimum, alignment, site);
    if (ba_memory_is_none(memory)) {
        statistics->failed_allocations++;
        return memory;
    }
    /* Only now, so that a refusal of the parent leaves the table as it was, too. */
    const ba_error reserved = reserve(self);
    if (ba_failed(reserved)) {
        (void)ba_block_free_at(self->parent, memory, alignment, site);
        statistics->failed_allocations++;
        return ba_memory_none(reserved);
    }
    insert(self, (ba_live){.memory = memory, .site = site});
    account(statistics, ba_bytes(0), ba_memory_length(memory));
    statistics->total_allocations++;
    statistics->allocations++;
    if (statistics->allocations > statistics->peak_allocations) {
        statistics->peak_allocations = statistics->allocations;
    }
    return memory;
}

/* The span in a slot has another length, or none because the parent refused. */
static ba_length_result resized(ba_tracking_allocator *self, size_t at, ba_length_result now) {
    if (ba_length_result_is_none(now)) {
        self->statistics.refused_resizes++;
        return now;
    }
    slot *const held = &self->table[at];
    account(&self->statistics, ba_memory_length(held->live.memory), ba_length_result_length(now));
    held->live.memory =
        ba_memory_of(ba_memory_pointer(held->live.memory), ba_length_result_length(now));
    self->statistics.resizes++;
    return now;
}

static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                               ba_length minimum, ba_call_site site) {
    ba_tracking_allocator *const self = (ba_tracking_allocator *)context;
    size_t at = NONE;
    const ba_error error = claim(self, "resize", memory, alignment, site, &at);
    if (ba_failed(error)) {
        return ba_length_result_none(error);
    }
    return resized(
        self, at,
        ba_block_resize_at(self->parent, self->table[at].live.memory, alignment, minimum, site));
}

static ba_error free_memory(void *context, ba_memory memory, ba_alignment alignment,
                            ba_call_site site) {
    ba_tracking_allocator *const self = (ba_tracking_allocator *)context;
    size_t at = NONE;
    const ba_error error = claim(self, "free", memory, alignment, site, &at);
    if (ba_failed(error)) {
        return error;
    }
    const ba_memory span = self->table[at].live.memory;
    const ba_error freed = ba_block_free_at(self->parent, span, alignment, site);
    if (!ba_failed(freed)) {
        remove_slot(self, at);
        account(&self->statistics, ba_memory_length(span), ba_bytes(0));
        self->statistics.allocations--;
    }
    return freed;
}

static ba_length_result grow_between(void *context, ba_memory memory, ba_alignment alignment,
                                     ba_length minimum, ba_length wanted, ba_call_site site) {
    ba_tracking_allocator *const self = (ba_tracking_allocator *)context;
    size_t at = NONE;
    const ba_error error = claim(self, "grow_between", memory, alignment, site, &at);
    if (ba_failed(error)) {
        return ba_length_result_none(error);
    }
    return resized(self, at,
                   ba_block_grow_between_at(self->parent, self->table[at].live.memory, alignment,
                                            minimum, wanted, site));
}

static ba_memory remap(void *context, ba_memory memory, ba_alignment alignment, ba_length minimum,
                       ba_call_site site) {
    ba_tracking_allocator *const self = (ba_tracking_allocator *)context;
    size_t at = NONE;
    const ba_error error = claim(self, "remap", memory, alignment, site, &at);
    if (ba_failed(error)) {
        return ba_memory_none(error);
    }
    const ba_live before = self->table[at].live;
    const ba_memory now = ba_block_remap_at(self->parent, before.memory, alignment, minimum, site);
    if (ba_memory_is_none(now) || ba_memory_pointer(now) == ba_memory_pointer(before.memory)) {
        (void)resized(self, at,
                      ba_memory_is_none(now) ? ba_length_result_none(ba_memory_error(now))
                                             : ba_length_result_of(ba_memory_length(now)));
        return now;
    }
    remove_slot(self, at);
    insert(self, (ba_live){.memory = now, .site = before.site});
    account(&self->statistics, ba_memory_length(before.memory), ba_memory_length(now));
    self->statistics.moves++;
    return now;
}

static const ba_operations operations = {
    .size = sizeof(ba_operations),
    .block_size = ba_forward_block_size,
    .alloc = alloc,
    .resize = resize,
    .free = free_memory,
    .grow_between = grow_between,
    .remap = remap,
    .discard = ba_forward_discard,
    .owns = ba_forward_owns,
};

static ba_error report_in_use(const ba_tracking_allocator *self, const char *operation) {
    if (self->statistics.allocations == 0) {
        return ba_error_of(BA_OK);
    }
    ba_live live[LIVE_SHOWN];
    size_t shown = 0;
    for (size_t at = self->oldest; at != NONE && shown < LIVE_SHOWN; at = self->table[at].newer) {
        live[shown++] = self->table[at].live;
    }
    const ba_misuse misuse = {
        .severity = ba_severity_now(self->severity),
        .error = ba_error_of(BA_IN_USE),
        .allocator = self->name,
        .operation = operation,
        .live_count = self->statistics.allocations,
        .live_length = self->statistics.in_use,
        .live = live,
        .live_shown = shown,
    };
    return ba_misuse_report(&misuse);
}

void ba_tracking_allocator_init(ba_tracking_allocator *self, const char *name, ba_allocator parent,
                                ba_allocator metadata) {
    *self = (ba_tracking_allocator){
        .name = name,
        .parent = ba_allocator_grants(parent),
        .metadata = metadata,
    };
    empty_table(self);
}

void ba_tracking_allocator_set_severity(ba_tracking_allocator *self, ba_severity severity) {
    self->severity = ba_severity_own(severity);
}

ba_error ba_tracking_allocator_release(ba_tracking_allocator *self) {
    const ba_error error = report_in_use(self, "release");
    const ba_error freed = free_table(self);
    if (ba_failed(freed)) {
        return freed;
    }
    empty_table(self);
    self->statistics = (ba_tracking_statistics){0};
    return error;
}

ba_allocator ba_tracking_allocator_allocator(ba_tracking_allocator *self) {
    return ba_allocator_of(self, &operations);
}

ba_block_allocator ba_tracking_allocator_block_allocator(ba_tracking_allocator *self) {
    return ba_block_allocator_of(self, &operations);
}

ba_tracking_statistics ba_tracking_allocator_statistics(const ba_tracking_allocator *self) {
    return self->statistics;
}

void ba_tracking_allocator_visit(const ba_tracking_allocator *self, ba_tracking_visitor visitor) {
    for (size_t at = self->oldest; at != NONE; at = self->table[at].newer) {
        visitor.function(visitor.context, &self->table[at].live);
    }
}

ba_error ba_tracking_allocator_report_leaks(const ba_tracking_allocator *self) {
    return report_in_use(self, "report_leaks");
}
