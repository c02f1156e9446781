/* Private headers, which a caller cannot include, whatever it included before. */
#include "block_allocator/backing/page_allocator.h"
#include "pba/pool.h"

#define PBA_NAME private_pool
#include "pba/define.h"

#ifdef ENGINE
// expect: error: .*private to the pool: include pba/pool.h or pba/define.h
#include "pba/engine/span_map.h"
#endif
#ifdef FAST_PATH
// expect: error: .*private to the pool: include pba/pool.h or pba/define.h
#include "pba/internal/fast_path.h"
#endif

int main(void) {
    private_pool pool = private_pool_new(ba_page_allocator());
    return ba_failed(private_pool_release_all(&pool, PBA_REPORT_IN_USE));
}
