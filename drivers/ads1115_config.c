/* SPDX-License-Identifier: MIT */
#include "drivers/ads1115.h"

#include "drivers/options.h"

#include <errno.h>
#include <inttypes.h>

#define BUS_MAX 255
/* The Pi's header bus. */
#define BUS_PRESET 1
#define PERIOD_PRESET_NS (100 * BH_NS_PER_MS)
#define PERIOD_MIN_NS (10 * BH_NS_PER_MS)
#define PERIOD_MAX_NS (10 * BH_NS_PER_S)
/* The chip's oscillator may be 10 % slow, and it wakes up in 25 us (SBAS444, section 7.5). */
#define SLOW_PERCENT 110
#define WAKE_NS (25 * BH_NS_PER_US)
/* Three word transfers at 100 kHz: write and read back the configuration, read the conversion. */
#define TRANSFERS_NS (1340 * BH_NS_PER_US)

/* In the order of the chip's codes. */
static const char *const gain_names[] = { "6144", "4096", "2048", "1024", "512", "256", NULL };
static const int32_t gain_mv[] = { 6144, 4096, 2048, 1024, 512, 256 };
#define GAIN_PRESET 1
static const char *const rate_names[] = { "8", "16", "32", "64", "128", "250", "475", "860", NULL };
static const int rate_sps[] = { 8, 16, 32, 64, 128, 250, 475, 860 };
#define RATE_PRESET 7

const struct bh_driver_option bh_ads1115_options[] = {
	{ "zones", "list", NULL, "1 to 16 strips" },
	{ "bus", "integer", "1", "number of the I2C bus: N of /dev/i2c-N" },
	{ "gain", "integer", "4096", "full scale in mV: 6144, 4096, 2048, 1024, 512 or 256" },
	{ "rate", "integer", "860",
	  "samples a second of a chip: 8, 16, 32, 64, 128, 250, 475 or 860" },
	{ "period", "duration", "100ms",
	  "time from one reading of all strips to the next, 10ms to 10s" },
	{ NULL, NULL, NULL, NULL },
};

const struct bh_driver_option bh_ads1115_zone_options[] = {
	BH_OPTIONS_ZONE_ROWS,
	{ "address", "integer", NULL, "the chip: 0x48 to 0x4b" },
	{ "input", "integer", NULL, "the chip's input, 0 to 3" },
	{ "empty", "integer", NULL, "mV with nothing on the strip" },
	{ "full", "integer", NULL, "mV with the strip fully loaded" },
	{ NULL, NULL, NULL, NULL },
};

static uint8_t chip_of(struct bh_ads1115_config *config, int64_t address)
{
	for (size_t i = 0; i < config->n_chips; i++) {
		if (config->address[i] == address)
			return (uint8_t)i;
	}
	config->address[config->n_chips] = (uint8_t)address;
	return (uint8_t)config->n_chips++;
}

static int required_int(const struct bh_node *node, const char *key, int64_t min, int64_t max,
			const char *remedy, int64_t *ret, struct bh_error *err)
{
	int r = bh_node_int(node, key, min, max, ret, err);

	if (r == 0)
		return bh_node_error(node, err, -EINVAL, "this zone has no '%s': %s", key, remedy);
	return r < 0 ? r : 0;
}

/* The range is told in the notation people use for addresses. */
static int read_address(const struct bh_node *node, int64_t *ret, struct bh_error *err)
{
	int r = required_int(node, "address", INT64_MIN, INT64_MAX,
			     "give the chip's, from 0x48 to 0x4b", ret, err);

	if (r == 0 && (*ret < BH_ADS1115_ADDRESS_MIN ||
		       *ret >= BH_ADS1115_ADDRESS_MIN + BH_ADS1115_CHIPS_MAX))
		return bh_node_error(bh_node_get(node, "address"), err, -EINVAL,
				     "'address' of an ADS1115 is 0x48, 0x49, 0x4a or 0x4b, as its "
				     "ADDR pin is wired");
	return r;
}

static int read_zone(const struct bh_node *node, struct bh_ads1115_config *config,
		     struct bh_mat *mat, struct bh_error *err)
{
	struct bh_ads1115_zone *zone = &config->zone[config->n_zones];
	int64_t address, input, empty, full;
	int r = bh_options_zone(node, mat, err);

