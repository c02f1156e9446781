/* The tables of numbered types that the functions choose from. The number of types so far is three
 * octal digits in macros. The tables are pasted in rows of eight, which keeps the preprocessor
 * quick: a macro for each type would take five times the time. Part of static_buffer/generic.h; not
 * for users.
 *
 * SAB_ROW_KIND_(prefix, row): eight types of a row; SAB_PART_KIND_n_(prefix, row): its first n;
 * SAB_ROWS_nn_(row, prefix): all rows below nn. */
#ifndef STATIC_BUFFER_INTERNAL_SLOTS_H_
#define STATIC_BUFFER_INTERNAL_SLOTS_H_

#define SAB_DIGIT_2_ 0
#define SAB_DIGIT_1_ 0
#define SAB_DIGIT_0_ 0

#ifndef __cplusplus

/* The table of all types of a kind so far. */
#define SAB_TABLE_(kind, prefix)                                                                   \
    SAB_TABLE_AT_(kind, prefix, SAB_DIGIT_2_, SAB_DIGIT_1_, SAB_DIGIT_0_)
#define SAB_TABLE_AT_(kind, prefix, a, b, c) SAB_TABLE_AGAIN_(kind, prefix, a, b, c)
#define SAB_TABLE_AGAIN_(kind, prefix, a, b, c)                                                    \
    SAB_ROWS_##a##b##_(SAB_ROW_##kind, prefix) SAB_PART_##kind##c##_(prefix, a##b)

/* clang-format off: it does not know where to break a table. */
#define SAB_PART_LIST_0_(prefix, row)
#define SAB_PART_LIST_1_(prefix, row) , sab_list_##row##0 * : prefix##row##0
#define SAB_PART_LIST_2_(prefix, row)                                                              \
    , sab_list_##row##0 * : prefix##row##0, sab_list_##row##1 * : prefix##row##1
#define SAB_PART_LIST_3_(prefix, row)                                                              \
    , sab_list_##row##0 * : prefix##row##0, sab_list_##row##1 * : prefix##row##1,                  \
        sab_list_##row##2 * : prefix##row##2
#define SAB_PART_LIST_4_(prefix, row)                                                              \
    , sab_list_##row##0 * : prefix##row##0, sab_list_##row##1 * : prefix##row##1,                  \
        sab_list_##row##2 * : prefix##row##2, sab_list_##row##3 * : prefix##row##3
#define SAB_PART_LIST_5_(prefix, row)                                                              \
    , sab_list_##row##0 * : prefix##row##0, sab_list_##row##1 * : prefix##row##1,                  \
        sab_list_##row##2 * : prefix##row##2, sab_list_##row##3 * : prefix##row##3,                \
        sab_list_##row##4 * : prefix##row##4
#define SAB_PART_LIST_6_(prefix, row)                                                              \
    , sab_list_##row##0 * : prefix##row##0, sab_list_##row##1 * : prefix##row##1,                  \
        sab_list_##row##2 * : prefix##row##2, sab_list_##row##3 * : prefix##row##3,                \
        sab_list_##row##4 * : prefix##row##4, sab_list_##row##5 * : prefix##row##5
#define SAB_PART_LIST_7_(prefix, row)                                                              \
    , sab_list_##row##0 * : prefix##row##0, sab_list_##row##1 * : prefix##row##1,                  \
        sab_list_##row##2 * : prefix##row##2, sab_list_##row##3 * : prefix##row##3,                \
        sab_list_##row##4 * : prefix##row##4, sab_list_##row##5 * : prefix##row##5,                \
        sab_list_##row##6 * : prefix##row##6
#define SAB_ROW_LIST_(prefix, row)                                                                 \
    , sab_list_##row##0 * : prefix##row##0, sab_list_##row##1 * : prefix##row##1,                  \
        sab_list_##row##2 * : prefix##row##2, sab_list_##row##3 * : prefix##row##3,                \
        sab_list_##row##4 * : prefix##row##4, sab_list_##row##5 * : prefix##row##5,                \
        sab_list_##row##6 * : prefix##row##6, sab_list_##row##7 * : prefix##row##7

