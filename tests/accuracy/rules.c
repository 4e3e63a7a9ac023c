/* SPDX-License-Identifier: MIT */
/*
 * The rules on simulated people, in two ways that must agree:
 *
 *   rules [--seed-from N] [--frames N] [--events N] [--jobs N] [--why RULE] [--histories FOLDER]
 *
 *   --frames N  people of each sleeper whose sensor frames go through the whole line (20)
 *   --events N  people of each sleeper and confounder made from events (200); half as many for the
 *               tables of three weeks
 *   --why RULE  how often each line of its evidence was true and false, by sleeper, in both
 *   --histories FOLDER  keep there what was played by frames, and play nothing that is there: for
 *               work on rules. Empty it when a detector or the simulator has changed.
 *
 * Prints confusion matrices and, for each rule, how often it was found where it belongs and where
 * not, with 95 % Wilson intervals. A rule is found when its band is `some` or more. Generator,
 * detectors and rules share our assumptions: this is a check of consistency and an upper bound.
 * Simulated accuracy is not clinical accuracy.
 */
#include "tests/accuracy/rules_tables.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What one person in a bed by frames may be disturbed by, or nothing. */
static const uint32_t disturbances[] = {
	0,
	BH_CONFOUNDER_NOCTURIA,
	BH_CONFOUNDER_PARTNER,
	BH_CONFOUNDER_PET,
	BH_CONFOUNDER_INSOMNIA,
	BH_CONFOUNDER_BREATHING,
	BH_CONFOUNDER_VISITOR,
	BH_CONFOUNDER_DST,
	BH_CONFOUNDER_CLOCK_STEP,
	BH_CONFOUNDER_POWER_CUT,
};
/* And of those by events: plain and four. */
static const uint32_t event_disturbances[] = { 0, BH_CONFOUNDER_NOCTURIA, BH_CONFOUNDER_PARTNER,
					       BH_CONFOUNDER_INSOMNIA, BH_CONFOUNDER_BREATHING };
#define N_DISTURBANCES (sizeof(disturbances) / sizeof(disturbances[0]))
#define N_EVENT_DISTURBANCES (sizeof(event_disturbances) / sizeof(event_disturbances[0]))
/* Sensors die and nights are lost for one person of so many. */
#define HURT_ONE_OF 5
#define HURT (BH_CONFOUNDER_DEAD_ZONE | BH_CONFOUNDER_LOST_NIGHTS)
#define NIGHTS 7
/* Half as many undisturbed people show what more nights bring; cramps after dry days need most. */
#define NIGHTS_LONG 21
#define LONG_ONE_OF 2

struct work {
	struct bh_rule_set *rules;
	const char *why; /* NULL: nothing is asked */
	uint64_t seed_from;
	int frames, events, jobs;
	char folder[64];
	struct histories histories;
	struct result *results; /* shared by the processes */
	size_t n_frames, n_hurt, n_events, n_long;
	const struct telling *telling; /* NULL: by frames */
};

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- one person ---- */

static int look_by_frames(const struct work *work, struct result *result, struct bh_error *err)
{
	struct bh_simulation *simulation = NULL;
	struct bh_store_past past;
	int r = past_by_frames(&result->person, &work->histories, &past, &result->telling, err);

	if (r < 0)
		return r;
	r = person_simulation(&result->person, BH_SIM_MAT_ZONES, &simulation, err);
	if (r == 0)
		r = past_answers(simulation, &result->person, &past.history);
	if (r == 0)
		r = judge(work->rules, work->why, &past.history, result);
	past.history.n_profile = 0;
	past.history.n_diary = 0;
	bh_store_past_free(&past);
	bh_simulation_free(simulation);
	return r;
}

static int look_by_events(const struct work *work, struct result *result, struct bh_error *err)
{
	struct made_past past;
	int r = past_by_events(&result->person, work->telling, &past, err);

	if (r == 0)
		r = judge(work->rules, work->why, &past.history, result);
	made_past_free(&past);
	return r;
}

