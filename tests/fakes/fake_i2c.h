/* SPDX-License-Identifier: MIT */
/*
 * An I2C bus with ADS1115 chips for tests, behind bh_i2c_ops: registers, input multiplexer, gain,
 * rate and busy bit as in the data sheet (SBAS444), and the ways a bus fails.
 */
#ifndef BH_TESTS_FAKE_I2C_H
#define BH_TESTS_FAKE_I2C_H

#include "drivers/bus.h"

#define BH_FAKE_I2C_BUS 1
#define BH_FAKE_I2C_CHIPS 4
#define BH_FAKE_I2C_INPUTS 4

struct bh_fake_ads1115 {
	uint8_t address;
	bool removed;
	int error;	 /**< positive errno of every transfer, 0: none */
	int fail_next;	 /**< that many transfers fail with EREMOTEIO */
	bool stopped;	 /**< its clock stands still: never ready */
	bool corrupt;	 /**< reads give all ones */
	int busy_holder; /**< positive errno of open(), 0: none */
	int32_t input_uv[BH_FAKE_I2C_INPUTS];
	uint16_t config;
	uint16_t conversion;
	int64_t ready_ns;
	unsigned int n_conversions;
};

struct bh_fake_i2c {
	int64_t now_ns;	  /**< the test's clock */
	int slow_percent; /**< how much slower than nominal conversions are */
	unsigned int n_transfers;
	unsigned int n_open;
	size_t n_chips;
	struct bh_fake_ads1115 chips[BH_FAKE_I2C_CHIPS];
};

void bh_fake_i2c_init(struct bh_fake_i2c *i2c, struct bh_bus *bus);
struct bh_fake_ads1115 *bh_fake_i2c_add(struct bh_fake_i2c *i2c, uint8_t address);
/** @brief Power off and on: registers as after reset. */
void bh_fake_ads1115_reset(struct bh_fake_ads1115 *chip);

#endif
