#include "block_allocator/backing/page_allocator.h"

#include <stdbool.h>
#include <stdint.h>

#include "block_allocator/backing/page/page_system.h"
#include "block_allocator/build_mode.h"
#include "block_allocator/call_site.h"
#include "block_allocator/implementing/check.h"
#include "block_allocator/implementing/instrumentation.h"
#include "block_allocator/implementing/operations.h"
#include "block_allocator/internal/cut.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/misuse.h"

/* Nothing is kept about a grant, so its addresses follow from its length: they are `reserve` bytes,
 * or as many as its memory if that is more. For this to stay true, a grant that is longer than
 * `reserve` gives addresses back when it shrinks, and never has more than its memory. */

static ba_pages default_pages(void) {
    const ba_length page = ba_page_system_page_size();
    const ba_pages pages = {.options = {.alignment = ba_align(page.bytes)}, .block_size = page};
    return pages;
}

/* No context stands for the default options. */
static ba_pages pages_of(const void *context) {
    return context != NULL ? *(const ba_pages *)context : default_pages();
}

static ba_length shortest_of(ba_length a, ba_length b) {
    return a.bytes < b.bytes ? a : b;
}

/* The bytes of addresses that a grant of a length has. */
static ba_length reserved_by(const ba_pages *self, ba_length length) {
    return ba_length_longest_(self->options.reserve, length);
}

/* The alignment that a grant gets for the one asked for. */
static ba_alignment alignment_for(const ba_pages *self, ba_alignment alignment) {
    return self->options.alignment.bytes > alignment.bytes ? self->options.alignment : alignment;
}

/* True for an alignment that no address has. */
static bool is_too_large(ba_alignment alignment) {
    return alignment.bytes > BA_PAGES_LARGEST_ALIGNMENT;
}

static ba_error reject(const ba_pages *self, const char *operation, ba_error_code code,
                       ba_memory memory, ba_alignment alignment, ba_call_site site) {
    const ba_misuse misuse = {
        .severity = ba_severity_now(self->options.severity),
        .error = ba_error_of(code),
        .allocator = "page allocator",
        .operation = operation,
        .memory = memory,
        .alignment = alignment,
        .site = site,
    };
    return ba_misuse_report(&misuse);
}

/* The longest span: no object is longer than PTRDIFF_MAX. */
static ba_length longest_span(const ba_pages *self) {
    return ba_bytes((size_t)PTRDIFF_MAX & ~(self->block_size.bytes - 1));
}

/* Whole blocks for a length. */
static ba_length_result span_of(const ba_pages *self, ba_length length) {
    return length.bytes > longest_span(self).bytes
               ? ba_length_result_none(ba_error_of(BA_LIMIT))
               : ba_length_round_up(length, ba_align(self->block_size.bytes));
}

/* Whole blocks for the length of a grant, which was checked. */
static ba_length held_by(const ba_pages *self, ba_memory memory) {
    const size_t mask = self->block_size.bytes - 1;
    return ba_bytes((ba_memory_length(memory).bytes + mask) & ~mask);
}

/* Adds to a check of some memory what is true of all grants here. */
static ba_error_code check_grant(const ba_pages *self, ba_memory memory, ba_error_code code) {
    if (code != BA_OK) {
        return code;
    }
    if (!ba_is_aligned(ba_memory_pointer(memory), self->options.alignment)) {
        return BA_FOREIGN;
    }
    return ba_memory_length(memory).bytes > longest_span(self).bytes ? BA_SIZE_MISMATCH : BA_OK;
}

/* Makes memory accessible that its owner has left poisoned, so that the next mapping at its address
 * is. Only AddressSanitizer needs that: the others see mappings come and go. */
static void unpoison(const void *start, ba_length length) {
    if (BA_ADDRESS_SANITIZER) {
        ba_instrument_return(start, length);
    }
}

static ba_length block_size(const void *context) {
    return pages_of(context).block_size;
}

static ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment,
                       ba_call_site site) {
    const ba_pages self = pages_of(context);
    if (BA_CHECKS_MISUSE) {
        const ba_error_code code = ba_check_alloc(minimum, alignment);
        if (code != BA_OK) {
            const ba_memory none = ba_memory_none(ba_error_of(code));
            return ba_memory_none(reject(&self, "alloc", code, none, alignment, site));
        }
    }
    if (is_too_large(alignment)) {
        return ba_memory_none(ba_error_of(BA_BAD_ALIGN));
    }
    const ba_length_result span = span_of(&self, minimum);
    if (ba_length_result_is_none(span)) {
        return ba_memory_none(ba_length_result_error(span));
    }
    const ba_length length = ba_length_result_length(span);
    const ba_length reserved = reserved_by(&self, length);
    const ba_memory memory =
        ba_page_system_map(length, reserved, alignment_for(&self, alignment), &self);
    if (!ba_memory_is_none(memory)) {
        ba_instrument_add_root(ba_memory_pointer(memory), reserved);
    }
    return memory;
}

/* A grant that has other addresses than before is another root. */
static void change_root(const void *start, ba_length reserved, const void *start_now,
                        ba_length reserved_now) {
    if (start_now == start && reserved_now.bytes == reserved.bytes) {
        return;
    }
    ba_instrument_add_root(start_now, reserved_now);
    ba_instrument_remove_root(start, reserved);
}

static void shrink(const ba_pages *self, ba_memory memory, ba_length held, ba_length shorter) {
    char *const start = (char *)ba_memory_pointer(memory);
    unpoison(start + shorter.bytes, ba_bytes(held.bytes - shorter.bytes));
    ba_page_system_shrink(start, held, shorter, reserved_by(self, shorter));
}

static ba_error_code grow(const ba_pages *self, ba_memory memory, ba_length held,
                          ba_length longer) {
    void *const start = ba_memory_pointer(memory);
    if (self->options.reserve.bytes == 0) {
        return ba_page_system_extend(start, held, longer);
    }
    return longer.bytes <= reserved_by(self, held).bytes
               ? ba_page_system_commit(start, held, longer)
               : BA_NOT_IN_PLACE;
}

static ba_length_result resize_checked(const ba_pages *self, ba_memory memory, ba_length minimum) {
    const ba_length held = held_by(self, memory);
    const ba_length_result span = span_of(self, minimum);
    if (ba_length_result_is_none(span)) {
        return span;
    }
    const ba_length length = ba_length_result_length(span);
    if (length.bytes < held.bytes) {
        shrink(self, memory, held, length);
    } else if (length.bytes > held.bytes) {
        const ba_error_code code = grow(self, memory, held, length);
        if (code != BA_OK) {
            return ba_length_result_none(ba_error_of(code));
        }
    }
    change_root(ba_memory_pointer(memory), reserved_by(self, held), ba_memory_pointer(memory),
                reserved_by(self, length));
    return span;
}

static ba_error check_resize(const ba_pages *self, const char *operation, ba_memory memory,
                             ba_alignment alignment, ba_length minimum, ba_call_site site) {
    const ba_error_code code =
        check_grant(self, memory, ba_check_resize(memory, alignment, minimum));
    return code == BA_OK ? ba_error_of(BA_OK)
                         : reject(self, operation, code, memory, alignment, site);
}

static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                               ba_length minimum, ba_call_site site) {
    const ba_pages self = pages_of(context);
    if (BA_CHECKS_MISUSE) {
        const ba_error error = check_resize(&self, "resize", memory, alignment, minimum, site);
        if (ba_failed(error)) {
            return ba_length_result_none(error);
        }
    }
    return resize_checked(&self, memory, minimum);
}

static ba_error free_memory(void *context, ba_memory memory, ba_alignment alignment,
                            ba_call_site site) {
    const ba_pages self = pages_of(context);
    if (BA_CHECKS_MISUSE) {
        const ba_error_code code = check_grant(&self, memory, ba_check_memory(memory, alignment));
        if (code != BA_OK) {
            return reject(&self, "free", code, memory, alignment, site);
        }
    }
    const ba_length held = held_by(&self, memory);
    unpoison(ba_memory_pointer(memory), held);
    ba_instrument_remove_root(ba_memory_pointer(memory), reserved_by(&self, held));
    ba_page_system_unmap(ba_memory_pointer(memory), reserved_by(&self, held));
    return ba_error_of(BA_OK);
}

/* The longest span towards `wanted` that may be tried: with reserved addresses, none past them.
 */
static ba_length most_of(const ba_pages *self, ba_length held, ba_length wanted) {
    return shortest_of(
        self->options.reserve.bytes == 0 ? longest_span(self) : reserved_by(self, held), wanted);
}

