/* SPDX-License-Identifier: MIT */
#include "drivers/contact.h"

#include "drivers/options.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Mechanical pads and mats bounce for a few to some tens of milliseconds; a person does not get in
 * and out within 50. */
#define DEBOUNCE_PRESET_NS (50 * BH_NS_PER_MS)
/* Longer than this a debounce hides real movements. */
#define DEBOUNCE_MAX_NS (500 * BH_NS_PER_MS)
/* The largest chips have some hundred lines. */
#define OFFSET_MAX 1023

const struct bh_driver_option bh_contact_options[] = {
	{ "zones", "list", NULL, "1 to 32 pads" },
	{ "chip", "text", "any chip", "label of the GPIO chip, such as pinctrl-bcm2711" },
	{ "active", "text", "low", "level of the line when the pad is closed: low or high" },
	{ "bias", "text", "pull-up", "the line's own resistor: pull-up, pull-down or as-is" },
	{ "debounce", "duration", "50ms",
	  "a level counts once it has held this long, 0ms to 500ms" },
	{ NULL, NULL, NULL, NULL },
};

const struct bh_driver_option bh_contact_zone_options[] = {
	BH_OPTIONS_ZONE_ROWS,
	{ "line", "text", NULL, "name of the GPIO line, or its number on the chip" },
	{ "chip", "text", "the mat's", "label of this zone's GPIO chip" },
	{ NULL, NULL, NULL, NULL },
};

/* In the order of enum bh_gpio_bias. */
static const char *const bias_names[] = { "as-is", "pull-up", "pull-down", NULL };
static const char *const active_names[] = { "low", "high", NULL };

void bh_contact_line_print(const struct bh_gpio_line *line, char *buf, size_t size)
{
	char offset[16];

	snprintf(offset, sizeof(offset), "%d", line->offset);
	snprintf(buf, size, "line %s%s%s", line->offset < 0 ? line->name : offset,
		 line->chip[0] ? " of chip " : "", line->chip);
}

/* A line is named, or numbered if it is all digits. */
static int read_line(const struct bh_node *node, const char *chip, struct bh_gpio_line *line,
		     struct bh_error *err)
{
	char *end;
	long offset;
	int r;

	snprintf(line->chip, sizeof(line->chip), "%s", chip);
	r = bh_node_string(node, "chip", line->chip, sizeof(line->chip), err);
	if (r >= 0)
		r = bh_node_string(node, "line", line->name, sizeof(line->name), err);
	if (r < 0)
		return r;
	if (r == 0)
		return bh_node_error(node, err, -EINVAL,
				     "this zone has no 'line': name a GPIO line, such as GPIO17");
	line->offset = -1;
	if (line->name[strspn(line->name, "0123456789")] != '\0')
		return 0;
	offset = strtol(line->name, &end, 10);
	if (offset > OFFSET_MAX)
		return bh_node_error(bh_node_get(node, "line"), err, -EINVAL,
				     "a line number is at most %d", OFFSET_MAX);
	if (!line->chip[0])
		return bh_node_error(bh_node_get(node, "line"), err, -EINVAL,
				     "line %ld has no chip: add 'chip' with its label, or name the "
				     "line, such as GPIO%ld",
				     offset, offset);
	line->offset = (int)offset;
	line->name[0] = '\0';
	return 0;
}

static bool same_line(const struct bh_gpio_line *a, const struct bh_gpio_line *b)
{
	return a->offset == b->offset && strcmp(a->chip, b->chip) == 0 &&
	       strcmp(a->name, b->name) == 0;
}

static int read_zone(const struct bh_node *node, const char *chip, struct bh_contact_config *config,
		     struct bh_mat *mat, struct bh_error *err)
{
	struct bh_gpio_request_config *lines = &config->lines;
	struct bh_gpio_line *line = &lines->lines[lines->n_lines];
	int r = bh_options_zone(node, mat, err);

	if (r == 0)
		r = bh_options_only(node, bh_contact_zone_options, err);
	if (r == 0)
		r = read_line(node, chip, line, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < lines->n_lines; i++) {
		if (same_line(&lines->lines[i], line))
			return bh_node_error(bh_node_get(node, "line"), err, -EINVAL,
					     "zone '%s' has this line already: one pad a line",
					     mat->zone[i].name);
	}
	snprintf(config->zone_name[lines->n_lines], BH_NAME_MAX, "%s",
		 mat->zone[lines->n_lines].name);
	lines->n_lines++;
	return 0;
}

int bh_contact_configure(struct bh_contact_config *ret, const struct bh_node *options,
			 struct bh_mat *mat, struct bh_error *err)
{
	struct bh_contact_config config = { .quiet_ns = DEBOUNCE_PRESET_NS };
	char chip[BH_NAME_MAX] = "";
	int bias = BH_GPIO_PULL_UP, active = 0;
	const struct bh_node *zones;
	int r;

	r = bh_options_only(options, bh_contact_options, err);
	if (r >= 0)
		r = bh_node_string(options, "chip", chip, sizeof(chip), err);
	if (r >= 0)
		r = bh_node_choice(options, "active", active_names, &active, err);
	if (r >= 0)
		r = bh_node_choice(options, "bias", bias_names, &bias, err);
	if (r >= 0)
		r = bh_node_duration(options, "debounce", 0, DEBOUNCE_MAX_NS, &config.quiet_ns,
				     err);
	if (r >= 0)
		r = bh_options_zones(options, BH_GPIO_LINES_MAX, &zones, err);
	if (r < 0)
		return r;
	mat->kind = BH_MAT_CONTACT;
	mat->n_zones = 0;
	for (size_t i = 0; i < bh_node_length(zones); i++) {
		r = read_zone(bh_node_at(zones, i), chip, &config, mat, err);
		if (r < 0)
			return r;
	}
	config.lines.active_low = active == 0;
	config.lines.bias = (enum bh_gpio_bias)bias;
	*ret = config;
	return 0;
}
