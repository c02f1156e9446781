/* Files, read without a call of malloc, which may be what is measured. */
#ifndef BENCH_REPLAY_FILE_H_
#define BENCH_REPLAY_FILE_H_

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The length of a file in bytes; 0 if there is none. */
size_t file_length(const char *path);

/* Reads the first bytes of a file, at most as many as there is room for; returns how many. 0 if it
 * cannot be read. */
size_t file_read(const char *path, void *bytes, size_t room);

#ifdef __cplusplus
}
#endif

#endif /* BENCH_REPLAY_FILE_H_ */
