/* SPDX-License-Identifier: MIT */
/*
 * Pressure strips on one to four ADS1115 converters, by single-shot conversions over SMBus words.
 *
 * A scan reads every strip once. All chips convert at the same time: a round starts one conversion
 * on each, and a later call, when due() says they are ready, collects them and starts the next
 * round. No call waits; the longest is three word transfers a chip. Before a conversion is believed
 * the configuration is read back: it must be what was written, and say that the chip is idle again.
 */
#include "drivers/ads1115.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A chip that is still busy after this many waits of a whole conversion has lost its clock. */
#define BUSY_MAX 3
/* Codes at the end of the range say only that the input lies beyond. */
#define CODE_MAX INT16_MAX
#define CODE_MIN INT16_MIN
#define CODES_PER_FULL_SCALE 32768
/* A strip gives a little less than its calibrated zero as it creeps and warms: that is no load. A
 * heavier sleeper than at calibration gives more than full. Further out, the wiring or the
 * calibration is wrong, and a guess would be worse than none. */
#define LOAD_LOW_PERMILLE (-200)
#define LOAD_HIGH_PERMILLE 1500
/* A sensor that missed this many readings in a row has stopped sending. */
#define SILENT_PERIODS 10
#define SILENT_MIN_NS (2 * BH_NS_PER_S)

#define CLOSED (-1)

struct ads1115_state {
	struct bh_ads1115_config config;
	uint8_t sensor;
	const struct bh_i2c_ops *i2c;
	void *i2c_ctx;
	bool opened;
	int handle[BH_ADS1115_CHIPS_MAX];
	int queue[BH_ADS1115_CHIPS_MAX][BH_ADS1115_INPUTS]; /* zones of each chip */
	size_t n_queue[BH_ADS1115_CHIPS_MAX];
	size_t round;	 /* which of its zones every chip converts now */
	bool converting; /* a round was started */
	int busy;	 /* times the round was not ready yet */
	int64_t due_ns;
	int64_t scan_ns; /* when the scan began, on the grid of the period */
	int16_t code[BH_ADS1115_ZONES_MAX];
};

static int configure(void *state, const struct bh_sensor_config *config, uint8_t sensor,
		     struct bh_driver_setup *setup, struct bh_error *err)
{
	struct ads1115_state *ads = state;
	int r;

	r = bh_ads1115_configure(&ads->config, config->options, setup->mat, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < ads->config.n_zones; i++) {
		uint8_t chip = ads->config.zone[i].chip;

		ads->queue[chip][ads->n_queue[chip]++] = (int)i;
	}
	ads->sensor = sensor;
	setup->capabilities = bh_mat_capabilities(setup->mat);
	setup->period_ns = ads->config.period_ns;
	setup->silent_ns = SILENT_PERIODS * ads->config.period_ns;
	if (setup->silent_ns < SILENT_MIN_NS)
		setup->silent_ns = SILENT_MIN_NS;
	return 0;
}

static void close_chips(void *state)
{
	struct ads1115_state *ads = state;

	if (!ads->opened)
		return;
	for (size_t i = 0; i < ads->config.n_chips; i++) {
		if (ads->handle[i] != CLOSED)
			ads->i2c->close(ads->i2c_ctx, ads->handle[i]);
	}
	ads->opened = false;
}

static int open_failed(const struct ads1115_state *ads, int code, uint8_t address,
		       struct bh_error *err)
{
	int bus = ads->config.bus;

	switch (-code) {
	case ENODEV:
		return bh_error_set(err, code, NULL, 0, 0,
				    "there is no I2C bus %d: switch it on (dtparam=i2c_arm=on)",
				    bus);
	case EBUSY:
		return bh_error_set(
			err, code, NULL, 0, 0,
			"a kernel driver has the chip at 0x%02x of I2C bus %d: unbind it", address,
			bus);
	case EACCES:
		return bh_error_set(err, code, NULL, 0, 0,
				    "no permission for I2C bus %d: run in group i2c", bus);
	case ENXIO:
	case EREMOTEIO:
		return bh_error_set(err, -ENODEV, NULL, 0, 0,
				    "no chip answers at 0x%02x of I2C bus %d: check its wiring and "
				    "ADDR pin",
				    address, bus);
	default:
		return bh_error_set(err, code, NULL, 0, 0, "chip 0x%02x of I2C bus %d: %s", address,
				    bus, strerror(-code));
	}
}

