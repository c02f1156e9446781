#include "block_allocator/forwarding/limited_allocator.h"

#include "block_allocator/call_site.h"
#include "block_allocator/error.h"
#include "block_allocator/implementing/forwarding.h"
#include "block_allocator/implementing/operations.h"

BA_STATIC_ASSERT(offsetof(ba_limited_allocator, parent) == 0,
                 "forwarding.h wants the parent first");

/* What the parent grants for a length; nothing can grant one that cannot be counted. */
static ba_length span_of(const ba_limited_allocator *self, ba_length length) {
    const ba_length_result span = ba_block_allocator_span_length(self->parent, length);
    return ba_length_result_is_none(span) ? ba_bytes(SIZE_MAX) : ba_length_result_length(span);
}

/* The longest span that memory which has `held` now may become; what is held may stay, whatever the
 * limit. A wrong call may state more than was ever taken: the parent reports it. */
static ba_length most(const ba_limited_allocator *self, ba_length held) {
    const size_t others = self->taken.bytes > held.bytes ? self->taken.bytes - held.bytes : 0;
    const size_t allowed = self->limit.bytes > others ? self->limit.bytes - others : 0;
    return ba_bytes(allowed > held.bytes ? allowed : held.bytes);
}

static void account(ba_limited_allocator *self, ba_length held, ba_length now) {
    self->taken.bytes = self->taken.bytes - held.bytes + now.bytes;
}

static ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment,
                       ba_call_site site) {
    ba_limited_allocator *const self = (ba_limited_allocator *)context;
    if (span_of(self, minimum).bytes > most(self, ba_bytes(0)).bytes) {
        return ba_memory_none(ba_error_of(BA_LIMIT));
    }
    const ba_memory memory = ba_block_alloc_at(self->parent, minimum, alignment, site);
    account(self, ba_bytes(0), ba_memory_length(memory));
    return memory;
}

static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                               ba_length minimum, ba_call_site site) {
    ba_limited_allocator *const self = (ba_limited_allocator *)context;
    const ba_length held = span_of(self, ba_memory_length(memory));
    if (span_of(self, minimum).bytes > most(self, held).bytes) {
        return ba_length_result_none(ba_error_of(BA_LIMIT));
    }
    const ba_length_result resized =
        ba_block_resize_at(self->parent, memory, alignment, minimum, site);
    if (!ba_length_result_is_none(resized)) {
        account(self, held, ba_length_result_length(resized));
    }
    return resized;
}

static ba_error free_memory(void *context, ba_memory memory, ba_alignment alignment,
                            ba_call_site site) {
    ba_limited_allocator *const self = (ba_limited_allocator *)context;
    const ba_error error = ba_block_free_at(self->parent, memory, alignment, site);
    if (!ba_failed(error)) {
        account(self, span_of(self, ba_memory_length(memory)), ba_bytes(0));
    }
    return error;
}

static ba_length_result grow_between(void *context, ba_memory memory, ba_alignment alignment,
                                     ba_length minimum, ba_length wanted, ba_call_site site) {
    ba_limited_allocator *const self = (ba_limited_allocator *)context;
    const ba_length held = span_of(self, ba_memory_length(memory));
    const ba_length allowed = most(self, held);
    const ba_length least = span_of(self, minimum);
    if (least.bytes > held.bytes && least.bytes > allowed.bytes) {
        return ba_length_result_none(ba_error_of(BA_LIMIT));
    }
    /* Whole blocks below the limit, so that the parent does not round up past it. */
    const size_t whole_blocks =
        allowed.bytes & ~(ba_block_allocator_block_size(self->parent).bytes - 1);
    const ba_length_result grown = ba_block_grow_between_at(
        self->parent, memory, alignment, minimum,
        ba_bytes(wanted.bytes < whole_blocks ? wanted.bytes : whole_blocks), site);
    if (!ba_length_result_is_none(grown)) {
        account(self, held, ba_length_result_length(grown));
    }
    return grown;
}

static ba_memory remap(void *context, ba_memory memory, ba_alignment alignment, ba_length minimum,
                       ba_call_site site) {
    ba_limited_allocator *const self = (ba_limited_allocator *)context;
    const ba_length held = span_of(self, ba_memory_length(memory));
    if (span_of(self, minimum).bytes > most(self, held).bytes) {
        return ba_memory_none(ba_error_of(BA_LIMIT));
    }
    const ba_memory remapped = ba_block_remap_at(self->parent, memory, alignment, minimum, site);
    if (!ba_memory_is_none(remapped)) {
        account(self, held, ba_memory_length(remapped));
    }
    return remapped;
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

void ba_limited_allocator_init(ba_limited_allocator *self, ba_allocator parent, ba_length limit) {
    *self = (ba_limited_allocator){
        .parent = ba_allocator_grants(parent),
        .limit = limit,
    };
}

ba_allocator ba_limited_allocator_allocator(ba_limited_allocator *self) {
    return ba_allocator_of(self, &operations);
}

ba_block_allocator ba_limited_allocator_block_allocator(ba_limited_allocator *self) {
    return ba_block_allocator_of(self, &operations);
}

ba_length ba_limited_allocator_taken(const ba_limited_allocator *self) {
    return self->taken;
}

void ba_limited_allocator_set_limit(ba_limited_allocator *self, ba_length limit) {
    self->limit = limit;
}
