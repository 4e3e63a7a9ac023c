/* SPDX-License-Identifier: MIT */
#include "hub/line/replay.h"
#include "tests/accuracy/people.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The bed of the acceptance: sixteen zones at 10 Hz. */
#define MAT BH_SIM_MAT_ZONES
/* A told event is the true one if it begins this near; leg movements within a second. */
#define NEAR_MS 15000
#define NEAR_LEG_MOVEMENT_MS 1000
/* What follows from others begins as vaguely as those. */
#define NEAR_DERIVED_MS 60000
#define NEAR_UNCOVER_MS 600000

/* Hubs whose time line has holes or steps. */
#define TORN (BH_CONFOUNDER_CLOCK_STEP | BH_CONFOUNDER_POWER_CUT | BH_CONFOUNDER_LOST_NIGHTS)

int person_simulation(const struct person *person, enum bh_sim_mat mat, struct bh_simulation **ret,
		      struct bh_error *err)
{
	struct bh_simulation_config config;

	bh_simulation_config_init(&config);
	config.sleeper = person->sleeper;
	config.confounders = person->confounders;
	config.seed = person->seed;
	config.nights = person->nights;
	config.mat = mat;
	return bh_simulation_new(&config, ret, err);
}

void telling_add(struct telling *sum, const struct telling *more)
{
	if (more->in_bed_s <= 0)
		return;
	for (int i = 0; i < BH_EVENT_TYPE_END; i++) {
		sum->type[i].truth += more->type[i].truth;
		sum->type[i].found += more->type[i].found;
		sum->type[i].false_told += more->type[i].false_told;
		sum->type[i].false_s += more->type[i].false_s;
		sum->type[i].start_late_s += more->type[i].start_late_s;
		sum->type[i].end_late_s += more->type[i].end_late_s;
	}
	for (int i = 0; i < BH_POSITION_END; i++)
		for (int k = 0; k < BH_POSITION_END; k++)
			sum->position_s[i][k] += more->position_s[i][k];
	sum->in_bed_s += more->in_bed_s;
	sum->capabilities = more->capabilities;
	sum->not_looked_for = more->not_looked_for;
}

/* ---- told beside true ---- */

static int64_t near_ms(enum bh_event_type type)
{
	switch (type) {
	case BH_EVENT_LEG_MOVEMENT:
		return NEAR_LEG_MOVEMENT_MS;
	case BH_EVENT_WALK_BREAK:
	case BH_EVENT_TOILET_LIKE:
	case BH_EVENT_PLM_SERIES:
		return NEAR_DERIVED_MS;
	case BH_EVENT_UNCOVER:
		return NEAR_UNCOVER_MS;
	default:
		return NEAR_MS;
	}
}

/* States are the same if they share more than half of the longer; where they begin is a matter of
 * definition. */
static bool is_state(enum bh_event_type type)
{
	return type == BH_EVENT_BED_OCCUPIED || type == BH_EVENT_LYING || type == BH_EVENT_QUIET ||
	       type == BH_EVENT_RESTLESS || type == BH_EVENT_POSITION;
}

static bool same_event(const struct bh_past_event *told, const struct bh_past_event *truth)
{
	int64_t from = told->start_ms > truth->start_ms ? told->start_ms : truth->start_ms;
	int64_t to = told->end_ms < truth->end_ms ? told->end_ms : truth->end_ms;
	int64_t told_ms = told->end_ms - told->start_ms, true_ms = truth->end_ms - truth->start_ms;

	if (told->type == BH_EVENT_POSITION && told->value != truth->value)
		return false;
	if (is_state(told->type))
		return 2 * (to - from) > (told_ms > true_ms ? told_ms : true_ms);
	return llabs(told->start_ms - truth->start_ms) <= near_ms(told->type);
}

/* Each told event takes the first true one it may be that is still free; both are in order of time. */
static void compare_type(const struct bh_past_event *told, size_t n_told,
			 struct bh_past_event *truth, size_t n_true, struct told *ret)
{
	ret->truth += (long)n_true;
	for (size_t i = 0; i < n_told; i++) {
		const struct bh_past_event *match = NULL;

		if (told[i].end_ms == BH_WALL_UNKNOWN)
			continue;
		for (size_t k = 0; k < n_true && !match; k++) {
			if (truth[k].end_cause == BH_END_NORMAL &&
			    same_event(&told[i], &truth[k])) {
				truth[k].end_cause = BH_END_STOPPED; /* taken */
				match = &truth[k];
			}
		}
		if (match) {
			ret->found++;
			ret->start_late_s += (double)(told[i].start_ms - match->start_ms) / 1000.0;
			ret->end_late_s += (double)(told[i].end_ms - match->end_ms) / 1000.0;
		} else {
			ret->false_told++;
			ret->false_s += (double)(told[i].end_ms - told[i].start_ms) / 1000.0;
		}
	}
}

