/* SPDX-License-Identifier: MIT */
#include "hub/cli/night_figures.h"

#include "hub/cli/output.h"
#include "hub/cli/times.h"
#include "hub/cli/wrap.h"
#include "hub/core/night.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct number {
	const char *key;
	int32_t value;
};

static void print_span(int32_t minutes, const char *what, FILE *out)
{
	fprintf(out, "%" PRId32 ":%02" PRId32 " %s", minutes / 60, minutes % 60, what);
}

static void print_sleep(const struct bh_night_sleep *sleep, FILE *out)
{
	char at[BH_CLI_TIME_MAX];

	if (sleep->asleep_min == BH_EPOCH_UNKNOWN) {
		fputs("Sleep: not known; entering or leaving was not seen, the mat tells no movement, or "
		      "over a fifth of the night is missing.\n",
		      out);
		return;
	}
	fputs("Sleep, as movement shows it: ", out);
	print_span(sleep->asleep_min, "of ", out);
	print_span(sleep->bed_min, "from entering to leaving", out);
	fprintf(out, " (%.0f %%)", sleep->efficiency_permille / 10.0);
	if (sleep->onset_ms != BH_WALL_UNKNOWN)
		fprintf(out, ", from %s, after %" PRId32 " min",
			bh_cli_clock_text(sleep->onset_ms, bh_utc_offset_s(sleep->onset_ms), at),
			sleep->latency_min);
	if (sleep->wake_after_onset_min != BH_EPOCH_UNKNOWN)
		fprintf(out, "; awake %" PRId32 " min in %" PRId32 " times after that",
			sleep->wake_after_onset_min, sleep->awakenings);
	if (bh_night_risen_min(sleep) > 0)
		fprintf(out, ", and %" PRId32 " min at the end, before leaving",
			bh_night_risen_min(sleep));
	if (sleep->unknown_min > 0)
		fprintf(out, "; %" PRId32 " min not known", sleep->unknown_min);
	fputs(".\n", out);
	if (sleep->fragmentation_milli != BH_EPOCH_UNKNOWN)
		fprintf(out,
			"Fragmentation index %.0f: percent of minutes with movement, plus percent of the still "
			"stretches that last a minute only",
			sleep->fragmentation_milli / 1000.0);
	if (sleep->fragmentation_milli != BH_EPOCH_UNKNOWN &&
	    sleep->regularity_milli != BH_EPOCH_UNKNOWN)
		fprintf(out, "; regularity of the week %.0f (-100 to 100)",
			sleep->regularity_milli / 1000.0);
	if (sleep->fragmentation_milli != BH_EPOCH_UNKNOWN)
		fputs(".\n", out);
}

static void print_plm(const struct bh_night *night, FILE *out)
{
	const struct bh_night_plm *plm = &night->plm;

	if (plm->asleep == BH_EPOCH_UNKNOWN)
		return;
	fprintf(out, "Periodic leg movements that reached the mattress: %" PRId32 " asleep", plm->asleep);
	if (plm->index_asleep_milli != BH_EPOCH_UNKNOWN)
		fprintf(out, " (%.1f an hour of ", plm->index_asleep_milli / 1000.0);
	if (plm->index_asleep_milli != BH_EPOCH_UNKNOWN)
		print_span(night->sleep.asleep_min, "sleep)", out);
	fprintf(out, ", %" PRId32 " awake in bed", plm->awake);
	if (plm->index_awake_milli != BH_EPOCH_UNKNOWN)
		fprintf(out, " (%.1f an hour of ", plm->index_awake_milli / 1000.0);
	if (plm->index_awake_milli != BH_EPOCH_UNKNOWN)
		print_span(night->sleep.awake_in_bed_min, "wake)", out);
	fputs(".\n", out);
	if (plm->asleep > 0 && plm->left != BH_EPOCH_UNKNOWN)
		fprintf(out, "Of those asleep left %" PRId32 ", right %" PRId32 ", both %" PRId32 ".\n",
			plm->left, plm->right, plm->both);
	if (plm->pi_ferri_permille != BH_EPOCH_UNKNOWN)
		fprintf(out, "Periodicity index %.2f (Ferri), %.2f (periodic of all).\n",
			plm->pi_ferri_permille / 1000.0, plm->pi_ratio_permille / 1000.0);
	if (plm->interval_ms != BH_EPOCH_UNKNOWN)
		fprintf(out,
			"Mean interval %.0f s; a bed misses about %.0f %% of movements, so the true one is "
			"shorter.\n",
			plm->interval_ms / 1000.0, plm->missed_permille / 10.0);
}

