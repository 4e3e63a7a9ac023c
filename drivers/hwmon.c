/* SPDX-License-Identifier: MIT */
/*
 * Thermometers that a kernel driver reads: the lm75 family, tmp102, jc42, sht3x, DS18B20 and any
 * other temperature input libsensors knows.
 */
#include "drivers/options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define FEATURE_PRESET "temp1"
/* Legs and rooms change over minutes; the chips warm themselves when read often. */
#define PERIOD_PRESET_NS (30 * BH_NS_PER_S)
#define PERIOD_MIN_NS BH_NS_PER_S
#define PERIOD_MAX_NS (10 * BH_NS_PER_MIN)
/* Three readings missed are no longer a hiccup of the bus. */
#define SILENT_PERIODS 3

/* What the chips of this house can measure at all (DS18B20, lm75 family: -55 to 125 C). */
#define RANGE_MIN_MDEGC (-55000)
#define RANGE_MAX_MDEGC 125000
/* The largest code of every lm75-like register, whatever its resolution: 127.5 to 127.9961 C. */
#define RAIL_MIN_MDEGC 127000
#define RAIL_MAX_MDEGC 128000

/* A real temperature comes near one of these step by step, not from further away than this. */
#define NEAR_MDEGC 5000

struct hwmon_state {
	char chip[BH_NAME_MAX * 2];
	char feature[BH_NAME_MAX];
	enum bh_temp_slot slot;
	uint8_t sensor;
	const struct bh_hwmon_ops *hwmon;
	void *hwmon_ctx;
	int handle;
	int32_t last_mdegc; /* last good reading, or BH_TEMP_UNKNOWN */
};

static const struct bh_driver_option options[] = {
	{ "chip", "text", NULL,
	  "the chip as `sensors` prints it, such as lm75-i2c-1-48; * allowed" },
	{ "feature", "text", FEATURE_PRESET, "the chip's temperature input" },
	{ "period", "duration", "30s", "time from one reading to the next, 1s to 10min" },
	{ NULL, NULL, NULL, NULL },
};

static int configure(void *state, const struct bh_sensor_config *config, uint8_t sensor,
		     struct bh_driver_setup *setup, struct bh_error *err)
{
	struct hwmon_state *hwmon = state;
	const struct bh_node *node = config->options;
	int64_t period_ns = PERIOD_PRESET_NS;
	int r = bh_options_only(node, options, err);

	if (r < 0)
		return r;
	strcpy(hwmon->feature, FEATURE_PRESET);
	r = bh_node_string(node, "feature", hwmon->feature, sizeof(hwmon->feature), err);
	if (r < 0)
		return r;
	if (strncmp(hwmon->feature, "temp", 4) != 0 || hwmon->feature[4] == '\0' ||
	    hwmon->feature[4 + strspn(hwmon->feature + 4, "0123456789")] != '\0')
		return bh_node_error(
			bh_node_get(node, "feature"), err, -EINVAL,
			"'feature' must be a temperature input: temp1, temp2 and so on");
	r = bh_node_duration(node, "period", PERIOD_MIN_NS, PERIOD_MAX_NS, &period_ns, err);
	if (r >= 0)
		r = bh_node_string(node, "chip", hwmon->chip, sizeof(hwmon->chip), err);
	if (r < 0)
		return r;
	if (r == 0)
		return bh_node_error(
			node, err, -EINVAL,
			"this thermometer has no 'chip': name it as `sensors` prints it, "
			"such as lm75-i2c-1-48");
	hwmon->slot = config->slot;
	hwmon->sensor = sensor;
	setup->capabilities = (uint32_t)BH_CAN_TEMP_LEFT << config->slot;
	setup->period_ns = period_ns;
	setup->silent_ns = SILENT_PERIODS * period_ns;
	return 0;
}

