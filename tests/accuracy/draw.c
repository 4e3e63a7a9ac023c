/* SPDX-License-Identifier: MIT */
#include "tests/accuracy/draw.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

/* What disturbs the bed. What changes only the hub's clock changes no frame; what breaks a sensor or
 * takes whole nights is scored for what must then stay unknown, not here. */
static const enum bh_confounder disturbances[] = {
	BH_CONFOUNDER_NOCTURIA,	 BH_CONFOUNDER_PARTNER,	  BH_CONFOUNDER_PET,
	BH_CONFOUNDER_INSOMNIA,	 BH_CONFOUNDER_BREATHING, BH_CONFOUNDER_VISITOR,
	BH_CONFOUNDER_POWER_CUT,
};
#define N_DISTURBANCES (sizeof(disturbances) / sizeof(disturbances[0]))

/* More people than anyone waits for. */
#define PEOPLE_MAX 100000

static _Noreturn void usage(const char *program)
{
	fprintf(stderr,
		"usage: %s [--mat NAME] [--sleeper NAME] [--confounders A,B | --disturbed]\n"
		"       [--missing] [--seed-from N] [--people N] [--nights N] [--misses] "
		"[--mats]\n",
		program);
	exit(2);
}

static long number(const char *program, const char *text, long max)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 10);
	if (errno || end == text || *end != '\0' || value < 0 || value > max) {
		fprintf(stderr, "%s: '%s' is not a number of 0 to %ld\n", program, text, max);
		usage(program);
	}
	return value;
}

void draw_options(struct draw *draw, int argc, char **argv)
{
	static const struct option options[] = {
		{ "mat", required_argument, NULL, 'm' },
		{ "sleeper", required_argument, NULL, 's' },
		{ "confounders", required_argument, NULL, 'c' },
		{ "disturbed", no_argument, NULL, 'd' },
		{ "missing", no_argument, NULL, 'g' },
		{ "seed-from", required_argument, NULL, 'f' },
		{ "people", required_argument, NULL, 'p' },
		{ "nights", required_argument, NULL, 'n' },
		{ "misses", no_argument, NULL, 'x' },
		{ "mats", no_argument, NULL, 'l' },
		{ NULL, 0, NULL, 0 },
	};
	struct bh_simulation_config *config = &draw->config;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if ((option == 'm' && bh_sim_mat_from_name(optarg, &config->mat) < 0) ||
		    (option == 's' && bh_sleeper_from_name(optarg, &draw->only) < 0) ||
		    (option == 'c' && bh_confounders_from_text(optarg, &config->confounders) < 0) ||
		    option == '?')
			usage(argv[0]);
		if (option == 'f')
			config->seed = (uint64_t)number(argv[0], optarg, INT32_MAX);
		if (option == 'p')
			draw->people = (int)number(argv[0], optarg, PEOPLE_MAX);
		if (option == 'n')
			config->nights = (int)number(argv[0], optarg, BH_SIM_NIGHTS_MAX);
		draw->disturbed |= option == 'd';
		draw->missing |= option == 'g';
		draw->each |= option == 'x';
		if (option == 'l') {
			draw_list_mats();
			exit(EXIT_SUCCESS);
		}
	}
	if (optind < argc || (draw->disturbed && config->confounders))
		usage(argv[0]);
}

void draw_list_mats(void)
{
	for (int i = 0; i < BH_SIM_MAT_END; i++)
		puts(bh_sim_mat_info((enum bh_sim_mat)i)->name);
}

void draw_print_mat(const struct draw *draw)
{
	const struct bh_sim_mat_info *mat = bh_sim_mat_info(draw->config.mat);

	printf("mat %s\nkind %s\nrate_hz %d\n", mat->name, bh_mat_kind_name(mat->kind),
	       mat->rate_hz);
}

void draw_each(const struct draw *draw, void (*one)(void *ctx, const struct bh_simulation_config *),
	       void *ctx)
{
	struct bh_simulation_config config = draw->config;

	for (int person = 0; person < draw->people; person++, config.seed++) {
		for (int s = 0; s < BH_SLEEPER_END; s++) {
			if (draw->only != BH_SLEEPER_END && s != (int)draw->only)
				continue;
			config.sleeper = (enum bh_sleeper)s;
			if (draw->disturbed)
				config.confounders =
					disturbances[(size_t)(person + s) % N_DISTURBANCES];
			one(ctx, &config);
		}
	}
}

static struct bh_simulation *simulation_of(const struct bh_simulation_config *config)
{
	struct bh_simulation *simulation;
	struct bh_error err = { .text = "" };

