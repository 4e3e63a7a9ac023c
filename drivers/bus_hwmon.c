/* SPDX-License-Identifier: MIT */
/*
 * Thermometers of the machine by libsensors.
 *
 * libsensors lists the chips once; a chip that comes back, and any chip after it, may have another
 * number by then. So every input remembers the device behind its path and is not read through a path
 * that leads elsewhere: the left leg must never show what the right leg measures.
 */
#include "drivers/bus_machine.h"

#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <sensors/error.h>
#include <sensors/sensors.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Every sensor of every bed, and a few that a reload left behind. */
#define INPUTS_MAX (2 * BH_BEDS_MAX * BH_SENSORS_MAX)
#define CHIP_MAX 64
#define NO_SUBFEATURE (-1)
/* Beyond any thermometer; keeps the conversion to an integer defined. */
#define DEGREES_MAX 1000.0

struct input {
	char chip[CHIP_MAX];
	char feature[BH_NAME_MAX];
	const sensors_chip_name *name; /* libsensors'; NULL: not there */
	int value;		       /* number of the subfeature */
	int fault;		       /* the same, or NO_SUBFEATURE */
	char device[PATH_MAX];	       /* where name->path leads to */
};

struct bh_bus_hwmon {
	bool listed; /* sensors_init() was called */
	locale_t c_locale;
	size_t n_inputs;
	struct input inputs[INPUTS_MAX];
};

int bh_bus_hwmon_new(struct bh_bus_hwmon **ret)
{
	struct bh_bus_hwmon *hwmon = calloc(1, sizeof(*hwmon));

	if (!hwmon)
		return -ENOMEM;
	/* libsensors reads its configuration and the kernel's numbers with the locale's own point. */
	hwmon->c_locale = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
	if (!hwmon->c_locale) {
		free(hwmon);
		return -ENOMEM;
	}
	*ret = hwmon;
	return 0;
}

void bh_bus_hwmon_free(struct bh_bus_hwmon *hwmon)
{
	if (!hwmon)
		return;
	if (hwmon->listed)
		sensors_cleanup();
	freelocale(hwmon->c_locale);
	free(hwmon);
}

/* Where a chip's path leads to: /sys/class/hwmon/hwmonN is a link into the device tree. */
static int device_of(const sensors_chip_name *name, char *ret, size_t size)
{
	ssize_t n = readlink(name->path, ret, size - 1);

	/* Not a link: the path is the device. */
	if (n < 0 && errno == EINVAL)
		n = snprintf(ret, size, "%s", name->path);
	if (n < 0 || (size_t)n >= size)
		return -ENODEV;
	ret[n] = '\0';
	return 0;
}

static const sensors_feature *find_feature(const sensors_chip_name *name, const char *wanted)
{
	const sensors_feature *feature;
	int nr = 0;

	while ((feature = sensors_get_features(name, &nr))) {
		if (feature->type == SENSORS_FEATURE_TEMP && strcmp(feature->name, wanted) == 0)
			return feature;
	}
	return NULL;
}

/* Point @input at @name if that has its feature. @return 1, or 0. */
static int match(struct input *input, const sensors_chip_name *name)
{
	const sensors_feature *feature = find_feature(name, input->feature);
	const sensors_subfeature *value, *fault;
	char device[PATH_MAX];

	if (!feature)
		return 0;
	value = sensors_get_subfeature(name, feature, SENSORS_SUBFEATURE_TEMP_INPUT);
	if (!value || device_of(name, device, sizeof(device)) < 0)
		return 0;
	fault = sensors_get_subfeature(name, feature, SENSORS_SUBFEATURE_TEMP_FAULT);
	input->name = name;
	input->value = value->number;
	input->fault = fault ? fault->number : NO_SUBFEATURE;
	memcpy(input->device, device, sizeof(device));
	return 1;
}

/* Look @input up in libsensors' present list. */
static int look_up(struct input *input)
{
	const sensors_chip_name *name;
	sensors_chip_name pattern;
	int nr = 0, n = 0;

	if (sensors_parse_chip_name(input->chip, &pattern) < 0)
		return -EINVAL;
	while ((name = sensors_get_detected_chips(&pattern, &nr)))
		n += match(input, name);
	sensors_free_chip_name(&pattern);
	if (n == 1)
		return 0;
	input->name = NULL;
	return n == 0 ? -ENODEV : -ENOTUNIQ;
}