#define SAB_PART_SLICE_0_(prefix, row)
#define SAB_PART_SLICE_1_(prefix, row) , sab_slice_##row##0 * : prefix##row##0
#define SAB_PART_SLICE_2_(prefix, row)                                                             \
    , sab_slice_##row##0 * : prefix##row##0, sab_slice_##row##1 * : prefix##row##1
#define SAB_PART_SLICE_3_(prefix, row)                                                             \
    , sab_slice_##row##0 * : prefix##row##0, sab_slice_##row##1 * : prefix##row##1,                \
        sab_slice_##row##2 * : prefix##row##2
#define SAB_PART_SLICE_4_(prefix, row)                                                             \
    , sab_slice_##row##0 * : prefix##row##0, sab_slice_##row##1 * : prefix##row##1,                \
        sab_slice_##row##2 * : prefix##row##2, sab_slice_##row##3 * : prefix##row##3
#define SAB_PART_SLICE_5_(prefix, row)                                                             \
    , sab_slice_##row##0 * : prefix##row##0, sab_slice_##row##1 * : prefix##row##1,                \
        sab_slice_##row##2 * : prefix##row##2, sab_slice_##row##3 * : prefix##row##3,              \
        sab_slice_##row##4 * : prefix##row##4
#define SAB_PART_SLICE_6_(prefix, row)                                                             \
    , sab_slice_##row##0 * : prefix##row##0, sab_slice_##row##1 * : prefix##row##1,                \
        sab_slice_##row##2 * : prefix##row##2, sab_slice_##row##3 * : prefix##row##3,              \
        sab_slice_##row##4 * : prefix##row##4, sab_slice_##row##5 * : prefix##row##5
#define SAB_PART_SLICE_7_(prefix, row)                                                             \
    , sab_slice_##row##0 * : prefix##row##0, sab_slice_##row##1 * : prefix##row##1,                \
        sab_slice_##row##2 * : prefix##row##2, sab_slice_##row##3 * : prefix##row##3,              \
        sab_slice_##row##4 * : prefix##row##4, sab_slice_##row##5 * : prefix##row##5,              \
        sab_slice_##row##6 * : prefix##row##6
#define SAB_ROW_SLICE_(prefix, row)                                                                \
    , sab_slice_##row##0 * : prefix##row##0, sab_slice_##row##1 * : prefix##row##1,                \
        sab_slice_##row##2 * : prefix##row##2, sab_slice_##row##3 * : prefix##row##3,              \
        sab_slice_##row##4 * : prefix##row##4, sab_slice_##row##5 * : prefix##row##5,              \
        sab_slice_##row##6 * : prefix##row##6, sab_slice_##row##7 * : prefix##row##7

#define SAB_PART_LIST_READ_0_(prefix, row)
#define SAB_PART_LIST_READ_1_(prefix, row)                                                         \
    , sab_list_##row##0 * : prefix##row##0, const sab_list_##row##0 * : prefix##row##0
#define SAB_PART_LIST_READ_2_(prefix, row)                                                         \
    , sab_list_##row##0 * : prefix##row##0, const sab_list_##row##0 * : prefix##row##0,            \
        sab_list_##row##1 * : prefix##row##1, const sab_list_##row##1 * : prefix##row##1
#define SAB_PART_LIST_READ_3_(prefix, row)                                                         \
    , sab_list_##row##0 * : prefix##row##0, const sab_list_##row##0 * : prefix##row##0,            \
        sab_list_##row##1 * : prefix##row##1, const sab_list_##row##1 * : prefix##row##1,          \
        sab_list_##row##2 * : prefix##row##2, const sab_list_##row##2 * : prefix##row##2
#define SAB_PART_LIST_READ_4_(prefix, row)                                                         \
    , sab_list_##row##0 * : prefix##row##0, const sab_list_##row##0 * : prefix##row##0,            \
        sab_list_##row##1 * : prefix##row##1, const sab_list_##row##1 * : prefix##row##1,          \
        sab_list_##row##2 * : prefix##row##2, const sab_list_##row##2 * : prefix##row##2,          \
        sab_list_##row##3 * : prefix##row##3, const sab_list_##row##3 * : prefix##row##3
