/* SPDX-License-Identifier: MIT */
#include "hub/line/line_private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One bad answer of a bus is noise; three in a row are a fault. */
#define FAILURES_TO_FAULT 3
/* Reopen soon after an unplugging, then ever more rarely: a missing sensor costs nothing. */
#define BACKOFF_MIN_NS BH_NS_PER_S
#define BACKOFF_MAX_NS (10 * BH_NS_PER_S)
/* A burst of edges is worked off in turns, so that one pad cannot starve the others. */
#define READS_PER_TURN 256
/* Edges are known only after their debounce (50 ms as a rule) and the kernel's interrupt thread: time
 * is let pass only up to this long ago, so that an edge is seldom older than a timer. */
#define SETTLE_NS (250 * BH_NS_PER_MS)
/* A driver may ask to be read "at once" and still have nothing: it is asked again, but not without
 * end in one go. */
#define AT_ONCE_NS BH_NS_PER_MS
/* A change of the mat starts holds of some seconds: the line is looked at each second until they are
 * surely over, also where the signal path believes that it has nothing to time. */
#define FOLLOW_NS (15 * BH_NS_PER_S)
/* A machine under load calls some milliseconds late; what is later than this has not listened. */
#define LATE_NS BH_NS_PER_S
/* How long the line may be left alone when nothing is being timed. */
#define IDLE_WAIT_NS (10 * BH_NS_PER_S)

/* ---- building ---- */

static int configure_sensor(struct bh_line *line, struct bed *bed, uint8_t index, struct bh_error *err)
{
	const struct bh_sensor_config *config = &bed->config->sensors[index];
	const struct bh_driver *driver = bh_driver_of(config, err);
	struct sensor *sensor = &line->sensors[line->n_sensors];
	bool own_time;
	int r;

	if (!driver)
		return -EINVAL;
	own_time = driver->flags & BH_DRIVER_OWN_TIME;
	if (line->n_sensors > 0 && own_time != line->own_time)
		return bh_node_error(config->options, err, -EINVAL,
				     "a hub reads either live sensors or recordings, not both: "
				     "give '%s' a configuration of its own",
				     config->name);
	if (!(driver->part & (config->is_mat ? BH_PART_MAT : BH_PART_TEMPERATURE)))
		return bh_node_error(config->options, err, -EINVAL, "driver '%s' is no %s",
				     driver->name, config->is_mat ? "mat" : "thermometer");
	sensor->state = calloc(1, driver->state_size);
	if (!sensor->state)
		return -ENOMEM;
	sensor->config = config;
	sensor->driver = driver;
	sensor->bed = (uint8_t)(bed - line->beds);
	sensor->index = index;
	sensor->fault = BH_FAULT_NO_DATA;
	sensor->backoff_ns = BACKOFF_MIN_NS;
	sensor->setup.mat = config->is_mat ? bed->mat : NULL;
	sensor->setup.anchor.wall_ms = BH_WALL_UNKNOWN;
	line->n_sensors++;
	r = driver->configure(sensor->state, config, index, &sensor->setup, err);
	if (r < 0)
		return r;
	if (own_time && !bh_line_shares_time(line, sensor))
		return bh_node_error(config->options, err, -EINVAL,
				     "a bed plays one recording or simulation at a time, and those of "
				     "one hub must begin their time at the same moment, and have their "
				     "clocks set together: beds simulated with clock-step do not");
	bed->capabilities |= sensor->setup.capabilities;
	line->own_time = own_time;
	line->anchor = sensor->setup.anchor;
	line->simulated |= sensor->setup.simulated || (driver->flags & BH_DRIVER_SIMULATED);
	return 0;
}

static int configure_bed(struct bh_line *line, const struct bh_bed_config *config,
			 const struct bh_sink *sink, struct bh_error *err)
{
	struct bed *bed = &line->beds[line->n_beds];
	struct bh_detect_config detect = { .bed = (uint8_t)line->n_beds,
					   .not_returned_ns = config->not_returned_ns };
	int r;

	line->n_beds++;
	bed->config = config;
	bed->mat = calloc(1, sizeof(*bed->mat));
	bed->frame = calloc(1, sizeof(*bed->frame));
	if (!bed->mat || !bed->frame)
		return -ENOMEM;
	for (uint8_t i = 0; i < config->n_sensors; i++) {
		r = configure_sensor(line, bed, i, err);
		if (r < 0)
			return r;
	}
	bh_frame_init(bed->frame, bed->mat);
	bed->last_ns = BH_MONO_NONE;
	r = bh_detect_new(bed->mat, bed->capabilities, &detect, sink, &bed->detect);
	if (r == 0)
		bh_calibrating_bed(line->calibrating, detect.bed, bed->detect, bed->mat,
				   bed->capabilities);
	return r;
}

