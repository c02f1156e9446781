/* The default of hosted programs: one line on stderr; a panic aborts. */
#include <stdio.h>
#include <stdlib.h>

#include "block_allocator/misuse.h"
#include "block_allocator/misuse/misuse_text.h"
#include "block_allocator/misuse/source_line.h"

/* The most live allocations that are shown with their lines; further ones are shown as they are. */
#define SHOWN 8

/* A report in which call sites that are addresses have become lines, and what it then points to. */
typedef struct lines {
    ba_misuse misuse;
    ba_live live[SHOWN];
    char texts[2 + SHOWN][512];
} lines;

static ba_call_site with_line(ba_call_site site, char *line, size_t size) {
    const bool is_address = site.text == NULL && site.address != NULL;
    return is_address && ba_source_line(site.address, line, size) ? ba_call_site_of_text(line)
                                                                  : site;
}

static void look_up_lines(const ba_misuse *misuse, lines *with) {
    with->misuse = *misuse;
    with->misuse.site = with_line(misuse->site, with->texts[0], sizeof with->texts[0]);
    with->misuse.origin = with_line(misuse->origin, with->texts[1], sizeof with->texts[1]);
    if (misuse->live_shown == 0 || misuse->live_shown > SHOWN) {
        return;
    }
    for (size_t i = 0; i < misuse->live_shown; i++) {
        with->live[i] = misuse->live[i];
        with->live[i].site =
            with_line(misuse->live[i].site, with->texts[2 + i], sizeof with->texts[2 + i]);
    }
    with->misuse.live = with->live;
}

static void print(const ba_misuse *misuse) {
    char line[4096];
    (void)ba_misuse_format(misuse, line, sizeof line);
    (void)fprintf(stderr, "%s\n", line);
}

void ba_misuse_default(const ba_misuse *misuse) {
    if (BA_BUILD_MODE == BA_DEBUG) {
        lines with;
        look_up_lines(misuse, &with);
        print(&with.misuse);
    } else {
        print(misuse);
    }
    switch (misuse->severity) {
    case BA_SEVERITY_LOG:
        return;
    case BA_SEVERITY_PANIC:
        abort();
    }
}
