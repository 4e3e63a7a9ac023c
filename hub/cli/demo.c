/* SPDX-License-Identifier: MIT */
/* bedside demo: simulated nights through the whole line, and what it makes of them. */
#include "hub/cli/findings.h"
#include "hub/cli/night.h"
#include "hub/cli/output.h"
#include "hub/cli/play.h"
#include "hub/cli/rules_load.h"
#include "hub/cli/simulation.h"
#include "hub/cli/times.h"
#include "hub/cli/verbs.h"
#include "hub/core/time_types.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NIGHTS_PRESET 14

static const struct bh_cli_option options[] = {
	{ "sleeper", "NAME", "who: leg-hanging (the default), healthy, ... (--sleeper help)" },
	{ "mat", "NAME", "on what: contact (the default), strips, ... (--mat help)" },
	{ "nights", "N", "how many, up to last night (14)" },
	{ "seed", "N", "which person of that kind (1)" },
	{ NULL, NULL, NULL },
};

struct demo {
	struct bh_cli *cli;
	struct bh_simulation_config simulation;
	char path[BH_PATH_MAX];
	struct bh_rule_set *rules;
	struct bh_replay_result result;
	size_t n_profile;
	size_t n_diary;
	double seconds;
};

/* The history of a demo is its own: --db FILE that is not there yet, or the last demo's, anew. */
static int choose_path(struct demo *demo)
{
	static const char *const companions[] = { "", "-wal", "-shm", ".lock" };

	if (demo->cli->db_path) {
		if (strlen(demo->cli->db_path) >= sizeof(demo->path))
			return bh_cli_misuse("demo", "--db: the path is too long");
		if (access(demo->cli->db_path, F_OK) == 0)
			return bh_cli_misuse("demo",
					     "--db %.200s exists already: name a file that is not "
					     "there yet, a demo does not mix with a history",
					     demo->cli->db_path);
		strcpy(demo->path, demo->cli->db_path);
		return BH_EXIT_OK;
	}
	if (bh_cli_demo_path(demo->cli->config, demo->path) < 0)
		return bh_cli_misuse("demo", "the state directory's path is too long: give --db");
	bh_config_make_folders(demo->path);
	for (size_t i = 0; i < sizeof(companions) / sizeof(companions[0]); i++) {
		char name[BH_PATH_MAX + 8];

		snprintf(name, sizeof(name), "%s%s", demo->path, companions[i]);
		if (unlink(name) < 0 && errno != ENOENT)
			return bh_cli_fail_text(bh_cli_exit_write(-errno),
						"%s: cannot be replaced: %s: give another with --db",
						name, strerror(errno));
	}
	return BH_EXIT_OK;
}

static int make_config(const struct bh_simulation_config *simulation, struct bh_config **ret,
		       struct bh_error *err)
{
	char text[512];
	int length = snprintf(text, sizeof(text),
			      "beds:\n"
			      "  - id: bed\n"
			      "    name: Simulated bed\n"
			      "    source:\n"
			      "      driver: simulate\n"
			      "      sleeper: %s\n"
			      "      mat: %s\n"
			      "      seed: %" PRIu64 "\n"
			      "      nights: %d\n"
			      "      start: %" PRId32 "\n"
			      "      utc_offset: %" PRId32 "\n",
			      bh_sleeper_info(simulation->sleeper)->name,
			      bh_sim_mat_info(simulation->mat)->name, simulation->seed,
			      simulation->nights, simulation->start_date, simulation->utc_offset_s);

	return bh_config_parse("(demo)", text, (size_t)length, ret, err);
}

/* What the made-up person would have answered and noted, as Home Assistant's buttons would bring it:
 * without answers many a pattern stays open, with a person as with a simulation. */
