#include "block_allocator/error.h"

const char *ba_error_name(ba_error error) {
    switch (error.code) {
#define NAME(code, message)                                                                        \
    case BA_##code:                                                                                \
        return #code;
        BA_ERRORS(NAME)
#undef NAME
    }
    return "UNKNOWN";
}

const char *ba_error_message(ba_error error) {
    switch (error.code) {
#define MESSAGE(code, message)                                                                     \
    case BA_##code:                                                                                \
        return message;
        BA_ERRORS(MESSAGE)
#undef MESSAGE
    }
    return "not an error code of this library";
}
