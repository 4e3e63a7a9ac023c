/* SPDX-License-Identifier: MIT */
/*
 * libgpiod 2.x, the kernel's second line ABI: one fd for all lines of a chip, a buffer of chosen
 * size that drops the oldest edges, and a sequence number for each line that shows the gap.
 */
#include "drivers/bus_gpio_chip.h"

#include "drivers/bus_errno.h"

#include <errno.h>
#include <gpiod.h>
#include <stdlib.h>
#include <string.h>

/* The most the kernel gives: 16 edges for each of 64 lines. */
#define KERNEL_EVENTS_MAX 1024
/* Read at once, so that a burst costs few system calls. */
#define EVENTS_MAX 64

struct bh_gpio_chip {
	struct gpiod_chip *chip;
	struct gpiod_chip_info *info;
	struct gpiod_line_request *request;
	struct gpiod_edge_event_buffer *buffer;
	unsigned int offsets[BH_GPIO_LINES_MAX];
	size_t n_lines; /* requested */
};

int bh_gpio_chip_open(const char *path, struct bh_gpio_chip **ret)
{
	struct bh_gpio_chip *chip = calloc(1, sizeof(*chip));
	int r;

	if (!chip)
		return -ENOMEM;
	chip->chip = gpiod_chip_open(path);
	if (chip->chip)
		chip->info = gpiod_chip_get_info(chip->chip);
	if (!chip->info) {
		r = bh_bus_errno();
		bh_gpio_chip_close(chip);
		return r;
	}
	*ret = chip;
	return 0;
}

const char *bh_gpio_chip_label(const struct bh_gpio_chip *chip)
{
	return gpiod_chip_info_get_label(chip->info);
}

int bh_gpio_chip_find(struct bh_gpio_chip *chip, const char *name)
{
	size_t n = gpiod_chip_info_get_num_lines(chip->info);
	int found = -ENOENT;

	for (unsigned int i = 0; i < n; i++) {
		struct gpiod_line_info *info = gpiod_chip_get_line_info(chip->chip, i);
		const char *line_name = info ? gpiod_line_info_get_name(info) : NULL;
		bool same = line_name && strcmp(line_name, name) == 0;

		gpiod_line_info_free(info);
		if (same && found >= 0)
			return -ENOTUNIQ;
		if (same)
			found = (int)i;
	}
	return found;
}

static enum gpiod_line_bias bias_of(enum bh_gpio_bias bias)
{
	switch (bias) {
	case BH_GPIO_BIAS_AS_IS:
		return GPIOD_LINE_BIAS_AS_IS;
	case BH_GPIO_PULL_UP:
		return GPIOD_LINE_BIAS_PULL_UP;
	case BH_GPIO_PULL_DOWN:
		return GPIOD_LINE_BIAS_PULL_DOWN;
	}
	return GPIOD_LINE_BIAS_AS_IS;
}

static int settings_of(const struct bh_gpio_request_config *config,
		       struct gpiod_line_settings *settings)
{
	gpiod_line_settings_set_active_low(settings, config->active_low);
	if (gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_INPUT) < 0 ||
	    gpiod_line_settings_set_edge_detection(settings, GPIOD_LINE_EDGE_BOTH) < 0 ||
	    gpiod_line_settings_set_bias(settings, bias_of(config->bias)) < 0 ||
	    gpiod_line_settings_set_event_clock(settings, GPIOD_LINE_CLOCK_MONOTONIC) < 0)
		return bh_bus_errno();
	return 0;
}

/* The library does not say which line a refused request was about: look for one that is taken. */
static size_t used_line(struct bh_gpio_chip *chip, const unsigned int *offsets, size_t n)
{
	size_t bad = 0;

	for (size_t i = 0; i < n; i++) {
		struct gpiod_line_info *info = gpiod_chip_get_line_info(chip->chip, offsets[i]);

		if (info && gpiod_line_info_is_used(info))
			bad = i;
		gpiod_line_info_free(info);
	}
	return bad;
}