static int write_answers(struct demo *demo, struct bh_store *store, struct bh_error *err)
{
	struct bh_simulation *simulation;
	struct bh_history answers = { 0 };
	int64_t first_ms = 0, end_ms;
	int r = bh_simulation_new(&demo->simulation, &simulation, err);

	if (r < 0)
		return r;
	r = bh_simulation_answers(simulation, demo->simulation.nights, &answers);
	bh_night_bounds(demo->simulation.start_date, &first_ms, &end_ms);
	for (size_t i = 0; r >= 0 && i < answers.n_profile; i++) {
		struct bh_profile_item item = answers.profile[i];

		/* Before the first night: the rules knew it on each of them. */
		item.at_ms = first_ms;
		r = bh_store_put_profile(store, &item);
	}
	for (size_t i = 0; r >= 0 && i < answers.n_diary; i++)
		r = bh_store_put_diary(store, &answers.diary[i]);
	if (r >= 0)
		r = bh_store_commit(store);
	if (r >= 0) {
		for (size_t i = 0; i < answers.n_profile; i++)
			demo->n_profile += strcmp(answers.profile[i].value, BH_ANSWER_UNKNOWN) != 0;
		demo->n_diary = answers.n_diary;
	}
	bh_simulation_free(simulation);
	return r < 0 ? bh_error_set(err, r, demo->path, 0, 0, "cannot be written: %s", strerror(-r)) :
		       0;
}

static double seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int play(struct demo *demo)
{
	struct bh_error err = { .text = "out of memory" };
	struct bh_play play = { .rules = demo->rules, .title = "simulating" };
	struct bh_config *config;
	double started = seconds_now();
	int r = make_config(&demo->simulation, &config, &err);

	if (r < 0)
		return bh_cli_fail(bh_cli_exit_config(r), &err);
	play.config = config;
	r = bh_store_open(demo->path, BH_STORE_WRITE, &play.store, &err);
	if (r == 0)
		r = write_answers(demo, play.store, &err);
	if (r == 0)
		r = bh_cli_play(&play, &demo->result, &err);
	bh_store_close(play.store);
	bh_config_free(config);
	demo->seconds = seconds_now() - started;
	if (r < 0)
		return bh_cli_fail(bh_cli_exit_data(r), &err);
	if (demo->result.ended_early)
		return bh_cli_fail_text(BH_EXIT_FAILURE, "demo: interrupted");
	return BH_EXIT_OK;
}

static uint64_t count_events(const struct demo *demo)
{
	uint64_t n = 0;

	for (int i = 0; i < BH_EVENT_TYPE_END; i++)
		n += demo->result.events[i];
	return n;
}

/* As one word of a shell, whatever is in it. */
static void print_quoted(const char *word)
{
	putchar('\'');
	for (; *word; word++) {
		if (*word == '\'')
			fputs("'\\''", stdout);
		else
			putchar(*word);
	}
	putchar('\'');
}

/* For a shell: what is named once there is not typed again, and the lines stay short. */
static void print_further(const struct demo *demo)
{
	fputs("\nLook further:\n  db=", stdout);
	print_quoted(demo->path);
	fputs("\n"
	       "  bedside nights --db \"$db\"\n"
	       "  bedside events --db \"$db\" --type legs_over_edge,bed_exit,restless\n"
	       "  bedside rules explain --db \"$db\"\n"
	       "  bedside report --since 2000-01-01 --db \"$db\" -o weeks.html\n"
	       "  bedside sql --db \"$db\" \"SELECT night, exits FROM nights\"\n"
	       "  bedsided --demo --speed 3600\n"
	       "          (a simulated bed live, a night in 24 s; ask it: bedside status)\n"
	       "  man bedside, man bedside.yaml\n",
	       stdout);
}

static void print_introduction(const struct demo *demo)
{
	const struct bh_simulation_config *simulation = &demo->simulation;
	const struct bh_sleeper_info *sleeper = bh_sleeper_info(simulation->sleeper);
	char text[512];

	snprintf(text, sizeof(text),
		 "%d nights of a simulated %s sleeper (%s; seed %" PRIu64 "): %" PRIu64
		 " events in %.1f s; the sleeper answered %zu questions about health and made %zu diary "
		 "entries.",
		 simulation->nights, sleeper->name, sleeper->text, simulation->seed,
		 count_events(demo), demo->seconds, demo->n_profile, demo->n_diary);
	bh_cli_wrapped(demo->cli, "", text);
	putchar('\n');
}