static void print_rest(const struct bh_night *night, FILE *out)
{
	if (night->restless_periods == BH_EPOCH_UNKNOWN)
		return;
	fprintf(out, "Restless %" PRId32 " times", night->restless_periods);
	if (night->restless_first_third_min != BH_EPOCH_UNKNOWN)
		fprintf(out, ": %" PRId32 " min in the first third, %" PRId32 " in the last",
			night->restless_first_third_min, night->restless_last_third_min);
	if (night->walk_breaks != BH_EPOCH_UNKNOWN && night->toilet_like != BH_EPOCH_UNKNOWN)
		fprintf(out, "; walk breaks %" PRId32 ", toilet-like %" PRId32, night->walk_breaks,
			night->toilet_like);
	fputs(".\n", out);
}

void bh_night_figures_print(const struct bh_night *night, int width, FILE *out)
{
	char *text = NULL;
	size_t length;
	FILE *lines = open_memstream(&text, &length);

	if (!lines)
		return;
	print_sleep(&night->sleep, lines);
	print_plm(night, lines);
	print_rest(night, lines);
	if (fclose(lines) == 0)
		for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
			*end = '\0';
			bh_wrap(out, width, "", line);
		}
	free(text);
}

static void add_numbers(json_t *object, const struct number *numbers, size_t n)
{
	for (size_t i = 0; i < n; i++)
		bh_json_number(object, numbers[i].key, numbers[i].value, BH_EPOCH_UNKNOWN);
}

void bh_night_figures_json(const struct bh_night *night, json_t *object)
{
	const struct bh_night_sleep *s = &night->sleep;
	const struct bh_night_plm *p = &night->plm;
	const struct number rest[] = {
		{ "restless_periods", night->restless_periods },
		{ "restless_first_third_min", night->restless_first_third_min },
		{ "restless_last_third_min", night->restless_last_third_min },
		{ "walk_breaks", night->walk_breaks },
		{ "toilet_like", night->toilet_like },
	};
	const struct number sleep[] = {
		{ "bed_min", s->bed_min },
		{ "unknown_min", s->unknown_min },
		{ "latency_min", s->latency_min },
		{ "asleep_min", s->asleep_min },
		{ "wake_after_onset_min", s->wake_after_onset_min },
		{ "awake_in_bed_min", s->awake_in_bed_min },
		{ "awakenings", s->awakenings },
		{ "efficiency_permille", s->efficiency_permille },
		{ "fragmentation_milli", s->fragmentation_milli },
		{ "regularity_milli", s->regularity_milli },
	};
	const struct number plm[] = {
		{ "candidates", p->candidates },
		{ "asleep", p->asleep },
		{ "awake", p->awake },
		{ "index_asleep_milli", p->index_asleep_milli },
		{ "index_awake_milli", p->index_awake_milli },
		{ "series", p->series },
		{ "pi_ferri_permille", p->pi_ferri_permille },
		{ "pi_ratio_permille", p->pi_ratio_permille },
		{ "interval_ms", p->interval_ms },
		{ "missed_permille", p->missed_permille },
		{ "left", p->left },
		{ "right", p->right },
		{ "both", p->both },
	};
	json_t *slept = json_object(), *periodic = json_object();

	add_numbers(object, rest, COUNT(rest));
	bh_json_time(slept, "onset", s->onset_ms, bh_utc_offset_s(s->onset_ms));
	add_numbers(slept, sleep, COUNT(sleep));
	json_object_set_new(object, "sleep", slept);
	add_numbers(periodic, plm, COUNT(plm));
	json_object_set_new(object, "plm", periodic);
}