#define SAB_PART_LIST_READ_5_(prefix, row)                                                         \
    , sab_list_##row##0 * : prefix##row##0, const sab_list_##row##0 * : prefix##row##0,            \
        sab_list_##row##1 * : prefix##row##1, const sab_list_##row##1 * : prefix##row##1,          \
        sab_list_##row##2 * : prefix##row##2, const sab_list_##row##2 * : prefix##row##2,          \
        sab_list_##row##3 * : prefix##row##3, const sab_list_##row##3 * : prefix##row##3,          \
        sab_list_##row##4 * : prefix##row##4, const sab_list_##row##4 * : prefix##row##4
#define SAB_PART_LIST_READ_6_(prefix, row)                                                         \
    , sab_list_##row##0 * : prefix##row##0, const sab_list_##row##0 * : prefix##row##0,            \
        sab_list_##row##1 * : prefix##row##1, const sab_list_##row##1 * : prefix##row##1,          \
        sab_list_##row##2 * : prefix##row##2, const sab_list_##row##2 * : prefix##row##2,          \
        sab_list_##row##3 * : prefix##row##3, const sab_list_##row##3 * : prefix##row##3,          \
        sab_list_##row##4 * : prefix##row##4, const sab_list_##row##4 * : prefix##row##4,          \
        sab_list_##row##5 * : prefix##row##5, const sab_list_##row##5 * : prefix##row##5
#define SAB_PART_LIST_READ_7_(prefix, row)                                                         \
    , sab_list_##row##0 * : prefix##row##0, const sab_list_##row##0 * : prefix##row##0,            \
        sab_list_##row##1 * : prefix##row##1, const sab_list_##row##1 * : prefix##row##1,          \
        sab_list_##row##2 * : prefix##row##2, const sab_list_##row##2 * : prefix##row##2,          \
        sab_list_##row##3 * : prefix##row##3, const sab_list_##row##3 * : prefix##row##3,          \
        sab_list_##row##4 * : prefix##row##4, const sab_list_##row##4 * : prefix##row##4,          \
        sab_list_##row##5 * : prefix##row##5, const sab_list_##row##5 * : prefix##row##5,          \
        sab_list_##row##6 * : prefix##row##6, const sab_list_##row##6 * : prefix##row##6
#define SAB_ROW_LIST_READ_(prefix, row)                                                            \
    , sab_list_##row##0 * : prefix##row##0, const sab_list_##row##0 * : prefix##row##0,            \
        sab_list_##row##1 * : prefix##row##1, const sab_list_##row##1 * : prefix##row##1,          \
        sab_list_##row##2 * : prefix##row##2, const sab_list_##row##2 * : prefix##row##2,          \
        sab_list_##row##3 * : prefix##row##3, const sab_list_##row##3 * : prefix##row##3,          \
        sab_list_##row##4 * : prefix##row##4, const sab_list_##row##4 * : prefix##row##4,          \
        sab_list_##row##5 * : prefix##row##5, const sab_list_##row##5 * : prefix##row##5,          \
        sab_list_##row##6 * : prefix##row##6, const sab_list_##row##6 * : prefix##row##6,          \
        sab_list_##row##7 * : prefix##row##7, const sab_list_##row##7 * : prefix##row##7

#define SAB_PART_SLICE_READ_0_(prefix, row)
#define SAB_PART_SLICE_READ_1_(prefix, row)                                                        \
    , sab_slice_##row##0 * : prefix##row##0, const sab_slice_##row##0 * : prefix##row##0
#define SAB_PART_SLICE_READ_2_(prefix, row)                                                        \
    , sab_slice_##row##0 * : prefix##row##0, const sab_slice_##row##0 * : prefix##row##0,          \
        sab_slice_##row##1 * : prefix##row##1, const sab_slice_##row##1 * : prefix##row##1
