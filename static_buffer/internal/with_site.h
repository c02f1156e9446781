/* Declares the form with a call site of each function that has one. Part of
 * static_buffer/define.h; not for users. */
/* NOLINTBEGIN(bugprone-macro-parentheses): types. */
#define SAB_ROW_(class, type, function, kind, parameters, arguments)                               \
    SAB_##class##_WITH_SITE_ type SAB_OF_(kind##_##function##_at)(SAB_BARE_(parameters),           \
                                                                  ba_call_site site);
#define SAB_ROW_VOID_(class, function, kind, parameters, arguments)                                \
    SAB_##class##_WITH_SITE_ void SAB_OF_(kind##_##function##_at)(SAB_BARE_(parameters),           \
                                                                  ba_call_site site);
#define SAB_ROW_WITHOUT_GENERIC_(type, function, kind, parameters, arguments)                      \
    SAB_FUNCTION_WITH_SITE_ type SAB_OF_(kind##_##function##_at)(SAB_BARE_(parameters),            \
                                                                 ba_call_site site);
/* NOLINTEND(bugprone-macro-parentheses) */
#include "static_buffer/internal/table.h"
