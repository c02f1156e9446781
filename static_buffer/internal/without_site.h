/* The bodies of the functions that have a form with a call site. Each calls that one and says where
 * it returns to. Part of static_buffer/define.h; not for users. */
/* NOLINTBEGIN(bugprone-macro-parentheses): types. */
#define SAB_FUNCTION_BODY_(type, name, parameters, arguments)                                      \
    SAB_PLAIN_BODY_ type SAB_OF_(name) parameters {                                                \
        return SAB_OF_(name##_at)(SAB_BARE_(arguments), SAB_SITE_());                              \
    }
#define SAB_FUNCTION_BODY_VOID_(name, parameters, arguments)                                       \
    SAB_PLAIN_BODY_ void SAB_OF_(name) parameters {                                                \
        SAB_OF_(name##_at)(SAB_BARE_(arguments), SAB_SITE_());                                     \
    }
/* NOLINTEND(bugprone-macro-parentheses) */
#ifdef SAB_CAN_COPY_
#define SAB_COPIES_BODY_(type, name, parameters, arguments)                                        \
    SAB_FUNCTION_BODY_(type, name, parameters, arguments)
#define SAB_COPIES_BODY_VOID_(name, parameters, arguments)                                         \
    SAB_FUNCTION_BODY_VOID_(name, parameters, arguments)
#else
#define SAB_COPIES_BODY_(type, name, parameters, arguments)
#define SAB_COPIES_BODY_VOID_(name, parameters, arguments)
#endif
/* They have theirs in internal/fast_path.h. */
#define SAB_FAST_BODY_VOID_(name, parameters, arguments)

#define SAB_ROW_(class, type, function, kind, parameters, arguments)                               \
    SAB_##class##_BODY_(type, kind##_##function, parameters, arguments)
#define SAB_ROW_VOID_(class, function, kind, parameters, arguments)                                \
    SAB_##class##_BODY_VOID_(kind##_##function, parameters, arguments)
#define SAB_ROW_WITHOUT_GENERIC_(type, function, kind, parameters, arguments)                      \
    SAB_FUNCTION_BODY_(type, kind##_##function, parameters, arguments)
#include "static_buffer/internal/table.h"

#undef SAB_FUNCTION_BODY_
#undef SAB_FUNCTION_BODY_VOID_
#undef SAB_COPIES_BODY_
#undef SAB_COPIES_BODY_VOID_
#undef SAB_FAST_BODY_VOID_
