/* SPDX-License-Identifier: MIT */
/*
 * What each construct means, at its bounds. A row is a body of lets and measures, a condition, and
 * nights; the condition must come out true, false or unknown.
 */
#include "rules/rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define TEXT_MAX 4096

/* Prior 0.5 is a score of 0, so the one line alone decides it: +1 true, -1 false, 0 unknown. */
#define HEAD                                                                                       \
	"rule x class muscular status testing purpose \"p\" source \"s\" says \"t\" prior 0.5\n"   \
	"needs nights >= 1 of 14\n"

enum outcome { NO, YES, UNKNOWN };

static const char *const score_of[] = { [NO] = "-1", [YES] = "1", [UNKNOWN] = "0" };

static const struct row {
	const char *what;
	const char *body;
	const char *when;
	const char *given;
	enum outcome outcome;
} rows[] = {
	/* lasting, brackets */
	{ "shortest time is included", "let a = legs_over_edge lasting 3m..60m", "count(a) == 1",
	  "1n{ legs_over_edge 3m }", YES },
	{ "a second less is not", "let a = legs_over_edge lasting 3m..60m", "count(a) == 1",
	  "1n{ legs_over_edge 179s }", NO },
	{ "longest time is included", "let a = legs_over_edge lasting 3m..60m", "count(a) == 1",
	  "1n{ legs_over_edge 60m }", YES },
	{ "a second more is not", "let a = legs_over_edge lasting 3m..60m", "count(a) == 1",
	  "1n{ legs_over_edge 3601s }", NO },
	{ "dur > is without the bound", "let a = restless [dur > 3m]", "count(a) == 1",
	  "1n{ restless 3m }", NO },
	{ "dur < is without the bound", "let a = restless [dur < 3m]", "count(a) == 1",
	  "1n{ restless 179s }", YES },
	{ "the side asked for", "", "count(leg_out [side = left]) == 2",
	  "1n{ leg_out[side=left] 5m x2 every 10m, leg_out[side=right] 5m }", YES },
	{ "a side on a bed that cannot tell it", "", "count(leg_out [side = left]) >= 0",
	  "1n{ missing=side leg_out[side=left] 5m }", UNKNOWN },
	{ "a value by name", "", "count(position_change [value = left]) == 1",
	  "1n{ lying 1h, position_change[value=left], lying 1h, position_change[value=right] }",
	  YES },
	{ "a value in the event's unit", "", "count(plm_series [value >= 5]) == 1",
	  "1n{ leg_movement 2s x4 every 20s, lying 1h, leg_movement 2s x5 every 20s }", YES },
	/* while */
	{ "what held just before the start", "", "count(jolt while quiet) == 1",
	  "1n{ quiet 10m, jolt 20s }", YES },
	{ "what begins with it does not", "", "count(jolt while quiet) == 1",
	  "1n{ jolt 20s, quiet 10m }", NO },
	{ "held for long enough", "let a = restless while any_position for 45m..", "count(a) == 1",
	  "1n{ supine 45m, restless 6m }", YES },
	{ "held for a second less", "let a = restless while any_position for 45m..",
	  "count(a) == 1", "1n{ supine 2699s, restless 6m }", NO },
	{ "a change of position starts the count again",
	  "let a = restless while any_position for 45m..", "count(a) == 1",
	  "1n{ supine 30m, left 30m, restless 6m }", NO },
	{ "a position the mat cannot tell", "", "count(restless while supine) >= 0",
	  "1n{ missing=posture restless 6m }", UNKNOWN },
	/* between */
	{ "the first minute is inside", "", "count(jolt between 01:00-05:00) == 1",
	  "1n{ at 01:00 jolt 9s }", YES },
	{ "the last minute is outside", "", "count(jolt between 01:00-05:00) == 1",
	  "1n{ at 05:00 jolt 9s }", NO },
	{ "across midnight, before", "", "count(jolt between 23:30-00:30) == 1",
	  "1n{ at 23:45 jolt 9s }", YES },
	{ "across midnight, after", "", "count(jolt between 23:30-00:30) == 1",
	  "1n{ at 00:29 jolt 9s }", YES },
	{ "across midnight, outside", "", "count(jolt between 23:30-00:30) == 1",
	  "1n{ at 00:30 jolt 9s }", NO },
	/* neighbours */
	{ "not within: exactly that far away", "", "count(jolt not within 10m of restless) == 1",
	  "1n{ restless 6m, lying 10m, jolt 9s }", YES },
	{ "not within: nearer", "", "count(jolt not within 10m of restless) == 1",
	  "1n{ restless 6m, lying 599s, jolt 9s }", NO },
	{ "not within looks ahead, too", "", "count(jolt not within 10m of restless) == 1",
	  "1n{ lying 1h, jolt 9s, lying 5m, restless 6m }", NO },
	{ "followed by, at the bound", "", "count(legs_over_edge followed by lying within 5m) == 1",
	  "1n{ lying 1h, legs_over_edge 9m, bed_exit 5m }", YES },
	{ "followed by, too late", "", "count(legs_over_edge followed by lying within 5m) == 1",
	  "1n{ lying 1h, legs_over_edge 9m, bed_exit 301s }", NO },
	{ "preceded by, at the bound", "", "count(quiet preceded by jolt within 10m) == 1",
	  "1n{ jolt 9s, lying 10m, quiet 20m }", YES },
	{ "preceded by, too early", "", "count(quiet preceded by jolt within 10m) == 1",
	  "1n{ jolt 9s, lying 601s, quiet 20m }", NO },
	/* sequences */
	{ "then: at the longest gap", "let a = restless then jolt within 5m", "count(a) == 1",
	  "1n{ restless 6m, lying 5m, jolt 9s }", YES },
	{ "then: a second later", "let a = restless then jolt within 5m", "count(a) == 1",
	  "1n{ restless 6m, lying 301s, jolt 9s }", NO },
	{ "then: not before it", "let a = restless then jolt within 5m", "count(a) == 0",
	  "1n{ jolt 9s, lying 2m, restless 6m }", YES },
	{ "each is the sequel of one only", "let a = restless then jolt within 20m",
	  "count(a) == 1", "1n{ restless 6m, lying 2m, restless 6m, lying 2m, jolt 9s }", YES },
	{ "without: shorter ones may be there",
	  "let a = restless then jolt within 5m without bed_exit lasting 90s..", "count(a) == 1",
	  "1n{ restless 6m, bed_exit 89s, jolt 9s }", YES },
	{ "without: it is there",
	  "let a = restless then jolt within 5m without bed_exit lasting 90s..", "count(a) == 1",
	  "1n{ restless 6m, bed_exit 90s, jolt 9s }", NO },
	{ "three steps", "let a = restless then bed_exit within 5m then quiet within 10m",
	  "count(a) == 1", "1n{ restless 6m, bed_exit 4m, lying 3m, quiet 20m }", YES },
	{ "a step that cannot be known", "let a = restless then leg_out within 5m", "count(a) >= 0",
	  "1n{ missing=legs restless 6m }", UNKNOWN },
	{ "count: as many in just that time", "let a = count(leg_movement) >= 6 in 15m",
	  "count(a) == 1", "1n{ leg_movement 2s x6 every 3m }", YES },
	{ "count: in a second more", "let a = count(leg_movement) >= 6 in 15m", "count(a) == 0",
	  "1n{ leg_movement 2s x6 every 181s }", YES },
	{ "count: a long run is one", "let a = count(leg_movement) >= 3 in 5m", "count(a) == 1",
	  "1n{ leg_movement 2s x60 every 1m }", YES },
	{ "or: overlapping ones are one", "let a = restless or leg_movement", "count(a) == 1",
	  "1n{ restless 6m } ", YES },
	{ "or: one known way is enough", "let a = leg_out or restless", "count(a) == 1",
	  "1n{ missing=legs restless 6m }", YES },
	{ "or: none known", "let a = leg_out or legs_over_edge", "count(a) >= 0",
	  "1n{ missing=legs }", UNKNOWN },
	{ "parentheses", "let a = restless then (jolt or quiet) within 5m", "count(a) == 1",
	  "1n{ restless 6m, lying 3m, quiet 10m }", YES },
	{ "start of", "let a = start of restless let b = a then jolt within 5m", "count(b) == 1",
	  "1n{ restless 6m, jolt 9s }", NO },
	{ "end of", "let a = end of restless let b = a then jolt within 5m", "count(b) == 1",
	  "1n{ restless 6m, jolt 9s }", YES },
	{ "the time after", "let a = 20m after jolt", "count(leg_movement while a) == 2",
	  "1n{ jolt 10s, lying 5m, leg_movement 2s x3 every 8m }", YES },
	{ "the time before", "let a = 20m before jolt", "count(leg_movement while a) == 2",
	  "1n{ lying 1h, leg_movement 2s x3 every 9m, jolt 10s }", YES },
	/* over nights */
	{ "nights with", "", "nights_with(jolt)% >= 40%", "2n{ jolt 9s } 3n{ }", YES },
	{ "nights with: fewer", "", "nights_with(jolt) >= 41%", "2n{ jolt 9s } 3n{ }", NO },
	{ "nights that cannot tell are left out", "", "nights_with(leg_out) >= 100%",
	  "2n{ leg_out 5m } 3n{ missing=legs }", YES },
	{ "too few that can", "", "nights_with(leg_out, at least 3 nights) >= 100%",
	  "2n{ leg_out 5m } 3n{ missing=legs }", UNKNOWN },
	{ "per week", "", "per_week(jolt) == 3", "3n{ jolt 9s } 4n{ }", YES },
	{ "count over the window only", "", "count(jolt) == 14", "20n{ jolt 9s }", YES },
	{ "rate while awake", "", "rate(leg_movement)/h in awake_in_bed == 30",
	  "1n{ awake, lying 1m, leg_movement 2s x15 every 116s, asleep }", YES },
	{ "a rate of too short a time", "", "rate(leg_movement)/h in awake_in_bed >= 0",
	  "1n{ awake 9m }", UNKNOWN },
	{ "before sleep is not after it", "", "rate(leg_movement)/h in awake_before_sleep == 9",
	  "1n{ awake, lying 5m, leg_movement 2s x3 every 5m, asleep 1h, awake, leg_movement 2s x9 "
	  "every 1m }",
	  YES },
	{ "ratio adds a half to each", "",
	  "ratio(jolt in first_third : jolt in last_third) >= 1.66 and "
	  "ratio(jolt in first_third : jolt in last_third) <= 1.67",
	  "1n{ lying 1h, jolt 9s x2 every 10m, lying 5h, jolt 9s }", YES },
	{ "ratio by the hour, not by the count", "", "ratio(jolt in supine : jolt in left) >= 2.9",
	  "1n{ supine 1h, jolt 9s, supine 1h, left 5h, jolt 9s, left 1h }", YES },
	{ "ratio of too few", "", "ratio(jolt in supine : jolt in left, at least 3 events) >= 0",
	  "1n{ supine 1h, jolt 9s, left 1h, jolt 9s }", UNKNOWN },
	{ "ratio of too short a time", "",
	  "ratio(jolt in supine : jolt in left, at least 90m) >= 0", "1n{ supine 89m, left 4h }",
	  UNKNOWN },
	{ "how many of them", "let a = jolt then bed_exit within 5m", "ratio_of(a, jolt) == 50%",
	  "1n{ jolt 9s, bed_exit 3m, lying 1h, jolt 9s }", YES },
	{ "how many of none", "let a = jolt then bed_exit within 5m", "ratio_of(a, jolt) >= 0%",
	  "1n{ }", UNKNOWN },
	{ "worst position against the others", "",
	  "ratio(restless in worst_position : restless in other_positions) > 4",
	  "2n{ left 1h, restless 6m, left 1h, restless 6m, right 1h, supine 1h }", YES },
	{ "worst position of one", "",
	  "ratio(restless in worst_position : restless in other_positions) >= 0",
	  "2n{ left 2h, restless 6m }", UNKNOWN },
	{ "half an hour in a position compares nothing", "",
	  "ratio(restless in worst_position : restless in other_positions) >= 0",
	  "2n{ left 2h, restless 6m, right 25m }", UNKNOWN },
	{ "the first third ends after a third", "",
	  "count(jolt in first_third) == 1 and count(jolt in last_third) == 0",
	  "1n{ at 01:30 jolt 9s, at 01:45 jolt 9s, at 04:15 jolt 9s }", YES },
	{ "and the last begins before the last", "", "count(jolt in last_third) == 1",
	  "1n{ at 04:15 jolt 9s, at 04:25 jolt 9s }", YES },
	{ "a set of nights", "nights dry = diary.fluids == low", "count(jolt in dry) == 2",
	  "2n{ jolt 9s diary.fluids=low } 3n{ jolt 9s diary.fluids=usual }", YES },
	{ "the other nights", "nights dry = diary.fluids == low", "count(jolt in not dry) == 3",
	  "2n{ jolt 9s diary.fluids=low } 3n{ jolt 9s diary.fluids=usual }", YES },
	{ "nights without an answer are neither", "nights dry = diary.fluids == low",
	  "ratio(jolt in dry : jolt in not dry, at least 3 nights) >= 0",
	  "3n{ jolt 9s diary.fluids=low } 3n{ jolt 9s }", UNKNOWN },
	{ "nights are compared by the hour in bed", "nights dry = diary.fluids == low",
	  "ratio(jolt in dry : jolt in not dry) >= 1.9",
	  "3n{ lying 1h, jolt 9s, bed_exit 4h diary.fluids=low } "
	  "3n{ lying 1h, jolt 9s diary.fluids=usual }",
	  YES },
	{ "nights by a signal", "nights hot = temp_room >= 26C", "count(jolt in hot) == 2",
	  "2n{ temp_room=26C jolt 9s } 3n{ temp_room=25.9C jolt 9s }", YES },
	/* signals */
	{ "median of an even number", "", "median(temp_room) == 21C",
	  "1n{ temp_room=20C } 1n{ temp_room=22C } 1n{ temp_room=10C } 1n{ temp_room=30C }", YES },
	{ "a signal that was not measured", "", "median(temp_room) > 0C", "3n{ }", UNKNOWN },
	{ "left less right", "", "median(asym_abs) == -2C", "1n{ temp_left=31C temp_right=33C }",
	  YES },
	{ "thermometers not calibrated together", "", "median(asym_abs) < 0C",
	  "1n{ missing=temp_absolute temp_left=31C temp_right=33C }", UNKNOWN },
	{ "painful less other", "", "median(asym_abs.painside) == -2C",
	  "1n{ temp_left=33C temp_right=31C diary.pain=5 right }", YES },
	{ "nobody said which leg hurts", "", "median(asym_abs.painside) < 0C",
	  "1n{ temp_left=33C temp_right=31C diary.pain=5 }", UNKNOWN },
	{ "less one's own baseline", "", "confirmed(asym_delta >= 2.2C, 2 nights)",
	  "7n{ temp_left=33C temp_right=32C } 2n{ temp_left=35.2C temp_right=32C }", YES },
	{ "a baseline needs seven nights", "", "median(asym_delta) >= -9C",
	  "6n{ temp_left=33C temp_right=32C }", UNKNOWN },
	{ "confirmed the next night", "", "confirmed(asym_abs <= -2.2C, 2 nights)",
	  "1n{ temp_left=33C temp_right=33C } 2n{ temp_left=30.8C temp_right=33C }", YES },
	{ "every other night is not confirmed", "", "confirmed(asym_abs <= -2.2C, 2 nights)",
	  "1n{ temp_left=30C temp_right=33C } 1n{ temp_left=33C temp_right=33C } "
	  "1n{ temp_left=30C temp_right=33C }",
	  NO },
	{ "a night away is in between", "", "confirmed(asym_abs <= -2.2C, 2 nights)",
	  "1n{ temp_left=30C temp_right=33C } 1n{ bed_exit 6h } 1n{ temp_left=30C temp_right=33C }",
	  UNKNOWN },
	{ "one night confirms nothing", "", "confirmed(asym_abs <= -2.2C, 2 nights)",
	  "1n{ temp_left=30C temp_right=33C }", UNKNOWN },
	{ "slope over nights", "", "slope(temp_room, 7n) == 7C",
	  "1n{ temp_room=20C } 1n{ temp_room=21C } 1n{ temp_room=22C }", YES },
	{ "slope inside a pattern", "", "slope(temp_left in legs_over_edge, 10m) == 0C",
	  "1n{ temp_left=33C lying 1h, legs_over_edge 20m }", YES },
	{ "change over nights", "", "change(temp_room, 2n) == 3C",
	  "2n{ temp_room=20C } 2n{ temp_room=23C }", YES },
	{ "change over too few nights", "", "change(temp_room, 4n) > 0C", "3n{ temp_room=20C }",
	  UNKNOWN },
	{ "change inside tonight", "", "change(temp_left, 2h) == -3C",
	  "1n{ temp_left=33C lying 2h, temp_left=30C lying 2h }", YES },
	{ "change slower than that", "", "abs(change(temp_left, 1h)) >= 3C",
	  "1n{ temp_left=33C lying 1h, temp_left=32C lying 1h, temp_left=31C lying 1h, "
	  "temp_left=30C lying 1h }",
	  NO },
	{ "a change of yesterday", "", "abs(change(temp_left, 2h)) >= 3C",
	  "1n{ temp_left=33C lying 2h, temp_left=30C lying 2h } 1n{ temp_left=30C }", NO },
	{ "a step of the room explains it", "", "abs(change(temp_left, 2h)) >= 3C",
	  "1n{ temp_left=33C temp_room=20C lying 2h, temp_left=30C temp_room=17C lying 2h }", NO },
	{ "periodic movements per hour of sleep", "", "plmi >= 15 and plmi <= 16",
	  "1n{ leg_movement 2s x125 every 20s }", YES },
	{ "awake they do not count", "", "plmi == 0",
	  "1n{ awake, leg_movement 2s x125 every 20s, asleep }", YES },
	{ "all intervals periodic", "", "pi_ferri == 1", "1n{ leg_movement 2s x30 every 20s }",
	  YES },
	{ "ten seconds are not more than ten", "", "pi_ferri == 0",
	  "1n{ leg_movement 2s x30 every 10s }", YES },
	{ "ninety seconds are", "", "pi_ferri == 1", "1n{ leg_movement 2s x30 every 90s }", YES },
	{ "twenty movements are too few", "", "pi_ferri >= 0",
	  "1n{ leg_movement 2s x20 every 20s }", UNKNOWN },
	/* answers */
	{ "yes", "", "profile.spine", "1n{ } profile.spine=yes", YES },
	{ "no", "", "profile.spine", "1n{ } profile.spine=no", NO },
	{ "unknown is an answer, too", "", "profile.spine", "1n{ } profile.spine=unknown",
	  UNKNOWN },
	{ "nobody asked", "", "profile.spine", "1n{ }", UNKNOWN },
	{ "a number", "", "profile.age >= 60", "1n{ } profile.age=60", YES },
	{ "a word", "", "diary.relief == hang", "1n{ diary.relief=hang }", YES },
	{ "another word", "", "diary.relief == hang", "1n{ diary.relief=walk }", NO },
	{ "one of several nights", "", "diary.urge", "1n{ diary.urge=no } 1n{ diary.urge=yes }",
	  YES },
	{ "a diary kept without it", "", "diary.urge", "3n{ diary.toilet=yes }", NO },
	{ "a diary hardly kept", "", "diary.urge", "2n{ diary.toilet=yes } 3n{ }", UNKNOWN },
	{ "summer in the north", "", "season == spring", "1n{ } profile.hemisphere=north", YES },
	{ "and in the south", "", "season == autumn", "1n{ } profile.hemisphere=south", YES },
	{ "nowhere", "", "season == spring", "1n{ }", UNKNOWN },
	/* three values */
	{ "unknown and false", "", "profile.spine and profile.veins", "1n{ } profile.veins=no",
	  NO },
	{ "unknown and true", "", "profile.spine and profile.veins", "1n{ } profile.veins=yes",
	  UNKNOWN },
	{ "unknown or true", "", "profile.spine or profile.veins", "1n{ } profile.veins=yes", YES },
	{ "unknown or false", "", "profile.spine or profile.veins", "1n{ } profile.veins=no",
	  UNKNOWN },
	{ "not unknown", "", "not profile.spine", "1n{ }", UNKNOWN },
	{ "not before and", "", "not profile.veins and profile.spine",
	  "1n{ } profile.veins=no profile.spine=yes", YES },
	{ "and before or", "", "profile.spine or profile.veins and profile.diabetes",
	  "1n{ } profile.spine=yes profile.veins=no profile.diabetes=no", YES },
	{ "surely unknown", "", "surely(profile.spine)", "1n{ }", NO },
	{ "not surely unknown", "", "not surely(profile.spine)", "1n{ }", YES },
	/* before and after */
	{ "twice as often, for sure", "measure b = before_after(jolt, profile.cramp_drug_since)",
	  "b >= 2 and b.low > 1",
	  "10n{ jolt 9s } 10n{ jolt 9s x5 every 1m } profile.cramp_drug_since=\"2026-03-12\"",
	  YES },
	{ "twice as often, by chance", "measure b = before_after(jolt, profile.cramp_drug_since)",
	  "b >= 2 and b.low > 1",
	  "6n{ } 1n{ jolt 9s } 5n{ } 3n{ jolt 9s } profile.cramp_drug_since=\"2026-03-09\"", NO },
	{ "six nights before are too few", "", "before_after(jolt, profile.cramp_drug_since) >= 0",
	  "6n{ } 9n{ jolt 9s } profile.cramp_drug_since=\"2026-03-08\"", UNKNOWN },
	{ "seven are enough", "", "before_after(jolt, profile.cramp_drug_since) >= 0",
	  "7n{ } 9n{ jolt 9s } profile.cramp_drug_since=\"2026-03-09\"", YES },
	{ "a change long ago", "", "before_after(jolt, profile.cramp_drug_since) >= 0",
	  "80n{ } profile.cramp_drug_since=\"2026-03-12\"", UNKNOWN },
};

