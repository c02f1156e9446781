/* A FILE over a writer: what is printed to it is appended to a list of bytes.
 *
 *     text_list text = {0};
 *     FILE *file = sab_open_writer(sab_as_writer(&text));
 *     if (file != NULL) {
 *         fprintf(file, "%d", 7);
 *         fclose(file);
 *     }
 */
#ifndef STATIC_BUFFER_FILE_VIEW_H_
#define STATIC_BUFFER_FILE_VIEW_H_

#include <stdio.h>

#include "block_allocator/internal/language.h"
#include "static_buffer/internal/core.h"

BA_HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

/* Opens a stream that can only be written to. It has no buffer: what is printed has been appended
 * when the call that prints it returns, and many characters are cheaper printed in one call than
 * one by one. If the writer takes nothing, that call fails, with ENOMEM, and may have appended the
 * beginning of what it printed. From then on the stream takes nothing more, so that the text has no
 * gap: each call that prints fails, ferror() reports it, and so does fclose(). To go on, close it
 * and open another. The caller closes the stream with fclose(), before what the writer writes to
 * goes away. NULL with errno set if there is no memory, or (ENOTSUP) if
 * the C library cannot do that: it needs fopencookie() of GNU and musl, or funopen() of BSD and
 * macOS. */
BA_MUST_USE FILE *sab_open_writer(sab_writer writer);

#ifdef __cplusplus
}
#endif

BA_HEADER_END

#endif /* STATIC_BUFFER_FILE_VIEW_H_ */
