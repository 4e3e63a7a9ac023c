/* SPDX-License-Identifier: MIT */
/* The options of the contact driver, checked. */
#ifndef BH_DRIVERS_CONTACT_H
#define BH_DRIVERS_CONTACT_H

#include "drivers/driver.h"

struct bh_contact_config {
	struct bh_gpio_request_config lines; /**< line i is zone i */
	char zone_name[BH_GPIO_LINES_MAX][BH_NAME_MAX];
	int64_t quiet_ns; /**< debounce */
};

extern const struct bh_driver_option bh_contact_options[];
extern const struct bh_driver_option bh_contact_zone_options[];

/** @return 0, with the geometry in @p mat, or -EINVAL. */
int bh_contact_configure(struct bh_contact_config *ret, const struct bh_node *options,
			 struct bh_mat *mat, struct bh_error *err);

/** @brief "line GPIO17" or "line 17 of chip pinctrl-bcm2711", as in "there is no GPIO ...". */
void bh_contact_line_print(const struct bh_gpio_line *line, char *buf, size_t size);

#endif
