/* SPDX-License-Identifier: MIT */
/* One driver on the bench: configured from YAML text, opened on fakes, read as the hub reads it. */
#ifndef BH_TESTS_BENCH_H
#define BH_TESTS_BENCH_H

#include "drivers/driver.h"

struct bh_bench {
	const struct bh_driver *driver;
	struct bh_document *document;
	struct bh_sensor_config config;
	struct bh_driver_setup setup;
	struct bh_mat mat;
	struct bh_bus bus;
	struct bh_frame frame;
	struct bh_error err;
	char text[BH_ERROR_PLACE_MAX + BH_ERROR_TEXT_MAX]; /**< of err, as people see it */
	void *state;
};

/** Sensor index that frames must carry. */
#define BH_BENCH_SENSOR 3

/**
 * @brief Configure driver @p name with @p yaml, its options.
 * @return What configure() or the parser said; text says why. Fakes are put into bench->bus before
 * opening. Ends with bh_bench_end().
 */
int bh_bench_begin(struct bh_bench *bench, const char *name, const char *yaml);
int bh_bench_open(struct bh_bench *bench);
/** @brief One read() at @p now_ns into a frame whose `changed` and `lost` are cleared before. */
int bh_bench_read(struct bh_bench *bench, int64_t now_ns);
int64_t bh_bench_due(const struct bh_bench *bench);
void bh_bench_end(struct bh_bench *bench);

#endif
