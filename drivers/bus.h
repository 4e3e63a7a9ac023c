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
	bool rising;	 /**< became active (logical level, after active_low) */
	uint32_t seqno;	 /**< counts this line's edges from 1, a gap means lost edges; 0: not known (libgpiod 1.6) */
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
	/* No debounce: the kernel's (libgpiod 2 only) stamps the end of the bouncing, not its first edge. */
};

struct bh_gpio_request;

struct bh_gpio_ops {
	/**
	 * @brief Take the lines as inputs with edges both ways; lines of one request may lie on several
	 * chips.
	 * @param ret_line On failure: index of the line it is about; may be NULL.
	 * @return 0; -ENODEV no such chip or line, -ENOTUNIQ the name or label is there twice, -EBUSY held
	 * by another program, -EACCES, -ENOMEM. @p ret is released by the caller.
	 */
	int (*request)(void *ctx, const struct bh_gpio_request_config *config,
		       struct bh_gpio_request **ret, size_t *ret_line);
	/** @return One pollable fd for the whole request, owned by the request. */
	int (*fd)(struct bh_gpio_request *request);
	/** @brief Take pending edges; never blocks. Edges of one line come in order, those of one call in
	 *  order of time. @return Edges stored (0: none pending); -ENODEV: a chip is gone. */
	int (*read)(struct bh_gpio_request *request, struct bh_gpio_edge *ret, size_t cap);
	/** @brief Logical levels (active is true) of all lines. @return 0; -ENODEV, -EIO. */
	int (*levels)(struct bh_gpio_request *request, bool *ret, size_t n);
	void (*release)(struct bh_gpio_request *request); /**< accepts NULL */
};

struct bh_i2c_ops {
	/** @brief One device on one bus; nothing is sent. @return A handle >= 0; -ENODEV no such bus,
	 *  -EBUSY a kernel driver has the address, -EACCES, -EOPNOTSUPP no SMBus words. */
	int (*open)(void *ctx, int bus, uint8_t address);
	/** @brief SMBus word read, the bytes in bus order turned to host order (first byte high).
	 *  @return 0..65535, or -ENXIO, -EREMOTEIO (no answer), -ETIMEDOUT, -EIO, -ENODEV (the bus is gone). */
	int (*read_word)(void *ctx, int handle, uint8_t reg);
	/** @return 0, or as read_word(). */
	int (*write_word)(void *ctx, int handle, uint8_t reg, uint16_t value);
	void (*close)(void *ctx, int handle);
};

struct bh_hwmon_ops {
	/** @brief Find a temperature input by libsensors chip name ("lm75-i2c-1-48", wild-cards allowed) and
	 *  feature ("temp1"). Asked again for the same input it gives the same handle. Rescans the chips if
	 *  need be. @return A handle >= 0; -ENODEV absent; -ENOTUNIQ more than one chip matches; -EINVAL the
	 *  chip name is malformed; -ENOMEM. */
	int (*find)(void *ctx, const char *chip, const char *feature);
	/** @return 0 and thousandths of a degree; -EIO read failed, -ENODEV gone (find it again),
	 *  -EREMOTEIO fault bit set. */
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
