/* SPDX-License-Identifier: MIT */
/* What a line knows of its sensors and beds. */
#include "hub/line/line_private.h"

bool bh_line_ready(const struct bh_line *line)
{
	for (unsigned int i = 0; i < line->n_sensors; i++)
		if (line->sensors[i].config->required && !line->sensors[i].seen)
			return false;
	return true;
}

bool bh_line_own_time(const struct bh_line *line, struct bh_clock_anchor *ret_anchor)
{
	if (line->own_time && ret_anchor)
		*ret_anchor = line->anchor;
	return line->own_time;
}

const char *bh_line_provenance(const struct bh_line *line)
{
	return line->own_time ? line->sensors[0].setup.provenance : "";
}

bool bh_line_ended(const struct bh_line *line)
{
	if (!line->own_time)
		return false;
	for (unsigned int i = 0; i < line->n_sensors; i++)
		if (line->sensors[i].pending || (line->sensors[i].open && !line->sensors[i].ended))
			return false;
	return true;
}

const struct bh_error *bh_line_complaint(const struct bh_line *line)
{
	return line->complaint;
}

void bh_line_progress(const struct bh_line *line, int64_t *ret_done, int64_t *ret_total)
{
	*ret_done = *ret_total = 0;
	for (unsigned int i = 0; i < line->n_sensors; i++) {
		const struct sensor *sensor = &line->sensors[i];
		int64_t done = 0, total = 0;

		if (!sensor->driver->progress)
			continue;
		sensor->driver->progress(sensor->state, &done, &total);
		*ret_done += done;
		*ret_total += total;
	}
}

static void put_nowhere(void *ctx, const struct bh_record *record)
{
	(void)ctx;
	(void)record;
}

int bh_line_check(const struct bh_config *config, bool *ret_simulated, struct bh_error *err)
{
	const struct bh_sink nowhere = { .put = put_nowhere };
	const struct bh_bus no_bus = { 0 };
	struct bh_line *line;
	int r = bh_line_new(config, &no_bus, &nowhere, NULL, &line, err);

	if (r < 0)
		return r;
	if (ret_simulated)
		*ret_simulated = bh_line_simulated(line);
	bh_line_free(line);
	return 0;
}

bool bh_line_simulated(const struct bh_line *line)
{
	return line->simulated;
}

uint32_t bh_line_capabilities(const struct bh_line *line, unsigned int bed)
{
	return line->beds[bed].capabilities |
	       bh_calibrating_capabilities(line->calibrating, (uint8_t)bed);
}

uint32_t bh_line_mat_hash(const struct bh_line *line, unsigned int bed)
{
	return line->beds[bed].mat ? bh_calibration_mat_hash(line->beds[bed].mat) : 0;
}

uint32_t bh_line_sensor_capabilities(const struct bh_line *line, unsigned int bed,
				     unsigned int sensor)
{
	for (unsigned int i = 0; i < line->n_sensors; i++)
		if (line->sensors[i].bed == bed && line->sensors[i].index == sensor)
			return line->sensors[i].setup.capabilities;
	return 0;
}

struct bh_detect *bh_line_detect(struct bh_line *line, unsigned int bed)
{
	return line->beds[bed].detect;
}

struct bh_calibrating *bh_line_calibrating(struct bh_line *line)
{
	return line->calibrating;
}