#define SAB_PART_SLICE_READ_3_(prefix, row)                                                        \
    , sab_slice_##row##0 * : prefix##row##0, const sab_slice_##row##0 * : prefix##row##0,          \
        sab_slice_##row##1 * : prefix##row##1, const sab_slice_##row##1 * : prefix##row##1,        \
        sab_slice_##row##2 * : prefix##row##2, const sab_slice_##row##2 * : prefix##row##2
#define SAB_PART_SLICE_READ_4_(prefix, row)                                                        \
    , sab_slice_##row##0 * : prefix##row##0, const sab_slice_##row##0 * : prefix##row##0,          \
        sab_slice_##row##1 * : prefix##row##1, const sab_slice_##row##1 * : prefix##row##1,        \
        sab_slice_##row##2 * : prefix##row##2, const sab_slice_##row##2 * : prefix##row##2,        \
        sab_slice_##row##3 * : prefix##row##3, const sab_slice_##row##3 * : prefix##row##3
#define SAB_PART_SLICE_READ_5_(prefix, row)                                                        \
    , sab_slice_##row##0 * : prefix##row##0, const sab_slice_##row##0 * : prefix##row##0,          \
        sab_slice_##row##1 * : prefix##row##1, const sab_slice_##row##1 * : prefix##row##1,        \
        sab_slice_##row##2 * : prefix##row##2, const sab_slice_##row##2 * : prefix##row##2,        \
        sab_slice_##row##3 * : prefix##row##3, const sab_slice_##row##3 * : prefix##row##3,        \
        sab_slice_##row##4 * : prefix##row##4, const sab_slice_##row##4 * : prefix##row##4
#define SAB_PART_SLICE_READ_6_(prefix, row)                                                        \
    , sab_slice_##row##0 * : prefix##row##0, const sab_slice_##row##0 * : prefix##row##0,          \
        sab_slice_##row##1 * : prefix##row##1, const sab_slice_##row##1 * : prefix##row##1,        \
        sab_slice_##row##2 * : prefix##row##2, const sab_slice_##row##2 * : prefix##row##2,        \
        sab_slice_##row##3 * : prefix##row##3, const sab_slice_##row##3 * : prefix##row##3,        \
        sab_slice_##row##4 * : prefix##row##4, const sab_slice_##row##4 * : prefix##row##4,        \
        sab_slice_##row##5 * : prefix##row##5, const sab_slice_##row##5 * : prefix##row##5
#define SAB_PART_SLICE_READ_7_(prefix, row)                                                        \
    , sab_slice_##row##0 * : prefix##row##0, const sab_slice_##row##0 * : prefix##row##0,          \
        sab_slice_##row##1 * : prefix##row##1, const sab_slice_##row##1 * : prefix##row##1,        \
        sab_slice_##row##2 * : prefix##row##2, const sab_slice_##row##2 * : prefix##row##2,        \
        sab_slice_##row##3 * : prefix##row##3, const sab_slice_##row##3 * : prefix##row##3,        \
        sab_slice_##row##4 * : prefix##row##4, const sab_slice_##row##4 * : prefix##row##4,        \
        sab_slice_##row##5 * : prefix##row##5, const sab_slice_##row##5 * : prefix##row##5,        \
        sab_slice_##row##6 * : prefix##row##6, const sab_slice_##row##6 * : prefix##row##6
#define SAB_ROW_SLICE_READ_(prefix, row)                                                           \
    , sab_slice_##row##0 * : prefix##row##0, const sab_slice_##row##0 * : prefix##row##0,          \
        sab_slice_##row##1 * : prefix##row##1, const sab_slice_##row##1 * : prefix##row##1,        \
        sab_slice_##row##2 * : prefix##row##2, const sab_slice_##row##2 * : prefix##row##2,        \
        sab_slice_##row##3 * : prefix##row##3, const sab_slice_##row##3 * : prefix##row##3,        \
        sab_slice_##row##4 * : prefix##row##4, const sab_slice_##row##4 * : prefix##row##4,        \
        sab_slice_##row##5 * : prefix##row##5, const sab_slice_##row##5 * : prefix##row##5,        \
        sab_slice_##row##6 * : prefix##row##6, const sab_slice_##row##6 * : prefix##row##6,        \
        sab_slice_##row##7 * : prefix##row##7, const sab_slice_##row##7 * : prefix##row##7

