/* SPDX-License-Identifier: MIT */
#include "drivers/driver.h"

#include "hub/core/suggest.h"

#include <errno.h>
#include <string.h>

#define DRIVER(name) extern const struct bh_driver bh_driver_##name;
#include "drivers/registry.def"
#undef DRIVER

static const struct bh_driver *const drivers[] = {
#define DRIVER(name) &bh_driver_##name,
#include "drivers/registry.def"
#undef DRIVER
	NULL,
};

const struct bh_driver *bh_driver_find(const char *name)
{
	for (size_t i = 0; drivers[i] != NULL; i++) {
		if (strcmp(drivers[i]->name, name) == 0)
			return drivers[i];
	}
	return NULL;
}

const struct bh_driver *bh_driver_of(const struct bh_sensor_config *config, struct bh_error *err)
{
	const struct bh_driver *driver = bh_driver_find(config->driver);
	const char *names[sizeof(drivers) / sizeof(drivers[0])] = { NULL };
	const char *near;

	if (driver)
		return driver;
	for (size_t i = 0; drivers[i] != NULL; i++)
		names[i] = drivers[i]->name;
	near = bh_suggest(config->driver, names);
	if (near)
		bh_node_error(config->options, err, -EINVAL,
			      "unknown driver '%s': did you mean '%s'?", config->driver, near);
	else
		bh_node_error(config->options, err, -EINVAL,
			      "unknown driver '%s': bedside doctor --drivers lists them",
			      config->driver);
	return NULL;
}

const struct bh_driver *bh_driver_at(size_t i)
{
	for (size_t n = 0; drivers[n] != NULL; n++) {
		if (n == i)
			return drivers[n];
	}
	return NULL;
}
