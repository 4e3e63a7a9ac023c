/* SPDX-License-Identifier: MIT */
#include "tests/accuracy/positions.h"

#include "tests/accuracy/figures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Nights of one person are played in one piece. */
#define NIGHTS_MAX 60
/* A night with the hours before and after it, in seconds. */
#define SECONDS_MAX (NIGHTS_MAX * 90000)

/* The hub had no power. */
#define NOT_ASKED UINT8_MAX

static uint8_t said[SECONDS_MAX]; /* enum bh_position of each second since the first noon */
static long seconds_of[BH_POSITION_END][BH_POSITION_END]; /* true, said */
static long changes_told, changes_true, positions, nights;
static int64_t second; /* what was said is known up to here */

void positions_take(const struct bh_record *record)
{
	changes_told +=
		record->kind == BH_RECORD_EVENT && record->u.event.type == BH_EVENT_POSITION_CHANGE;
}

static void take_truth(struct bh_simulation *simulation, int night)
{
	size_t n;
	const struct bh_sim_truth *truth = bh_simulation_truth(simulation, night, &n);
	int32_t last = BH_POSITION_UNKNOWN;

	nights++;
	for (size_t i = 0; i < n; i++)
		if (truth[i].kind == BH_SIM_TRUTH_DATA_GAP)
			for (int64_t s = truth[i].start_ns / BH_NS_PER_S;
			     s <= truth[i].end_ns / BH_NS_PER_S && s < SECONDS_MAX; s++)
				said[s] = NOT_ASKED;
	for (size_t i = 0; i < n; i++) {
		if (truth[i].kind == BH_SIM_TRUTH_BED_OCCUPIED)
			last = BH_POSITION_UNKNOWN;
		if (truth[i].kind != BH_SIM_TRUTH_POSITION || !truth[i].mech)
			continue;
		positions++;
		changes_true += last != BH_POSITION_UNKNOWN && last != truth[i].value;
		last = truth[i].value;
		for (int64_t s = truth[i].start_ns / BH_NS_PER_S + 1;
		     s < truth[i].end_ns / BH_NS_PER_S && s < SECONDS_MAX; s++)
			if (said[s] != NOT_ASKED)
				seconds_of[truth[i].value][said[s]]++;
	}
}

void positions_begin(const struct bh_simulation_config *config)
{
	if (config->nights > NIGHTS_MAX) {
		fprintf(stderr, "at most %d nights a person\n", NIGHTS_MAX);
		exit(EXIT_FAILURE);
	}
	memset(said, BH_POSITION_UNKNOWN, sizeof(said));
	second = 0;
}

void positions_ask(const struct draw_night *night, int64_t now_ns)
{
	for (; second <= now_ns / BH_NS_PER_S && second < SECONDS_MAX; second++)
		said[second] = (uint8_t)bh_detect_state(night->detect)->position;
}

void positions_settle(const struct draw_night *night)
{
	int n = bh_simulation_night(night->simulation) + 1;

	for (int i = 0; i < n; i++)
		take_truth(night->simulation, i);
}

void positions_print(void)
{
	static const enum bh_position told[] = { BH_POSITION_SUPINE, BH_POSITION_LEFT,
						 BH_POSITION_RIGHT };
	double sum = 0;

	for (size_t k = 0; k < sizeof(told) / sizeof(told[0]); k++) {
		struct figures_tally tally = { .pairs = seconds_of[told[k]][told[k]] };
		char name[64];

		for (int i = 0; i < BH_POSITION_END; i++) {
			tally.truth += seconds_of[told[k]][i];
			tally.told += seconds_of[i][told[k]];
		}
		snprintf(name, sizeof(name), "position_%s_", bh_position_name(told[k]));
		figures_print_tally(name, &tally);
		sum += figures_f1(&tally);
	}
	figures_print("position_macro_f1", sum / 3);
	for (int t = BH_POSITION_SUPINE; t <= BH_POSITION_PRONE; t++)
		for (int s = 0; s < BH_POSITION_END; s++)
			if (seconds_of[t][s])
				printf("# truly %s, said %s: %ld s\n",
				       bh_position_name((enum bh_position)t),
				       bh_position_name((enum bh_position)s), seconds_of[t][s]);
	figures_print_count("positions", positions);
	figures_print("position_changes_told_per_night", (double)changes_told / (double)nights);
	figures_print("position_changes_true_per_night", (double)changes_true / (double)nights);
}
