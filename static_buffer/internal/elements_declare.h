/* What the buffer types have in common. They read elements, and order them. Part of
 * static_buffer/define.h, which includes it once for each; not for users. */

/* A pointer to the element at `index`, to be read. */
SAB_FUNCTION_ const SAB_T_ *SAB_OF_(SAB_GENERIC_(at))(const SAB_SELF_ *self, size_t index);
/* A pointer to the element at `index`. */
SAB_FUNCTION_ SAB_T_ *SAB_OF_(SAB_GENERIC_(at_mut))(SAB_SELF_ *self, size_t index);
/* The first and the last element; NULL if empty, which compilers want to see looked at: at() is for
 * those who know that there is one. */
SAB_SILENT_ const SAB_T_ *SAB_OF_(SAB_GENERIC_(first))(const SAB_SELF_ *self);
SAB_SILENT_ const SAB_T_ *SAB_OF_(SAB_GENERIC_(last))(const SAB_SELF_ *self);
/* For loops: from the first element to behind the last one; both NULL if empty. */
SAB_SILENT_ const SAB_T_ *SAB_OF_(SAB_GENERIC_(begin))(const SAB_SELF_ *self);
SAB_SILENT_ const SAB_T_ *SAB_OF_(SAB_GENERIC_(end))(const SAB_SELF_ *self);
/* All elements, or `count` from `first` on, borrowed. */
SAB_SILENT_ SAB_VIEW_ SAB_OF_(SAB_GENERIC_(view))(const SAB_SELF_ *self);
SAB_FUNCTION_ SAB_VIEW_ SAB_OF_(SAB_GENERIC_(view_range))(const SAB_SELF_ *self, size_t first,
                                                          size_t count);
/* The elements with the sentinel after them, also of an empty buffer: a C string, for characters.
 * Needs SAB_SENTINEL. Borrowed. */
SAB_TERMINATES_ const SAB_T_ *SAB_OF_(SAB_GENERIC_(terminated))(const SAB_SELF_ *self);
/* Exchanges two elements. */
SAB_FUNCTION_ void SAB_OF_(SAB_GENERIC_(swap))(SAB_SELF_ *self, size_t first, size_t second);
/* Turns the order round. O(elements). */
SAB_SILENT_ void SAB_OF_(SAB_GENERIC_(reverse))(SAB_SELF_ *self);
/* Sorts, not stably, in O(n log n) whatever comes, and in O(n) what is in order already, or
 * reversed without equals; without memory. Introsort: internal/sort.h. A comparison that is no
 * order leaves the elements in some order. */
SAB_COMPARES_ void SAB_OF_(SAB_GENERIC_(sort))(SAB_SELF_ *self);
/* Where a value is, or would be, in a sorted buffer. O(log n). */
SAB_COMPARES_ sab_position SAB_OF_(SAB_GENERIC_(binary_search))(const SAB_SELF_ *self,
                                                                const SAB_T_ *value);
/* Compares lexicographically: below, at or above 0. O(elements). */
SAB_COMPARES_ int SAB_OF_(SAB_GENERIC_(compare))(const SAB_SELF_ *self, const SAB_SELF_ *other);
/* Where the first element is that equals a value. O(elements). */
SAB_EQUALS_ sab_position SAB_OF_(SAB_GENERIC_(find))(const SAB_SELF_ *self, const SAB_T_ *value);
/* True if both have equal elements in the same order. O(elements). */
SAB_EQUALS_ bool SAB_OF_(SAB_GENERIC_(equal))(const SAB_SELF_ *self, const SAB_SELF_ *other);