static int keep_detail(void *ctx, const struct bh_rule_test *result)
{
	memcpy(ctx, result->detail, sizeof(result->detail));
	return 0;
}

/* Failures of the one test of a text. */
static int run(const char *text, char *detail)
{
	struct bh_error err = { 0 };
	struct bh_rule_set *set;
	char line[700];
	int r;

	assert_int_equal(bh_rule_set_new(&set), 0);
	r = bh_rule_set_add_text(set, "t", text, strlen(text), &err);
	if (r == 0)
		r = bh_rule_set_finish(set, &err);
	if (r < 0) {
		bh_error_print(&err, line, sizeof(line));
		print_error("%s\n", line);
	} else {
		r = bh_rules_test(set, NULL, keep_detail, detail);
	}
	bh_rule_set_free(set);
	return r;
}

static void test_each_construct_at_its_bounds(void **state)
{
	int failures = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[TEXT_MAX], detail[BH_EVIDENCE_TEXT_MAX] = "";

		snprintf(text, sizeof(text),
			 HEAD "%s\nevidence \"a\" when %s weight +1 else -1\n"
			      "test \"t\" given %s expect score == %s",
			 rows[i].body, rows[i].when, rows[i].given, score_of[rows[i].outcome]);
		if (run(text, detail) == 0)
			continue;
		print_error("%s: %s\n", rows[i].what, detail);
		failures++;
	}
	assert_int_equal(failures, 0);
}

