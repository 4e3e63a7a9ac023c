/* SPDX-License-Identifier: MIT */
/*
 * The seams below drivers: GPIO lines, I2C, hwmon. Real ones in bus_*.c, fakes in tests/fakes/.
 */
#ifndef BH_DRIVERS_BUS_H
#define BH_DRIVERS_BUS_H

#include "hub/core/mat.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A contact mat of up to 32 pads (DESIGN.md section 5). */
#define BH_GPIO_LINES_MAX 32

/** One edge with the kernel's own CLOCK_MONOTONIC time stamp. */
struct bh_gpio_edge {
	int64_t mono_ns;
	uint8_t line;	 /**< index in the request */
	bool rising;
	uint32_t seqno;	 /**< of this line, 0 where the kernel has none (libgpiod 1.6) */
};

enum bh_gpio_bias { BH_GPIO_BIAS_AS_IS, BH_GPIO_PULL_UP, BH_GPIO_PULL_DOWN };

/** Lines wanted: by name ("GPIO17"), or by chip label and offset ("pinctrl-bcm2711", 17). */
struct bh_gpio_line {
	char chip[BH_NAME_MAX];	 /**< label; empty: find the line by name on any chip */
	char name[BH_NAME_MAX];
	int offset;		 /**< -1: by name */
};

struct bh_gpio_request_config {
	struct bh_gpio_line lines[BH_GPIO_LINES_MAX];
	size_t n_lines;
	bool active_low;
	enum bh_gpio_bias bias;
	int64_t debounce_ns; /**< asked of the kernel where it can (libgpiod 2); the driver debounces anyway */
};

struct bh_gpio_request;

struct bh_gpio_ops {
	/** @return 0; -ENODEV no such chip or line, -EBUSY held by another program, -EACCES. Lines of one
	 *  request may lie on several chips. */
	int (*request)(void *ctx, const struct bh_gpio_request_config *config, struct bh_gpio_request **ret);
	/** @return One pollable fd for the whole request. */
	int (*fd)(struct bh_gpio_request *request);
	/** @return Edges stored (0: none pending); -ENODEV: the chip is gone (POLLHUP, POLLERR). */
	int (*read)(struct bh_gpio_request *request, struct bh_gpio_edge *ret, size_t cap);
	/** @brief Logical levels of all lines. @return 0 or a negative errno. */
	int (*levels)(struct bh_gpio_request *request, bool *ret, size_t n);
	void (*release)(struct bh_gpio_request *request); /**< accepts NULL */
};

struct bh_i2c_ops {
	/** @return An open bus handle >= 0, or -ENODEV, -EACCES. */
	int (*open)(void *ctx, int bus, uint8_t address);
	/** @brief SMBus word read, the bytes in bus order turned to host order (first byte high).
	 *  @return 0..65535, or -ENXIO, -EREMOTEIO, -ETIMEDOUT, -EIO. */
	int (*read_word)(void *ctx, int handle, uint8_t reg);
	int (*write_word)(void *ctx, int handle, uint8_t reg, uint16_t value);
	void (*close)(void *ctx, int handle);
};

struct bh_hwmon_ops {
	/** @brief Find a temperature input by libsensors chip name ("lm75-i2c-1-48", wild-cards allowed) and
	 *  feature ("temp1"). @return A handle >= 0, -ENODEV if absent. Rescans the chips if need be. */
	int (*find)(void *ctx, const char *chip, const char *feature);
	/** @return 0 and thousandths of a degree; -EIO read failed, -ENODEV gone, -EREMOTEIO fault bit set. */
	int (*read)(void *ctx, int handle, int32_t *ret_mdegc);
};

/** Everything a driver may touch. Any member may be NULL where a machine has none. */
struct bh_bus {
	const struct bh_gpio_ops *gpio;
	void *gpio_ctx;
	const struct bh_i2c_ops *i2c;
	void *i2c_ctx;
	const struct bh_hwmon_ops *hwmon;
	void *hwmon_ctx;
};

/** @brief The machine's own buses. libsensors is global: one thread only. */
void bh_bus_machine(struct bh_bus *ret);
/** @brief Frees what bh_bus_machine() made. */
void bh_bus_machine_close(struct bh_bus *bus);

#endif