#define SAB_ROWS_00_(row, prefix)
#define SAB_ROWS_01_(row, prefix) SAB_ROWS_00_(row, prefix) row(prefix, 00)
#define SAB_ROWS_02_(row, prefix) SAB_ROWS_01_(row, prefix) row(prefix, 01)
#define SAB_ROWS_03_(row, prefix) SAB_ROWS_02_(row, prefix) row(prefix, 02)
#define SAB_ROWS_04_(row, prefix) SAB_ROWS_03_(row, prefix) row(prefix, 03)
#define SAB_ROWS_05_(row, prefix) SAB_ROWS_04_(row, prefix) row(prefix, 04)
#define SAB_ROWS_06_(row, prefix) SAB_ROWS_05_(row, prefix) row(prefix, 05)
#define SAB_ROWS_07_(row, prefix) SAB_ROWS_06_(row, prefix) row(prefix, 06)
#define SAB_ROWS_10_(row, prefix) SAB_ROWS_07_(row, prefix) row(prefix, 07)
#define SAB_ROWS_11_(row, prefix) SAB_ROWS_10_(row, prefix) row(prefix, 10)
#define SAB_ROWS_12_(row, prefix) SAB_ROWS_11_(row, prefix) row(prefix, 11)
#define SAB_ROWS_13_(row, prefix) SAB_ROWS_12_(row, prefix) row(prefix, 12)
#define SAB_ROWS_14_(row, prefix) SAB_ROWS_13_(row, prefix) row(prefix, 13)
#define SAB_ROWS_15_(row, prefix) SAB_ROWS_14_(row, prefix) row(prefix, 14)
#define SAB_ROWS_16_(row, prefix) SAB_ROWS_15_(row, prefix) row(prefix, 15)
#define SAB_ROWS_17_(row, prefix) SAB_ROWS_16_(row, prefix) row(prefix, 16)
#define SAB_ROWS_20_(row, prefix) SAB_ROWS_17_(row, prefix) row(prefix, 17)
#define SAB_ROWS_21_(row, prefix) SAB_ROWS_20_(row, prefix) row(prefix, 20)
#define SAB_ROWS_22_(row, prefix) SAB_ROWS_21_(row, prefix) row(prefix, 21)
#define SAB_ROWS_23_(row, prefix) SAB_ROWS_22_(row, prefix) row(prefix, 22)
#define SAB_ROWS_24_(row, prefix) SAB_ROWS_23_(row, prefix) row(prefix, 23)
#define SAB_ROWS_25_(row, prefix) SAB_ROWS_24_(row, prefix) row(prefix, 24)
#define SAB_ROWS_26_(row, prefix) SAB_ROWS_25_(row, prefix) row(prefix, 25)
#define SAB_ROWS_27_(row, prefix) SAB_ROWS_26_(row, prefix) row(prefix, 26)
#define SAB_ROWS_30_(row, prefix) SAB_ROWS_27_(row, prefix) row(prefix, 27)
#define SAB_ROWS_31_(row, prefix) SAB_ROWS_30_(row, prefix) row(prefix, 30)
#define SAB_ROWS_32_(row, prefix) SAB_ROWS_31_(row, prefix) row(prefix, 31)
#define SAB_ROWS_33_(row, prefix) SAB_ROWS_32_(row, prefix) row(prefix, 32)
#define SAB_ROWS_34_(row, prefix) SAB_ROWS_33_(row, prefix) row(prefix, 33)
#define SAB_ROWS_35_(row, prefix) SAB_ROWS_34_(row, prefix) row(prefix, 34)
#define SAB_ROWS_36_(row, prefix) SAB_ROWS_35_(row, prefix) row(prefix, 35)
#define SAB_ROWS_37_(row, prefix) SAB_ROWS_36_(row, prefix) row(prefix, 36)
#define SAB_ROWS_40_(row, prefix) SAB_ROWS_37_(row, prefix) row(prefix, 37)
#define SAB_ROWS_41_(row, prefix) SAB_ROWS_40_(row, prefix) row(prefix, 40)
#define SAB_ROWS_42_(row, prefix) SAB_ROWS_41_(row, prefix) row(prefix, 41)
#define SAB_ROWS_43_(row, prefix) SAB_ROWS_42_(row, prefix) row(prefix, 42)
#define SAB_ROWS_44_(row, prefix) SAB_ROWS_43_(row, prefix) row(prefix, 43)
#define SAB_ROWS_45_(row, prefix) SAB_ROWS_44_(row, prefix) row(prefix, 44)
#define SAB_ROWS_46_(row, prefix) SAB_ROWS_45_(row, prefix) row(prefix, 45)
#define SAB_ROWS_47_(row, prefix) SAB_ROWS_46_(row, prefix) row(prefix, 46)
#define SAB_ROWS_50_(row, prefix) SAB_ROWS_47_(row, prefix) row(prefix, 47)
#define SAB_ROWS_51_(row, prefix) SAB_ROWS_50_(row, prefix) row(prefix, 50)
#define SAB_ROWS_52_(row, prefix) SAB_ROWS_51_(row, prefix) row(prefix, 51)
#define SAB_ROWS_53_(row, prefix) SAB_ROWS_52_(row, prefix) row(prefix, 52)
#define SAB_ROWS_54_(row, prefix) SAB_ROWS_53_(row, prefix) row(prefix, 53)
#define SAB_ROWS_55_(row, prefix) SAB_ROWS_54_(row, prefix) row(prefix, 54)
#define SAB_ROWS_56_(row, prefix) SAB_ROWS_55_(row, prefix) row(prefix, 55)
#define SAB_ROWS_57_(row, prefix) SAB_ROWS_56_(row, prefix) row(prefix, 56)
#define SAB_ROWS_60_(row, prefix) SAB_ROWS_57_(row, prefix) row(prefix, 57)
#define SAB_ROWS_61_(row, prefix) SAB_ROWS_60_(row, prefix) row(prefix, 60)
#define SAB_ROWS_62_(row, prefix) SAB_ROWS_61_(row, prefix) row(prefix, 61)
#define SAB_ROWS_63_(row, prefix) SAB_ROWS_62_(row, prefix) row(prefix, 62)
#define SAB_ROWS_64_(row, prefix) SAB_ROWS_63_(row, prefix) row(prefix, 63)
#define SAB_ROWS_65_(row, prefix) SAB_ROWS_64_(row, prefix) row(prefix, 64)
#define SAB_ROWS_66_(row, prefix) SAB_ROWS_65_(row, prefix) row(prefix, 65)
#define SAB_ROWS_67_(row, prefix) SAB_ROWS_66_(row, prefix) row(prefix, 66)
#define SAB_ROWS_70_(row, prefix) SAB_ROWS_67_(row, prefix) row(prefix, 67)
#define SAB_ROWS_71_(row, prefix) SAB_ROWS_70_(row, prefix) row(prefix, 70)
#define SAB_ROWS_72_(row, prefix) SAB_ROWS_71_(row, prefix) row(prefix, 71)
#define SAB_ROWS_73_(row, prefix) SAB_ROWS_72_(row, prefix) row(prefix, 72)
#define SAB_ROWS_74_(row, prefix) SAB_ROWS_73_(row, prefix) row(prefix, 73)
#define SAB_ROWS_75_(row, prefix) SAB_ROWS_74_(row, prefix) row(prefix, 74)
#define SAB_ROWS_76_(row, prefix) SAB_ROWS_75_(row, prefix) row(prefix, 75)
#define SAB_ROWS_77_(row, prefix) SAB_ROWS_76_(row, prefix) row(prefix, 76)
/* clang-format on */

#endif /* !__cplusplus */

#endif /* STATIC_BUFFER_INTERNAL_SLOTS_H_ */
