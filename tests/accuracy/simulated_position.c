/* SPDX-License-Identifier: MIT */
/*
 * Positions of simulated sleepers, second by second:
 *
 *   simulated_position [--mat NAME] [--seed-from N] [--people N] [--nights N]
 *
 * Each second of a true position is asked what the fast state says. A second for which it says
 * nothing ("lying", unknown) counts as missed. The hub tells supine, left and right; a second of
 * someone lying prone counts against the precision of whatever it says. Each person is another
 * sleeper of the catalogue, in turn. Simulated accuracy is not clinical accuracy.
 */
#include "drivers/simulator/simulator.h"
#include "hub/detect/detect.h"
#include "tests/accuracy/figures.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

/* A night with the hours before and after it, in seconds. */
#define SECONDS_MAX (BH_SIM_NIGHTS_MAX * 90000)

static unsigned char said[SECONDS_MAX]; /* enum bh_position of each second since the first noon */
static long seconds_of[BH_POSITION_END][BH_POSITION_END]; /* true, said */
static long changes_told, changes_true, nights;

static void take_record(void *ctx, const struct bh_record *record)
{
	(void)ctx;
	changes_told +=
		record->kind == BH_RECORD_EVENT && record->u.event.type == BH_EVENT_POSITION_CHANGE;
}

static void take_truth(struct bh_simulation *simulation, int night)
{
	size_t n;
	const struct bh_sim_truth *truth = bh_simulation_truth(simulation, night, &n);
	int32_t last = BH_POSITION_UNKNOWN;

	nights++;
	for (size_t i = 0; i < n; i++) {
		if (truth[i].kind == BH_SIM_TRUTH_BED_OCCUPIED)
			last = BH_POSITION_UNKNOWN;
		if (truth[i].kind != BH_SIM_TRUTH_POSITION || !truth[i].mech)
			continue;
		changes_true += last != BH_POSITION_UNKNOWN && last != truth[i].value;
		last = truth[i].value;
		for (int64_t s = truth[i].start_ns / BH_NS_PER_S + 1;
		     s < truth[i].end_ns / BH_NS_PER_S && s < SECONDS_MAX; s++)
			seconds_of[truth[i].value][said[s]]++;
	}
}

static void play(const struct bh_simulation_config *config)
{
	static struct bh_frame frame;
	struct bh_detect_config detect_config = { .bed = 0 };
	struct bh_sink sink = { .put = take_record };
	struct bh_simulation *simulation;
	const struct bh_capture_info *info;
	struct bh_error err = { .text = "" };
	struct bh_detect *detect;
	int64_t second = 0;

	if (bh_simulation_new(config, &simulation, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		exit(EXIT_FAILURE);
	}
	info = bh_simulation_info(simulation);
	if (bh_detect_new(&info->mat, info->capabilities, &detect_config, &sink, &detect) < 0)
		exit(EXIT_FAILURE);
	bh_frame_init(&frame, &info->mat);
	while (bh_simulation_frame(simulation, &frame) > 0) {
		for (; second <= frame.mono_ns / BH_NS_PER_S && second < SECONDS_MAX; second++)
			said[second] = (unsigned char)bh_detect_state(detect)->position;
		bh_detect_frame(detect, &frame);
		frame.changed = 0;
	}
	bh_detect_stop(detect, frame.mono_ns, BH_END_STOPPED);
	for (int night = 0; night < config->nights; night++)
		take_truth(simulation, night);
	bh_detect_free(detect);
	bh_simulation_free(simulation);
}

static void print_scores(void)
{
	static const enum bh_position told[] = { BH_POSITION_SUPINE, BH_POSITION_LEFT,
						 BH_POSITION_RIGHT };
	double sum = 0;

	for (size_t k = 0; k < sizeof(told) / sizeof(told[0]); k++) {
		long right = seconds_of[told[k]][told[k]], of_true = 0, of_said = 0;
		char name[64];

		for (int i = 0; i < BH_POSITION_END; i++) {
			of_true += seconds_of[told[k]][i];
			of_said += seconds_of[i][told[k]];
		}
		snprintf(name, sizeof(name), "%s_", bh_position_name(told[k]));
		figures_print_f1(name, right, of_said, of_true);
		sum += of_true + of_said ? 2.0 * (double)right / (double)(of_true + of_said) : 0;
	}
	figures_print("macro_f1", sum / 3);
	for (int t = BH_POSITION_SUPINE; t <= BH_POSITION_PRONE; t++)
		for (int s = 0; s < BH_POSITION_END; s++)
			if (seconds_of[t][s])
				printf("# truly %s, said %s: %ld s\n",
				       bh_position_name((enum bh_position)t),
				       bh_position_name((enum bh_position)s), seconds_of[t][s]);
	figures_print("changes_told_per_night", (double)changes_told / (double)nights);
	figures_print("changes_true_per_night", (double)changes_true / (double)nights);
	figures_print("seconds", figures_seconds());
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "mat", required_argument, NULL, 'm' },
		{ "seed-from", required_argument, NULL, 'f' },
		{ "people", required_argument, NULL, 'p' },
		{ "nights", required_argument, NULL, 'n' },
		{ NULL, 0, NULL, 0 },
	};
	struct bh_simulation_config config;
	int people = 4, option;

	bh_simulation_config_init(&config);
	config.mat = BH_SIM_MAT_SHEET;
	config.nights = 1;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if ((option == 'm' && bh_sim_mat_from_name(optarg, &config.mat) < 0) ||
		    option == '?') {
			fprintf(stderr, "usage: simulated_position [--mat NAME] [--seed-from N] "
					"[--people N] [--nights N]\n");
			return 2;
		}
		if (option == 'f')
			config.seed = strtoull(optarg, NULL, 10);
		if (option == 'p')
			people = atoi(optarg);
		if (option == 'n')
			config.nights = atoi(optarg);
	}
	for (int i = 0; i < people; i++, config.seed++) {
		config.sleeper = (enum bh_sleeper)(i % BH_SLEEPER_END);
		play(&config);
	}
	printf("mat %s\n", bh_sim_mat_info(config.mat)->name);
	print_scores();
	return EXIT_SUCCESS;
}
