/* Replays one trace with one allocator and prints what that took; bench/replay/replay.py runs it.
 *
 *     worker SUBJECT MODE TRACE [BLOCK_SIZE REQUEST_SIZE]...
 *
 * SUBJECT is one of subject.h; the pairs are for "chain". TRACE is a file, not compressed. Prints
 * lines of a name and a number:
 *
 *     any MODE   events, slots, peak_in_use (bytes asked for), peak_live
 *     read       nothing else: whether there is a trace with events
 *     time       nanoseconds of all events. Calls getppid() before and after them and nowhere else,
 *                so that a tracer of system calls can tell which are the allocator's
 *     memory     peak: the most resident bytes more than before the first event, of samples taken
 *                between events, one of them where most is in use; held after the last event, when
 *                nothing lives any more, and trimmed, after the allocator was asked to give back
 *                what it can
 *     backing    taken: the most bytes taken from the backing, metadata included; and calls of it.
 *                Not for malloc, whose backing cannot be observed */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench/replay/die.h"
#include "bench/replay/file.h"
#include "bench/replay/resident.h"
#include "bench/replay/subject.h"
#include "block_allocator/backing/libc_allocator.h"
#include "block_allocator/backing/page_allocator.h"
#include "block_allocator/forwarding/tracking_allocator.h"
#include "block_allocator/typed.h"

/* How often memory is looked at. */
#define SAMPLES 500U

/* --- what there is to replay --- */

static trace read_trace(const char *path) {
    const ba_layout byte = ba_layout_of(unsigned char);
    const size_t length = file_length(path);
    const ba_memory bytes = ba_array_alloc(ba_page_allocator(), byte, length);
    if (ba_memory_is_none(bytes) || length == 0 ||
        file_read(path, ba_memory_pointer(bytes), length) != length) {
        die("the trace cannot be read");
    }
    trace recorded;
    const trace_error error = trace_read((const unsigned char *)ba_memory_pointer(bytes), length,
                                         ba_page_allocator(), &recorded);
    if (error != TRACE_OK) {
        die(trace_error_message(error));
    }
    if (recorded.count == 0) {
        die("it has no events");
    }
    ba_array_free(ba_page_allocator(), byte, bytes);
    return recorded;
}

/* Room for what lives, all of it resident. */
static ba_memory *make_slots(size_t count) {
    const ba_memory slots = ba_array_alloc(ba_page_allocator(), ba_layout_of(ba_memory), count);
    if (ba_memory_is_none(slots)) {
        die("there is no memory for the table of slots");
    }
    memset(ba_memory_pointer(slots), 0, ba_memory_length(slots).bytes);
    return (ba_memory *)ba_memory_pointer(slots);
}

/* --- modes --- */

/* What is replayed, and with what. */
typedef struct replay_job {
    const subject *with;
    trace recorded;
    ba_memory *slots;
} replay_job;

static void print(const char *name, uint64_t number) {
    (void)printf("%s %llu\n", name, (unsigned long long)number);
}

/* Replays the events from one number to another. */
static void replay_part(const replay_job *job, size_t from, size_t to) {
    const trace_event *const events = job->recorded.events;
    job->with->replay(events + from, events + to, job->slots);
}

