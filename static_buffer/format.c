#include "static_buffer/format.h"

#include <stdio.h>
#include <string.h>

bool sab_core_format_aside(char *to, size_t count, const char *format, va_list arguments) {
    char text[4096 + 1];
    if (count >= sizeof text) {
        return false;
    }
    va_list again;
    va_copy(again, arguments);
    (void)vsnprintf(text, count + 1, format, again);
    va_end(again);
    memcpy(to, text, count);
    return true;
}
