/* The check sum of a header is the exclusive or of its words, each mixed with its place. So a link
 * can be replaced, and the sum with it, in a header that is damaged, and the damage still shows.
 * What is damaged is never trusted: links are followed only out of sound headers. */
#include "block_allocator/forwarding/guarded_allocator.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "block_allocator/call_site.h"
#include "block_allocator/error.h"
#include "block_allocator/implementing/check.h"
#include "block_allocator/implementing/forwarding.h"
#include "block_allocator/implementing/instrumentation.h"
#include "block_allocator/implementing/operations.h"
#include "block_allocator/internal/cut.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/misuse.h"

BA_STATIC_ASSERT(offsetof(ba_guarded_allocator, parent) == 0,
                 "forwarding.h wants the parent first");

enum { FENCE_UNIT = 16 };

typedef struct ba_guarded_header_ {
    struct ba_guarded_header_ *older; /* or NULL */
    struct ba_guarded_header_ *newer; /* or NULL */
    ba_length length;                 /* of the payload */
    ba_length granted;                /* by the parent, all in all */
    ba_alignment alignment;           /* of the grant */
    ba_call_site site;                /* of the allocation */
    uintptr_t sum;                    /* inverted once the memory is freed */
} header;

BA_STATIC_ASSERT(FENCE_UNIT % BA_ALIGNOF(header) == 0, "a fence must keep the header aligned");

/* The places of a header's words in its check sum. */
typedef enum place {
    OLDER,
    NEWER,
    LENGTH,
    GRANTED,
    ALIGNMENT,
    SITE_TEXT,
    SITE_ADDRESS,
    OWN_ADDRESS,
    ALLOCATOR,
} place;

/* SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014). */
BA_WRAPS static uintptr_t mixed(place where, uintptr_t word) {
    uint64_t x = word + ((uint64_t)where + 1) * UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (uintptr_t)(x ^ (x >> 31));
}

static uintptr_t sum_of(const ba_guarded_allocator *self, const header *of) {
    return mixed(OLDER, (uintptr_t)of->older) ^ mixed(NEWER, (uintptr_t)of->newer) ^
           mixed(LENGTH, of->length.bytes) ^ mixed(GRANTED, of->granted.bytes) ^
           mixed(ALIGNMENT, of->alignment.bytes) ^ mixed(SITE_TEXT, (uintptr_t)of->site.text) ^
           mixed(SITE_ADDRESS, (uintptr_t)of->site.address) ^ mixed(OWN_ADDRESS, (uintptr_t)of) ^
           mixed(ALLOCATOR, (uintptr_t)self);
}

static bool is_sound(const ba_guarded_allocator *self, const header *of) {
    return of->sum == sum_of(self, of);
}

static bool is_freed(const ba_guarded_allocator *self, const header *of) {
    return of->sum == ~sum_of(self, of);
}

static void set_older(header *of, header *older) {
    of->sum ^= mixed(OLDER, (uintptr_t)of->older) ^ mixed(OLDER, (uintptr_t)older);
    of->older = older;
}

static void set_newer(header *of, header *newer) {
    of->sum ^= mixed(NEWER, (uintptr_t)of->newer) ^ mixed(NEWER, (uintptr_t)newer);
    of->newer = newer;
}

/* Makes a neighbour, or the end of the list if there is none, lead to a header. */
static void link_older(ba_guarded_allocator *self, header *neighbour, header *older) {
    if (neighbour != NULL) {
        set_older(neighbour, older);
    } else {
        self->newest = older;
    }
}

static void link_newer(ba_guarded_allocator *self, header *neighbour, header *newer) {
    if (neighbour != NULL) {
        set_newer(neighbour, newer);
    } else {
        self->oldest = newer;
    }
}

/* From the header to the payload. */
static size_t front_length(const ba_guarded_allocator *self) {
    return sizeof(header) + self->fence.bytes;
}

static unsigned char *front_fence(header *of) {
    return (unsigned char *)(of + 1);
}

static unsigned char *payload(const ba_guarded_allocator *self, header *of) {
    return front_fence(of) + self->fence.bytes;
}

static unsigned char *back_fence(const ba_guarded_allocator *self, header *of) {
    return payload(self, of) + of->length.bytes;
}

/* From the grant to the payload: padding, header and fence. Never too long for a size_t, which the
 * largest alignment fills only half. */
static ba_length payload_offset(const ba_guarded_allocator *self, ba_alignment alignment) {
    return ba_length_result_length(ba_length_round_up(ba_bytes(front_length(self)), alignment));
}

