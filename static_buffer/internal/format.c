#include "static_buffer/internal/format.h"

#include <stdio.h>
#include <string.h>

#define ON_THE_STACK 4096

BA_PRINTF(3, 0)
static void by_way_of_the_stack(char *to, size_t count, const char *format, va_list arguments) {
    char text[ON_THE_STACK + 1];
    (void)vsnprintf(text, count + 1, format, arguments);
    memcpy(to, text, count);
}

BA_PRINTF(3, 0)
static bool by_way_of_a_file(char *to, size_t count, const char *format, va_list arguments) {
    FILE *const file = tmpfile();
    if (file == NULL) {
        return false;
    }
    const bool is_there = vfprintf(file, format, arguments) >= 0 && fseek(file, 0, SEEK_SET) == 0 &&
                          fread(to, 1, count, file) == count;
    (void)fclose(file);
    return is_there;
}

bool sab_core_format_aside(char *to, size_t count, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    bool is_there = true;
    if (count <= ON_THE_STACK) {
        by_way_of_the_stack(to, count, format, again);
    } else {
        is_there = by_way_of_a_file(to, count, format, again);
    }
    va_end(again);
    return is_there;
}