static int open_chips(void *state, const struct bh_bus *bus, struct bh_error *err)
{
	struct ads1115_state *ads = state;
	size_t i;
	int r = 0;

	if (!bus->i2c)
		return bh_error_set(err, -ENODEV, NULL, 0, 0, "this machine has no I2C");
	ads->i2c = bus->i2c;
	ads->i2c_ctx = bus->i2c_ctx;
	for (i = 0; i < ads->config.n_chips; i++)
		ads->handle[i] = CLOSED;
	ads->opened = true;
	for (i = 0; i < ads->config.n_chips; i++) {
		r = ads->i2c->open(ads->i2c_ctx, ads->config.bus, ads->config.address[i]);
		if (r < 0)
			break;
		ads->handle[i] = r;
		/* Nothing has been sent yet: one read shows that the chip is there. */
		r = ads->i2c->read_word(ads->i2c_ctx, ads->handle[i], BH_ADS1115_REG_CONFIG);
		if (r < 0)
			break;
	}
	if (r < 0) {
		close_chips(ads);
		return open_failed(ads, r, ads->config.address[i], err);
	}
	ads->converting = false;
	ads->round = 0;
	ads->due_ns = INT64_MIN;
	ads->scan_ns = INT64_MIN;
	return 0;
}

static int no_fd(const void *state)
{
	(void)state;
	return -ENOTSUP;
}

static uint16_t word_of(const struct ads1115_state *ads, int zone)
{
	return (uint16_t)(ads->config.base | (unsigned int)ads->config.zone[zone].input
						     << BH_ADS1115_MUX_SHIFT);
}

/* Start one conversion on each chip that has a zone left. @return 0 or a negative errno. */
static int start_round(struct ads1115_state *ads, int64_t now_ns)
{
	for (size_t chip = 0; chip < ads->config.n_chips; chip++) {
		uint16_t word;
		int r;

		if (ads->round >= ads->n_queue[chip])
			continue;
		word = word_of(ads, ads->queue[chip][ads->round]) | BH_ADS1115_OS;
		r = ads->i2c->write_word(ads->i2c_ctx, ads->handle[chip], BH_ADS1115_REG_CONFIG,
					 word);
		if (r < 0)
			return r;
	}
	ads->converting = true;
	ads->busy = 0;
	/* now_ns is from before the transfers, which also took time: the last chip started about as
	 * much later as its turn to be collected comes later. */
	ads->due_ns = now_ns + ads->config.conversion_ns;
	return 0;
}

/* @return 0 and the code; -EAGAIN still converting; -EIO not what was asked for; a bus error. */
static int collect(const struct ads1115_state *ads, size_t chip, int zone, int16_t *ret)
{
	int handle = ads->handle[chip];
	int r = ads->i2c->read_word(ads->i2c_ctx, handle, BH_ADS1115_REG_CONFIG);

	if (r < 0)
		return r;
	/* A chip that was reset, a bus stuck at zeros or ones: nonsense, not readings. */
	if (((unsigned int)r & ~BH_ADS1115_OS) != word_of(ads, zone))
		return -EIO;
	if (!((unsigned int)r & BH_ADS1115_OS))
		return -EAGAIN;
	r = ads->i2c->read_word(ads->i2c_ctx, handle, BH_ADS1115_REG_CONVERSION);
	if (r < 0)
		return r;
	*ret = (int16_t)r;
	return 0;
}

/* @return 0 the round is complete; -EAGAIN come again at due_ns; a negative errno. */
static int collect_round(struct ads1115_state *ads, int64_t now_ns)
{
	for (size_t chip = 0; chip < ads->config.n_chips; chip++) {
		int r, zone;

		if (ads->round >= ads->n_queue[chip])
			continue;
		zone = ads->queue[chip][ads->round];
		r = collect(ads, chip, zone, &ads->code[zone]);
		if (r == -EAGAIN) {
			if (++ads->busy > BUSY_MAX)
				return -ETIMEDOUT;
			ads->due_ns = now_ns + ads->config.conversion_ns;
		}
		if (r < 0)
			return r;
	}
	return 0;
}