static int open_chip(void *state, const struct bh_bus *bus, struct bh_error *err)
{
	struct hwmon_state *hwmon = state;
	int r;

	if (!bus->hwmon)
		return bh_error_set(err, -ENODEV, NULL, 0, 0, "this machine has no hwmon");
	r = bus->hwmon->find(bus->hwmon_ctx, hwmon->chip, hwmon->feature);
	if (r == -ENODEV)
		return bh_error_set(err, r, NULL, 0, 0,
				    "there is no %s of chip '%s'; `sensors` lists what there is",
				    hwmon->feature, hwmon->chip);
	if (r == -ENOTUNIQ)
		return bh_error_set(
			err, r, NULL, 0, 0,
			"more than one chip matches '%s': name one of them as `sensors` "
			"prints it",
			hwmon->chip);
	if (r == -EINVAL)
		return bh_error_set(
			err, r, NULL, 0, 0,
			"'%s' is not a chip name: write it as `sensors` prints it, such "
			"as lm75-i2c-1-48",
			hwmon->chip);
	if (r < 0)
		return bh_error_set(err, r, NULL, 0, 0, "chip '%s': %s", hwmon->chip, strerror(-r));
	hwmon->handle = r;
	hwmon->hwmon = bus->hwmon;
	hwmon->hwmon_ctx = bus->hwmon_ctx;
	hwmon->last_mdegc = BH_TEMP_UNKNOWN;
	return 0;
}

static int no_fd(const void *state)
{
	(void)state;
	return -ENOTSUP;
}

/*
 * Readings that a chip or bus gives when it has none: the DS18B20's register at power-on, all zeros,
 * and all ones in the formats of 9, 11, 12 and 16 bits.
 */
static bool looks_empty(int32_t mdegc)
{
	static const int32_t empty[] = { 85000, 0, -500, -125, -63, -62, -8, -7 };

	for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++) {
		if (mdegc == empty[i])
			return true;
	}
	return false;
}

static enum bh_fault judge(const struct hwmon_state *hwmon, int32_t mdegc)
{
	if (mdegc >= RAIL_MIN_MDEGC && mdegc < RAIL_MAX_MDEGC)
		return BH_FAULT_SATURATED;
	if (mdegc < RANGE_MIN_MDEGC || mdegc > RANGE_MAX_MDEGC)
		return BH_FAULT_OUT_OF_RANGE;
	if (looks_empty(mdegc) &&
	    (hwmon->last_mdegc == BH_TEMP_UNKNOWN || abs(mdegc - hwmon->last_mdegc) > NEAR_MDEGC))
		return BH_FAULT_JUNK;
	return BH_FAULT_NONE;
}

static int read_chip(void *state, int64_t now_mono_ns, struct bh_frame *frame)
{
	struct hwmon_state *hwmon = state;
	enum bh_fault fault;
	int32_t mdegc = 0;
	int r = hwmon->hwmon->read(hwmon->hwmon_ctx, hwmon->handle, &mdegc);

	if (r < 0 && r != -EREMOTEIO)
		return r;
	/* The chip answers and says that its sensing element does not. */
	fault = r < 0 ? BH_FAULT_GONE : judge(hwmon, mdegc);
	if (fault == BH_FAULT_NONE)
		hwmon->last_mdegc = mdegc;
	frame->temp[hwmon->slot] = (struct bh_temperature){
		.mdegc = fault == BH_FAULT_NONE ? mdegc : BH_TEMP_UNKNOWN,
		.mono_ns = now_mono_ns,
		.fault = fault,
		.sensor = hwmon->sensor,
	};
	frame->changed |= BH_PART_TEMPERATURE;
	frame->mono_ns = now_mono_ns;
	return 1;
}

static void close_chip(void *state)
{
	/* The handle is the bus's, and found again by name. */
	(void)state;
}

const struct bh_driver bh_driver_hwmon = {
	.name = "hwmon",
	.summary = "a thermometer read by a kernel driver",
	.part = BH_PART_TEMPERATURE,
	.options = options,
	.state_size = sizeof(struct hwmon_state),
	.configure = configure,
	.open = open_chip,
	.fd = no_fd,
	.read = read_chip,
	.close = close_chip,
};