static void look(const struct work *work, struct result *result)
{
	struct bh_error err = { .text = "out of memory" };
	int r = work->telling ? look_by_events(work, result, &err)
			      : look_by_frames(work, result, &err);

	if (r < 0) {
		fprintf(stderr, "\nrules: %s, seed %llu: %s\n",
			bh_sleeper_info(result->person.sleeper)->name,
			(unsigned long long)result->person.seed, err.text);
		exit(EXIT_FAILURE);
	}
	result->done = true;
}

/* ---- many people, in as many processes as there are cores ---- */

static size_t count_done(const struct result *results, size_t n)
{
	size_t done = 0;

	for (size_t i = 0; i < n; i++)
		done += ((volatile const struct result *)&results[i])->done;
	return done;
}

static void look_at_share(const struct work *work, struct result *results, size_t n, int job)
{
	for (size_t i = (size_t)job; i < n; i += (size_t)work->jobs)
		look(work, &results[i]);
	exit(EXIT_SUCCESS);
}

static bool look_at_all(const struct work *work, struct result *results, size_t n, const char *what)
{
	double started = now_s();
	int running = work->jobs, status;
	bool good = true;

	fflush(stdout);
	for (int job = 0; job < work->jobs; job++) {
		pid_t pid = fork();

		if (pid == 0)
			look_at_share(work, results, n, job);
		if (pid < 0) {
			perror("rules: fork");
			return false;
		}
	}
	while (running > 0) {
		pid_t pid = waitpid(-1, &status, WNOHANG);

		if (pid > 0) {
			running--;
			good = good && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
			continue;
		}
		fprintf(stderr, "\r%s: %zu of %zu people, %.0f s ", what, count_done(results, n), n,
			now_s() - started);
		nanosleep(&(struct timespec){ .tv_nsec = 500000000 }, NULL);
	}
	fprintf(stderr, "\r%s: %zu of %zu people, %.0f s\n", what, count_done(results, n), n,
		now_s() - started);
	return good;
}

/* ---- who ---- */

static void draw_people(const struct work *work)
{
	struct result *next = work->results;
	uint64_t seed;

	for (int s = 0; s < BH_SLEEPER_END; s++) {
		for (int i = 0; i < work->frames; i++, next++) {
			seed = work->seed_from + (uint64_t)i;
			next->person = (struct person){
				.sleeper = (enum bh_sleeper)s,
				.seed = seed,
				/* Neighbours of a sleeper, and one seed's sleepers, differ. */
				.confounders =
					disturbances[(seed * 7 + (uint64_t)s * 3) % N_DISTURBANCES],
				.nights = NIGHTS,
			};
		}
	}
	for (size_t i = 0; i < work->n_frames; i += HURT_ONE_OF, next++) {
		next->person = work->results[i].person;
		next->person.confounders |= HURT;
	}
	for (int s = 0; s < BH_SLEEPER_END; s++) {
		for (size_t c = 0; c < N_EVENT_DISTURBANCES; c++) {
			for (int i = 0; i < work->events; i++, next++)
				next->person = (struct person){
					.sleeper = (enum bh_sleeper)s,
					.seed = work->seed_from + (uint64_t)(work->frames + i),
					.confounders = event_disturbances[c],
					.nights = NIGHTS,
				};
		}
	}
	for (int s = 0; s < BH_SLEEPER_END; s++) {
		for (int i = 0; i < work->events; i += LONG_ONE_OF, next++)
			next->person = (struct person){
				.sleeper = (enum bh_sleeper)s,
				.seed = work->seed_from + (uint64_t)(work->frames + i),
				.nights = NIGHTS_LONG,
			};
	}
}

