/* SPDX-License-Identifier: MIT */
/*
 * What the rules cost on ten years of one's own nights: those of a history, one after the other
 * until there are so many.
 *
 *   bench_rules HISTORY
 *
 * Prints "name value" lines, CPU seconds: every rule on every night (all_rules_s), the costliest
 * rule alone (one_rule_s), each event and epoch looked at once (floor_s), and as many nights read
 * from the history as often as it takes (load_s).
 */
#include "hub/core/history.h"
#include "hub/core/night.h"
#include "hub/store/store.h"
#include "rules/rule.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TEN_YEARS 3652
#define FIRST_NIGHT 20160101

static double cpu_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A result of the history or of the rules that is below zero ends the run. */
static void check(int r)
{
	if (r >= 0)
		return;
	fprintf(stderr, "bench_rules: %s\n", strerror(-r));
	exit(EXIT_FAILURE);
}

static void *need(void *memory)
{
	check(memory ? 0 : -ENOMEM);
	return memory;
}

static void fail(const struct bh_error *err)
{
	fprintf(stderr, "bench_rules: %s\n", err->text);
	exit(EXIT_FAILURE);
}

/* Ten years, and the memory of their events and epochs. */
struct years {
	struct bh_past_night nights[TEN_YEARS];
	struct bh_past_event *events;
	struct bh_past_epoch *epochs;
};

static const struct bh_past_night *source(const struct bh_history *history, int i)
{
	return &history->nights[(size_t)i % history->n_nights];
}

/* The same night on another date; its events and epochs go to @p events and @p epochs. */
static struct bh_past_night moved_to(const struct bh_past_night *night, int32_t date,
				     struct bh_past_event *events, struct bh_past_epoch *epochs)
{
	struct bh_past_night ret = *night;
	int64_t by_ms;

	ret.night.date = date;
	bh_night_bounds(date, &ret.night.start_ms, &ret.night.end_ms);
	by_ms = ret.night.start_ms - night->night.start_ms;
	for (size_t i = 0; i < night->n_events; i++) {
		events[i] = night->events[i];
		events[i].start_ms += by_ms;
		if (events[i].end_ms != BH_WALL_UNKNOWN)
			events[i].end_ms += by_ms;
	}
	for (size_t i = 0; i < night->n_epochs; i++) {
		epochs[i] = night->epochs[i];
		epochs[i].start_ms += by_ms;
	}
	ret.events = events;
	ret.epochs = epochs;
	return ret;
}

static struct years *ten_years_of(const struct bh_history *history)
{
	struct years *years = need(calloc(1, sizeof(*years)));
	size_t n_events = 0, n_epochs = 0;

	for (int i = 0; i < TEN_YEARS; i++) {
		n_events += source(history, i)->n_events;
		n_epochs += source(history, i)->n_epochs;
	}
	years->events = need(malloc((n_events + 1) * sizeof(*years->events)));
	years->epochs = need(malloc((n_epochs + 1) * sizeof(*years->epochs)));
	n_events = n_epochs = 0;
	for (int i = 0; i < TEN_YEARS; i++) {
		const struct bh_past_night *night = source(history, i);

		years->nights[i] = moved_to(night, bh_night_add(FIRST_NIGHT, i),
					    years->events + n_events, years->epochs + n_epochs);
		n_events += night->n_events;
		n_epochs += night->n_epochs;
	}
	return years;
}

static int64_t look_at_all(const struct bh_history *history)
{
	int64_t sum = 0;

	for (size_t i = 0; i < history->n_nights; i++) {
		const struct bh_past_night *night = &history->nights[i];

		for (size_t k = 0; k < night->n_events; k++)
			sum += night->events[k].start_ms;
		for (size_t k = 0; k < night->n_epochs; k++)
			sum += night->epochs[k].start_ms + night->epochs[k].epoch.activity;
	}
	return sum;
}

static int count(void *ctx, const struct bh_finding *finding)
{
	long *findings = ctx;

	(void)finding;
	++*findings;
	return 0;
}

static double backtest_s(const struct bh_rule_set *rules, const char *id,
			 const struct bh_history *history, long *findings)
{
	double from_s = cpu_s();

	*findings = 0;
	check(bh_rules_backtest(rules, id, history, 0, 0, count, findings));
	return cpu_s() - from_s;
}

static double load_s(struct bh_store *store, struct bh_store_past *ret)
{
	double from_s = cpu_s();

	check(bh_store_past(store, 0, 0, INT32_MAX, ret));
	return cpu_s() - from_s;
}

static double costliest_s(const struct bh_rule_set *rules, const struct bh_history *history)
{
	double most_s = 0;
	long findings;

	for (size_t i = 0; i < bh_rule_set_size(rules); i++) {
		struct bh_rule_info info;
		double took_s;

		bh_rule_info(bh_rule_set_at(rules, i), &info);
		took_s = backtest_s(rules, info.id, history, &findings);
		most_s = took_s > most_s ? took_s : most_s;
	}
	return most_s;
}

int main(int argc, char **argv)
{
	struct bh_error err = { .text = "out of memory" };
	struct bh_rule_set *rules = NULL;
	struct bh_store *store = NULL;
	struct bh_store_past past;
	struct bh_history history;
	struct years *years;
	double loaded_s, floor_s, all_s;
	long findings;

	if (argc != 2) {
		fprintf(stderr, "usage: bench_rules HISTORY\n");
		return 2;
	}
	setenv("TZ", "UTC", 1);
	if (bh_rule_set_new(&rules) < 0 || bh_rule_set_add_builtin(rules, &err) < 0 ||
	    bh_rule_set_finish(rules, &err) < 0 ||
	    bh_store_open(argv[1], BH_STORE_READ, &store, &err) < 0)
		fail(&err);
	loaded_s = load_s(store, &past);
	history = past.history;
	if (history.n_nights == 0) {
		fprintf(stderr, "bench_rules: %s: holds no nights\n", argv[1]);
		return EXIT_FAILURE;
	}
	loaded_s *= (double)TEN_YEARS / (double)history.n_nights;
	years = ten_years_of(&past.history);
	history.nights = years->nights;
	history.n_nights = TEN_YEARS;
	floor_s = cpu_s();
	printf("sum %lld\n", (long long)look_at_all(&history));
	floor_s = cpu_s() - floor_s;
	all_s = backtest_s(rules, NULL, &history, &findings);
	printf("nights %d\nfindings %ld\nall_rules_s %.3f\none_rule_s %.3f\nfloor_s %.3f\nload_s "
	       "%.2f\n",
	       TEN_YEARS, findings, all_s, costliest_s(rules, &history), floor_s, loaded_s);
	free(years->events);
	free(years->epochs);
	free(years);
	bh_store_past_free(&past);
	bh_store_close(store);
	bh_rule_set_free(rules);
	return EXIT_SUCCESS;
}
