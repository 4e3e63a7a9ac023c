/* SPDX-License-Identifier: MIT */
/* The inside of a line, shared by line.c (what it does), own_time.c (when its sources bring their own
 * time) and line_facts.c (what it knows). */
#ifndef BH_LINE_LINE_PRIVATE_H
#define BH_LINE_LINE_PRIVATE_H

#include "hub/line/line.h"

struct sensor {
	const struct bh_sensor_config *config;
	const struct bh_driver *driver;
	void *state;
	struct bh_driver_setup setup;
	uint8_t bed;
	uint8_t index;
	bool open;
	bool ended;
	bool seen;	     /* has given a reading since the start */
	bool pending;	     /* own time: the bed's frame waits for its moment */
	int64_t due_ns;	     /* next read, or next attempt to open */
	int64_t backoff_ns;
	int64_t reading_ns;  /* last reading, for silence */
	unsigned int failures;
	enum bh_fault fault; /* as last told */
};

struct bed {
	const struct bh_bed_config *config;
	struct bh_mat *mat;
	struct bh_frame *frame;
	struct bh_detect *detect;
	uint32_t capabilities;
	int64_t last_ns; /* how far detect's time has come */
	int64_t changed_ns; /* when the mat last changed */
};

struct bh_line {
	struct bh_bus bus;
	struct bh_line_hooks hooks;
	struct bh_sink sink;
	struct bh_calibrating *calibrating;
	struct bed beds[BH_BEDS_MAX];
	unsigned int n_beds;
	struct sensor sensors[BH_BEDS_MAX * BH_SENSORS_MAX];
	unsigned int n_sensors;
	bool own_time;
	struct bh_clock_anchor anchor; /* own time: what the clock of the recording shows now */
	uint8_t n_steps;	       /* own time: how often it was set so far */
	bool simulated;
	const struct bh_error *complaint; /* why an own-time source broke off, owned by its driver */
	uint64_t generation;
	int64_t stepped_ns; /* live: when the line was last looked after, or BH_MONO_NONE */
	int64_t due_ns;	    /* and when it wanted to be again */
};

/* line.c */

/** @brief The bed's frame holds a reading of @p sensor: give it to the signal path. */
void bh_line_took_reading(struct bh_line *line, struct sensor *sensor);
/** @brief Time has come to @p now_ns for a bed that had nothing to say. */
void bh_line_pass_time(struct bh_line *line, struct bed *bed, int64_t now_ns);

/* own_time.c */

/** @return Whether @p sensor brings the same time as the line's first, and a bed of its own. */
bool bh_line_shares_time(const struct bh_line *line, const struct sensor *sensor);
/** @brief bh_line_step() of a line with its own time. */
int64_t bh_line_step_own_time(struct bh_line *line, int64_t now_ns);

#endif