int bh_line_new(const struct bh_config *config, const struct bh_bus *bus, const struct bh_sink *sink,
		const struct bh_line_hooks *hooks, struct bh_line **ret, struct bh_error *err)
{
	struct bh_line *line = calloc(1, sizeof(*line));
	int r;

	if (!line)
		return -ENOMEM;
	line->bus = *bus;
	line->sink = *sink;
	line->stepped_ns = BH_MONO_NONE;
	if (hooks)
		line->hooks = *hooks;
	r = bh_calibrating_new(sink, &line->calibrating);
	if (r < 0)
		goto err_free;
	for (uint8_t i = 0; i < config->n_beds; i++) {
		r = configure_bed(line, &config->beds[i], sink, err);
		if (r < 0)
			goto err_free;
	}
	*ret = line;
	return 0;

err_free:
	bh_line_free(line);
	return r;
}

void bh_line_free(struct bh_line *line)
{
	if (!line)
		return;
	for (unsigned int i = 0; i < line->n_sensors; i++) {
		if (line->sensors[i].open)
			line->sensors[i].driver->close(line->sensors[i].state);
		free(line->sensors[i].state);
	}
	for (unsigned int i = 0; i < line->n_beds; i++) {
		bh_detect_free(line->beds[i].detect);
		free(line->beds[i].frame);
		free(line->beds[i].mat);
	}
	bh_calibrating_free(line->calibrating);
	free(line);
}

/* ---- one sensor ---- */

static void tell(struct bh_line *line, struct sensor *sensor, enum bh_fault fault, const char *detail)
{
	if (fault == sensor->fault)
		return;
	sensor->fault = fault;
	if (line->hooks.sensor)
		line->hooks.sensor(line->hooks.ctx, line->beds[sensor->bed].config->id,
				   sensor->config->name, fault, detail);
}

/* The reading of a thermometer or the frame's own word for the mat. */
static enum bh_fault fault_in_frame(const struct sensor *sensor, const struct bh_frame *frame)
{
	return sensor->config->is_mat ? frame->mat_fault : frame->temp[sensor->config->slot].fault;
}

/* Sensors of one bed are read in turn, and a debounced edge is stamped with its beginning: a frame may
 * be some milliseconds older than the one before, or a chattering pad's up to a second older than the
 * timers. Time in the signal path never runs backwards. */
static void give_frame(struct bh_line *line, struct bed *bed)
{
	if (bed->frame->mono_ns < bed->last_ns)
		bed->frame->mono_ns = bed->last_ns;
	bed->last_ns = bed->frame->mono_ns;
	if (bed->frame->changed & BH_PART_MAT)
		bed->changed_ns = bed->frame->mono_ns;
	bh_detect_frame(bed->detect, bed->frame);
	bh_calibrating_frame(line->calibrating, (uint8_t)(bed - line->beds), bed->frame);
	bed->frame->changed = 0;
	bed->frame->lost = 0;
}

void bh_line_pass_time(struct bh_line *line, struct bed *bed, int64_t now_ns)
{
	if (now_ns > bed->last_ns)
		bed->last_ns = now_ns;
	bh_detect_advance(bed->detect, now_ns);
	bh_calibrating_pass(line->calibrating, (uint8_t)(bed - line->beds), now_ns);
}

/* A frame that says the sensor is faulty: everything it showed is unknown from now on. */
static void put_fault(struct bh_line *line, struct sensor *sensor, enum bh_fault fault, int64_t now_ns,
		      const char *detail)
{
	struct bed *bed = &line->beds[sensor->bed];
	struct bh_frame *frame = bed->frame;
	uint32_t part = sensor->driver->part;

	if (fault == sensor->fault)
		return;
	if (part & BH_PART_MAT) {
		frame->mat_fault = fault;
		frame->mat_sensor = sensor->index;
	}
	if (!sensor->config->is_mat) {
		struct bh_temperature *temp = &frame->temp[sensor->config->slot];

		temp->mdegc = BH_TEMP_UNKNOWN;
		temp->fault = fault;
		temp->sensor = sensor->index;
		temp->mono_ns = now_ns;
	}
	frame->changed = sensor->config->is_mat ? BH_PART_MAT : BH_PART_TEMPERATURE;
	frame->mono_ns = now_ns;
	give_frame(line, bed);
	tell(line, sensor, fault, detail);
}