/* Lines together: body, nights, the score they must give. */
static const struct sum {
	const char *what;
	const char *body;
	const char *given;
	const char *expected;
} sums[] = {
	{ "lines add up",
	  "evidence \"a\" when profile.spine weight +1 evidence \"b\" when profile.veins weight "
	  "+0.5",
	  "1n{ } profile.spine=yes profile.veins=yes", "score == 1.5" },
	{ "the heaviest of a group counts, whatever its sign",
	  "evidence \"a\" when profile.spine weight +1 group g "
	  "evidence \"b\" when profile.veins weight -1.2 group g",
	  "1n{ } profile.spine=yes profile.veins=yes", "score == -1.2" },
	{ "an unknown line of a group does not count",
	  "evidence \"a\" when profile.spine weight +1 group g "
	  "evidence \"b\" when profile.veins weight -1.2 group g",
	  "1n{ } profile.spine=yes", "score == 1" },
	{ "a group with a cap adds up to it",
	  "group g at most 1.2 evidence \"a\" when profile.spine weight +0.7 group g "
	  "evidence \"b\" when profile.veins weight +0.7 group g",
	  "1n{ } profile.spine=yes profile.veins=yes", "score == 1.2" },
	{ "and below it just adds up",
	  "group g at most 1.2 evidence \"a\" when profile.spine weight +0.7 group g "
	  "evidence \"b\" when profile.veins weight +0.3 group g",
	  "1n{ } profile.spine=yes profile.veins=yes", "score == 1" },
	{ "unless sets a line aside, else and all",
	  "evidence \"a\" when profile.veins unless profile.spine weight +1 else -1",
	  "1n{ } profile.spine=yes profile.veins=no", "score == 0" },
	{ "unless that is unknown does not",
	  "evidence \"a\" when profile.veins unless profile.spine weight +1 else -1",
	  "1n{ } profile.veins=no", "score == -1" },
	{ "a cap holds the band, not the score",
	  "cap some evidence \"a\" when profile.veins weight +2", "1n{ } profile.veins=yes",
	  "score == 2 and band some" },
	{ "a question that must be answered", "evidence \"a\" when profile.veins weight +2",
	  "1n{ }", "score == 0" },
	{ "four hours in bed make a night", "evidence \"a\" when profile.veins weight +1",
	  "1n{ bed_exit 4h }", "band some" },
	{ "a minute less does not", "evidence \"a\" when profile.veins weight +1",
	  "1n{ bed_exit 241m }", "no-data" },
	{ "a red flag is about now",
	  "evidence \"a\" when profile.veins weight +1 "
	  "redflag \"r\" when confirmed(temp_left >= 34C, 2 nights) notify now",
	  "2n{ temp_left=34C } 1n{ temp_left=33C }", "no redflag" },
	{ "and it is raised while it lasts",
	  "evidence \"a\" when profile.veins weight +1 "
	  "redflag \"r\" when confirmed(temp_left >= 34C, 2 nights) notify now",
	  "1n{ temp_left=33C } 2n{ temp_left=34C }", "redflag" },
	{ "red flags need no nights",
	  "evidence \"a\" when profile.veins weight +2 redflag \"r\" when diary.sudden notify now",
	  "1n{ coverage=0% diary.sudden=yes }", "redflag" },
};