static uint64_t nanoseconds(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static void measure_nothing(const replay_job *job) {
    (void)job;
}

static void measure_time(const replay_job *job) {
    job->with->begin(ba_page_allocator());
    (void)getppid();
    const uint64_t start = nanoseconds();
    replay_part(job, 0, job->recorded.count);
    const uint64_t end = nanoseconds();
    (void)getppid();
    job->with->end();
    print("nanoseconds", end - start);
}

/* What is resident beyond a base; memory that lay there before may have gone. */
static size_t resident_above(size_t base) {
    const size_t now = resident_bytes();
    return now > base ? now - base : 0;
}

static size_t most(size_t a, size_t b) {
    return a > b ? a : b;
}

/* Replays the events from one number to another and returns the most that was seen. */
static size_t sample_part(const replay_job *job, size_t from, size_t to, size_t base) {
    size_t peak = 0;
    for (size_t i = 0; i < SAMPLES; i++) {
        const size_t events = to - from;
        replay_part(job, from + events * i / SAMPLES, from + events * (i + 1) / SAMPLES);
        peak = most(peak, resident_above(base));
    }
    return peak;
}

static void measure_memory(const replay_job *job) {
    const size_t base = resident_bytes();
    if (base == 0) {
        die("this system does not tell how much memory is resident");
    }
    job->with->begin(ba_page_allocator());
    size_t peak = sample_part(job, 0, job->recorded.peak_end, base);
    peak = most(peak, sample_part(job, job->recorded.peak_end, job->recorded.count, base));
    const size_t held = resident_above(base);
    job->with->trim();
    const size_t trimmed = resident_above(base);
    job->with->end();
    print("peak", peak);
    print("held", held);
    print("trimmed", trimmed);
}

static void measure_backing(const replay_job *job) {
    ba_tracking_allocator backing;
    ba_tracking_allocator_init(&backing, "backing", ba_page_allocator(), ba_libc_allocator());
    job->with->begin(ba_tracking_allocator_allocator(&backing));
    replay_part(job, 0, job->recorded.count);
    const ba_tracking_statistics seen = ba_tracking_allocator_statistics(&backing);
    job->with->end();
    if (ba_failed(ba_tracking_allocator_release(&backing))) {
        die("the backing did not get everything back");
    }
    print("taken", seen.peak_in_use.bytes);
    print("calls", seen.total_allocations + (seen.total_allocations - seen.allocations) +
                       seen.failed_allocations + seen.resizes + seen.moves + seen.refused_resizes);
}

/* --- the command line --- */

static const subject *find_subject(const char *name) {
    static const subject *const subjects[] = {&malloc_subject,  &pool_subject,  &unchecked_subject,
                                              &classes_subject, &chain_subject, NULL};
    for (const subject *const *one = subjects; *one != NULL; one++) {
        if (strcmp((*one)->name, name) == 0) {
            return *one;
        }
    }
    die("there is no such subject");
}

typedef void measurement(const replay_job *job);

static measurement *find_mode(const char *name) {
    static const struct {
        const char *name;
        measurement *measure;
    } modes[] = {
        {"read", measure_nothing},
        {"time", measure_time},
        {"memory", measure_memory},
        {"backing", measure_backing},
    };
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        if (strcmp(modes[i].name, name) == 0) {
            return modes[i].measure;
        }
    }
    die("there is no such mode");
}

static size_t number_of(const char *text) {
    char *end = NULL;
    const unsigned long long number = strtoull(text, &end, 10);
    if (*text == '\0' || *end != '\0' || number > SIZE_MAX) {
        die("a size is no number");
    }
    return (size_t)number;
}

static void set_chain(int count, char **sizes) {
    chain_level chain[CHAIN_LEVELS] = {{0}};
    const size_t levels = (size_t)count / 2;
    if (count % 2 != 0 || levels > CHAIN_LEVELS) {
        die("a pool of the chain is a block size and a request size");
    }
    for (size_t i = 0; i < levels; i++) {
        chain[i] = (chain_level){number_of(sizes[2 * i]), number_of(sizes[2 * i + 1])};
    }
    chain_subject_set(chain, levels);
}

int main(int argc, char **argv) {
    if (argc < 4) {
        die("usage: worker SUBJECT MODE TRACE [BLOCK_SIZE REQUEST_SIZE]...");
    }
    measurement *const measure = find_mode(argv[2]);
    replay_job job = {.with = find_subject(argv[1])};
    if (job.with == &chain_subject) {
        set_chain(argc - 4, argv + 4);
    }
    job.recorded = read_trace(argv[3]);
    job.slots = make_slots(job.recorded.slots);
    measure(&job);
    print("events", job.recorded.count);
    print("slots", job.recorded.slots);
    print("peak_in_use", job.recorded.peak_in_use);
    print("peak_live", job.recorded.peak_live);
    return 0;
}