static bool make_room(struct work *work)
{
	size_t n;

	work->n_frames = (size_t)BH_SLEEPER_END * (size_t)work->frames;
	work->n_hurt = (work->n_frames + HURT_ONE_OF - 1) / HURT_ONE_OF;
	work->n_events = (size_t)BH_SLEEPER_END * N_EVENT_DISTURBANCES * (size_t)work->events;
	work->n_long =
		(size_t)BH_SLEEPER_END * (((size_t)work->events + LONG_ONE_OF - 1) / LONG_ONE_OF);
	n = work->n_frames + work->n_hurt + work->n_events + work->n_long;
	work->results = mmap(NULL, n * sizeof(*work->results), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (work->results == MAP_FAILED) {
		perror("rules: memory");
		return false;
	}
	return true;
}

static bool load_rules(struct bh_rule_set **ret)
{
	struct bh_error err = { .text = "out of memory" };

	if (bh_rule_set_new(ret) < 0 || bh_rule_set_add_builtin(*ret, &err) < 0 ||
	    bh_rule_set_finish(*ret, &err) < 0) {
		fprintf(stderr, "rules: %s\n", err.text);
		return false;
	}
	return true;
}

static bool run(struct work *work)
{
	struct result *hurt = work->results + work->n_frames, *events = hurt + work->n_hurt;
	struct result *longer = events + work->n_events;
	struct telling telling = { 0 };
	struct way frames = { "by frames", work->results, work->n_frames };
	struct way by_events = { "by events", events, work->n_events };
	struct way weeks = { "by events", longer, work->n_long };

	if (!look_at_all(work, work->results, work->n_frames, "by frames") ||
	    !look_at_all(work, hurt, work->n_hurt, "by frames, hurt"))
		return false;
	for (size_t i = 0; i < work->n_frames; i++)
		telling_add(&telling, &work->results[i].telling);
	work->telling = &telling;
	if (!look_at_all(work, events, work->n_events, "by events") ||
	    !look_at_all(work, longer, work->n_long, "by events, three weeks"))
		return false;
	printf("Rules on simulated people, seeds from %llu. Simulated accuracy is not clinical "
	       "accuracy.\n\n",
	       (unsigned long long)work->seed_from);
	tables_telling(&telling);
	tables_confusion(&frames);
	tables_confusion(&by_events);
	tables_rules(work->rules, &frames, &by_events, &weeks);
	tables_people(&frames, &by_events, hurt, work->n_hurt, HURT_ONE_OF);
	tables_spans(work->rules, &weeks);
	if (work->why) {
		tables_why(work->rules, work->why, &frames);
		tables_why(work->rules, work->why, &by_events);
	}
	return true;
}

static int usage(void)
{
	fprintf(stderr, "usage: rules [--seed-from N] [--frames N] [--events N] [--jobs N] "
			"[--why RULE] [--histories FOLDER]\n");
	return 2;
}

static int parse(int argc, char **argv, struct work *work)
{
	static const struct option options[] = {
		{ "seed-from", required_argument, NULL, 's' },
		{ "frames", required_argument, NULL, 'f' },
		{ "events", required_argument, NULL, 'e' },
		{ "jobs", required_argument, NULL, 'j' },
		{ "why", required_argument, NULL, 'w' },
		{ "histories", required_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 's')
			work->seed_from = strtoull(optarg, NULL, 10);
		else if (option == 'f')
			work->frames = atoi(optarg);
		else if (option == 'e')
			work->events = atoi(optarg);
		else if (option == 'j')
			work->jobs = atoi(optarg);
		else if (option == 'w')
			work->why = optarg;
		else if (option == 'h')
			work->histories = (struct histories){ optarg, true };
		else
			return -EINVAL;
	}
	return optind == argc && work->frames > 0 && work->events > 0 && work->jobs > 0 ? 0
											: -EINVAL;
}

int main(int argc, char **argv)
{
	struct work work = { .seed_from = 100000, .frames = 20, .events = 200 };
	const char *tmp = getenv("TMPDIR");
	bool good;

	work.jobs = (int)sysconf(_SC_NPROCESSORS_ONLN);
	if (parse(argc, argv, &work) < 0)
		return usage();
	setenv("TZ", "UTC", 1);
	tzset();
	snprintf(work.folder, sizeof(work.folder), "%.40s/rules-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(work.folder)) {
		perror(work.folder);
		return EXIT_FAILURE;
	}
	if (!work.histories.keep)
		work.histories.folder = work.folder;
	good = load_rules(&work.rules) && make_room(&work);
	if (good && work.why && !bh_rule_set_find(work.rules, work.why)) {
		fprintf(stderr, "rules: --why %s: there is no such rule\n", work.why);
		good = false;
	}
	if (good) {
		draw_people(&work);
		good = run(&work);
	}
	bh_rule_set_free(work.rules);
	rmdir(work.folder);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
