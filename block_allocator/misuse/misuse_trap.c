/* The default of freestanding programs: says nothing; a panic stops the program at once. */
#include "block_allocator/internal/language.h"
#include "block_allocator/misuse.h"

void ba_misuse_default(const ba_misuse *misuse) {
    switch (misuse->severity) {
    case BA_SEVERITY_LOG:
        return;
    case BA_SEVERITY_PANIC:
        BA_TRAP();
    }
}