static void close_sensor(struct bh_line *line, struct sensor *sensor, int64_t now_ns)
{
	sensor->driver->close(sensor->state);
	sensor->open = false;
	sensor->failures = 0;
	sensor->due_ns = now_ns + sensor->backoff_ns;
	sensor->backoff_ns *= 2;
	if (sensor->backoff_ns > BACKOFF_MAX_NS)
		sensor->backoff_ns = BACKOFF_MAX_NS;
	line->generation++;
}

static void open_sensor(struct bh_line *line, struct sensor *sensor, int64_t now_ns)
{
	struct bh_error err = { 0 };
	char detail[BH_ERROR_PLACE_MAX + BH_ERROR_TEXT_MAX];
	int r = sensor->driver->open(sensor->state, &line->bus, &err);

	if (r < 0) {
		if (!err.text[0])
			bh_error_set(&err, r, NULL, 0, 0, "cannot open: %s", strerror(-r));
		bh_error_print(&err, detail, sizeof(detail));
		put_fault(line, sensor, BH_FAULT_GONE, now_ns, detail);
		close_sensor(line, sensor, now_ns);
		return;
	}
	sensor->open = true;
	sensor->due_ns = now_ns;
	sensor->reading_ns = now_ns;
	line->generation++;
}

void bh_line_took_reading(struct bh_line *line, struct sensor *sensor)
{
	struct bed *bed = &line->beds[sensor->bed];

	sensor->seen = true;
	sensor->failures = 0;
	sensor->backoff_ns = BACKOFF_MIN_NS;
	sensor->reading_ns = bed->frame->mono_ns;
	give_frame(line, bed);
	tell(line, sensor, fault_in_frame(sensor, bed->frame), "says the sensor itself");
}

static void read_failed(struct bh_line *line, struct sensor *sensor, int error, int64_t now_ns)
{
	if (error == -ENODATA) {
		sensor->ended = true;
		return;
	}
	if (error == -ENODEV) {
		put_fault(line, sensor, BH_FAULT_GONE, now_ns, strerror(-error));
		close_sensor(line, sensor, now_ns);
		return;
	}
	if (++sensor->failures < FAILURES_TO_FAULT)
		return;
	put_fault(line, sensor, BH_FAULT_BUS, now_ns, strerror(-error));
	close_sensor(line, sensor, now_ns);
}

/* Read a live sensor until it has nothing more, or its turn is over. */
static void read_sensor(struct bh_line *line, struct sensor *sensor, int64_t now_ns)
{
	struct bed *bed = &line->beds[sensor->bed];
	int r = 0;

	for (int i = 0; i < READS_PER_TURN && sensor->open; i++) {
		r = sensor->driver->read(sensor->state, now_ns, bed->frame);
		if (r <= 0)
			break;
		bh_line_took_reading(line, sensor);
	}
	if (r < 0)
		read_failed(line, sensor, r, now_ns);
}

/* When a live sensor wants to be read without its fd: each period, or when the driver says. */
static int64_t next_due(const struct sensor *sensor, int64_t now_ns)
{
	int64_t period_ns = sensor->setup.period_ns > 0 ? sensor->setup.period_ns : BH_NS_PER_S;
	int64_t due_ns;

	if (sensor->driver->due)
		return sensor->driver->due(sensor->state);
	if (sensor->driver->fd(sensor->state) >= 0)
		return BH_DUE_NEVER;
	/* Keep the beat when a turn came late, but never make up for missed ones. */
	due_ns = sensor->due_ns + period_ns;
	return due_ns > now_ns ? due_ns : now_ns + period_ns;
}