/* Between two spans, towards the longer one as far as addresses are free. If it does not fit, the
 * shorter one is taken, and then what is more than that is halved until it fits. So a good part of
 * the room that there is is taken at once, and growing step by step asks the system a few
 * times in all, not once for each page; and where what is needed has no room, it is asked twice. */
static ba_length_result grow_towards(const ba_pages *self, ba_memory memory, ba_length least,
                                     ba_length most) {
    const ba_length_result all = resize_checked(self, memory, most);
    if (!ba_length_result_is_none(all) || most.bytes == least.bytes) {
        return all;
    }
    const ba_length_result some = resize_checked(self, memory, least);
    if (ba_length_result_is_none(some) || ba_length_result_error(all).code != BA_NOT_IN_PLACE) {
        return some;
    }
    const ba_memory grown = ba_memory_of(ba_memory_pointer(memory), least);
    const size_t block = self->block_size.bytes;
    for (size_t more = (most.bytes - least.bytes) / block / 2; more > 0; more /= 2) {
        const ba_length_result longer =
            resize_checked(self, grown, ba_bytes(least.bytes + more * block));
        if (!ba_length_result_is_none(longer)) {
            return longer;
        }
    }
    return some;
}

static ba_length_result grow_between(void *context, ba_memory memory, ba_alignment alignment,
                                     ba_length minimum, ba_length wanted, ba_call_site site) {
    const ba_pages self = pages_of(context);
    if (BA_CHECKS_MISUSE) {
        const ba_error error =
            check_resize(&self, "grow_between", memory, alignment, minimum, site);
        if (ba_failed(error)) {
            return ba_length_result_none(error);
        }
    }
    /* Growing only: neither length makes the grant shorter. */
    const ba_length held = held_by(&self, memory);
    const ba_length_result least = span_of(&self, ba_length_longest_(minimum, held));
    if (ba_length_result_is_none(least)) {
        return least;
    }
    const ba_length_result most = span_of(&self, most_of(&self, held, wanted));
    return grow_towards(
        &self, memory, ba_length_result_length(least),
        ba_length_longest_(ba_length_result_length(least), ba_length_result_length(most)));
}

static ba_memory move(const ba_pages *self, ba_memory memory, ba_alignment alignment,
                      ba_length minimum) {
    const ba_length held = held_by(self, memory);
    const ba_length longer = ba_length_result_length(span_of(self, minimum));
    const ba_memory moved =
        ba_page_system_move(ba_memory_pointer(memory), held, reserved_by(self, held), longer,
                            alignment_for(self, alignment), self);
    if (!ba_memory_is_none(moved)) {
        unpoison(ba_memory_pointer(memory), held);
        change_root(ba_memory_pointer(memory), reserved_by(self, held), ba_memory_pointer(moved),
                    reserved_by(self, longer));
    }
    return moved;
}

static ba_memory remap(void *context, ba_memory memory, ba_alignment alignment, ba_length minimum,
                       ba_call_site site) {
    const ba_pages self = pages_of(context);
    if (BA_CHECKS_MISUSE) {
        const ba_error error = check_resize(&self, "remap", memory, alignment, minimum, site);
        if (ba_failed(error)) {
            return ba_memory_none(error);
        }
    }
    const ba_length_result resized = resize_checked(&self, memory, minimum);
    if (!ba_length_result_is_none(resized)) {
        return ba_memory_of(ba_memory_pointer(memory), ba_length_result_length(resized));
    }
    if (ba_length_result_error(resized).code != BA_NOT_IN_PLACE) {
        return ba_memory_none(ba_length_result_error(resized));
    }
    return move(&self, memory, alignment, minimum);
}

/* The part stays its owner's: what is poisoned in it stays poisoned. */
BA_WRAPS static ba_length_result discard(void *context, ba_memory part, ba_call_site site) {
    const ba_pages self = pages_of(context);
    char *const start = (char *)ba_memory_pointer(part);
    const size_t bytes = ba_memory_length(part).bytes;
    if (BA_CHECKS_MISUSE && (start == NULL || bytes > PTRDIFF_MAX)) {
        const ba_error_code code = start == NULL ? BA_FOREIGN : BA_SIZE_MISMATCH;
        return ba_length_result_none(reject(&self, "discard", code, part, ba_align(1), site));
    }
    const size_t mask = self.block_size.bytes - 1;
    const size_t head = (0 - (uintptr_t)start) & mask;
    const size_t whole = bytes > head ? (bytes - head) & ~mask : 0;
    return ba_length_result_of(whole == 0 ? ba_bytes(0)
                                          : ba_page_system_discard(start + head, ba_bytes(whole)));
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
};

