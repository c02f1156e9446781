/* Makes a function that replays events of a trace with one allocator. A template, so that each
 * allocator is called directly, as its own programs call it:
 *
 *     #define REPLAY_NAME    replay_on_my_pool
 *     #define REPLAY_ALLOC(length, alignment)            // a ba_memory, or none
 *     #define REPLAY_ALLOC_ZEROED(length, alignment)
 *     #define REPLAY_REALLOC(memory, alignment, length)
 *     #define REPLAY_FREE(memory, alignment)
 *     #include "bench/replay/replay.h"
 *
 *     static void replay_on_my_pool(const trace_event *event, const trace_event *end,
 *                                   ba_memory *slots);
 *
 * It replays the events from `event` to `end`, with what lives in `slots`, by slot. All macros are
 * undefined again afterwards. Ends the program if there is no memory. What is allocated is touched,
 * each page of it. The length kept is the one asked for. */
#include "bench/replay/die.h"
#include "bench/replay/touch.h"
#include "bench/replay/trace.h"

/* What malloc and realloc align to. A constant, so that the compiler knows it. */
#define REPLAY_ALIGNMENT_ ba_align(16)

static void REPLAY_NAME(const trace_event *event, const trace_event *end, ba_memory *slots) {
    for (; event != end; event++) {
        ba_memory *const slot = &slots[event->slot];
        const ba_length size = ba_bytes((size_t)event->size);
        switch ((trace_operation)event->operation) {
        case TRACE_FREE:
            REPLAY_FREE(*slot, REPLAY_ALIGNMENT_);
            continue;
        case TRACE_MALLOC:
            *slot = REPLAY_ALLOC(size, REPLAY_ALIGNMENT_);
            break;
        case TRACE_CALLOC:
            *slot = REPLAY_ALLOC_ZEROED(size, REPLAY_ALIGNMENT_);
            break;
        case TRACE_ALIGNED:
            *slot = REPLAY_ALLOC(size, ba_align((size_t)1 << event->alignment_shift));
            break;
        case TRACE_REALLOC:
            *slot = REPLAY_REALLOC(*slot, REPLAY_ALIGNMENT_, size);
            break;
        }
        if (ba_memory_is_none(*slot)) {
            die("there is no memory for an event");
        }
        touch(*slot);
    }
}

#undef REPLAY_ALIGNMENT_
#undef REPLAY_NAME
#undef REPLAY_ALLOC
#undef REPLAY_ALLOC_ZEROED
#undef REPLAY_REALLOC
#undef REPLAY_FREE