/* Sanity, then conversion. @return The fault of the reading. */
static enum bh_fault load_of(const struct ads1115_state *ads, size_t i, int32_t *ret)
{
	const struct bh_ads1115_zone *zone = &ads->config.zone[i];
	int64_t code = ads->code[i];
	int64_t span_mv = zone->full_mv - zone->empty_mv;
	int64_t load;

	if (code == CODE_MAX || code == CODE_MIN)
		return BH_FAULT_SATURATED;
	/* (mV - empty) / span in permille, with the mV as a fraction so that nothing is rounded twice. */
	load = (code * ads->config.full_scale_mv - (int64_t)zone->empty_mv * CODES_PER_FULL_SCALE) *
	       BH_LOAD_FULL / (span_mv * CODES_PER_FULL_SCALE);
	if (load < LOAD_LOW_PERMILLE || load > LOAD_HIGH_PERMILLE)
		return BH_FAULT_OUT_OF_RANGE;
	*ret = load < 0 ? 0 : (int32_t)load;
	return BH_FAULT_NONE;
}

static int give_frame(const struct ads1115_state *ads, int64_t now_ns, struct bh_frame *frame)
{
	int32_t load[BH_ADS1115_ZONES_MAX] = { 0 };
	enum bh_fault fault = BH_FAULT_NONE;

	for (size_t i = 0; i < ads->config.n_zones && fault == BH_FAULT_NONE; i++)
		fault = load_of(ads, i, &load[i]);
	if (fault == BH_FAULT_NONE)
		memcpy(frame->load, load, ads->config.n_zones * sizeof(load[0]));
	frame->n_zones = (uint16_t)ads->config.n_zones;
	frame->mat_fault = fault;
	frame->mat_sensor = ads->sensor;
	frame->changed |= BH_PART_MAT;
	frame->mono_ns = now_ns;
	return 1;
}

/* The next scan, on the grid of the period; scans that were missed are not made up for. */
static void end_scan(struct ads1115_state *ads, int64_t now_ns)
{
	ads->converting = false;
	ads->round = 0;
	ads->scan_ns += ads->config.period_ns;
	if (ads->scan_ns <= now_ns)
		ads->scan_ns = now_ns + ads->config.period_ns;
	ads->due_ns = ads->scan_ns;
}

/* @return 1 every zone has been read; 0 a round is under way; a negative errno. */
static int step(struct ads1115_state *ads, int64_t now_ns)
{
	int r;

	if (ads->converting) {
		r = collect_round(ads, now_ns);
		if (r < 0)
			return r == -EAGAIN ? 0 : r;
		ads->round++;
	}
	for (size_t chip = 0; chip < ads->config.n_chips; chip++) {
		if (ads->round < ads->n_queue[chip])
			return start_round(ads, now_ns);
	}
	return 1;
}

static int read_frame(void *state, int64_t now_mono_ns, struct bh_frame *frame)
{
	struct ads1115_state *ads = state;
	int r;

	if (now_mono_ns < ads->due_ns)
		return 0;
	if (!ads->converting)
		ads->scan_ns = ads->due_ns == INT64_MIN ? now_mono_ns : ads->due_ns;
	r = step(ads, now_mono_ns);
	if (r == 0)
		return 0;
	end_scan(ads, now_mono_ns);
	return r < 0 ? r : give_frame(ads, now_mono_ns, frame);
}

static int64_t get_due(const void *state)
{
	const struct ads1115_state *ads = state;

	return ads->due_ns;
}

const struct bh_driver bh_driver_ads1115 = {
	.name = "ads1115",
	.summary = "pressure strips on ADS1115 converters",
	.part = BH_PART_MAT,
	.options = bh_ads1115_options,
	.zone_options = bh_ads1115_zone_options,
	.state_size = sizeof(struct ads1115_state),
	.configure = configure,
	.open = open_chips,
	.fd = no_fd,
	.read = read_frame,
	.due = get_due,
	.close = close_chips,
};
