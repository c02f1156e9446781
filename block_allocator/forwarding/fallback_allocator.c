/* Why lengths fit here as at the owner. Both block sizes are powers of two, so the smaller, B,
 * which is this allocator's, divides the owner's, O. Write up(n, B) for n rounded up to blocks of
 * B.
 *
 * Towards the caller: what he asks for as n he sees as up(n, B), also after a resize; so any length
 * that he may give back rounds up to the same number of blocks of B as the one returned last.
 *
 * Towards the owner: asked for n, it has up(n, O). The caller gives back any m with up(m, B) =
 * up(n, B). As B divides O, up(m, O) = up(up(m, B), O) = up(up(n, B), O) = up(n, O), and just that
 * the owner is given.
 *
 * Growing between, the owner stops at some multiple g of O, at most up(most, O), where most is the
 * longest of what was wanted, the minimum and what the caller has. The caller sees up(most, B) or
 * g, the smaller; if it is not g then g > most, so g = up(most, O). Either way what he saw rounds
 * up to g. */
#include "block_allocator/forwarding/fallback_allocator.h"

#include <stdbool.h>
#include <stddef.h>

#include "block_allocator/call_site.h"
#include "block_allocator/implementing/operations.h"
#include "block_allocator/internal/cut.h"

/* The count of the secondary's allocations. It is atomic where it can be, so that over parents that
 * several threads may use this allocator may be used by them, too. That needs no order: a thread
 * that has memory of the secondary has learnt of it after it was counted. */
#if defined(__GNUC__)
static size_t at_secondary(const ba_fallback_allocator *self) {
    return __atomic_load_n(&self->at_secondary, __ATOMIC_RELAXED);
}

static void add_at_secondary(ba_fallback_allocator *self) {
    __atomic_add_fetch(&self->at_secondary, 1, __ATOMIC_RELAXED);
}

static void remove_at_secondary(ba_fallback_allocator *self) {
    __atomic_sub_fetch(&self->at_secondary, 1, __ATOMIC_RELAXED);
}
#else
static size_t at_secondary(const ba_fallback_allocator *self) {
    return self->at_secondary;
}

static void add_at_secondary(ba_fallback_allocator *self) {
    self->at_secondary++;
}

static void remove_at_secondary(ba_fallback_allocator *self) {
    self->at_secondary--;
}
#endif

/* Whether memory is the primary's, or at least not the secondary's. */
static bool is_primarys(const ba_fallback_allocator *self, const void *pointer) {
    return ba_block_owns(self->primary, pointer) == BA_OWNS || at_secondary(self) == 0;
}

static ba_block_allocator owner_of(const ba_fallback_allocator *self, const void *pointer) {
    return is_primarys(self, pointer) ? self->primary : self->secondary;
}

/* The memory as its owner granted it. What is none, or too long to be anybody's, is left to the
 * owner to reject. */
static ba_memory as_granted(ba_block_allocator owner, ba_memory memory) {
    const ba_length_result span = ba_block_allocator_span_length(owner, ba_memory_length(memory));
    if (ba_memory_is_none(memory) || ba_length_result_is_none(span)) {
        return memory;
    }
    return ba_memory_of(ba_memory_pointer(memory), ba_length_result_length(span));
}

/* What the caller may see of a grant for this length. */
static ba_length visible(const ba_fallback_allocator *self, ba_length granted, ba_length length) {
    const ba_length_result span = ba_length_round_up(length, ba_align(self->block_size.bytes));
    const ba_length most = ba_length_result_length(span);
    return ba_length_result_is_none(span) || granted.bytes < most.bytes ? granted : most;
}

static ba_memory cut_memory(const ba_fallback_allocator *self, ba_memory memory, ba_length length) {
    if (ba_memory_is_none(memory)) {
        return memory;
    }
    return ba_memory_of(ba_memory_pointer(memory), visible(self, ba_memory_length(memory), length));
}

static ba_length_result cut_length(const ba_fallback_allocator *self, ba_length_result granted,
                                   ba_length length) {
    if (ba_length_result_is_none(granted)) {
        return granted;
    }
    return ba_length_result_of(visible(self, ba_length_result_length(granted), length));
}

/* True if another allocator may have what this one has not: it refused, or the alignment is legal,
 * but too large for it. Other errors are the caller's fault. */
static bool another_may_do(ba_error error, ba_alignment alignment) {
    return ba_error_is_refusal(error) ||
           (error.code == BA_BAD_ALIGN && ba_alignment_is_valid(alignment));
}

static ba_length block_size(const void *context) {
    const ba_fallback_allocator *const self = (const ba_fallback_allocator *)context;
    return self->block_size;
}

static ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment,
                       ba_call_site site) {
    ba_fallback_allocator *const self = (ba_fallback_allocator *)context;
    const ba_memory first = ba_block_alloc_at(self->primary, minimum, alignment, site);
    if (!another_may_do(ba_memory_error(first), alignment)) {
        return cut_memory(self, first, minimum);
    }
    const ba_memory second = ba_block_alloc_at(self->secondary, minimum, alignment, site);
    if (!ba_memory_is_none(second)) {
        add_at_secondary(self);
    }
    /* The primary could give the alignment if it had memory: so it is not too large. */
    return ba_memory_error(second).code == BA_BAD_ALIGN ? first : cut_memory(self, second, minimum);
}

static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                               ba_length minimum, ba_call_site site) {
    const ba_fallback_allocator *const self = (const ba_fallback_allocator *)context;
    const ba_block_allocator owner = owner_of(self, ba_memory_pointer(memory));
    return cut_length(
        self, ba_block_resize_at(owner, as_granted(owner, memory), alignment, minimum, site),
        minimum);
}

static ba_error free_memory(void *context, ba_memory memory, ba_alignment alignment,
                            ba_call_site site) {
    ba_fallback_allocator *const self = (ba_fallback_allocator *)context;
    const bool from_primary = is_primarys(self, ba_memory_pointer(memory));
    const ba_block_allocator owner = from_primary ? self->primary : self->secondary;
    const ba_error error = ba_block_free_at(owner, as_granted(owner, memory), alignment, site);
    if (!from_primary && !ba_failed(error)) {
        remove_at_secondary(self);
    }
    return error;
}

static ba_length_result grow_between(void *context, ba_memory memory, ba_alignment alignment,
                                     ba_length minimum, ba_length wanted, ba_call_site site) {
    const ba_fallback_allocator *const self = (const ba_fallback_allocator *)context;
    const ba_block_allocator owner = owner_of(self, ba_memory_pointer(memory));
    return cut_length(
        self,
        ba_block_grow_between_at(owner, as_granted(owner, memory), alignment, minimum, wanted,
                                 site),
        ba_length_longest_(ba_memory_length(memory), ba_length_longest_(minimum, wanted)));
}

static ba_memory remap(void *context, ba_memory memory, ba_alignment alignment, ba_length minimum,
                       ba_call_site site) {
    const ba_fallback_allocator *const self = (const ba_fallback_allocator *)context;
    const ba_block_allocator owner = owner_of(self, ba_memory_pointer(memory));
    return cut_memory(self,
                      ba_block_remap_at(owner, as_granted(owner, memory), alignment, minimum, site),
                      minimum);
}

static ba_length_result discard(void *context, ba_memory part, ba_call_site site) {
    const ba_fallback_allocator *const self = (const ba_fallback_allocator *)context;
    return ba_block_discard_at(owner_of(self, ba_memory_pointer(part)), part, site);
}

static ba_ownership owns(const void *context, const void *pointer) {
    const ba_fallback_allocator *const self = (const ba_fallback_allocator *)context;
    const ba_ownership by_primary = ba_block_owns(self->primary, pointer);
    return by_primary == BA_OWNS ? by_primary : ba_block_owns(self->secondary, pointer);
}

static const ba_operations operations = {
    .size = sizeof(ba_operations),
    .block_size = block_size,
    .alloc = alloc,
    .resize = resize,
    .free = free_memory,
    .grow_between = grow_between,
    .remap = remap,
    .discard = discard,
    .owns = owns,
};

ba_error ba_fallback_allocator_init(ba_fallback_allocator *self, ba_allocator primary,
                                    ba_allocator secondary) {
    /* Having the operation is not enough: one that forwards it may lead to one that has none. Any
     * address shows that. */
    if (ba_owns(primary, self) == BA_OWNS_UNKNOWN) {
        return ba_error_of(BA_UNSUPPORTED);
    }
    const ba_length first = ba_allocator_block_size(primary);
    const ba_length second = ba_allocator_block_size(secondary);
    *self = (ba_fallback_allocator){
        .primary = ba_allocator_grants(primary),
        .secondary = ba_allocator_grants(secondary),
        .block_size = first.bytes < second.bytes ? first : second,
    };
    return ba_error_of(BA_OK);
}

ba_allocator ba_fallback_allocator_allocator(ba_fallback_allocator *self) {
    return ba_allocator_of(self, &operations);
}

ba_block_allocator ba_fallback_allocator_block_allocator(ba_fallback_allocator *self) {
    return ba_block_allocator_of(self, &operations);
}