static double overlap_s(const struct bh_past_event *a, const struct bh_past_event *b)
{
	int64_t from = a->start_ms > b->start_ms ? a->start_ms : b->start_ms;
	int64_t to = a->end_ms < b->end_ms ? a->end_ms : b->end_ms;

	return to > from ? (double)(to - from) / 1000.0 : 0;
}

/* What each position was taken for: what was told most while it lasted, by time. */
static void compare_positions(const struct bh_past_event *told, size_t n_told,
			      const struct bh_past_event *truth, size_t n_true, struct telling *ret)
{
	for (size_t k = 0; k < n_true; k++) {
		double as_s[BH_POSITION_END] = { 0 };
		double whole_s = (double)(truth[k].end_ms - truth[k].start_ms) / 1000.0;
		int most = BH_POSITION_UNKNOWN;

		as_s[most] = whole_s;
		for (size_t i = 0; i < n_told; i++) {
			double both_s = overlap_s(&told[i], &truth[k]);

			as_s[told[i].value] += both_s;
			as_s[BH_POSITION_UNKNOWN] -= both_s;
		}
		for (int i = 0; i < BH_POSITION_END; i++)
			if (as_s[i] > as_s[most])
				most = i;
		ret->position_s[truth[k].value][most] += whole_s;
	}
}

static size_t events_of(const struct bh_past_night *night, enum bh_event_type type,
			struct bh_past_event *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < night->n_events; i++)
		if (night->events[i].type == type)
			ret[n++] = night->events[i];
	return n;
}

static size_t truth_of(const struct bh_sim_truth *truth, size_t n_truth, enum bh_event_type type,
		       int64_t anchor_ms, struct bh_past_event *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < n_truth; i++) {
		if (!truth[i].mech || bh_sim_truth_event_type(truth[i].kind) != (int)type)
			continue;
		ret[n++] = (struct bh_past_event){
			.type = type,
			.side = truth[i].side,
			.end_cause = BH_END_NORMAL,
			.value = truth[i].value,
			.start_ms = anchor_ms + truth[i].start_ns / BH_NS_PER_MS,
			.end_ms = anchor_ms + truth[i].end_ns / BH_NS_PER_MS,
		};
	}
	return n;
}

static int compare_night(struct bh_simulation *simulation, int number,
			 const struct bh_past_night *night, struct telling *ret)
{
	int64_t anchor_ms = bh_wall_from_mono(&bh_simulation_info(simulation)->anchor, 0);
	size_t n_truth, n_told, n_true;
	const struct bh_sim_truth *truth = bh_simulation_truth(simulation, number, &n_truth);
	struct bh_past_event *told = calloc(night->n_events + 1, sizeof(*told));
	struct bh_past_event *real = calloc(n_truth + 1, sizeof(*real));
	int r = told && real ? 0 : -ENOMEM;

	for (int type = 1; r == 0 && type < BH_EVENT_TYPE_END; type++) {
		if (!bh_event_info((enum bh_event_type)type))
			continue;
		n_told = events_of(night, (enum bh_event_type)type, told);
		n_true = truth_of(truth, n_truth, (enum bh_event_type)type, anchor_ms, real);
		compare_type(told, n_told, real, n_true, &ret->type[type]);
		if (type == BH_EVENT_POSITION)
			compare_positions(told, n_told, real, n_true, ret);
		if (type == BH_EVENT_BED_OCCUPIED)
			for (size_t i = 0; i < n_true; i++)
				ret->in_bed_s +=
					(double)(real[i].end_ms - real[i].start_ms) / 1000.0;
	}
	ret->capabilities = night->capabilities;
	ret->not_looked_for = night->not_looked_for;
	free(told);
	free(real);
	return r;
}

static int compare(const struct person *person, const struct bh_history *history,
		   struct telling *ret, struct bh_error *err)
{
	struct bh_simulation *simulation;
	int r = person_simulation(person, MAT, &simulation, err);

