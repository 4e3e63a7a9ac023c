/* SPDX-License-Identifier: MIT */
/* The ADS1115's registers, and the options of its driver, checked. */
#ifndef BH_DRIVERS_ADS1115_H
#define BH_DRIVERS_ADS1115_H

#include "drivers/driver.h"

/* Address pin to ground, supply, SDA or SCL. */
#define BH_ADS1115_ADDRESS_MIN 0x48
#define BH_ADS1115_CHIPS_MAX 4
#define BH_ADS1115_INPUTS 4
#define BH_ADS1115_ZONES_MAX (BH_ADS1115_CHIPS_MAX * BH_ADS1115_INPUTS)

/* Registers and fields: ADS1115 data sheet (SBAS444), section 8.6. */
#define BH_ADS1115_REG_CONVERSION 0x00
#define BH_ADS1115_REG_CONFIG 0x01
#define BH_ADS1115_OS 0x8000u		/**< write: start; read: idle */
#define BH_ADS1115_MUX_SINGLE 0x4000u	/**< input n against ground: this + n << 12 */
#define BH_ADS1115_MUX_SHIFT 12
#define BH_ADS1115_GAIN_SHIFT 9
#define BH_ADS1115_MODE_SINGLE 0x0100u
#define BH_ADS1115_RATE_SHIFT 5
#define BH_ADS1115_NO_COMPARATOR 0x0003u

/** One strip: an input of a chip, and the span it was calibrated to. */
struct bh_ads1115_zone {
	uint8_t chip;	   /**< index in bh_ads1115_config.address */
	uint8_t input;	   /**< 0..3 */
	int32_t empty_mv;  /**< nothing on the strip: load 0 */
	int32_t full_mv;   /**< fully loaded: BH_LOAD_FULL; may be below empty_mv */
};

struct bh_ads1115_config {
	int bus;	   /**< of /dev/i2c-N */
	uint16_t base;	   /**< configuration word without start bit and input */
	int32_t full_scale_mv;
	int64_t conversion_ns; /**< the longest a conversion takes at the chosen rate */
	int64_t period_ns;
	size_t n_chips;
	uint8_t address[BH_ADS1115_CHIPS_MAX];
	size_t n_zones;
	struct bh_ads1115_zone zone[BH_ADS1115_ZONES_MAX];
};

extern const struct bh_driver_option bh_ads1115_options[];
extern const struct bh_driver_option bh_ads1115_zone_options[];

/** @return 0, with the geometry in @p mat, or -EINVAL. */
int bh_ads1115_configure(struct bh_ads1115_config *ret, const struct bh_node *options,
			 struct bh_mat *mat, struct bh_error *err);

#endif
