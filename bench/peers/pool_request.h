/* How much a pool asks its backing for. */
#ifndef BENCH_PEERS_POOL_REQUEST_H_
#define BENCH_PEERS_POOL_REQUEST_H_

/* Bytes. Untouched pages take no memory. */
#define POOL_REQUEST_SIZE 67108864

#endif /* BENCH_PEERS_POOL_REQUEST_H_ */
