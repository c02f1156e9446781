#include "pba/options.h"

pba_options pba_options_default(void) {
#define DEFAULT(type, name, NAME) .name = PBA_DEFAULT_##NAME,
    return (pba_options){PBA_OPTIONS(DEFAULT)};
#undef DEFAULT
}

/* The rules are a table, one line each. */
/* NOLINTNEXTLINE(readability-function-cognitive-complexity) */
pba_options_error pba_options_check(const pba_options *options) {
#define TAKE(type, name, NAME)                                                                     \
    const type of_##NAME = options->name;                                                          \
    (void)of_##NAME; /* an option that no rule is about */
#define OPTION(NAME) (of_##NAME)
#define CHECK(name, condition, message)                                                            \
    if (!(condition)) {                                                                            \
        return PBA_OPTIONS_##name;                                                                 \
    }
    PBA_OPTIONS(TAKE)
    PBA_OPTION_RULES(CHECK, OPTION)
#undef CHECK
#undef OPTION
#undef TAKE
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
