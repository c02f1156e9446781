#include "block_allocator/backing/libc_allocator.h"

#include <stddef.h>
#include <stdlib.h>

#ifdef _WIN32
#include <malloc.h>
#endif

#include "block_allocator/build_mode.h"
#include "block_allocator/call_site.h"
#include "block_allocator/error.h"
#include "block_allocator/implementing/check.h"
#include "block_allocator/implementing/operations.h"
#include "block_allocator/internal/language.h"
#include "block_allocator/misuse.h"

static ba_error reject(const char *operation, ba_error_code code, ba_memory memory,
                       ba_alignment alignment, ba_call_site site) {
    return ba_misuse_reject("libc_allocator", operation, code, memory, ba_bytes(0), alignment,
                            site);
}

#ifdef _WIN32

/* Windows has a family of its own for alignments, and its memory is freed by that family alone.
 * A free does not know where memory came from, so all of it comes from there. */
static void *take(ba_length length, ba_alignment alignment) {
    return _aligned_malloc(length.bytes, alignment.bytes);
}

static void give_back(void *pointer) {
    _aligned_free(pointer);
}

#else

/* A length that is a multiple of the alignment: aligned_alloc() asks for it, and malloc() owes the
 * alignment only to lengths that an object with that alignment can have. */
static void *take(ba_length length, ba_alignment alignment) {
    if (alignment.bytes <= BA_ALIGNOF(max_align_t)) {
        return malloc(length.bytes);
    }
    return aligned_alloc(alignment.bytes, length.bytes);
}

static void give_back(void *pointer) {
    free(pointer);
}

#endif

static ba_length block_size(const void *context) {
    (void)context;
    return ba_bytes(1);
}

static ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment,
                       ba_call_site site) {
    (void)context;
    if (BA_CHECKS_MISUSE) {
        const ba_error_code code = ba_check_alloc(minimum, alignment);
        if (code != BA_OK) {
            return ba_memory_none(
                reject("alloc", code, ba_memory_none(ba_error_of(code)), alignment, site));
        }
    }

    if (alignment.bytes > (size_t)BA_LIBC_LARGEST_ALIGNMENT) {
        return ba_memory_none(ba_error_of(BA_BAD_ALIGN));
    }
    const ba_length_result rounded = ba_length_round_up(minimum, alignment);
    if (ba_length_result_is_none(rounded)) {
        return ba_memory_none(ba_length_result_error(rounded));
    }
    void *const pointer = take(ba_length_result_length(rounded), alignment);
    if (pointer == NULL) {
        return ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
    }
    return ba_memory_of(pointer, minimum);
}

static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                               ba_length minimum, ba_call_site site) {
    (void)context;
    if (BA_CHECKS_MISUSE) {
        const ba_error_code code = ba_check_resize(memory, alignment, minimum);
        if (code != BA_OK) {
            return ba_length_result_none(reject("resize", code, memory, alignment, site));
        }
    }

    if (minimum.bytes > ba_memory_length(memory).bytes) {
        return ba_length_result_none(ba_error_of(BA_NOT_IN_PLACE));
    }
    return ba_length_result_of(minimum);
}

static ba_error free_memory(void *context, ba_memory memory, ba_alignment alignment,
                            ba_call_site site) {
    (void)context;
    if (BA_CHECKS_MISUSE) {
        const ba_error_code code = ba_check_memory(memory, alignment);
        if (code != BA_OK) {
            return reject("free", code, memory, alignment, site);
        }
    }

    give_back(ba_memory_pointer(memory));
    return ba_error_of(BA_OK);
}

static const ba_operations operations = {
    .size = sizeof(ba_operations),
    .block_size = block_size,
    .alloc = alloc,
    .resize = resize,
    .free = free_memory,
};

ba_allocator ba_libc_allocator(void) {
    return ba_allocator_of(NULL, &operations);
}

ba_block_allocator ba_libc_block_allocator(void) {
    return ba_block_allocator_of(NULL, &operations);
}
