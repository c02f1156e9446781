/* Call sites: where in the program a call was made. They travel through the interfaces as one
 * argument, so that a leak or a misuse can be reported with the line that caused it. */
#ifndef BLOCK_ALLOCATOR_CALL_SITE_H_
#define BLOCK_ALLOCATOR_CALL_SITE_H_

#include <stdbool.h>
#include <stddef.h>

#include "block_allocator/build_mode.h"
#include "block_allocator/internal/language.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* A place in the program: a text such as "main.c:12", or else a return address, or else nothing.
 * Two words; both point to what lives as long as the program. */
typedef struct ba_call_site {
    const char *text;    /* "file:line", or NULL */
    const void *address; /* of code, for a symbolizer, or NULL */
} ba_call_site;

/* No place in particular. */
BA_ALWAYS_INLINE ba_call_site ba_call_site_none(void) {
    ba_call_site site;
    site.text = NULL;
    site.address = NULL;
    return site;
}

/* A place named by a text that is never freed. */
BA_ALWAYS_INLINE ba_call_site ba_call_site_of_text(const char *text) {
    ba_call_site site;
    site.text = text;
    site.address = NULL;
    return site;
}

/* A place named by an address of code. */
BA_ALWAYS_INLINE ba_call_site ba_call_site_of_address(const void *address) {
    ba_call_site site;
    site.text = NULL;
    site.address = address;
    return site;
}

/* True if nothing is known. */
BA_ALWAYS_INLINE bool ba_call_site_is_none(ba_call_site site) {
    return site.text == NULL && site.address == NULL;
}

/* BA_HERE(): this very place. A macro, because only a macro sees its caller's line: in debug builds
 * "file:line", else the address to which the enclosing function returns. Where the callee ignores
 * the argument it costs one load. */
#if BA_BUILD_MODE == BA_DEBUG
#define BA_HERE() ba_call_site_of_text(__FILE__ ":" BA_STRINGIFY(__LINE__))
#elif defined(__GNUC__)
#define BA_HERE() ba_call_site_of_address(__builtin_return_address(0))
#elif defined(_MSC_VER)
#define BA_HERE() ba_call_site_of_address(_ReturnAddress())
#else
#define BA_HERE() ba_call_site_none()
#endif

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* BLOCK_ALLOCATOR_CALL_SITE_H_ */
