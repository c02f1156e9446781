/* ba_failing_allocator: an allocator that fails by plan, for tests of code that must survive it.
 *
 * Forwards to a parent and refuses the calls that the plan names. Does the code under test survive
 * every failure? Fail the first call, then the second, and so on until nothing fails any more:
 *
 *     ba_failing_allocator failing;
 *     ba_failing_allocator_init(&failing, ba_libc_allocator());
 *     size_t n = 0;
 *     do {
 *         n++;
 *         ba_failing_allocator_set_plan(&failing, ba_failing_plan_nth(n));
 *         check(code_under_test(ba_failing_allocator_allocator(&failing)));
 *     } while (ba_failing_allocator_failed(&failing) != 0);
 *
 * The same again with ba_failing_plan_from(n) shows what happens when there is no memory from then
 * on.
 *
 * Counted, from 1, are only the calls that may fail: an allocation; a resize or grow-between to
 * more blocks than the memory has; a remap, if the parent can do that. Nothing else ever fails, as
 * with every allocator: not free, not shrinking. A call that is made to fail does not reach the
 * parent and changes nothing.
 *
 * Metadata: the struct; no memory per allocation. Cost: a few instructions a call. */
#ifndef BLOCK_ALLOCATOR_FORWARDING_FAILING_ALLOCATOR_H_
#define BLOCK_ALLOCATOR_FORWARDING_FAILING_ALLOCATOR_H_

#include <stddef.h>

#include "block_allocator/allocator.h"
#include "block_allocator/block_allocator.h"
#include "block_allocator/error.h"
#include "block_allocator/internal/language.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* What happens to a call. */
typedef enum ba_failing_verdict {
    BA_FAILING_PASS, /* it goes to the parent */
    BA_FAILING_FAIL, /* it fails */
} ba_failing_verdict;

/* Decides about each call; gets the context of the plan and the number of the call, from 1. */
typedef ba_failing_verdict (*ba_failing_function)(void *context, size_t call);

/* The kinds of plans. */
typedef enum ba_failing_kind {
    BA_FAILING_NONE,
    BA_FAILING_NTH,
    BA_FAILING_FROM,
    BA_FAILING_EVERY,
    BA_FAILING_WHEN,
} ba_failing_kind;

/* Which calls fail. Make it with the functions below. */
typedef struct ba_failing_plan {
    ba_failing_kind kind;
    size_t number;                /* of calls, for NTH, FROM and EVERY */
    ba_failing_function function; /* for WHEN */
    void *context;
} ba_failing_plan;

/* No call fails. */
BA_ALWAYS_INLINE ba_failing_plan ba_failing_plan_none(void) {
    ba_failing_plan plan;
    plan.kind = BA_FAILING_NONE;
    plan.number = 0;
    plan.function = NULL;
    plan.context = NULL;
    return plan;
}

/* Call n fails and no other; none if n is 0. */
BA_ALWAYS_INLINE ba_failing_plan ba_failing_plan_nth(size_t n) {
    ba_failing_plan plan = ba_failing_plan_none();
    plan.kind = BA_FAILING_NTH;
    plan.number = n;
    return plan;
}

/* Call n and all after it fail. */
BA_ALWAYS_INLINE ba_failing_plan ba_failing_plan_from(size_t n) {
    ba_failing_plan plan = ba_failing_plan_none();
    plan.kind = BA_FAILING_FROM;
    plan.number = n;
    return plan;
}

/* Calls k, 2k, 3k, and so on fail; none if k is 0. */
BA_ALWAYS_INLINE ba_failing_plan ba_failing_plan_every(size_t k) {
    ba_failing_plan plan = ba_failing_plan_none();
    plan.kind = BA_FAILING_EVERY;
    plan.number = k;
    return plan;
}

/* Those calls fail for which the function says so; `context` is borrowed and passed to it. */
BA_ALWAYS_INLINE ba_failing_plan ba_failing_plan_when(ba_failing_function function, void *context) {
    ba_failing_plan plan = ba_failing_plan_none();
    plan.kind = BA_FAILING_WHEN;
    plan.function = function;
    plan.context = context;
    return plan;
}

/* The allocator's state; the caller owns it and keeps it in place while the allocator is used. Read
 * it through the functions below. */
typedef struct ba_failing_allocator {
    ba_block_allocator parent;
    ba_failing_plan plan;
    ba_error error;
    size_t calls;
    size_t failed;
} ba_failing_allocator;

/* Makes an allocator over `parent`, which is borrowed, that fails no call yet. Needs no release:
 * once all memory is freed, nothing of it is left in the parent. */
void ba_failing_allocator_init(ba_failing_allocator *self, ba_allocator parent);

/* The allocator as an exact one; borrows `self`. */
ba_allocator ba_failing_allocator_allocator(ba_failing_allocator *self);

/* The allocator as a whole-span one, with the parent's block size; borrows `self`. */
ba_block_allocator ba_failing_allocator_block_allocator(ba_failing_allocator *self);

/* Sets another plan and counts from zero again. Live memory stays as it is. */
void ba_failing_allocator_set_plan(ba_failing_allocator *self, ba_failing_plan plan);

/* Sets the error that failing calls give from now on, other than BA_OK; BA_OUT_OF_MEMORY at first.
 * From resize and grow-between callers expect one for which ba_error_is_refusal() holds. */
void ba_failing_allocator_set_error(ba_failing_allocator *self, ba_error error);

/* The calls since the plan was set that may fail. */
size_t ba_failing_allocator_calls(const ba_failing_allocator *self);

/* How many of them were made to fail. */
size_t ba_failing_allocator_failed(const ba_failing_allocator *self);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_FORWARDING_FAILING_ALLOCATOR_H_ */
