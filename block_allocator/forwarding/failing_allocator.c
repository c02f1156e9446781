#include "block_allocator/forwarding/failing_allocator.h"

#include <stdbool.h>

#include "block_allocator/call_site.h"
#include "block_allocator/implementing/forwarding.h"
#include "block_allocator/implementing/operations.h"
#include "block_allocator/memory.h"

BA_STATIC_ASSERT(offsetof(ba_failing_allocator, parent) == 0,
                 "forwarding.h wants the parent first");

static bool plan_names(ba_failing_plan plan, size_t call) {
    switch (plan.kind) {
    case BA_FAILING_NTH:
        return call == plan.number;
    case BA_FAILING_FROM:
        return call >= plan.number;
    case BA_FAILING_EVERY:
        return plan.number != 0 && call % plan.number == 0;
    case BA_FAILING_WHEN:
        return plan.function(plan.context, call) == BA_FAILING_FAIL;
    case BA_FAILING_NONE:
        break;
    }
    return false;
}

/* Counts a call that may fail; true if it has to. */
static bool must_fail(ba_failing_allocator *self) {
    self->calls++;
    if (!plan_names(self->plan, self->calls)) {
        return false;
    }
    self->failed++;
    return true;
}

/* True if the memory would need more blocks to have `minimum` bytes. */
static bool grows(const ba_failing_allocator *self, ba_memory memory, ba_length minimum) {
    const ba_length_result held =
        ba_block_allocator_span_length(self->parent, ba_memory_length(memory));
    return minimum.bytes > ba_length_result_length(held).bytes;
}

static ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment,
                       ba_call_site site) {
    ba_failing_allocator *const self = (ba_failing_allocator *)context;
    if (must_fail(self)) {
        return ba_memory_none(self->error);
    }
    return ba_block_alloc_at(self->parent, minimum, alignment, site);
}

static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                               ba_length minimum, ba_call_site site) {
    ba_failing_allocator *const self = (ba_failing_allocator *)context;
    if (grows(self, memory, minimum) && must_fail(self)) {
        return ba_length_result_none(self->error);
    }
    return ba_block_resize_at(self->parent, memory, alignment, minimum, site);
}

static ba_error free_memory(void *context, ba_memory memory, ba_alignment alignment,
                            ba_call_site site) {
    const ba_failing_allocator *const self = (const ba_failing_allocator *)context;
    return ba_block_free_at(self->parent, memory, alignment, site);
}

static ba_length_result grow_between(void *context, ba_memory memory, ba_alignment alignment,
                                     ba_length minimum, ba_length wanted, ba_call_site site) {
    ba_failing_allocator *const self = (ba_failing_allocator *)context;
    if (grows(self, memory, minimum) && must_fail(self)) {
        return ba_length_result_none(self->error);
    }
    return ba_block_grow_between_at(self->parent, memory, alignment, minimum, wanted, site);
}

static ba_memory remap(void *context, ba_memory memory, ba_alignment alignment, ba_length minimum,
                       ba_call_site site) {
    ba_failing_allocator *const self = (ba_failing_allocator *)context;
    if (BA_HAS_OPERATION(ba_block_allocator_operations_(self->parent), remap) && must_fail(self)) {
        return ba_memory_none(self->error);
    }
    return ba_block_remap_at(self->parent, memory, alignment, minimum, site);
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

void ba_failing_allocator_init(ba_failing_allocator *self, ba_allocator parent) {
    *self = (ba_failing_allocator){
        .parent = ba_allocator_grants(parent),
        .plan = ba_failing_plan_none(),
        .error = ba_error_of(BA_OUT_OF_MEMORY),
    };
}

ba_allocator ba_failing_allocator_allocator(ba_failing_allocator *self) {
    return ba_allocator_of(self, &operations);
}

ba_block_allocator ba_failing_allocator_block_allocator(ba_failing_allocator *self) {
    return ba_block_allocator_of(self, &operations);
}

void ba_failing_allocator_set_plan(ba_failing_allocator *self, ba_failing_plan plan) {
    self->plan = plan;
    self->calls = 0;
    self->failed = 0;
}

void ba_failing_allocator_set_error(ba_failing_allocator *self, ba_error error) {
    self->error = error;
}

size_t ba_failing_allocator_calls(const ba_failing_allocator *self) {
    return self->calls;
}

size_t ba_failing_allocator_failed(const ba_failing_allocator *self) {
    return self->failed;
}
