/* SPDX-License-Identifier: MIT */
/* bedside.yaml, and what the drivers make of their own part of it. */
#include "tests/fuzz/fuzz.h"

#include "drivers/driver.h"
#include "hub/config/config.h"

#include <stdlib.h>
#include <string.h>

/* Drivers that bring their own time read the file they are given; the fuzzer would name devices. */
static void configure(const struct bh_sensor_config *sensor, uint8_t index)
{
	static struct bh_mat mat;
	const struct bh_driver *driver = bh_driver_find(sensor->driver);
	struct bh_driver_setup setup = { .mat = sensor->is_mat ? &mat : NULL };
	struct bh_error err = { 0 };
	void *state;
	int r;

	if (!driver || driver->flags & BH_DRIVER_OWN_TIME)
		return;
	if (!(driver->part & (sensor->is_mat ? BH_PART_MAT : BH_PART_TEMPERATURE)))
		return;
	memset(&mat, 0, sizeof(mat));
	state = calloc(1, driver->state_size);
	if (!state)
		abort();
	r = driver->configure(state, sensor, index, &setup, &err);
	if (r < 0)
		bh_fuzz_refused(r, &err);
	else
		bh_fuzz_require(!sensor->is_mat || (mat.n_zones > 0 && mat.n_zones <= BH_ZONES_MAX),
				"a mat has zones, and not too many");
	driver->close(state);
	free(state);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bh_config *config = NULL;
	struct bh_error err = { 0 };
	int r = bh_config_parse(BH_FUZZ_NAME, (const char *)data, size, &config, &err);

	if (r < 0) {
		bh_fuzz_refused(r, &err);
		bh_fuzz_require(config == NULL, "outputs are untouched on failure");
		return 0;
	}
	bh_fuzz_require(config->n_beds <= BH_BEDS_MAX, "not too many beds");
	for (uint8_t bed = 0; bed < config->n_beds; bed++) {
		bh_fuzz_require(config->beds[bed].n_sensors <= BH_SENSORS_MAX, "not too many sensors");
		for (uint8_t i = 0; i < config->beds[bed].n_sensors; i++)
			configure(&config->beds[bed].sensors[i], i);
	}
	bh_config_free(config);
	return 0;
}
