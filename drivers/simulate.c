/* SPDX-License-Identifier: MIT */
/*
 * simulate: a simulated person as a sensor, mat and thermometers in one. It brings its own time.
 */
#include "drivers/driver.h"
#include "drivers/simulator/simulator.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* An empty bed by day is read once in 5 s. */
#define MAT_SILENT_NS (60 * BH_NS_PER_S)
#define TEXT_MAX 256
/* From noon to noon. */
#define SECONDS_PER_NIGHT (INT64_C(24) * 3600)

struct simulate {
	struct bh_simulation_config config;
	uint8_t sensor;
	struct bh_simulation *simulation; /* NULL: closed */
	int64_t from_ns, at_ns; /* the first noon, and the last frame */
};

static const struct bh_driver_option options[] = {
	{ "sleeper", "text", "healthy", "who lies in the bed" },
	{ "mat", "text", "contact", "what lies under the sleeper" },
	{ "nights", "integer", "14", "how many nights" },
	{ "seed", "integer", "1", "which person; the same seed gives the same nights" },
	{ "start", "integer", "20260413", "evening of the first night, yyyymmdd" },
	{ "utc_offset", "integer", "0", "seconds that local time is ahead of UTC" },
	{ "confounders", "text", "", "what disturbs the bed, joined by commas" },
	{ NULL, NULL, NULL, NULL },
};

static int read_sleeper(const struct bh_node *node, struct bh_simulation_config *config,
			struct bh_error *err)
{
	char text[TEXT_MAX];
	int r = bh_node_string(node, "sleeper", text, sizeof(text), err);

	if (r <= 0 || bh_sleeper_from_name(text, &config->sleeper) == 0)
		return r;
	return bh_node_error(bh_node_get(node, "sleeper"), err, -EINVAL,
			     "no sleeper is called \"%.40s\"; healthy, leg-hanging, restless-legs and "
			     "others are in drivers/simulator/README.md", text);
}

static int read_mat(const struct bh_node *node, struct bh_simulation_config *config,
		    struct bh_error *err)
{
	char text[TEXT_MAX];
	int r = bh_node_string(node, "mat", text, sizeof(text), err);

	if (r <= 0 || bh_sim_mat_from_name(text, &config->mat) == 0)
		return r;
	return bh_node_error(bh_node_get(node, "mat"), err, -EINVAL,
			     "no simulated mat is called \"%.40s\"; contact, strips, zones, matrix, "
			     "load-cells and others are in drivers/simulator/README.md", text);
}

static int read_confounders(const struct bh_node *node, struct bh_simulation_config *config,
			    struct bh_error *err)
{
	char text[TEXT_MAX];
	int r = bh_node_string(node, "confounders", text, sizeof(text), err);

	if (r <= 0 || bh_confounders_from_text(text, &config->confounders) == 0)
		return r;
	return bh_node_error(bh_node_get(node, "confounders"), err, -EINVAL,
			     "\"%.40s\" names no confounder; partner, pet, insomnia and others are in "
			     "drivers/simulator/README.md, joined by commas", text);
}

static int read_numbers(const struct bh_node *node, struct bh_simulation_config *config,
			struct bh_error *err)
{
	int64_t nights = config->nights, seed = (int64_t)config->seed;
	int64_t start = config->start_date, offset = config->utc_offset_s;
	int r = bh_node_int(node, "nights", 1, BH_SIM_NIGHTS_MAX, &nights, err);

	if (r >= 0)
		r = bh_node_int(node, "seed", 0, INT64_MAX, &seed, err);
	if (r >= 0)
		r = bh_node_int(node, "start", 19710101, 20991231, &start, err);
	if (r >= 0)
		r = bh_node_int(node, "utc_offset", -14 * 3600, 14 * 3600, &offset, err);
	if (r < 0)
		return r;
	config->nights = (int)nights;
	config->seed = (uint64_t)seed;
	config->start_date = (int32_t)start;
	config->utc_offset_s = (int32_t)offset;
	return 0;
}

