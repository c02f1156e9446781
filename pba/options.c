#include "pba/options.h"

pba_options pba_options_default(void) {
    return (pba_options){
        .block_size = PBA_DEFAULT_BLOCK_SIZE,
        .backing_request_size = PBA_DEFAULT_BACKING_REQUEST_SIZE,
        .index = PBA_DEFAULT_INDEX,
        .request_growth = PBA_DEFAULT_REQUEST_GROWTH,
        .byte_limit = PBA_DEFAULT_BYTE_LIMIT,
        .secure_wipe = PBA_DEFAULT_SECURE_WIPE,
        .span_cache = PBA_DEFAULT_SPAN_CACHE,
        .safety = PBA_DEFAULT_SAFETY,
        .severity = PBA_DEFAULT_SEVERITY,
        .backing_failure = PBA_DEFAULT_BACKING_FAILURE,
        .auto_shrink = PBA_DEFAULT_AUTO_SHRINK,
        .shrink_kind = PBA_DEFAULT_SHRINK_KIND,
        .shrink_min = PBA_DEFAULT_SHRINK_MIN,
        .shrink_max = PBA_DEFAULT_SHRINK_MAX,
        .decay_age = PBA_DEFAULT_DECAY_AGE,
        .statistics = PBA_DEFAULT_STATISTICS,
        .guard = PBA_DEFAULT_GUARD,
        .fill = PBA_DEFAULT_FILL,
        .call_sites = PBA_DEFAULT_CALL_SITES,
    };
}

/* The rules are a table, one line each. */
/* NOLINTNEXTLINE(readability-function-cognitive-complexity) */
pba_options_error pba_options_check(const pba_options *options) {
#define OPTION(name) (options->name)
#define CHECK(name, condition, message)                                                            \
    if (!(condition)) {                                                                            \
        return PBA_OPTIONS_##name;                                                                 \
    }
    PBA_OPTION_RULES(CHECK, OPTION)
#undef CHECK
#undef OPTION
    return PBA_OPTIONS_OK;
}

const char *pba_options_error_message(pba_options_error error) {
    switch (error) {
    case PBA_OPTIONS_OK:
        return "the options are good";
#define NOTHING(name) 0
#define MESSAGE(name, condition, message)                                                          \
    case PBA_OPTIONS_##name:                                                                       \
        return message;
        PBA_OPTION_RULES(MESSAGE, NOTHING)
#undef MESSAGE
#undef NOTHING
    }
    return "not an error of pba_options_check()";
}