static void print_findings(const struct demo *demo, const struct bh_cli_findings *findings)
{
	putchar('\n');
	bh_cli_verdict_print(demo->cli, findings);
	for (size_t i = 0; i < findings->n; i++) {
		if (findings->finding[i].band < BH_BAND_SOME && !findings->finding[i].red_flag)
			continue;
		putchar('\n');
		bh_cli_finding_print(demo->cli, demo->rules, &findings->finding[i]);
	}
}

static int json_summary(const struct demo *demo, const struct bh_cli_findings *findings)
{
	json_t *object = json_object(), *list = json_array();

	for (size_t i = 0; i < findings->n; i++)
		json_array_append_new(list, bh_json_finding(&findings->finding[i]));
	bh_json_text(object, "sleeper", bh_sleeper_info(demo->simulation.sleeper)->name);
	json_object_set_new(object, "seed", json_integer((json_int_t)demo->simulation.seed));
	json_object_set_new(object, "nights", json_integer(demo->simulation.nights));
	json_object_set_new(object, "events", json_integer((json_int_t)count_events(demo)));
	bh_json_text(object, "db", demo->path);
	bh_json_text(object, "pattern",
		     bh_verdict_name(bh_rules_verdict(findings->finding, findings->n)));
	json_object_set_new(object, "findings", list);
	json_object_set_new(object, "simulated", json_true());
	return bh_json_line(object) < 0 ? BH_EXIT_FAILURE : BH_EXIT_OK;
}

static int show(const struct demo *demo, const struct bh_cli_history *history)
{
	int32_t last = bh_night_add(demo->simulation.start_date, demo->simulation.nights - 1);
	struct bh_cli_findings findings;
	int code = BH_EXIT_OK, r = bh_cli_findings_load(history, 0, last, &findings);

	if (r < 0)
		return bh_cli_history_fail(history, r);
	if (demo->cli->json) {
		code = json_summary(demo, &findings);
	} else {
		bh_cli_banner(demo->cli, true);
		print_introduction(demo);
		code = bh_cli_night_print(demo->cli, history, 0, last);
		print_findings(demo, &findings);
		print_further(demo);
	}
	free(findings.finding);
	return code;
}

/* The nights end with last night, in today's offset from UTC. */
static void choose_nights(struct bh_simulation_config *simulation)
{
	int64_t now_ms = bh_cli_now_ms();

	simulation->start_date = bh_night_add(bh_night_date(now_ms), -simulation->nights);
	simulation->utc_offset_s = bh_utc_offset_s(now_ms);
}

static int run(struct bh_cli *cli, const struct bh_cli_args *args)
{
	struct demo demo = { .cli = cli };
	struct bh_cli_args no_args = { .n_words = 0 };
	struct bh_cli_history history;
	bool listed;
	int code;

	if (args->n_words > 0)
		return bh_cli_misuse("demo", "unexpected word '%.40s' (who sleeps is --sleeper NAME)",
				     args->words[0]);
	if (cli->config_path)
		return bh_cli_misuse("demo", "--config: a demo brings its own configuration");
	bh_simulation_config_init(&demo.simulation);
	bh_sleeper_from_name("leg-hanging", &demo.simulation.sleeper);
	demo.simulation.nights = NIGHTS_PRESET;
	code = bh_cli_simulation("demo", cli, args, &demo.simulation, &listed);
	if (code != BH_EXIT_OK || listed)
		return code;
	choose_nights(&demo.simulation);
	code = bh_cli_config_builtin(cli);
	if (code == BH_EXIT_OK)
		code = bh_cli_rules_load(cli, &demo.rules);
	if (code != BH_EXIT_OK)
		return code;
	code = choose_path(&demo);
	if (code == BH_EXIT_OK)
		code = play(&demo);
	cli->db_path = demo.path;
	if (code == BH_EXIT_OK)
		code = bh_cli_history_open(cli, &no_args, &history);
	if (code == BH_EXIT_OK) {
		code = show(&demo, &history);
		bh_cli_history_close(&history);
	}
	bh_rule_set_free(demo.rules);
	return code;
}

const struct bh_cli_verb bh_cli_verb_demo = {
	.name = "demo",
	.summary = "Two simulated weeks through the whole line, and what it makes of them",
	.text = "Needs no hardware, no broker and no configuration. Everything it shows is simulated.\n"
		"Without --db the history of the last demo is replaced.",
	.options = options,
	.run = run,
};