ba_allocator ba_page_allocator(void) {
    return ba_allocator_of(NULL, &operations);
}

ba_block_allocator ba_page_block_allocator(void) {
    return ba_block_allocator_of(NULL, &operations);
}

static ba_error_code check_required(ba_length huge_page_size, ba_length reserve) {
    if (huge_page_size.bytes == 0) {
        return BA_ZERO_SIZE;
    }
    if (!ba_alignment_is_valid(ba_align(huge_page_size.bytes)) ||
        is_too_large(ba_align(huge_page_size.bytes))) {
        return BA_BAD_ALIGN;
    }
    return huge_page_size.bytes <= ba_page_system_page_size().bytes || reserve.bytes != 0
               ? BA_UNSUPPORTED
               : BA_OK;
}

/* Other languages may pass what is no enumerator. */
static ba_error_code check_huge_pages(ba_page_options options) {
    switch (options.huge_pages) {
    case BA_HUGE_PAGES_UNASKED:
    case BA_HUGE_PAGES_ADVISED:
        return BA_OK;
    case BA_HUGE_PAGES_REQUIRED:
        return check_required(options.huge_page_size, options.reserve);
    }
    return BA_UNSUPPORTED;
}

static ba_error_code check_placement(ba_page_options options) {
    switch (options.placement) {
    case BA_PAGES_ANYWHERE:
        return BA_OK;
    case BA_PAGES_ON_NODE:
        return options.node < BA_PAGE_SYSTEM_NODES ? BA_OK : BA_LIMIT;
    }
    return BA_UNSUPPORTED;
}

static ba_error_code check_options(ba_page_options options) {
    if (options.alignment.bytes != 0 &&
        (!ba_alignment_is_valid(options.alignment) || is_too_large(options.alignment))) {
        return BA_BAD_ALIGN;
    }
    const ba_error_code code = check_huge_pages(options);
    return code == BA_OK ? check_placement(options) : code;
}

/* Only the machine knows whether it has such huge pages, such a node. */
static ba_error try_on_machine(ba_pages *pages) {
    if (pages->options.huge_pages != BA_HUGE_PAGES_REQUIRED &&
        pages->options.placement == BA_PAGES_ANYWHERE) {
        return ba_error_of(BA_OK);
    }
    const ba_memory block = ba_page_system_map(pages->block_size, pages->block_size,
                                               ba_align(pages->block_size.bytes), pages);
    if (!ba_memory_is_none(block)) {
        ba_page_system_unmap(ba_memory_pointer(block), pages->block_size);
    }
    return ba_memory_error(block);
}

ba_error ba_pages_init(ba_pages *self, ba_page_options options) {
    const ba_error_code code = check_options(options);
    if (code != BA_OK) {
        return ba_error_of(code);
    }
    ba_pages pages = {
        .options = options,
        .block_size = options.huge_pages == BA_HUGE_PAGES_REQUIRED ? options.huge_page_size
                                                                   : ba_page_system_page_size(),
    };
    const ba_length_result reserve = span_of(&pages, options.reserve);
    if (ba_length_result_is_none(reserve)) {
        return ba_length_result_error(reserve);
    }
    pages.options.reserve = ba_length_result_length(reserve);
    pages.options.alignment = alignment_for(&pages, ba_align(pages.block_size.bytes));
    const ba_error_code unsupported = ba_page_system_check(&pages);
    if (unsupported != BA_OK) {
        return ba_error_of(unsupported);
    }
    const ba_error error = try_on_machine(&pages);
    if (!ba_failed(error)) {
        *self = pages;
    }
    return error;
}

ba_allocator ba_pages_allocator(ba_pages *self) {
    return ba_allocator_of(self, &operations);
}

ba_block_allocator ba_pages_block_allocator(ba_pages *self) {
    return ba_block_allocator_of(self, &operations);
}
