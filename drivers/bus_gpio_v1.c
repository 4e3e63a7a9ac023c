/* SPDX-License-Identifier: MIT */
/*
 * libgpiod 1.6, the kernel's first line ABI: one fd for each line, 16 edges kept a line and newer
 * ones dropped without a word.
 *
 * libgpiod passes struct timespec in its events. On 32-bit Debian 12 it was built with a 32-bit
 * time_t, and so must be this file, whatever the rest of the hub uses.
 */
#undef _TIME_BITS

#include "drivers/bus_gpio_chip.h"

#include "drivers/bus_errno.h"

#include <errno.h>
#include <gpiod.h>
#include <stdlib.h>
#include <string.h>

/* As many as the kernel keeps for a line. */
#define EVENTS_MAX 16

#define NS_PER_S INT64_C(1000000000)

struct bh_gpio_chip {
	struct gpiod_chip *chip;
	struct gpiod_line *lines[BH_GPIO_LINES_MAX];
	size_t n_lines; /* requested */
};

int bh_gpio_chip_open(const char *path, struct bh_gpio_chip **ret)
{
	struct bh_gpio_chip *chip = calloc(1, sizeof(*chip));
	int r;

	if (!chip)
		return -ENOMEM;
	chip->chip = gpiod_chip_open(path);
	if (!chip->chip) {
		r = bh_bus_errno();
		free(chip);
		return r;
	}
	*ret = chip;
	return 0;
}

const char *bh_gpio_chip_label(const struct bh_gpio_chip *chip)
{
	return gpiod_chip_label(chip->chip);
}

int bh_gpio_chip_find(struct bh_gpio_chip *chip, const char *name)
{
	unsigned int n = gpiod_chip_num_lines(chip->chip);
	int found = -ENOENT;

	for (unsigned int i = 0; i < n; i++) {
		struct gpiod_line *line = gpiod_chip_get_line(chip->chip, i);
		const char *line_name = line ? gpiod_line_name(line) : NULL;

		if (!line_name || strcmp(line_name, name) != 0)
			continue;
		if (found >= 0)
			return -ENOTUNIQ;
		found = (int)i;
	}
	return found;
}

static int flags_of(const struct bh_gpio_request_config *config)
{
	int flags = config->active_low ? (int)GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0;

	switch (config->bias) {
	case BH_GPIO_BIAS_AS_IS:
		return flags;
	case BH_GPIO_PULL_UP:
		return flags | (int)GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP;
	case BH_GPIO_PULL_DOWN:
		return flags | (int)GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN;
	}
	return flags;
}

int bh_gpio_chip_request(struct bh_gpio_chip *chip, const unsigned int *offsets, size_t n,
			 const struct bh_gpio_request_config *config, size_t *ret_bad)
{
	for (size_t i = 0; i < n; i++) {
		struct gpiod_line *line = NULL;
		int r = -ENODEV;

		if (offsets[i] < gpiod_chip_num_lines(chip->chip)) {
			line = gpiod_chip_get_line(chip->chip, offsets[i]);
			r = line ? 0 : bh_bus_errno();
		}
		if (line && gpiod_line_request_both_edges_events_flags(line, BH_GPIO_CONSUMER,
								       flags_of(config)) < 0)
			r = bh_bus_errno();
		if (r < 0) {
			*ret_bad = i;
			return r;
		}
		chip->lines[chip->n_lines++] = line;
	}
	return 0;
}

size_t bh_gpio_chip_n_fds(const struct bh_gpio_chip *chip)
{
	return chip->n_lines;
}

int bh_gpio_chip_fd(const struct bh_gpio_chip *chip, size_t i)
{
	return gpiod_line_event_get_fd(chip->lines[i]);
}

int bh_gpio_chip_read(struct bh_gpio_chip *chip, size_t i, struct bh_gpio_edge *ret, size_t cap)
{
	struct gpiod_line_event events[EVENTS_MAX];
	unsigned int max = cap < EVENTS_MAX ? (unsigned int)cap : EVENTS_MAX;
	int n = gpiod_line_event_read_multiple(chip->lines[i], events, max);

	if (n < 0)
		return bh_bus_errno();
	for (int k = 0; k < n; k++) {
		ret[k] = (struct bh_gpio_edge){
			.mono_ns = (int64_t)events[k].ts.tv_sec * NS_PER_S + events[k].ts.tv_nsec,
			.line = (uint8_t)i,
			.rising = events[k].event_type == GPIOD_LINE_EVENT_RISING_EDGE,
		};
	}
	return n;
}

int bh_gpio_chip_levels(struct bh_gpio_chip *chip, bool *ret)
{
	for (size_t i = 0; i < chip->n_lines; i++) {
		int value = gpiod_line_get_value(chip->lines[i]);

		if (value < 0)
			return bh_bus_errno();
		ret[i] = value > 0;
	}
	return 0;
}

void bh_gpio_chip_close(struct bh_gpio_chip *chip)
{
	if (!chip)
		return;
	for (size_t i = 0; i < chip->n_lines; i++)
		gpiod_line_release(chip->lines[i]);
	gpiod_chip_close(chip->chip);
	free(chip);
}
