#include "bench/replay/trace.h"

#include <stdbool.h>
#include <string.h>

#include "block_allocator/typed.h"

#define MAGIC "TRC1"
#define MAGIC_LENGTH (sizeof MAGIC - 1)
/* In an event's first number, beside the operation: the thread's number follows. */
#define THREAD_CHANGED UINT64_C(8)

/* --- one event --- */

/* What of the trace is not read yet. */
typedef struct reader {
    const unsigned char *next;
    const unsigned char *end;
} reader;

/* LEB128: seven bits a byte, the low ones first. */
static trace_error read_number(reader *self, uint64_t *number) {
    *number = 0;
    for (unsigned shift = 0; self->next != self->end; shift += 7) {
        const uint64_t byte = *self->next++;
        const uint64_t bits = byte & 0x7F;
        if (shift > 63 || (bits << shift) >> shift != bits) {
            return TRACE_WRONG_NUMBER;
        }
        *number |= bits << shift;
        if (byte < 0x80) {
            return TRACE_OK;
        }
    }
    return TRACE_CUT_SHORT;
}

static trace_error read_operation(reader *self, trace_event *event) {
    uint64_t first = 0;
    trace_error error = read_number(self, &first);
    const uint64_t operation = first & (THREAD_CHANGED - 1);
    if (error == TRACE_OK && (first >= 2 * THREAD_CHANGED || operation < (uint64_t)TRACE_MALLOC ||
                              operation > (uint64_t)TRACE_ALIGNED)) {
        error = TRACE_WRONG_OPERATION;
    }
    if (error == TRACE_OK && first >= THREAD_CHANGED) {
        uint64_t thread = 0;
        error = read_number(self, &thread);
    }
    event->operation = (uint8_t)operation;
    return error;
}

static trace_error read_slot(reader *self, trace_event *event) {
    uint64_t slot = 0;
    const trace_error error = read_number(self, &slot);
    event->slot = (uint32_t)slot;
    return error == TRACE_OK && slot >= UINT32_MAX ? TRACE_WRONG_SLOT : error;
}

static trace_error read_alignment(reader *self, trace_event *event) {
    uint64_t shift = 0;
    const trace_error error = read_number(self, &shift);
    event->alignment_shift = (uint8_t)shift;
    return error == TRACE_OK && shift > 63 ? TRACE_WRONG_ALIGNMENT : error;
}

static trace_error read_size(reader *self, trace_event *event) {
    const trace_error error = read_number(self, &event->size);
    event->size += event->size == 0 ? 1 : 0;
    return error;
}

static trace_error read_event(reader *self, trace_event *event) {
    memset(event, 0, sizeof *event);
    trace_error error = read_operation(self, event);
    if (error == TRACE_OK) {
        error = read_slot(self, event);
    }
    if (error == TRACE_OK && event->operation == TRACE_ALIGNED) {
        error = read_alignment(self, event);
    }
    if (error == TRACE_OK && event->operation != TRACE_FREE) {
        error = read_size(self, event);
    }
    return error;
}

/* --- all of them --- */

/* How much room the events need, and their slots. */
typedef struct extent {
    size_t events;
    size_t slots;
} extent;

static trace_error measure(reader events, extent *result) {
    extent found = {0, 0};
    while (events.next != events.end) {
        trace_event event;
        const trace_error error = read_event(&events, &event);
        if (error != TRACE_OK) {
            return error;
        }
        found.events++;
        found.slots = event.slot >= found.slots ? (size_t)event.slot + 1 : found.slots;
    }
    *result = found;
    /* A slot is used first when it is the lowest free one, so each has an event. */
    return found.slots > found.events ? TRACE_WRONG_SLOT : TRACE_OK;
}

/* What lives while events are read: the size by slot, 0 for a slot that is not in use. */
typedef struct census {
    uint64_t *sizes;
    uint64_t in_use;
    size_t live;
} census;

