/* Sorts elements by comparison, in place, not stably, in O(n log n). Introsort (Musser,
 * "Introspective Sorting and Selection Algorithms", 1997), with every comparison compiled into it.
 * Part of static_buffer/define.h; not for users.
 *
 * Quicksort with the pivot that Bentley and McIlroy choose ("Engineering a Sort Function", 1993):
 * the middle one of nine elements, or of three of a shorter run. Both scans stop at what equals the
 * pivot, so that equal elements are divided evenly (Sedgewick 1978), and a run that begins with
 * what equals the element before it has all of those taken out in one pass, as by Peters'
 * pattern-defeating quicksort (2021). Insertion sort ends short runs, heapsort those that were
 * divided too often. Of two runs the longer one waits, so that log2(n) of them wait at most: in 1.5
 * KB of the stack where size_t has 64 bits.
 *
 * Whatever the comparison says, no place outside of the run is read or written, and whenever it is
 * asked the elements are all there, each once: they only change places in between. */

BA_ALWAYS_INLINE bool SAB_OF_(sort_is_less_)(const SAB_T_ *first, const SAB_T_ *second) {
#ifdef SAB_COMPARE
    return SAB_COMPARE(first, second) < 0;
#else
    return *first < *second;
#endif
}

/* The same for sab_core_heapsort(). */
static inline int SAB_OF_(sort_compare_any_)(const void *first, const void *second) {
    return SAB_OF_(elements_compare_)((const SAB_T_ *)first, (const SAB_T_ *)second);
}

/* True if the elements are in order now: because they were, or the other way round. Looks no
 * further than it has to. */
static inline bool SAB_OF_(sort_is_done_)(SAB_T_ *elements, size_t count) {
    size_t place = 1;
    while (place < count && !SAB_OF_(sort_is_less_)(&elements[place], &elements[place - 1])) {
        place++;
    }
    if (place >= count) {
        return true;
    }
    if (place != 1) {
        return false;
    }
    while (place < count && SAB_OF_(sort_is_less_)(&elements[place], &elements[place - 1])) {
        place++;
    }
    if (place < count) {
        return false;
    }
    for (size_t i = 0; i < count / 2; i++) {
        SAB_OF_(elements_exchange_)(&elements[i], &elements[count - 1 - i]);
    }
    return true;
}

/* Insertion sort. */
static inline void SAB_OF_(sort_short_)(SAB_T_ *elements, size_t count) {
    for (size_t i = 1; i < count; i++) {
        size_t place = i;
        while (place > 0 && SAB_OF_(sort_is_less_)(&elements[i], &elements[place - 1])) {
            place--;
        }
        if (place != i) {
            const SAB_T_ kept = elements[i];
            for (size_t to = i; to > place; to--) {
                elements[to] = elements[to - 1];
            }
            elements[place] = kept;
        }
    }
}

/* The middle one of three elements. */
static inline SAB_T_ *SAB_OF_(sort_middle_)(SAB_T_ *left, SAB_T_ *middle, SAB_T_ *right) {
    if (SAB_OF_(sort_is_less_)(left, middle)) {
        if (SAB_OF_(sort_is_less_)(middle, right)) {
            return middle;
        }
        return SAB_OF_(sort_is_less_)(left, right) ? right : left;
    }
    if (SAB_OF_(sort_is_less_)(left, right)) {
        return left;
    }
    return SAB_OF_(sort_is_less_)(middle, right) ? right : middle;
}

/* Which element to divide a run by. Those that are looked at are spread evenly and are not the
 * ends, so that what rises and falls again is divided evenly too. */
