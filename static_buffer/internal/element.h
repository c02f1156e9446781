/* Looks at the element type: SAB_ELEMENT_ is SAB_TYPE, or, where that is wrong, a type that
 * compiles in its place, so that the sentence that says the rule stays the only error. Part of
 * static_buffer/define.h; not for users. */
#if defined(__cplusplus)
#define SAB_ELEMENT_ sab_core_element<SAB_TYPE>::type
BA_STATIC_ASSERT(sab_core_is_object<SAB_TYPE>::value,
                 "SAB_TYPE must be a complete object type that is no array");
BA_STATIC_ASSERT(sab_core_is_object<SAB_TYPE>::is_copied_by_bytes,
                 "SAB_TYPE must be a type that may be copied byte by byte (trivially copyable)");
#elif defined(__GNUC__)
/* A member of a wrong type is an error in which its name is quoted. Where the type was wrong, so is
 * what is said of the member, in silence. */
#define SAB_CHECKED_ SAB_TYPE_must_be_a_complete_object_type_that_is_no_array
struct SAB_OF_(checked_) {
    SAB_TYPE SAB_CHECKED_;
};
#define SAB_MEMBER_ ((struct SAB_OF_(checked_) *)0)->SAB_CHECKED_
/* As an operand of a comma an array is a pointer, and everything else what it was. */
#define SAB_ELEMENT_ __typeof__(((void)0, SAB_MEMBER_))
#if defined(__clang__)
BA_STATIC_ASSERT(__builtin_types_compatible_p(__typeof__(SAB_MEMBER_), SAB_ELEMENT_),
                 "SAB_TYPE must be a complete object type that is no array");
#else
/* Not asserted: gcc would warn once more about a member that was wrong. No function returns an
 * array. */
struct SAB_OF_(checked_again_) {
    __typeof__(SAB_MEMBER_) (*SAB_CHECKED_)(void);
};
#endif
#else
#define SAB_ELEMENT_ SAB_TYPE
#endif
