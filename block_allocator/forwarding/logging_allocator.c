#include "block_allocator/forwarding/logging_allocator.h"

#include "block_allocator/implementing/forwarding.h"
#include "block_allocator/implementing/operations.h"

BA_STATIC_ASSERT(offsetof(ba_logging_allocator, parent) == 0,
                 "forwarding.h wants the parent first");

static void log_event(ba_logging_allocator *self, ba_log_event event) {
    event.number = ++self->calls;
    self->sink.function(self->sink.context, &event);
}

/* Memory that stays where it is, with the length that it has now, or none. */
static ba_memory in_place(ba_memory memory, ba_length_result now) {
    return ba_length_result_is_none(now)
               ? ba_memory_none(ba_length_result_error(now))
               : ba_memory_of(ba_memory_pointer(memory), ba_length_result_length(now));
}

static ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment,
                       ba_call_site site) {
    ba_logging_allocator *const self = (ba_logging_allocator *)context;
    const ba_memory memory = ba_block_alloc_at(self->parent, minimum, alignment, site);
    log_event(self, (ba_log_event){
                        .operation = BA_LOG_ALLOC,
                        .alignment = alignment,
                        .minimum = minimum,
                        .error = ba_memory_error(memory),
                        .result = memory,
                        .site = site,
                    });
    return memory;
}

static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                               ba_length minimum, ba_call_site site) {
    ba_logging_allocator *const self = (ba_logging_allocator *)context;
    const ba_length_result now = ba_block_resize_at(self->parent, memory, alignment, minimum, site);
    log_event(self, (ba_log_event){
                        .operation = BA_LOG_RESIZE,
                        .memory = memory,
                        .alignment = alignment,
                        .minimum = minimum,
                        .error = ba_length_result_error(now),
                        .result = in_place(memory, now),
                        .site = site,
                    });
    return now;
}

static ba_error free_memory(void *context, ba_memory memory, ba_alignment alignment,
                            ba_call_site site) {
    ba_logging_allocator *const self = (ba_logging_allocator *)context;
    const ba_error error = ba_block_free_at(self->parent, memory, alignment, site);
    log_event(self, (ba_log_event){
                        .operation = BA_LOG_FREE,
                        .memory = memory,
                        .alignment = alignment,
                        .error = error,
                        .result = ba_memory_none(error),
                        .site = site,
                    });
    return error;
}

static ba_length_result grow_between(void *context, ba_memory memory, ba_alignment alignment,
                                     ba_length minimum, ba_length wanted, ba_call_site site) {
    ba_logging_allocator *const self = (ba_logging_allocator *)context;
    const ba_length_result now =
        ba_block_grow_between_at(self->parent, memory, alignment, minimum, wanted, site);
    log_event(self, (ba_log_event){
                        .operation = BA_LOG_GROW_BETWEEN,
                        .memory = memory,
                        .alignment = alignment,
                        .minimum = minimum,
                        .wanted = wanted,
                        .error = ba_length_result_error(now),
                        .result = in_place(memory, now),
                        .site = site,
                    });
    return now;
}

static ba_memory remap(void *context, ba_memory memory, ba_alignment alignment, ba_length minimum,
                       ba_call_site site) {
    ba_logging_allocator *const self = (ba_logging_allocator *)context;
    const ba_memory now = ba_block_remap_at(self->parent, memory, alignment, minimum, site);
    log_event(self, (ba_log_event){
                        .operation = BA_LOG_REMAP,
                        .memory = memory,
                        .alignment = alignment,
                        .minimum = minimum,
                        .error = ba_memory_error(now),
                        .result = now,
                        .site = site,
                    });
    return now;
}

static ba_length_result discard(void *context, ba_memory part, ba_call_site site) {
    ba_logging_allocator *const self = (ba_logging_allocator *)context;
    const ba_length_result gone = ba_block_discard_at(self->parent, part, site);
    log_event(self, (ba_log_event){
                        .operation = BA_LOG_DISCARD,
                        .memory = part,
                        .error = ba_length_result_error(gone),
                        .result = in_place(part, gone),
                        .site = site,
                    });
    return gone;
}

static const ba_operations operations = {
    .size = sizeof(ba_operations),
    .block_size = ba_forward_block_size,
    .alloc = alloc,
    .resize = resize,
    .free = free_memory,
    .grow_between = grow_between,
    .remap = remap,
    .discard = discard,
    .owns = ba_forward_owns,
};

void ba_logging_allocator_init(ba_logging_allocator *self, ba_allocator parent, ba_log_sink sink) {
    *self = (ba_logging_allocator){
        .parent = ba_allocator_grants(parent),
        .sink = sink,
    };
}

ba_allocator ba_logging_allocator_allocator(ba_logging_allocator *self) {
    return ba_allocator_of(self, &operations);
}

ba_block_allocator ba_logging_allocator_block_allocator(ba_logging_allocator *self) {
    return ba_block_allocator_of(self, &operations);
}