static void test_lines_together(void **state)
{
	int failures = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
		char text[TEXT_MAX], detail[BH_EVIDENCE_TEXT_MAX] = "";

		snprintf(text, sizeof(text), HEAD "%s\ntest \"t\" given %s expect %s", sums[i].body,
			 sums[i].given, sums[i].expected);
		if (run(text, detail) == 0)
			continue;
		print_error("%s: %s\n", sums[i].what, detail);
		failures++;
	}
	assert_int_equal(failures, 0);
}

/* The worked check of science.md section 4: +1.82 "likeness", -0.88 "not seen". */
static void test_the_worked_check(void **state)
{
	static const char text[] =
		"rule x class circulation status testing purpose \"p\" source \"s\" says \"t\"\n"
		"needs nights >= 5 of 14 prior 0.03\n"
		"let hang = lying lasting 30m.. then edge_sit lasting 3m..60m within 5m "
		"without bed_exit [dur > 90s]\n"
		"let relief = hang then quiet lasting 20m.. within 10m\n"
		"measure h = nights_with(hang)%\n"
		"measure r = ratio_of(relief, hang)\n"
		"evidence \"a\" when h >= 40% weight +2.3 group hang\n"
		"evidence \"b\" when h >= 20% weight +0.5 else -1.6 group hang\n"
		"evidence \"c\" when r >= 60% weight +0.9 else -0.7\n"
		"evidence \"d\" when confirmed(asym_abs.painside <= -2.2C, 2 nights) weight +1.0 "
		"group t\n"
		"evidence \"e\" when median(asym_abs.painside) <= -1.2C weight +0.3 group t\n"
		"evidence \"f\" when profile.vascular weight +1.1 else -0.6\n"
		"test \"all of it\" given 7n{ temp_left=30.8C temp_right=33C diary.pain=6 left "
		"lying 70m, edge_sit 9m, quiet 40m } profile.vascular=yes\n"
		"expect score >= 1.823 and score <= 1.825 and band likeness\n"
		"test \"behaviour alone\" given 7n{ lying 70m, edge_sit 9m, quiet 40m } "
		"profile.vascular=no\n"
		"expect score >= -0.877 and score <= -0.875 and band not-seen\n";
	char detail[BH_EVIDENCE_TEXT_MAX] = "";

	(void)state;
	if (run(text, detail) != 0)
		fail_msg("%s", detail);
}

/* The harness itself: a wrong expectation must fail and say what came out. */
static void test_a_wrong_expectation_fails(void **state)
{
	char detail[BH_EVIDENCE_TEXT_MAX] = "";

	(void)state;
	assert_int_equal(run(HEAD "evidence \"a\" when profile.spine weight +1\n"
				  "test \"t\" given 1n{ } profile.spine=yes expect score < 1",
			     detail),
			 1);
	assert_string_equal(detail, "expected score < 1.000, got band some, score 1.000");
	assert_int_equal(run(HEAD "evidence \"a\" when profile.spine weight +1\n"
				  "test \"t\" given 1n{ lying 12h, lying 12h } expect score < 1",
			     detail),
			 1);
	assert_string_equal(detail, "a night does not fit between 23:00 and noon");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_construct_at_its_bounds),
		cmocka_unit_test(test_lines_together),
		cmocka_unit_test(test_the_worked_check),
		cmocka_unit_test(test_a_wrong_expectation_fails),
	};

	return cmocka_run_group_tests_name("rule_language", tests, NULL, NULL);
}
