/* SPDX-License-Identifier: MIT */
/*
 * replay: a capture as a sensor. It brings its own time; the hub decides how fast it passes.
 */
#include "drivers/capture.h"
#include "drivers/driver.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* A sampled mat that is empty may be recorded once in some seconds (simulate does); longer is silence. */
#define MAT_SILENT_NS (60 * BH_NS_PER_S)

struct replay {
	char file[BH_PATH_MAX];
	uint8_t sensor;
	struct bh_capture *capture; /* NULL: closed */
	bool broken;
	struct bh_error error;	    /* if broken: where */
};

static const struct bh_driver_option options[] = {
	{ "file", "text", NULL, "capture to play, plain or gzip" },
	{ NULL, NULL, NULL, NULL },
};

static int replay_configure(void *state, const struct bh_sensor_config *config, uint8_t sensor,
			    struct bh_driver_setup *setup, struct bh_error *err)
{
	static const char *const known[] = { "file", NULL };
	struct replay *replay = state;
	const struct bh_capture_info *info;
	struct bh_capture *capture;
	int r;

	r = bh_node_only(config->options, known, err);
	if (r < 0)
		return r;
	r = bh_node_string(config->options, "file", replay->file, sizeof(replay->file), err);
	if (r < 0)
		return r;
	if (r == 0)
		return bh_node_error(config->options, err, -EINVAL,
				     "the driver replay needs \"file:\", the capture to play");
	r = bh_capture_open(replay->file, &capture, err);
	if (r < 0)
		return r;
	info = bh_capture_info(capture);
	replay->sensor = sensor;
	if (setup->mat)
		*setup->mat = info->mat;
	setup->capabilities = info->capabilities;
	setup->period_ns = 0;
	setup->silent_ns = info->mat.kind == BH_MAT_NONE || info->mat.kind == BH_MAT_CONTACT ?
				   0 : MAT_SILENT_NS;
	setup->anchor = info->anchor;
	setup->steps = info->steps;
	setup->simulated = info->simulated;
	snprintf(setup->provenance, sizeof(setup->provenance), "%s", info->provenance);
	bh_capture_close(capture);
	return 0;
}

static int replay_open(void *state, const struct bh_bus *bus, struct bh_error *err)
{
	struct replay *replay = state;

	(void)bus;
	return bh_capture_open(replay->file, &replay->capture, err);
}

static int replay_fd(const void *state)
{
	(void)state;
	return -ENOTSUP;
}

static int replay_read(void *state, int64_t now_mono_ns, struct bh_frame *frame)
{
	struct replay *replay = state;
	uint32_t changed = frame->changed;
	int r;

	(void)now_mono_ns;
	r = bh_capture_read(replay->capture, frame, &replay->error);
	replay->broken = r < 0;
	if (r <= 0)
		return r == 0 ? -ENODATA : r;
	if (frame->changed & BH_PART_MAT)
		frame->mat_sensor = replay->sensor;
	for (int i = 0; i < BH_TEMP_SLOTS; i++) {
		if ((frame->changed & BH_PART_TEMPERATURE) && frame->temp[i].mono_ns == frame->mono_ns)
			frame->temp[i].sensor = replay->sensor;
	}
	frame->changed |= changed;
	return 1;
}

static const struct bh_error *replay_complaint(const void *state)
{
	const struct replay *replay = state;

	return replay->broken ? &replay->error : NULL;
}

static void replay_progress(const void *state, int64_t *ret_done, int64_t *ret_total)
{
	const struct replay *replay = state;

	*ret_done = 0;
	*ret_total = 0;
	if (replay->capture)
		bh_capture_progress(replay->capture, ret_done, ret_total);
}

static void replay_close(void *state)
{
	struct replay *replay = state;

	bh_capture_close(replay->capture);
	replay->capture = NULL;
}

const struct bh_driver bh_driver_replay = {
	.name = "replay",
	.summary = "plays a recorded capture",
	.flags = BH_DRIVER_OWN_TIME,
	.part = BH_PART_MAT | BH_PART_TEMPERATURE,
	.options = options,
	.state_size = sizeof(struct replay),
	.configure = replay_configure,
	.open = replay_open,
	.fd = replay_fd,
	.read = replay_read,
	.complaint = replay_complaint,
	.progress = replay_progress,
	.close = replay_close,
};
