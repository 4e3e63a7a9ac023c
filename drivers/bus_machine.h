/* SPDX-License-Identifier: MIT */
/* The machine's own buses, one file each; bus_machine.c puts them together. */
#ifndef BH_DRIVERS_BUS_MACHINE_H
#define BH_DRIVERS_BUS_MACHINE_H

#include "drivers/bus.h"

extern const struct bh_gpio_ops bh_bus_gpio;	 /**< no context */
extern const struct bh_i2c_ops bh_bus_i2c_dev;	 /**< no context */
extern const struct bh_hwmon_ops bh_bus_hwmon;	 /**< context: bh_bus_hwmon_new() */

struct bh_bus_hwmon;

/** @return 0, or -ENOMEM. libsensors is read when a chip is looked for. */
int bh_bus_hwmon_new(struct bh_bus_hwmon **ret);
/** Accepts NULL. */
void bh_bus_hwmon_free(struct bh_bus_hwmon *hwmon);

#endif
