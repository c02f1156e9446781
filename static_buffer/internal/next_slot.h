/* Adds one to the number that the next type gets in this translation unit: three octal digits, in
 * macros, because the preprocessor can keep a count in no other way. Part of
 * static_buffer/define.h; not for users. */
#if SAB_DIGIT_0_ == 0
#undef SAB_DIGIT_0_
#define SAB_DIGIT_0_ 1
#elif SAB_DIGIT_0_ == 1
#undef SAB_DIGIT_0_
#define SAB_DIGIT_0_ 2
#elif SAB_DIGIT_0_ == 2
#undef SAB_DIGIT_0_
#define SAB_DIGIT_0_ 3
#elif SAB_DIGIT_0_ == 3
#undef SAB_DIGIT_0_
#define SAB_DIGIT_0_ 4
#elif SAB_DIGIT_0_ == 4
#undef SAB_DIGIT_0_
#define SAB_DIGIT_0_ 5
#elif SAB_DIGIT_0_ == 5
#undef SAB_DIGIT_0_
#define SAB_DIGIT_0_ 6
#elif SAB_DIGIT_0_ == 6
#undef SAB_DIGIT_0_
#define SAB_DIGIT_0_ 7
#else
#undef SAB_DIGIT_0_
#define SAB_DIGIT_0_ 0
#define SAB_CARRY_
#endif

#ifdef SAB_CARRY_
#undef SAB_CARRY_
#if SAB_DIGIT_1_ == 0
#undef SAB_DIGIT_1_
#define SAB_DIGIT_1_ 1
#elif SAB_DIGIT_1_ == 1
#undef SAB_DIGIT_1_
#define SAB_DIGIT_1_ 2
#elif SAB_DIGIT_1_ == 2
#undef SAB_DIGIT_1_
#define SAB_DIGIT_1_ 3
#elif SAB_DIGIT_1_ == 3
#undef SAB_DIGIT_1_
#define SAB_DIGIT_1_ 4
#elif SAB_DIGIT_1_ == 4
#undef SAB_DIGIT_1_
#define SAB_DIGIT_1_ 5
#elif SAB_DIGIT_1_ == 5
#undef SAB_DIGIT_1_
#define SAB_DIGIT_1_ 6
#elif SAB_DIGIT_1_ == 6
#undef SAB_DIGIT_1_
#define SAB_DIGIT_1_ 7
#else
#undef SAB_DIGIT_1_
#define SAB_DIGIT_1_ 0
#define SAB_CARRY_
#endif
#endif

#ifdef SAB_CARRY_
#undef SAB_CARRY_
#if SAB_DIGIT_2_ == 0
#undef SAB_DIGIT_2_
#define SAB_DIGIT_2_ 1
#elif SAB_DIGIT_2_ == 1
#undef SAB_DIGIT_2_
#define SAB_DIGIT_2_ 2
#elif SAB_DIGIT_2_ == 2
#undef SAB_DIGIT_2_
#define SAB_DIGIT_2_ 3
#elif SAB_DIGIT_2_ == 3
#undef SAB_DIGIT_2_
#define SAB_DIGIT_2_ 4
#elif SAB_DIGIT_2_ == 4
#undef SAB_DIGIT_2_
#define SAB_DIGIT_2_ 5
#elif SAB_DIGIT_2_ == 5
#undef SAB_DIGIT_2_
#define SAB_DIGIT_2_ 6
#elif SAB_DIGIT_2_ == 6
#undef SAB_DIGIT_2_
#define SAB_DIGIT_2_ 7
#else
#error "A translation unit has at most 511 list types"
#endif
#endif