static inline SAB_T_ *SAB_OF_(sort_pivot_)(SAB_T_ *elements, size_t count) {
    if (count < SAB_CORE_RUN_OF_NINE) {
        const size_t step = count / 4;
        return SAB_OF_(sort_middle_)(&elements[step], &elements[2 * step], &elements[3 * step]);
    }
    const size_t step = count / 10;
    SAB_T_ *const left =
        SAB_OF_(sort_middle_)(&elements[step], &elements[2 * step], &elements[3 * step]);
    SAB_T_ *const inner =
        SAB_OF_(sort_middle_)(&elements[4 * step], &elements[5 * step], &elements[6 * step]);
    SAB_T_ *const right =
        SAB_OF_(sort_middle_)(&elements[7 * step], &elements[8 * step], &elements[9 * step]);
    return SAB_OF_(sort_middle_)(left, inner, right);
}

/* Divides a run by its first element, the pivot. Returns its place then: no element
 * before it is greater, none after it less. */
static inline size_t SAB_OF_(sort_divide_)(SAB_T_ *elements, size_t count) {
    size_t left = 1;
    size_t right = count;
    for (;;) {
        while (left < right && SAB_OF_(sort_is_less_)(&elements[left], elements)) {
            left++;
        }
        while (left < right && SAB_OF_(sort_is_less_)(elements, &elements[right - 1])) {
            right--;
        }
        if (right - left < 2) {
            break;
        }
        SAB_OF_(elements_exchange_)(&elements[left++], &elements[--right]);
    }
    SAB_OF_(elements_exchange_)(elements, &elements[left - 1]);
    return left - 1;
}

/* Takes what equals the first element, than which none is less, to the front. Returns how many. */
static inline size_t SAB_OF_(sort_gather_)(SAB_T_ *elements, size_t count) {
    size_t left = 1;
    size_t right = count;
    for (;;) {
        while (left < right && !SAB_OF_(sort_is_less_)(elements, &elements[left])) {
            left++;
        }
        while (left < right && SAB_OF_(sort_is_less_)(elements, &elements[right - 1])) {
            right--;
        }
        if (right - left < 2) {
            return left;
        }
        SAB_OF_(elements_exchange_)(&elements[left++], &elements[--right]);
    }
}

/* Divides a run: makes it the shorter part of what is left to sort, and returns the longer one. */
static inline sab_core_run SAB_OF_(sort_split_)(SAB_T_ *all, sab_core_run *run) {
    SAB_T_ *const elements = all + run->start;
    sab_core_run longer;
    run->divisions--;
    longer = *run;
    SAB_OF_(elements_exchange_)(elements, SAB_OF_(sort_pivot_)(elements, run->count));
    /* The element before a run is at most as great as any of it. */
    if (run->start != 0 && !SAB_OF_(sort_is_less_)(elements - 1, elements)) {
        const size_t equal = SAB_OF_(sort_gather_)(elements, run->count);
        run->start += equal;
        run->count -= equal;
        longer.count = 0;
        return longer;
    }
    const size_t left = SAB_OF_(sort_divide_)(elements, run->count);
    const size_t right = run->count - left - 1;
    if (left < right) {
        run->count = left;
        longer.start += left + 1;
        longer.count = right;
    } else {
        longer.count = left;
        run->start += left + 1;
        run->count = right;
    }
    return longer;
}

static inline void SAB_OF_(elements_sort_)(SAB_T_ *elements, size_t count) {
    if (count < 2 || SAB_OF_(sort_is_done_)(elements, count)) {
        return;
    }
    sab_core_run waiting[SAB_CORE_RUNS];
    size_t waits = 0;
    sab_core_run run = sab_core_whole_run(count);
    for (;;) {
        while (run.count > SAB_CORE_SHORT_RUN && run.divisions != 0) {
            waiting[waits] = SAB_OF_(sort_split_)(elements, &run);
            waits += waiting[waits].count > 1;
        }
        if (run.count <= SAB_CORE_SHORT_RUN) {
            SAB_OF_(sort_short_)(elements + run.start, run.count);
        } else {
            sab_core_heapsort(elements + run.start, run.count, sizeof *elements,
                              SAB_OF_(sort_compare_any_));
        }
        if (waits == 0) {
            return;
        }
        run = waiting[--waits];
    }
}