/* What must be granted for a payload. None with BA_LIMIT if no size_t can hold it. */
static ba_length_result grant_length(const ba_guarded_allocator *self, ba_alignment alignment,
                                     ba_length length) {
    const size_t around = payload_offset(self, alignment).bytes + self->fence.bytes;
    return length.bytes > SIZE_MAX - around ? ba_length_result_none(ba_error_of(BA_LIMIT))
                                            : ba_length_result_of(ba_bytes(around + length.bytes));
}

static ba_memory grant_of(const ba_guarded_allocator *self, header *of) {
    const ba_length offset = payload_offset(self, of->alignment);
    return ba_memory_of(payload(self, of) - offset.bytes, of->granted);
}

/* The payload has this length now, in a grant of that: puts the back fence there, and the sum. */
static void set_length(const ba_guarded_allocator *self, header *of, ba_length length,
                       ba_length granted) {
    of->length = length;
    of->granted = granted;
    of->sum = sum_of(self, of);
    memset(back_fence(self, of), BA_GUARDED_FENCE_BYTE, self->fence.bytes);
}

/* From the first to the last byte of a fence that is wrong, or none. */
static ba_memory damage_of_fence(const ba_guarded_allocator *self, unsigned char *fence) {
    size_t first = 0;
    while (first < self->fence.bytes && fence[first] == BA_GUARDED_FENCE_BYTE) {
        first++;
    }
    size_t end = self->fence.bytes;
    while (end > first && fence[end - 1] == BA_GUARDED_FENCE_BYTE) {
        end--;
    }
    return first == end ? ba_memory_none(ba_error_of(BA_OK))
                        : ba_memory_of(fence + first, ba_bytes(end - first));
}

/* What is damaged of an allocation with a sound header, or none. */
static ba_memory damage_of_fences(const ba_guarded_allocator *self, header *of) {
    const ba_memory front = damage_of_fence(self, front_fence(of));
    return ba_memory_is_none(front) ? damage_of_fence(self, back_fence(self, of)) : front;
}

/* A call that may have to be rejected. */
typedef struct call {
    const char *operation;
    ba_memory memory; /* given by the caller, or what was overwritten */
    ba_alignment alignment;
    ba_call_site site;
} call;

static ba_error reject(const ba_guarded_allocator *self, call rejected, ba_error_code code,
                       ba_length expected, ba_call_site origin) {
    const ba_misuse misuse = {
        .severity = ba_severity_now(self->severity),
        .error = ba_error_of(code),
        .allocator = self->name,
        .operation = rejected.operation,
        .memory = rejected.memory,
        .expected = expected,
        .alignment = rejected.alignment,
        .site = rejected.site,
        .origin = origin,
    };
    return ba_misuse_report(&misuse);
}

static ba_error reject_corrupt(const ba_guarded_allocator *self, call rejected, ba_memory damaged,
                               ba_call_site origin) {
    rejected.memory = damaged;
    return reject(self, rejected, BA_CORRUPT, ba_bytes(0), origin);
}

static ba_memory whole_header(header *of) {
    return ba_memory_of(of, ba_bytes(sizeof(header)));
}

/* False if a sanitizer would stop the program for looking at the header. */
static bool is_readable(const header *of) {
    const unsigned char *const bytes = (const unsigned char *)of;
    for (size_t i = 0; i < sizeof(header); i++) {
        if (ba_instrument_is_free(bytes + i)) {
            return false;
        }
    }
    return true;
}

/* Where the header of a payload would be, or NULL if there can be none that may be read. */
static header *header_before(const ba_guarded_allocator *self, void *pointer) {
    if ((uintptr_t)pointer <= front_length(self) || !ba_is_aligned(pointer, ba_align_of(header))) {
        return NULL;
    }
    header *const before = (header *)(void *)((unsigned char *)pointer - front_length(self));
    if (ba_block_owns(self->parent, before) == BA_OWNS_NOT ||
        ba_block_owns(self->parent, pointer) == BA_OWNS_NOT) {
        return NULL;
    }
    return is_readable(before) ? before : NULL;
}

BA_WRAPS static bool contains(ba_memory memory, const void *pointer) {
    return (uintptr_t)pointer - (uintptr_t)ba_memory_pointer(memory) <
           ba_memory_length(memory).bytes;
}

