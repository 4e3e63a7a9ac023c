/* SPDX-License-Identifier: MIT */
#include "drivers/simulator/simulator.h"

#include "drivers/simulator/answers.h"
#include "drivers/simulator/stream.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VISITOR_KEY 0x76697369746f72

struct bh_simulation {
	struct bh_simulation_config config;
	struct bh_person person;
	struct bh_person visitor;
	struct bh_capture_info info;
	struct bh_mat_model model;
	struct bh_stream stream;
	int night;	       /* of the frames */
	struct bh_answers answers;
	struct bh_plan playing;
	struct bh_plan asked;  /* the night truth was last asked for */
	int asked_night;       /* -1: none */
};

static int check(const struct bh_simulation_config *config, struct bh_error *err)
{
	int month = config->start_date / 100 % 100, day = config->start_date % 100;

	if (config->sleeper >= BH_SLEEPER_END)
		return bh_error_set(err, -EINVAL, "", 0, 0, "no such sleeper");
	if (config->mat >= BH_SIM_MAT_END)
		return bh_error_set(err, -EINVAL, "", 0, 0, "no such mat");
	if (config->nights < 1 || config->nights > BH_SIM_NIGHTS_MAX)
		return bh_error_set(err, -EINVAL, "", 0, 0, "%d nights; 1 to %d can be simulated",
				    config->nights, BH_SIM_NIGHTS_MAX);
	if (config->start_date < 19710101 || config->start_date > 20991231 || month < 1 ||
	    month > 12 || day < 1 || day > 31)
		return bh_error_set(err, -EINVAL, "", 0, 0,
				    "%d is not a date; write it as yyyymmdd, 1971 to 2099",
				    config->start_date);
	return 0;
}

/* The visitor sleeps without complaints and weighs something else. */
static void draw_visitor(struct bh_simulation *simulation)
{
	struct bh_simulation_config config = simulation->config;
	double heavier = simulation->person.mass_kg > 70 ? .72 : 1.35;

	config.sleeper = BH_SLEEPER_HEALTHY;
	config.seed ^= VISITOR_KEY;
	bh_person_draw(&config, &simulation->visitor);
	simulation->visitor.mass_kg = simulation->person.mass_kg * heavier;
}

static const struct bh_person *person_of(const struct bh_simulation *simulation, int night)
{
	const struct bh_simulation_config *config = &simulation->config;

	if ((config->confounders & BH_CONFOUNDER_VISITOR) && night == config->nights * 2 / 3)
		return &simulation->visitor;
	return &simulation->person;
}

/* What sensors do to the night comes on top of what the body does. */
static void plan_night(struct bh_simulation *simulation, int night, struct bh_plan *plan,
		       struct bh_warmth_tonight *ret_warmth, struct bh_sensing_tonight *ret_sensing)
{
	const struct bh_simulation_config *config = &simulation->config;
	const struct bh_person *person = person_of(simulation, night);

	bh_plan_night(person, night, config->nights, plan);
	if (person == &simulation->visitor) {
		assert(plan->n_truths < BH_TRUTHS_MAX);
		plan->truth[plan->n_truths++] = (struct bh_sim_truth){
			.kind = BH_SIM_TRUTH_VISITOR, .mech = true, .start_ns = plan->bed_ns,
			.end_ns = plan->rise_ns, .value = (int32_t)(person->mass_kg * 1000),
		};
	}
	bh_warmth_draw(person, config->nights, plan, ret_warmth);
	assert(plan->n_truths < BH_TRUTHS_MAX);
	plan->truth[plan->n_truths++] = (struct bh_sim_truth){
		.kind = BH_SIM_TRUTH_ASYMMETRY, .mech = true, .start_ns = plan->bed_ns,
		.end_ns = plan->rise_ns, .value = (int32_t)(ret_warmth->asymmetry * 1000),
	};
	bh_sensing_draw(&simulation->model, person, config->nights, plan, ret_sensing);
	bh_plan_sort(plan);
}

static void begin_night(struct bh_simulation *simulation)
{
	struct bh_stream *stream = &simulation->stream;

	plan_night(simulation, simulation->night, &simulation->playing, &stream->warmth.tonight,
		   &stream->sensing.tonight);
	bh_stream_night(stream, &simulation->playing, person_of(simulation, simulation->night));
}