static trace_error count_event(census *self, const trace_event *event) {
    uint64_t *const size = &self->sizes[event->slot];
    const bool needs_one = event->operation == TRACE_FREE || event->operation == TRACE_REALLOC;
    if (needs_one != (*size != 0)) {
        return needs_one ? TRACE_SLOT_NOT_IN_USE : TRACE_SLOT_IN_USE;
    }
    self->live -= *size != 0 ? 1 : 0;
    self->live += event->size != 0 ? 1 : 0;
    self->in_use -= *size;
    if (event->size > UINT64_MAX - self->in_use) {
        return TRACE_TOO_LARGE;
    }
    self->in_use += event->size;
    *size = event->size;
    return TRACE_OK;
}

static void note_peak(trace *self, const census *now) {
    if (now->in_use > self->peak_in_use) {
        self->peak_in_use = now->in_use;
        self->peak_live = now->live;
        self->peak_end = self->count;
    }
}

static void append_frees(trace *self, const census *now) {
    for (size_t slot = 0; slot < self->slots; slot++) {
        if (now->sizes[slot] != 0) {
            self->events[self->count++] =
                (trace_event){.slot = (uint32_t)slot, .operation = TRACE_FREE};
        }
    }
}

static trace_error fill(trace *self, reader events, census *now) {
    while (events.next != events.end) {
        trace_event *const event = &self->events[self->count];
        trace_error error = read_event(&events, event);
        if (error == TRACE_OK) {
            error = count_event(now, event);
        }
        if (error != TRACE_OK) {
            return error;
        }
        self->count++;
        note_peak(self, now);
    }
    self->recorded = self->count;
    append_frees(self, now);
    return TRACE_OK;
}

static trace_error fill_with_census(trace *self, reader events, ba_allocator memory) {
    const ba_layout number = ba_layout_of(uint64_t);
    const ba_memory sizes = ba_array_alloc(memory, number, self->slots);
    if (ba_memory_is_none(sizes)) {
        return TRACE_OUT_OF_MEMORY;
    }
    memset(ba_memory_pointer(sizes), 0, ba_memory_length(sizes).bytes);
    census now = {.sizes = (uint64_t *)ba_memory_pointer(sizes)};
    const trace_error error = fill(self, events, &now);
    ba_array_free(memory, number, sizes);
    return error;
}

trace_error trace_read(const unsigned char *bytes, size_t length, ba_allocator memory,
                       trace *result) {
    if (length < MAGIC_LENGTH || memcmp(bytes, MAGIC, MAGIC_LENGTH) != 0) {
        return TRACE_NO_TRACE;
    }
    const reader events = {bytes + MAGIC_LENGTH, bytes + length};
    extent room;
    trace_error error = measure(events, &room);
    if (error != TRACE_OK) {
        return error;
    }
    /* A free for each slot at the end is the most that can come to the recorded ones. */
    trace read = {.slots = room.slots};
    read.array = ba_array_alloc(memory, ba_layout_of(trace_event), room.events + room.slots);
    if (ba_memory_is_none(read.array)) {
        return TRACE_OUT_OF_MEMORY;
    }
    read.events = (trace_event *)ba_memory_pointer(read.array);
    error = fill_with_census(&read, events, memory);
    if (error != TRACE_OK) {
        trace_release(&read, memory);
        return error;
    }
    *result = read;
    return TRACE_OK;
}

void trace_release(trace *self, ba_allocator memory) {
    ba_array_free(memory, ba_layout_of(trace_event), self->array);
    *self = (trace){0};
}

const char *trace_error_message(trace_error error) {
    switch (error) {
    case TRACE_OK:
        return "no error";
    case TRACE_NO_TRACE:
        return "it does not begin as a trace does";
    case TRACE_CUT_SHORT:
        return "it ends within an event";
    case TRACE_WRONG_NUMBER:
        return "a number has more than 64 bits";
    case TRACE_WRONG_OPERATION:
        return "an event is none of the calls that a trace holds";
    case TRACE_WRONG_ALIGNMENT:
        return "an alignment is too large";
    case TRACE_WRONG_SLOT:
        return "a slot's number is not below the number of events";
    case TRACE_SLOT_IN_USE:
        return "an allocation names a slot that is in use";
    case TRACE_SLOT_NOT_IN_USE:
        return "a free or realloc names a slot that is not in use";
    case TRACE_TOO_LARGE:
        return "more is in use than can be counted";
    case TRACE_OUT_OF_MEMORY:
        return "there is no memory for its events";
    }
    return "no such error";
}