/* Tells what is wrong with a pointer that has no sound header before it. */
static ba_error reject_pointer(const ba_guarded_allocator *self, call rejected, header *suspect) {
    if (suspect != NULL && is_freed(self, suspect)) {
        return reject(self, rejected, BA_DOUBLE_FREE, ba_bytes(0), suspect->site);
    }
    for (header *live = self->oldest; live != NULL; live = live->newer) {
        if (live == suspect) {
            return reject_corrupt(self, rejected, whole_header(suspect), ba_call_site_none());
        }
        if (!is_sound(self, live)) {
            break;
        }
        if (contains(grant_of(self, live), ba_memory_pointer(rejected.memory))) {
            return reject(self, rejected, BA_INTERIOR, ba_bytes(0), live->site);
        }
    }
    return reject(self, rejected, BA_FOREIGN, ba_bytes(0), ba_call_site_none());
}

/* Tells what is wrong with memory whose header is sound: BA_OK if nothing is. */
static ba_error check_held(const ba_guarded_allocator *self, call made, header *held) {
    if (!ba_alignment_is_valid(made.alignment) ||
        !ba_is_aligned(ba_memory_pointer(made.memory), made.alignment)) {
        return reject(self, made, BA_BAD_ALIGN, ba_bytes(0), held->site);
    }
    if (ba_memory_length(made.memory).bytes != held->length.bytes) {
        return reject(self, made, BA_SIZE_MISMATCH, held->length, held->site);
    }
    const ba_memory damaged = damage_of_fences(self, held);
    return ba_memory_is_none(damaged) ? ba_error_of(BA_OK)
                                      : reject_corrupt(self, made, damaged, held->site);
}

/* The header of memory that a caller gives back; or else NULL and why the call was rejected. */
static header *claim(const ba_guarded_allocator *self, call made, ba_error *error) {
    header *const held = header_before(self, ba_memory_pointer(made.memory));
    if (held == NULL || !is_sound(self, held)) {
        *error = reject_pointer(self, made, held);
        return NULL;
    }
    *error = check_held(self, made, held);
    return ba_failed(*error) ? NULL : held;
}

/* The same for memory that is to be resized to a minimum. */
static header *claim_to_resize(const ba_guarded_allocator *self, call made, ba_length minimum,
                               ba_error *error) {
    header *const held = claim(self, made, error);
    if (held == NULL || minimum.bytes != 0) {
        return held;
    }
    *error = reject(self, made, BA_ZERO_SIZE, ba_bytes(0), held->site);
    return NULL;
}

static ba_length block_size(const void *context) {
    (void)context;
    return ba_bytes(1);
}

static ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment,
                       ba_call_site site) {
    ba_guarded_allocator *const self = (ba_guarded_allocator *)context;
    const ba_error_code code = ba_check_alloc(minimum, alignment);
    if (code != BA_OK) {
        const call made = {"alloc", ba_memory_none(ba_error_of(code)), alignment, site};
        return ba_memory_none(reject(self, made, code, ba_bytes(0), ba_call_site_none()));
    }
    const ba_alignment least = ba_align_of(header);
    const ba_alignment stricter = alignment.bytes < least.bytes ? least : alignment;
    const ba_length_result length = grant_length(self, stricter, minimum);
    if (ba_length_result_is_none(length)) {
        return ba_memory_none(ba_length_result_error(length));
    }
    const ba_memory grant =
        ba_block_alloc_at(self->parent, ba_length_result_length(length), stricter, site);
    if (ba_memory_is_none(grant)) {
        return grant;
    }

    const ba_length offset = payload_offset(self, stricter);
    unsigned char *const first = (unsigned char *)ba_memory_pointer(grant) + offset.bytes;
    header *const made = (header *)(void *)(first - front_length(self));
    *made = (header){.older = self->newest, .alignment = stricter, .site = site};
    set_length(self, made, minimum, ba_memory_length(grant));
    memset(front_fence(made), BA_GUARDED_FENCE_BYTE, self->fence.bytes);
    link_newer(self, made->older, made);
    self->newest = made;
    return ba_memory_of(first, minimum);
}

/* The last step of every resize: the parent has answered. */
static ba_length_result resized(const ba_guarded_allocator *self, header *held, ba_length most,
                                ba_length_result granted) {
    if (ba_length_result_is_none(granted)) {
        return granted;
    }
    const ba_length whole = ba_length_result_length(granted);
    const size_t around =
        ba_length_result_length(grant_length(self, held->alignment, ba_bytes(0))).bytes;
    const size_t room = whole.bytes - around;
    set_length(self, held, ba_bytes(room < most.bytes ? room : most.bytes), whole);
    return ba_length_result_of(held->length);
}

