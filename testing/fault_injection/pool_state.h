// What a pool shows of itself, in words.
#ifndef TESTING_FAULT_INJECTION_POOL_STATE_H_
#define TESTING_FAULT_INJECTION_POOL_STATE_H_

#include <string>

#include "pba/pool.h"

namespace failures {

// Its statistics, and the spans and holes of each chunk; no addresses. Left out are the counts of
// failures and of requests to the backing, and the metadata, some of which depends on addresses.
std::string describe_pool(pba_pool *pool);

// Fails the test unless the pool verifies.
void check_pool(pba_pool *pool);

} // namespace failures

#endif // TESTING_FAULT_INJECTION_POOL_STATE_H_