static void fill_info(struct bh_simulation *simulation)
{
	static const char *const names[BH_TEMP_SLOTS] = { "left_leg", "right_leg", "room" };
	const struct bh_simulation_config *config = &simulation->config;
	struct bh_capture_info *info = &simulation->info;

	bh_mat_model_init(&simulation->model, config->mat, &info->mat);
	info->capabilities = bh_mat_capabilities(&info->mat) | BH_CAN_TEMP_LEFT | BH_CAN_TEMP_RIGHT |
			     BH_CAN_TEMP_ROOM;
	for (int i = 0; i < BH_TEMP_SLOTS; i++)
		snprintf(info->temperature[i], sizeof(info->temperature[i]), "%s", names[i]);
	info->simulated = true;
	snprintf(info->provenance, sizeof(info->provenance), "%s, seed %llu, %d nights",
		 bh_sleeper_info(config->sleeper)->name, (unsigned long long)config->seed,
		 config->nights);
	/* Noon, local time. */
	info->anchor.mono_ns = 0;
	info->anchor.wall_ms = ((bh_days_of_date(config->start_date) * 24 + 12) * 3600 -
				config->utc_offset_s) * BH_MS_PER_S;
}

/* The head of a capture comes before its nights: when the clock will jump is planned at once. */
static void fill_steps(struct bh_simulation *simulation)
{
	struct bh_capture_info *info = &simulation->info;
	size_t n;
	const struct bh_sim_truth *truth;

	if (!(simulation->config.confounders & BH_CONFOUNDER_CLOCK_STEP))
		return;
	truth = bh_simulation_truth(simulation, simulation->config.nights / 2, &n);
	for (size_t i = 0; i < n; i++) {
		if (truth[i].kind != BH_SIM_TRUTH_CLOCK_STEP)
			continue;
		info->steps.at[info->steps.n++] = (struct bh_clock_anchor){
			.mono_ns = truth[i].start_ns,
			.wall_ms = bh_wall_from_mono(&info->anchor, truth[i].start_ns) +
				   truth[i].value,
		};
	}
}

int bh_simulation_new(const struct bh_simulation_config *config, struct bh_simulation **ret,
		      struct bh_error *err)
{
	struct bh_simulation *simulation;
	int r = check(config, err);

	if (r < 0)
		return r;
	simulation = calloc(1, sizeof(*simulation));
	if (!simulation)
		return bh_error_set(err, -ENOMEM, "", 0, 0, "out of memory");
	simulation->config = *config;
	simulation->asked_night = -1;
	bh_person_draw(config, &simulation->person);
	draw_visitor(simulation);
	fill_info(simulation);
	bh_stream_init(&simulation->stream, &simulation->model, &simulation->person,
		       simulation->person.key);
	fill_steps(simulation);
	begin_night(simulation);
	*ret = simulation;
	return 0;
}

void bh_simulation_free(struct bh_simulation *simulation)
{
	if (!simulation)
		return;
	bh_answers_free(&simulation->answers);
	free(simulation);
}

const struct bh_capture_info *bh_simulation_info(const struct bh_simulation *simulation)
{
	return &simulation->info;
}

int bh_simulation_frame(struct bh_simulation *simulation, struct bh_frame *frame)
{
	while (bh_stream_frame(&simulation->stream, frame) == 0) {
		if (simulation->night + 1 == simulation->config.nights)
			return 0;
		simulation->night++;
		begin_night(simulation);
	}
	return 1;
}

int bh_simulation_night(const struct bh_simulation *simulation)
{
	return simulation->night;
}

const struct bh_sim_truth *bh_simulation_truth(struct bh_simulation *simulation, int night,
					       size_t *ret_n)
{
	struct bh_warmth_tonight warmth;
	struct bh_sensing_tonight sensing;

	assert(night >= 0 && night < simulation->config.nights);
	if (simulation->asked_night != night)
		plan_night(simulation, night, &simulation->asked, &warmth, &sensing);
	simulation->asked_night = night;
	*ret_n = simulation->asked.n_truths;
	return simulation->asked.truth;
}

int bh_simulation_answers(struct bh_simulation *simulation, int nights, struct bh_history *ret)
{
	struct bh_answers *answers = &simulation->answers;
	struct bh_sensing_tonight sensing;
	struct bh_warmth_tonight warmth;
	int r;

	assert(nights >= 0 && nights <= simulation->config.nights);
	bh_answers_free(answers);
	r = bh_answers_new(answers, &simulation->person, nights);
	for (int night = 0; night < nights && r == 0; night++) {
		/* A visitor keeps no diary. */
		if (person_of(simulation, night) != &simulation->person)
			continue;
		plan_night(simulation, night, &simulation->asked, &warmth, &sensing);
		simulation->asked_night = night;
		bh_answers_add_night(answers, &simulation->person, &simulation->asked,
				     simulation->info.anchor.wall_ms);
	}
	if (r < 0)
		return r;
	*ret = (struct bh_history){
		.profile = answers->profile, .n_profile = answers->n_profile,
		.diary = answers->diary, .n_diary = answers->n_diary,
	};
	return 0;
}
