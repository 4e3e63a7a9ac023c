/* SPDX-License-Identifier: MIT */
/*
 * What bus_gpio.c needs of libgpiod, once for each of its two APIs: bus_gpio_v1.c (1.6, Debian 12)
 * and bus_gpio_v2.c (2.x, Debian 13). One chip, and the lines of one request that lie on it.
 */
#ifndef BH_DRIVERS_BUS_GPIO_CHIP_H
#define BH_DRIVERS_BUS_GPIO_CHIP_H

#include "drivers/bus.h"

struct bh_gpio_chip;

/** @return 0; -ENODEV, -EACCES, -ENOMEM. */
int bh_gpio_chip_open(const char *path, struct bh_gpio_chip **ret);
/** @return The chip's label; owned by the chip. */
const char *bh_gpio_chip_label(const struct bh_gpio_chip *chip);
/** @return Offset of the line called @p name, or -ENOENT; -ENOTUNIQ: several are. */
int bh_gpio_chip_find(struct bh_gpio_chip *chip, const char *name);

/**
 * @brief Take @p n lines as inputs with edges both ways.
 * @param ret_bad On failure: index in @p offsets of the line it is about.
 * @return 0; -ENODEV no such line, -EBUSY, -EACCES, -ENOMEM.
 */
int bh_gpio_chip_request(struct bh_gpio_chip *chip, const unsigned int *offsets, size_t n,
			 const struct bh_gpio_request_config *config, size_t *ret_bad);
/** @return How many fds there are to poll: 1, or one for each line. */
size_t bh_gpio_chip_n_fds(const struct bh_gpio_chip *chip);
int bh_gpio_chip_fd(const struct bh_gpio_chip *chip, size_t i);
/**
 * @brief Take edges of fd @p i, which is readable; would block if it is not.
 * @return Edges stored, their line as index in the offsets requested; -ENODEV, -EIO.
 */
int bh_gpio_chip_read(struct bh_gpio_chip *chip, size_t i, struct bh_gpio_edge *ret, size_t cap);
/** @brief Logical levels of the lines requested. @return 0; -ENODEV, -EIO. */
int bh_gpio_chip_levels(struct bh_gpio_chip *chip, bool *ret);
/** @brief Releases the lines and closes the chip. Accepts NULL. */
void bh_gpio_chip_close(struct bh_gpio_chip *chip);

#endif
