/* SPDX-License-Identifier: MIT */
/* One edge of a pad as the bench sends it through a datagram socket, in place of a kernel event. */
#ifndef BH_TESTS_BENCH_EDGE_H
#define BH_TESTS_BENCH_EDGE_H

#include <stdint.h>

/** Environment variable with the path of the socket that a publisher binds. */
#define BH_BENCH_SOCKET "BEDSIDE_BENCH_SOCKET"

struct bh_bench_edge {
	int64_t mono_ns; /**< CLOCK_MONOTONIC when it was sent, as the kernel would stamp it */
	uint8_t line;
	uint8_t rising;
};

/** @return A bound, non-blocking datagram socket at the path in BH_BENCH_SOCKET, or -errno. */
int bh_bench_bind(void);

#endif