static void step_live(struct bh_line *line, struct sensor *sensor, int64_t now_ns)
{
	/* Edges that wait in the kernel are older than this turn: they come before time passes. */
	if (now_ns < sensor->due_ns && !(sensor->open && sensor->driver->fd(sensor->state) >= 0))
		return;
	if (!sensor->open) {
		open_sensor(line, sensor, now_ns);
		if (!sensor->open)
			return;
	}
	read_sensor(line, sensor, now_ns);
	if (!sensor->open)
		return;
	sensor->due_ns = next_due(sensor, now_ns);
	if (sensor->setup.silent_ns > 0 && now_ns - sensor->reading_ns > sensor->setup.silent_ns)
		put_fault(line, sensor, BH_FAULT_SILENT, now_ns, "no reading");
}

/* ---- the line ---- */

void bh_line_start(struct bh_line *line, int64_t now_ns)
{
	for (unsigned int i = 0; i < line->n_sensors; i++) {
		line->sensors[i].due_ns = now_ns;
		if (line->own_time)
			open_sensor(line, &line->sensors[i], now_ns);
	}
}

/* The hub was called later than the line had asked for: it stood still, or had no processor. Nobody
 * listened meanwhile, and no sensor was silent. */
static void mind_lateness(struct bh_line *line, int64_t now_ns)
{
	int64_t from_ns = line->stepped_ns;
	int64_t late_ns = now_ns - line->due_ns;

	line->stepped_ns = now_ns;
	if (from_ns == BH_MONO_NONE || late_ns <= LATE_NS)
		return;
	line->due_ns = now_ns;
	for (unsigned int i = 0; i < line->n_sensors; i++)
		line->sensors[i].reading_ns += late_ns;
	for (unsigned int i = 0; i < line->n_beds; i++)
		bh_detect_deaf(line->beds[i].detect, from_ns, now_ns - SETTLE_NS);
}

/* When the next tick of the signal path has settled. */
static int64_t next_tick_ns(int64_t now_ns)
{
	return ((now_ns - SETTLE_NS) / BH_TICK_NS + 1) * BH_TICK_NS + SETTLE_NS;
}

int64_t bh_line_step(struct bh_line *line, int64_t now_ns)
{
	int64_t next_ns = INT64_MAX, wait_ns;
	bool idle = true;

	if (line->own_time)
		return bh_line_step_own_time(line, now_ns);
	mind_lateness(line, now_ns);
	for (unsigned int i = 0; i < line->n_sensors; i++) {
		step_live(line, &line->sensors[i], now_ns);
		if (line->sensors[i].due_ns < next_ns)
			next_ns = line->sensors[i].due_ns;
	}
	for (unsigned int i = 0; i < line->n_beds; i++) {
		bh_line_pass_time(line, &line->beds[i], now_ns - SETTLE_NS);
		idle &= bh_detect_idle(line->beds[i].detect) &&
			now_ns - line->beds[i].changed_ns > FOLLOW_NS;
	}
	wait_ns = idle ? now_ns + IDLE_WAIT_NS : next_tick_ns(now_ns);
	if (next_ns > wait_ns)
		next_ns = wait_ns;
	line->due_ns = next_ns > now_ns ? next_ns : now_ns + AT_ONCE_NS;
	return line->due_ns;
}

void bh_line_readable(struct bh_line *line, unsigned int slot, int64_t now_ns)
{
	struct sensor *sensor;

	if (slot >= line->n_sensors)
		return;
	sensor = &line->sensors[slot];
	if (!sensor->open)
		return;
	mind_lateness(line, now_ns);
	read_sensor(line, sensor, now_ns);
	if (sensor->open)
		sensor->due_ns = next_due(sensor, now_ns);
}

unsigned int bh_line_fds(const struct bh_line *line, struct bh_line_fd *ret, unsigned int cap,
			 uint64_t *ret_generation)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < line->n_sensors && n < cap; i++) {
		const struct sensor *sensor = &line->sensors[i];
		int fd = sensor->open ? sensor->driver->fd(sensor->state) : -ENOTSUP;

		if (fd >= 0)
			ret[n++] = (struct bh_line_fd){ .fd = fd, .slot = i };
	}
	*ret_generation = line->generation;
	return n;
}

void bh_line_stop(struct bh_line *line, int64_t now_ns, enum bh_end_cause cause)
{
	for (unsigned int i = 0; i < line->n_sensors; i++) {
		if (line->sensors[i].open)
			line->sensors[i].driver->close(line->sensors[i].state);
		line->sensors[i].open = false;
	}
	for (unsigned int i = 0; i < line->n_beds; i++)
		bh_detect_stop(line->beds[i].detect, now_ns, cause);
	line->generation++;
}