/*
 * List the chips anew, and point every input into the new list at once: what a list says of a path
 * holds only while nothing is plugged.
 */
static int list_chips(struct bh_bus_hwmon *hwmon)
{
	int r;

	if (hwmon->listed)
		sensors_cleanup();
	r = sensors_init(NULL);
	hwmon->listed = r == 0;
	for (size_t i = 0; i < hwmon->n_inputs; i++) {
		hwmon->inputs[i].name = NULL;
		if (hwmon->listed)
			look_up(&hwmon->inputs[i]);
	}
	return hwmon->listed ? 0 : -ENODEV;
}

/* @return 0, or -ENODEV: the chip is gone, or its path leads to another one. */
static int check_device(const struct input *input)
{
	char device[PATH_MAX];

	if (!input->name || device_of(input->name, device, sizeof(device)) < 0 ||
	    strcmp(device, input->device) != 0)
		return -ENODEV;
	return 0;
}

static int input_of(struct bh_bus_hwmon *hwmon, const char *chip, const char *feature)
{
	struct input *input;

	for (size_t i = 0; i < hwmon->n_inputs; i++) {
		if (strcmp(hwmon->inputs[i].chip, chip) == 0 &&
		    strcmp(hwmon->inputs[i].feature, feature) == 0)
			return (int)i;
	}
	if (hwmon->n_inputs == INPUTS_MAX)
		return -ENOMEM;
	if (strlen(chip) >= CHIP_MAX || strlen(feature) >= BH_NAME_MAX)
		return -EINVAL;
	input = &hwmon->inputs[hwmon->n_inputs];
	*input = (struct input){ .name = NULL };
	strcpy(input->chip, chip);
	strcpy(input->feature, feature);
	return (int)hwmon->n_inputs++;
}

static int find_listed(struct bh_bus_hwmon *hwmon, struct input *input)
{
	int r;

	if (hwmon->listed && check_device(input) == 0)
		return 0;
	r = list_chips(hwmon);
	return r < 0 ? r : look_up(input);
}

static int find_input(void *ctx, const char *chip, const char *feature)
{
	struct bh_bus_hwmon *hwmon = ctx;
	locale_t before = uselocale(hwmon->c_locale);
	int handle = input_of(hwmon, chip, feature);
	int r = handle < 0 ? handle : find_listed(hwmon, &hwmon->inputs[handle]);

	uselocale(before);
	return r < 0 ? r : handle;
}

static int get_value(const struct input *input, int subfeature, double *ret)
{
	int r = sensors_get_value(input->name, subfeature, ret);

	if (r == 0)
		return 0;
	/* The attribute is not there: the device went between the check and the reading. */
	return r == -SENSORS_ERR_KERNEL ? -ENODEV : -EIO;
}

static int read_value(const struct input *input, int32_t *ret_mdegc)
{
	double degrees = 0.0, fault = 0.0;
	int r = check_device(input);

	if (r == 0 && input->fault != NO_SUBFEATURE)
		r = get_value(input, input->fault, &fault);
	if (r == 0 && fault != 0.0)
		r = -EREMOTEIO;
	if (r == 0)
		r = get_value(input, input->value, &degrees);
	if (r < 0)
		return r;
	if (!(degrees > -DEGREES_MAX && degrees < DEGREES_MAX))
		return -EIO;
	*ret_mdegc = (int32_t)(degrees * 1000.0 + (degrees < 0.0 ? -0.5 : 0.5));
	return 0;
}

static int read_input(void *ctx, int handle, int32_t *ret_mdegc)
{
	struct bh_bus_hwmon *hwmon = ctx;
	locale_t before;
	int r;

	if (!hwmon->listed)
		return -ENODEV;
	before = uselocale(hwmon->c_locale);
	r = read_value(&hwmon->inputs[handle], ret_mdegc);
	uselocale(before);
	return r;
}

const struct bh_hwmon_ops bh_bus_hwmon = {
	.find = find_input,
	.read = read_input,
};