static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                               ba_length minimum, ba_call_site site) {
    const ba_guarded_allocator *const self = (const ba_guarded_allocator *)context;
    ba_error error = ba_error_of(BA_OK);
    header *const held =
        claim_to_resize(self, (call){"resize", memory, alignment, site}, minimum, &error);
    if (held == NULL) {
        return ba_length_result_none(error);
    }
    const ba_length_result length = grant_length(self, held->alignment, minimum);
    if (ba_length_result_is_none(length)) {
        return length;
    }
    return resized(self, held, minimum,
                   ba_block_resize_at(self->parent, grant_of(self, held), held->alignment,
                                      ba_length_result_length(length), site));
}

static ba_error free_memory(void *context, ba_memory memory, ba_alignment alignment,
                            ba_call_site site) {
    ba_guarded_allocator *const self = (ba_guarded_allocator *)context;
    ba_error error = ba_error_of(BA_OK);
    header *const held = claim(self, (call){"free", memory, alignment, site}, &error);
    if (held == NULL) {
        return error;
    }
    const header gone = *held;
    held->sum = ~gone.sum;
    const ba_error freed =
        ba_block_free_at(self->parent, grant_of(self, held), gone.alignment, site);
    if (ba_failed(freed)) {
        held->sum = gone.sum;
        return freed;
    }
    link_newer(self, gone.older, gone.newer);
    link_older(self, gone.newer, gone.older);
    return freed;
}

static ba_length_result grow_between(void *context, ba_memory memory, ba_alignment alignment,
                                     ba_length minimum, ba_length wanted, ba_call_site site) {
    const ba_guarded_allocator *const self = (const ba_guarded_allocator *)context;
    ba_error error = ba_error_of(BA_OK);
    header *const held =
        claim_to_resize(self, (call){"grow_between", memory, alignment, site}, minimum, &error);
    if (held == NULL) {
        return ba_length_result_none(error);
    }
    const ba_length_result least = grant_length(self, held->alignment, minimum);
    if (ba_length_result_is_none(least)) {
        return least;
    }
    /* More than can be granted is wanted in vain, but is no error. */
    const ba_length_result most = grant_length(self, held->alignment, wanted);
    const ba_length want =
        ba_length_result_is_none(most) ? ba_bytes(SIZE_MAX) : ba_length_result_length(most);
    return resized(self, held,
                   ba_length_longest_(held->length, ba_length_longest_(minimum, wanted)),
                   ba_block_grow_between_at(self->parent, grant_of(self, held), held->alignment,
                                            ba_length_result_length(least), want, site));
}

static const ba_operations operations = {
    .size = sizeof(ba_operations),
    .block_size = block_size,
    .alloc = alloc,
    .resize = resize,
    .free = free_memory,
    .grow_between = grow_between,
    .discard = ba_forward_discard,
    .owns = ba_forward_owns,
};

void ba_guarded_allocator_init(ba_guarded_allocator *self, const char *name, ba_allocator parent,
                               ba_length fence) {
    const size_t most =
        fence.bytes < BA_GUARDED_LONGEST_FENCE ? fence.bytes : BA_GUARDED_LONGEST_FENCE;
    const size_t units = most == 0 ? 1 : (most + FENCE_UNIT - 1) / FENCE_UNIT;
    *self = (ba_guarded_allocator){
        .name = name,
        .parent = ba_allocator_grants(parent),
        .fence = ba_bytes(units * FENCE_UNIT),
    };
}

ba_allocator ba_guarded_allocator_allocator(ba_guarded_allocator *self) {
    return ba_allocator_of(self, &operations);
}

ba_block_allocator ba_guarded_allocator_block_allocator(ba_guarded_allocator *self) {
    return ba_block_allocator_of(self, &operations);
}

void ba_guarded_allocator_set_severity(ba_guarded_allocator *self, ba_severity severity) {
    self->severity = ba_severity_own(severity);
}

size_t ba_guarded_allocator_check(const ba_guarded_allocator *self) {
    const call check = {.operation = "check"};
    size_t damaged = 0;
    for (header *live = self->oldest; live != NULL; live = live->newer) {
        if (!is_sound(self, live)) {
            (void)reject_corrupt(self, check, whole_header(live), ba_call_site_none());
            return damaged + 1;
        }
        const ba_memory overwritten = damage_of_fences(self, live);
        if (!ba_memory_is_none(overwritten)) {
            (void)reject_corrupt(self, check, overwritten, live->site);
            damaged++;
        }
    }
    return damaged;
}
