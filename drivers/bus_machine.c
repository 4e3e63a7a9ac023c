/* SPDX-License-Identifier: MIT */
#include "drivers/bus_machine.h"

#include <string.h>

void bh_bus_machine(struct bh_bus *ret)
{
	struct bh_bus_hwmon *hwmon = NULL;

	*ret = (struct bh_bus){
		.gpio = &bh_bus_gpio,
		.i2c = &bh_bus_i2c_dev,
	};
	if (bh_bus_hwmon_new(&hwmon) == 0) {
		ret->hwmon = &bh_bus_hwmon;
		ret->hwmon_ctx = hwmon;
	}
}

void bh_bus_machine_close(struct bh_bus *bus)
{
	bh_bus_hwmon_free(bus->hwmon_ctx);
	memset(bus, 0, sizeof(*bus));
}
