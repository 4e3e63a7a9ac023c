/* SPDX-License-Identifier: MIT */
#include "drivers/driver.h"

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

const struct bh_driver *bh_driver_at(size_t i)
{
	for (size_t n = 0; drivers[n] != NULL; n++) {
		if (n == i)
			return drivers[n];
	}
	return NULL;
}