	if (bh_simulation_new(config, &simulation, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		exit(EXIT_FAILURE);
	}
	return simulation;
}

uint32_t draw_capabilities(const struct bh_simulation_config *config)
{
	struct bh_simulation *simulation = simulation_of(config);
	uint32_t capabilities = bh_simulation_info(simulation)->capabilities;

	bh_simulation_free(simulation);
	return capabilities;
}

/* Of each night, from first to last in bed, this share in one piece. */
#define MISSING_SHARE 0.3

/* Somewhere between 0 and 1, the same for the same night (splitmix64). */
static double part_of(uint64_t seed, int night)
{
	uint64_t x = seed * 1000 + (uint64_t)night + UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (double)((x ^ (x >> 31)) >> 11) * 0x1p-53;
}

static struct draw_missing *choose_missing(struct bh_simulation *simulation,
					   const struct bh_simulation_config *config)
{
	struct draw_missing *missing = calloc((size_t)config->nights, sizeof(*missing));

	if (!missing)
		abort();
	for (int night = 0; night < config->nights; night++) {
		size_t n;
		const struct bh_sim_truth *truth = bh_simulation_truth(simulation, night, &n);
		int64_t from = INT64_MAX, to = 0;

		for (size_t i = 0; i < n; i++) {
			if (truth[i].kind != BH_SIM_TRUTH_BED_OCCUPIED)
				continue;
			from = truth[i].start_ns < from ? truth[i].start_ns : from;
			to = truth[i].end_ns > to ? truth[i].end_ns : to;
		}
		if (to <= from)
			continue;
		missing[night].from_ns =
			from + (int64_t)((double)(to - from) * (1 - MISSING_SHARE) *
					 part_of(config->seed, night));
		missing[night].to_ns =
			missing[night].from_ns + (int64_t)((double)(to - from) * MISSING_SHARE);
	}
	return missing;
}

/* Every sensor of the bed is gone, as a driver would say. */
static void lose(struct bh_detect *detect, const struct bh_frame *last, int64_t at_ns)
{
	static struct bh_frame frame;

	frame = *last;
	frame.mono_ns = at_ns;
	frame.mat_fault = BH_FAULT_GONE;
	frame.changed = BH_PART_MAT | BH_PART_TEMPERATURE;
	for (int i = 0; i < BH_TEMP_SLOTS; i++) {
		frame.temp[i].mono_ns = frame.mono_ns;
		frame.temp[i].fault = BH_FAULT_GONE;
	}
	bh_detect_frame(detect, &frame);
}

/* A frame comes, or is missing; the first one after is a reading of everything. */
static void give(const struct draw_night *night, struct bh_frame *frame, bool *lost)
{
	const struct draw_missing *missing = night->missing;

	if (missing)
		missing += bh_simulation_night(night->simulation);
	if (missing && frame->mono_ns >= missing->from_ns && frame->mono_ns < missing->to_ns) {
		if (!*lost)
			lose(night->detect, frame, missing->from_ns);
		*lost = true;
		bh_detect_advance(night->detect, frame->mono_ns);
		return;
	}
	if (*lost)
		frame->changed = BH_PART_MAT | BH_PART_TEMPERATURE;
	*lost = false;
	bh_detect_frame(night->detect, frame);
}

static void play(const struct bh_simulation_config *config, bool missing,
		 const struct bh_sink *sink,
		 void (*before)(void *ctx, const struct draw_night *, int64_t now_ns),
		 void (*done)(void *ctx, const struct draw_night *), void *ctx)
{
	static struct bh_frame frame;
	struct bh_detect_config detect_config = { .bed = 0 };
	struct draw_night night = { .simulation = simulation_of(config) };
	const struct bh_capture_info *info = bh_simulation_info(night.simulation);
	struct draw_missing *gone = missing ? choose_missing(night.simulation, config) : NULL;
	int64_t last_ns = 0;
	bool lost = false;

	night.capabilities = info->capabilities;
	night.missing = gone;
	if (bh_detect_new(&info->mat, info->capabilities, &detect_config, sink, &night.detect) <
	    0) {
		fprintf(stderr, "out of memory for the signal path\n");
		exit(EXIT_FAILURE);
	}
	bh_frame_init(&frame, &info->mat);
	/* Who a part belongs to is the driver's to say: a bed's sensors have numbers. */
	frame.mat_sensor = 0;
	for (uint8_t i = 0; i < BH_TEMP_SLOTS; i++)
		frame.temp[i].sensor = (uint8_t)(i + 1);
	while (bh_simulation_frame(night.simulation, &frame) > 0) {
		if (before)
			before(ctx, &night, frame.mono_ns);
		give(&night, &frame, &lost);
		last_ns = frame.mono_ns;
		frame.changed = 0;
	}
	bh_detect_stop(night.detect, last_ns, BH_END_STOPPED);
	done(ctx, &night);
	bh_detect_free(night.detect);
	bh_simulation_free(night.simulation);
	free(gone);
}

void draw_play(const struct bh_simulation_config *config, const struct bh_sink *sink,
	       void (*before)(void *ctx, const struct draw_night *, int64_t now_ns),
	       void (*done)(void *ctx, const struct draw_night *), void *ctx)
{
	play(config, false, sink, before, done, ctx);
}

void draw_play_missing(const struct bh_simulation_config *config, const struct bh_sink *sink,
		       void (*before)(void *ctx, const struct draw_night *, int64_t now_ns),
		       void (*done)(void *ctx, const struct draw_night *), void *ctx)
{
	play(config, true, sink, before, done, ctx);
}