	if (r == 0)
		r = bh_options_only(node, bh_ads1115_zone_options, err);
	if (r == 0)
		r = read_address(node, &address, err);
	if (r == 0)
		r = required_int(node, "input", 0, BH_ADS1115_INPUTS - 1,
				 "give a number from 0 to 3", &input, err);
	if (r == 0)
		r = required_int(node, "empty", 0, config->full_scale_mv,
				 "measure the strip with nothing on it, in mV", &empty, err);
	if (r == 0)
		r = required_int(node, "full", 0, config->full_scale_mv,
				 "measure the strip fully loaded, in mV", &full, err);
	if (r < 0)
		return r;
	if (full == empty)
		return bh_node_error(bh_node_get(node, "full"), err, -EINVAL,
				     "'empty' and 'full' are both %" PRId64
				     " mV: measure the strip unloaded and loaded",
				     full);
	*zone = (struct bh_ads1115_zone){
		.chip = chip_of(config, address),
		.input = (uint8_t)input,
		.empty_mv = (int32_t)empty,
		.full_mv = (int32_t)full,
	};
	for (size_t i = 0; i < config->n_zones; i++) {
		if (config->zone[i].chip == zone->chip && config->zone[i].input == zone->input)
			return bh_node_error(bh_node_get(node, "input"), err, -EINVAL,
					     "zone '%s' has this input already: one strip an input",
					     mat->zone[i].name);
	}
	config->n_zones++;
	return 0;
}

/* Chips convert at the same time, the inputs of one chip after each other; transfers share the bus. */
static int64_t scan_ns(const struct bh_ads1115_config *config)
{
	int64_t most = 0;

	for (size_t chip = 0; chip < config->n_chips; chip++) {
		int64_t n = 0;

		for (size_t i = 0; i < config->n_zones; i++)
			n += config->zone[i].chip == chip;
		if (n > most)
			most = n;
	}
	return most * config->conversion_ns + (int64_t)config->n_zones * TRANSFERS_NS;
}

int bh_ads1115_configure(struct bh_ads1115_config *ret, const struct bh_node *options,
			 struct bh_mat *mat, struct bh_error *err)
{
	struct bh_ads1115_config config = { .period_ns = PERIOD_PRESET_NS };
	int gain = GAIN_PRESET, rate = RATE_PRESET;
	const struct bh_node *zones;
	int64_t bus = BUS_PRESET;
	int r;

	r = bh_options_only(options, bh_ads1115_options, err);
	if (r >= 0)
		r = bh_node_int(options, "bus", 0, BUS_MAX, &bus, err);
	if (r >= 0)
		r = bh_node_choice(options, "gain", gain_names, &gain, err);
	if (r >= 0)
		r = bh_node_choice(options, "rate", rate_names, &rate, err);
	if (r >= 0)
		r = bh_node_duration(options, "period", PERIOD_MIN_NS, PERIOD_MAX_NS,
				     &config.period_ns, err);
	if (r >= 0)
		r = bh_options_zones(options, BH_ADS1115_ZONES_MAX, &zones, err);
	if (r < 0)
		return r;
	config.bus = (int)bus;
	config.full_scale_mv = gain_mv[gain];
	config.conversion_ns = BH_NS_PER_S * SLOW_PERCENT / 100 / rate_sps[rate] + WAKE_NS;
	config.base =
		(uint16_t)(BH_ADS1115_MUX_SINGLE | (unsigned int)gain << BH_ADS1115_GAIN_SHIFT |
			   BH_ADS1115_MODE_SINGLE | (unsigned int)rate << BH_ADS1115_RATE_SHIFT |
			   BH_ADS1115_NO_COMPARATOR);
	mat->kind = BH_MAT_STRIPS;
	mat->n_zones = 0;
	for (size_t i = 0; i < bh_node_length(zones); i++) {
		r = read_zone(bh_node_at(zones, i), &config, mat, err);
		if (r < 0)
			return r;
	}
	if (scan_ns(&config) > config.period_ns)
		return bh_node_error(options, err, -EINVAL,
				     "reading this mat once takes up to %" PRId64
				     " ms, longer than 'period': raise it, or 'rate'",
				     (scan_ns(&config) + BH_NS_PER_MS - 1) / BH_NS_PER_MS);
	*ret = config;
	return 0;
}