static int request_lines(struct bh_gpio_chip *chip, const unsigned int *offsets, size_t n,
			 const struct bh_gpio_request_config *config)
{
	struct gpiod_line_settings *settings = gpiod_line_settings_new();
	struct gpiod_line_config *lines = gpiod_line_config_new();
	struct gpiod_request_config *options = gpiod_request_config_new();
	int r = -ENOMEM;

	chip->buffer = gpiod_edge_event_buffer_new(EVENTS_MAX);
	if (!settings || !lines || !options || !chip->buffer)
		goto out;
	gpiod_request_config_set_consumer(options, BH_GPIO_CONSUMER);
	gpiod_request_config_set_event_buffer_size(options, KERNEL_EVENTS_MAX);
	r = settings_of(config, settings);
	if (r == 0 && gpiod_line_config_add_line_settings(lines, offsets, n, settings) < 0)
		r = bh_bus_errno();
	if (r < 0)
		goto out;
	chip->request = gpiod_chip_request_lines(chip->chip, options, lines);
	if (!chip->request)
		r = bh_bus_errno();
out:
	gpiod_request_config_free(options);
	gpiod_line_config_free(lines);
	gpiod_line_settings_free(settings);
	return r;
}

int bh_gpio_chip_request(struct bh_gpio_chip *chip, const unsigned int *offsets, size_t n,
			 const struct bh_gpio_request_config *config, size_t *ret_bad)
{
	int r;

	for (size_t i = 0; i < n; i++) {
		if (offsets[i] >= gpiod_chip_info_get_num_lines(chip->info)) {
			*ret_bad = i;
			return -ENODEV;
		}
	}
	r = request_lines(chip, offsets, n, config);
	if (r < 0) {
		*ret_bad = used_line(chip, offsets, n);
		return r;
	}
	memcpy(chip->offsets, offsets, n * sizeof(offsets[0]));
	chip->n_lines = n;
	return 0;
}

size_t bh_gpio_chip_n_fds(const struct bh_gpio_chip *chip)
{
	return chip->request ? 1 : 0;
}

int bh_gpio_chip_fd(const struct bh_gpio_chip *chip, size_t i)
{
	(void)i;
	return gpiod_line_request_get_fd(chip->request);
}

static uint8_t line_of(const struct bh_gpio_chip *chip, unsigned int offset)
{
	uint8_t i = 0;

	while (i < chip->n_lines - 1 && chip->offsets[i] != offset)
		i++;
	return i;
}

int bh_gpio_chip_read(struct bh_gpio_chip *chip, size_t i, struct bh_gpio_edge *ret, size_t cap)
{
	size_t max = cap < EVENTS_MAX ? cap : EVENTS_MAX;
	int n = gpiod_line_request_read_edge_events(chip->request, chip->buffer, max);

	(void)i;
	if (n < 0)
		return bh_bus_errno();
	for (unsigned int k = 0; k < (unsigned int)n; k++) {
		struct gpiod_edge_event *event = gpiod_edge_event_buffer_get_event(chip->buffer, k);

		ret[k] = (struct bh_gpio_edge){
			.mono_ns = (int64_t)gpiod_edge_event_get_timestamp_ns(event),
			.line = line_of(chip, gpiod_edge_event_get_line_offset(event)),
			.rising = gpiod_edge_event_get_event_type(event) ==
				  GPIOD_EDGE_EVENT_RISING_EDGE,
			.seqno = (uint32_t)gpiod_edge_event_get_line_seqno(event),
		};
	}
	return n;
}

int bh_gpio_chip_levels(struct bh_gpio_chip *chip, bool *ret)
{
	enum gpiod_line_value values[BH_GPIO_LINES_MAX];

	if (gpiod_line_request_get_values_subset(chip->request, chip->n_lines, chip->offsets,
						 values) < 0)
		return bh_bus_errno();
	for (size_t i = 0; i < chip->n_lines; i++)
		ret[i] = values[i] == GPIOD_LINE_VALUE_ACTIVE;
	return 0;
}

void bh_gpio_chip_close(struct bh_gpio_chip *chip)
{
	if (!chip)
		return;
	if (chip->request)
		gpiod_line_request_release(chip->request);
	if (chip->buffer)
		gpiod_edge_event_buffer_free(chip->buffer);
	if (chip->info)
		gpiod_chip_info_free(chip->info);
	if (chip->chip)
		gpiod_chip_close(chip->chip);
	free(chip);
}