static int read_options(const struct bh_node *node, struct bh_simulation_config *config,
			struct bh_error *err)
{
	static const char *const known[] = { "sleeper", "mat", "nights", "seed", "start",
					     "utc_offset", "confounders", NULL };
	int r = bh_node_only(node, known, err);

	if (r >= 0)
		r = read_sleeper(node, config, err);
	if (r >= 0)
		r = read_mat(node, config, err);
	if (r >= 0)
		r = read_confounders(node, config, err);
	if (r >= 0)
		r = read_numbers(node, config, err);
	return r < 0 ? r : 0;
}

static int simulate_configure(void *state, const struct bh_sensor_config *config, uint8_t sensor,
			      struct bh_driver_setup *setup, struct bh_error *err)
{
	struct simulate *simulate = state;
	const struct bh_capture_info *info;
	struct bh_simulation *simulation;
	struct bh_error why;
	int r;

	simulate->sensor = sensor;
	bh_simulation_config_init(&simulate->config);
	r = read_options(config->options, &simulate->config, err);
	if (r < 0)
		return r;
	r = bh_simulation_new(&simulate->config, &simulation, &why);
	if (r == -EINVAL)
		return bh_node_error(config->options, err, r, "%s", why.text);
	if (r < 0)
		return r;
	info = bh_simulation_info(simulation);
	if (setup->mat)
		*setup->mat = info->mat;
	setup->capabilities = info->capabilities;
	setup->period_ns = 0;
	setup->silent_ns = info->mat.kind == BH_MAT_CONTACT ? 0 : MAT_SILENT_NS;
	setup->anchor = info->anchor;
	setup->steps = info->steps;
	setup->simulated = true;
	memcpy(setup->provenance, info->provenance, sizeof(setup->provenance));
	bh_simulation_free(simulation);
	return 0;
}

static int simulate_open(void *state, const struct bh_bus *bus, struct bh_error *err)
{
	struct simulate *simulate = state;

	int r = bh_simulation_new(&simulate->config, &simulate->simulation, err);

	(void)bus;
	if (r < 0)
		return r;
	simulate->from_ns = bh_simulation_info(simulate->simulation)->anchor.mono_ns;
	simulate->at_ns = simulate->from_ns;
	return 0;
}

static int simulate_fd(const void *state)
{
	(void)state;
	return -ENOTSUP;
}

static int simulate_read(void *state, int64_t now_mono_ns, struct bh_frame *frame)
{
	struct simulate *simulate = state;
	uint32_t changed = frame->changed;

	(void)now_mono_ns;
	if (bh_simulation_frame(simulate->simulation, frame) == 0)
		return -ENODATA;
	simulate->at_ns = frame->mono_ns;
	if (frame->changed & BH_PART_MAT)
		frame->mat_sensor = simulate->sensor;
	for (int i = 0; i < BH_TEMP_SLOTS; i++) {
		if (frame->temp[i].mono_ns == frame->mono_ns)
			frame->temp[i].sensor = simulate->sensor;
	}
	frame->changed |= changed;
	return 1;
}

static void simulate_progress(const void *state, int64_t *ret_done, int64_t *ret_total)
{
	const struct simulate *simulate = state;

	/* Seconds: a night of a matrix takes long enough to want to see it go on. */
	*ret_done = (simulate->at_ns - simulate->from_ns) / BH_NS_PER_S;
	*ret_total = simulate->config.nights * SECONDS_PER_NIGHT;
}

static void simulate_close(void *state)
{
	struct simulate *simulate = state;

	bh_simulation_free(simulate->simulation);
	simulate->simulation = NULL;
}

const struct bh_driver bh_driver_simulate = {
	.name = "simulate",
	.summary = "a made-up person in a made-up bed",
	.flags = BH_DRIVER_OWN_TIME | BH_DRIVER_SIMULATED,
	.part = BH_PART_MAT | BH_PART_TEMPERATURE,
	.options = options,
	.state_size = sizeof(struct simulate),
	.configure = simulate_configure,
	.open = simulate_open,
	.fd = simulate_fd,
	.read = simulate_read,
	.progress = simulate_progress,
	.close = simulate_close,
};