	if (r < 0)
		return r;
	for (size_t i = 0; r == 0 && i < history->n_nights && i < (size_t)person->nights; i++)
		r = compare_night(simulation, (int)i, &history->nights[i], ret);
	bh_simulation_free(simulation);
	return r;
}

/* ---- the line ---- */

static void print_confounders(uint32_t bits, char *buf, size_t size)
{
	size_t used = 0;

	for (unsigned int i = 0; i < BH_CONFOUNDERS; i++)
		if (bits & (1u << i))
			used += (size_t)snprintf(
				buf + used, size - used, "%s%s",
				used ? "," : "      confounders: ", bh_confounder_info(i)->name);
}

static int make_config(const struct person *person, struct bh_config **ret, struct bh_error *err)
{
	char text[1024], confounders[256] = "";
	int length;

	print_confounders(person->confounders, confounders, sizeof(confounders));
	length = snprintf(text, sizeof(text),
			  "beds:\n"
			  "  - id: bed\n"
			  "    source:\n"
			  "      driver: simulate\n"
			  "      sleeper: %s\n"
			  "      mat: %s\n"
			  "%s\n"
			  "      seed: %" PRIu64 "\n"
			  "      nights: %d\n"
			  "      start: %d\n"
			  "      utc_offset: 0\n",
			  bh_sleeper_info(person->sleeper)->name, bh_sim_mat_info(MAT)->name,
			  confounders, person->seed, person->nights, BH_SIM_START_DATE);
	return bh_config_parse("(person)", text, (size_t)length, ret, err);
}

static int play(const struct person *person, struct bh_store *store, struct bh_error *err)
{
	struct bh_replay replay = { .store = store };
	struct bh_replay_result result;
	struct bh_config *config;
	int r = make_config(person, &config, err);

	if (r < 0)
		return r;
	replay.config = config;
	r = bh_replay_run(&replay, &result, err);
	bh_config_free(config);
	return r;
}

static void remove_database(const char *path)
{
	static const char *const companions[] = { "", "-wal", "-shm", ".lock" };

	for (size_t i = 0; i < sizeof(companions) / sizeof(companions[0]); i++) {
		char name[4096 + 8];

		snprintf(name, sizeof(name), "%s%s", path, companions[i]);
		unlink(name);
	}
}

/* A history that was played to its end has its name; one being played has not. */
static int play_into(const struct person *person, const char *path, struct bh_error *err)
{
	struct bh_store *store = NULL;
	char part[4096 + 8];
	int r;

	snprintf(part, sizeof(part), "%s.part", path);
	remove_database(part);
	r = bh_store_open(part, BH_STORE_WRITE, &store, err);
	if (r == 0)
		r = play(person, store, err);
	bh_store_close(store);
	if (r == 0 && rename(part, path) < 0) {
		r = -errno;
		bh_error_set(err, r, path, 0, 0, "cannot be written: %s", strerror(-r));
	}
	remove_database(part);
	return r;
}

int past_by_frames(const struct person *person, const struct histories *histories,
		   struct bh_store_past *ret, struct telling *telling, struct bh_error *err)
{
	struct bh_store *store = NULL;
	char path[4096];
	int r = 0;

	memset(telling, 0, sizeof(*telling));
	snprintf(path, sizeof(path), "%s/%s-%" PRIu64 "-%x-%d.db", histories->folder,
		 bh_sleeper_info(person->sleeper)->name, person->seed, person->confounders,
		 person->nights);
	if (access(path, F_OK) < 0)
		r = play_into(person, path, err);
	if (r == 0)
		r = bh_store_open(path, BH_STORE_READ, &store, err);
	if (r == 0) {
		r = bh_store_past(store, 0, 0, INT32_MAX, ret);
		if (r < 0)
			bh_error_set(err, r, path, 0, 0, "cannot be read back: %s", strerror(-r));
	}
	bh_store_close(store);
	if (!histories->keep)
		remove_database(path);
	if (r == 0 && !(person->confounders & TORN))
		r = compare(person, &ret->history, telling, err);
	return r;
}

int past_answers(struct bh_simulation *simulation, const struct person *person,
		 struct bh_history *history)
{
	struct bh_history answers = { 0 };
	int r = bh_simulation_answers(simulation, person->nights, &answers);

	if (r < 0)
		return r;
	history->profile = answers.profile;
	history->n_profile = answers.n_profile;
	history->diary = answers.diary;
	history->n_diary = answers.n_diary;
	return 0;
}
