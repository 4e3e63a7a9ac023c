/* SPDX-License-Identifier: MIT */
/* What the drivers' configure() functions share: known keys, and the zones of a mat. */
#ifndef BH_DRIVERS_OPTIONS_H
#define BH_DRIVERS_OPTIONS_H

#include "drivers/driver.h"

/** A driver, or a list inside one, has fewer options than this. */
#define BH_OPTIONS_MAX 16

/** @return 0, or -EINVAL: @p mapping has a key that is not in @p options. */
int bh_options_only(const struct bh_node *mapping, const struct bh_driver_option *options,
		    struct bh_error *err);

/**
 * @brief The list `zones:` of a mat's options.
 * @param max The driver's own limit, at most BH_ZONES_MAX.
 * @return 0, or -EINVAL: absent, empty or too long.
 */
int bh_options_zones(const struct bh_node *mapping, size_t max, const struct bh_node **ret,
		     struct bh_error *err);

/**
 * @brief Read `name`, `at`, `x` and `y` of one zone into @p mat and count it.
 *
 * x and y default from the places: the middle of what they cover. Other keys are the caller's.
 * @return 0, or -EINVAL: something is missing, or the name is another zone's.
 */
int bh_options_zone(const struct bh_node *zone, struct bh_mat *mat, struct bh_error *err);

/* The rows of an option table that bh_options_zone() reads. */
#define BH_OPTIONS_ZONE_ROWS                                                                       \
	{ "name", "text", NULL, "the zone's name, unique in the mat: a-z, 0-9, - and _" },         \
		{ "at", "text", NULL,                                                              \
		  "places it covers, joined by +: head, trunk, legs, edge_left, edge_right" },     \
		{ "x", "integer", "from at", "its centre, 0 (left edge) to 1000 (right edge)" },   \
	{                                                                                          \
		"y", "integer", "from at", "its centre, 0 (head) to 1000 (foot)"                   \
	}

#endif
