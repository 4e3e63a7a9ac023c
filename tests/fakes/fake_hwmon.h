/* SPDX-License-Identifier: MIT */
/* Thermometers for tests, behind bh_hwmon_ops. */
#ifndef BH_TESTS_FAKE_HWMON_H
#define BH_TESTS_FAKE_HWMON_H

#include "drivers/bus.h"

#define BH_FAKE_HWMON_INPUTS 4

struct bh_fake_hwmon_input {
	const char *chip;
	const char *feature;
	bool removed;
	int error; /**< negative errno of the next readings, 0: none */
	int32_t mdegc;
	unsigned int n_reads;
};

struct bh_fake_hwmon {
	size_t n_inputs;
	struct bh_fake_hwmon_input inputs[BH_FAKE_HWMON_INPUTS];
};

void bh_fake_hwmon_init(struct bh_fake_hwmon *hwmon, struct bh_bus *bus);
struct bh_fake_hwmon_input *bh_fake_hwmon_add(struct bh_fake_hwmon *hwmon, const char *chip,
					      const char *feature, int32_t mdegc);

#endif
