/* SPDX-License-Identifier: MIT */
/* Every kind of mistake in a rule is refused with its place and what to do about it. */
#include "rules/rule.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define TEXT_MAX 8192
#define EV "evidence \"a\" when profile.spine weight +1\n"

/* A whole rule without its evidence, line by line. */
static const char *const head[] = {
	"rule x\n",	  "class muscular\n", "status testing\n",	   "purpose \"p\"\n",
	"source \"s\"\n", "says \"t\"\n",     "needs nights >= 3 of 14\n", "prior 0.1\n",
};

/* clang-format off */
static const struct mistake {
	const char *what;
	bool library;	     /* beside the library, so that rules can refer to each other */
	int line;	     /* of the head that is replaced; 0: none; -1: there is no head */
	const char *instead;
	const char *body;
	const char *expected; /* line:column: text */
} mistakes[] = {
	{ "an empty file", false, -1, NULL,
		"",
		"1:1: there is no rule in this file; one begins with: rule <id>" },
	{ "only a comment", false, -1, NULL,
		"# nothing here\n",
		"2:1: there is no rule in this file; one begins with: rule <id>" },
	{ "not a rule", false, -1, NULL,
		"hello world\n",
		"1:1: a rule begins with: rule <id>" },
	{ "no id", false, -1, NULL,
		"rule\nclass muscular\n",
		"1:5: an id is expected after 'rule', like leg_hanging" },
	{ "unknown class", false, 2, "class muscle\n",
		EV,
		"2:7: unknown class 'muscle'; did you mean 'muscular'?" },
	{ "class twice", false, 0, NULL,
		"class muscular\n" EV,
		"9:1: 'class' stands twice in this rule" },
	{ "unknown status", false, 3, "status tested\n",
		EV,
		"3:8: unknown status 'tested'; did you mean 'testing'?" },
	{ "text without end", false, 4, "purpose \"p\n",
		EV,
		"4:9: this text has no closing \"" },
	{ "no source", false, 5, "",
		EV,
		"1:1: rule 'x' has no 'source': each rule says where it comes from" },
	{ "no purpose", false, 4, "",
		EV,
		"1:1: rule 'x' has no 'purpose'" },
	{ "no says", false, 6, "",
		EV,
		"1:1: rule 'x' has no 'says'" },
	{ "no needs", false, 7, "",
		EV,
		"1:1: rule 'x' has no 'needs'" },
	{ "no prior", false, 8, "",
		EV,
		"1:1: rule 'x' has no 'prior'" },
	{ "no evidence", false, 0, NULL,
		"",
		"1:1: rule 'x' has no 'evidence'" },
	{ "no class", false, 2, "",
		EV,
		"1:1: rule 'x' has no 'class'" },
	{ "prior too large", false, 8, "prior 0.6\n",
		EV,
		"8:7: a prior is from 0.001 to 0.5" },
	{ "prior zero", false, 8, "prior 0\n",
		EV,
		"8:7: a prior is from 0.001 to 0.5" },
	{ "prior missing", false, 8, "prior\n",
		EV,
		"8:6: the prior is expected here (a plain number)" },
	{ "window shorter than nights", false, 7, "needs nights >= 3 of 2\n",
		EV,
		"7:22: the window in nights must be a whole number from 3 to 92" },
	{ "unknown sensor", false, 7, "needs nights >= 3 of 14 sensor leg\n",
		EV,
		"7:32: unknown sensor 'leg'; did you mean 'legs'?" },
	{ "unknown profile key needed", false, 7, "needs nights >= 3 of 14 profile vascula\n",
		EV,
		"7:33: unknown profile key 'vascula'; did you mean 'vascular'?" },
	{ "coverage above all", false, 7, "needs nights >= 3 of 14 coverage 120%\n",
		EV,
		"7:38: a coverage is at most 100%" },
	{ "coverage without %", false, 7, "needs nights >= 3 of 14 coverage 80\n",
		EV,
		"7:34: the coverage must be a share, like 40%" },
	{ "unknown statement", false, 0, NULL,
		"evidense \"a\"\n" EV,
		"9:1: unknown statement 'evidense'; did you mean 'evidence'?" },
	{ "unknown event", false, 0, NULL,
		"let a = legs_over_edgee lasting 3m..\n" EV,
		"9:9: unknown event 'legs_over_edgee'; did you mean 'legs_over_edge'?" },
	{ "unknown unit", false, 0, NULL,
		"let a = lying lasting 3min..\n" EV,
		"9:23: unknown unit; units are s, m, h (time), n (nights), C (degrees) and %" },
	{ "range the wrong way", false, 0, NULL,
		"let a = lying lasting 60m..3m\n" EV,
		"9:23: the shortest time is longer than the longest" },
	{ "range without dots", false, 0, NULL,
		"let a = lying lasting 30m\n" EV,
		"9:26: '..' is expected: write 30m.. for at least, ..90s for at most, 3m..60m for "
		"both" },
	{ "share for a time", false, 0, NULL,
		"let a = lying lasting 30%..\n" EV,
		"9:23: the shortest time must be a time, like 20m" },
	{ "then without within", false, 0, NULL,
		"let a = lying then quiet\n" EV,
		"9:25: 'within' is expected after what comes then" },
	{ "unknown state", false, 0, NULL,
		"let a = restless while asleap\n" EV,
		"9:24: unknown state 'asleap'; did you mean 'asleep'?" },
	{ "a moment as a state", false, 0, NULL,
		"let a = restless while bed_enter\n" EV,
		"9:24: 'bed_enter' is a moment and lasts no time" },
	{ "no such time of day", false, 0, NULL,
		"let a = jolt between 25:00-02:00\n" EV,
		"9:22: no such time of day; write 00:00 to 23:59" },
	{ "one time only", false, 0, NULL,
		"let a = jolt between 22:00\n" EV,
		"9:27: '-' is expected after the first time" },
	{ "side compared by size", false, 0, NULL,
		"let a = leg_out [side > left]\n" EV,
		"9:18: a side is == or !=, not more or less" },
	{ "no such side", false, 0, NULL,
		"let a = leg_out [side = lft]\n" EV,
		"9:25: left, right, both or unknown is expected" },
	{ "value of an event without one", false, 0, NULL,
		"let a = lying [value > 3]\n" EV,
		"9:24: this has no value to compare; event.def lists which have" },
	{ "unknown bracket key", false, 0, NULL,
		"let a = lying [duration > 3m]\n" EV,
		"9:16: unknown condition 'duration'; see rules/LANGUAGE.md" },
	{ "name taken by an event", false, 0, NULL,
		"let quiet = lying\n" EV,
		"9:5: 'quiet' already means something; choose another name" },
	{ "name taken by a keyword", false, 0, NULL,
		"let when = lying\n" EV,
		"9:5: 'when' is a word of the language; choose another name" },
	{ "name used twice", false, 0, NULL,
		"let a = lying\nlet a = quiet\n" EV,
		"10:5: 'a' is already defined above" },
	{ "let used before it is made", false, 0, NULL,
		"measure m = count(b)\nlet b = lying\n" EV,
		"9:19: unknown event 'b'; see rules/LANGUAGE.md" },
	{ "count of one", false, 0, NULL,
		"let a = count(jolt) >= 1 in 5m\n" EV,
		"9:24: the count must be a whole number from 2 to 10000" },
	{ "count with less", false, 0, NULL,
		"let a = count(jolt) < 3 in 5m\n" EV,
		"9:9: inside a pattern a count is >= a number" },
	{ "unknown measure function", false, 0, NULL,
		"measure m = night_with(jolt)\n" EV,
		"9:13: unknown measure 'night_with'; did you mean 'nights_with'?" },
	{ "measure that is a condition", false, 0, NULL,
		"measure m = profile.spine\n" EV,
		"9:13: a measure is a number taken from the nights" },
	{ "rate without state", false, 0, NULL,
		"measure m = rate(jolt)/h\n" EV,
		"9:25: 'in' is expected after 'rate(...)/h'" },
	{ "ratio without state", false, 0, NULL,
		"measure m = ratio(jolt : jolt)\n" EV,
		"9:30: both sides of a ratio need 'in' and a state, so that they can be compared per "
		"hour or night" },
	{ "median of a pattern", false, 0, NULL,
		"measure m = median(jolt)\n" EV,
		"9:20: 'jolt' is neither a signal nor the measure of a rate" },
	{ "unknown signal", false, 0, NULL,
		"measure m = slope(asym_ab, 7n)\n" EV,
		"9:19: unknown signal 'asym_ab'; did you mean 'asym_abs'?" },
	{ "painside of a temperature", false, 0, NULL,
		"measure m = median(temp_left.painside)\n" EV,
		"9:30: only asym_abs and asym_delta have a side" },
	{ "before_after without a date", false, 0, NULL,
		"measure m = before_after(jolt, profile.spine)\n" EV,
		"9:13: 'spine' is not a date" },
	{ "worst position in a count", false, 0, NULL,
		"measure m = count(jolt in worst_position)\n" EV,
		"9:27: 'worst_position' can be used in ratio() and ratio_of() only" },
	{ "low of a count", false, 0, NULL,
		"measure m = count(jolt)\nevidence \"a\" when m.low > 1 weight +1\n",
		"10:21: only before_after() has .low and .high" },
	{ "weight too heavy", false, 0, NULL,
		"evidence \"a\" when profile.spine weight +2.4\n",
		"9:40: a weight is from -2.3 to +2.3: no single line may decide alone" },
	{ "weight of nothing", false, 0, NULL,
		"evidence \"a\" when profile.spine weight 0\n",
		"9:40: a weight of 0 says nothing" },
	{ "weight missing", false, 0, NULL,
		"evidence \"a\" when profile.spine weight\n",
		"9:39: a weight is expected here (a plain number)" },
	{ "no weight", false, 0, NULL,
		"evidence \"a\" when profile.spine\n",
		"9:32: 'weight' is expected after the condition" },
	{ "evidence without when", false, 0, NULL,
		"evidence \"a\" profile.spine weight +1\n",
		"9:14: 'when' is expected after the evidence's text" },
	{ "bare number as a condition", false, 0, NULL,
		"evidence \"a\" when count(jolt) weight +1\n",
		"9:19: this is a number, not a condition; compare it, as in >= 40%" },
	{ "share compared with a number", false, 0, NULL,
		"evidence \"a\" when nights_with(jolt) >= 40 weight +1\n",
		"9:40: this is a plain number, but it is compared with a share, like 40%" },
	{ "degrees compared with a time", false, 0, NULL,
		"evidence \"a\" when median(asym_abs) > 2m weight +1\n",
		"9:38: this is a time, like 20m, but it is compared with a temperature, like 2.2C" },
	{ "unknown profile key", false, 0, NULL,
		"evidence \"a\" when profile.diabetis weight +1\n",
		"9:27: unknown profile key 'diabetis'; did you mean 'diabetes'?" },
	{ "unknown diary key", false, 0, NULL,
		"evidence \"a\" when diary.urg weight +1\n",
		"9:25: unknown diary key 'urg'; did you mean 'urge'?" },
	{ "unknown word of a diary key", false, 0, NULL,
		"evidence \"a\" when diary.relief == hanging weight +1\n",
		"9:35: 'relief' takes hang|walk|stretch|elevate|pillow|cool" },
	{ "yes/no key compared", false, 0, NULL,
		"evidence \"a\" when profile.spine == yes weight +1\n",
		"9:33: this is already a condition: write it alone, or with 'not' before it" },
	{ "date as a condition", false, 0, NULL,
		"evidence \"a\" when profile.cramp_drug_since weight +1\n",
		"9:19: 'cramp_drug_since' is a date: use it in before_after()" },
	{ "words by size", false, 0, NULL,
		"evidence \"a\" when diary.relief > hang weight +1\n",
		"9:32: words are compared by == or !=" },
	{ "unknown measure in a text", false, 0, NULL,
		"measure hung = count(jolt)\nevidence \"{hang} times\" when hung > 1 weight +1\n",
		"10:1: unknown measure 'hang'; did you mean 'hung'?" },
	{ "brace without end", false, 0, NULL,
		"evidence \"{h times\" when profile.spine weight +1\n",
		"9:1: '{' without '}' in this text" },
	{ "a word never said", false, 0, NULL,
		"never \"diagnos, sick\"\n"
		"evidence \"this is Diagnostic\" when profile.spine weight +1\n",
		"10:1: the text says 'diagnos', which this rule must never say (line 9)" },
	{ "never in says", false, 6, "says \"you are sick\"\n",
		"never \"sick\"\n" EV,
		"6:6: the text says 'sick', which this rule must never say (line 9)" },
	{ "measure inside nights", false, 0, NULL,
		"nights a = count(jolt) > 1\n" EV,
		"9:12: 'count' is about a window; 'nights' knows only one night's signals, diary and "
		"profile" },
	{ "own parent", false, 0, NULL,
		"parent x above 0\n" EV,
		"9:8: a rule cannot be its own parent" },
	{ "unknown band", false, 0, NULL,
		"cap likenes\n" EV,
		"9:5: unknown band 'likenes'; did you mean 'likeness'?" },
	{ "hold too long", false, 0, NULL,
		"hold 40 nights\n" EV,
		"9:6: a number of nights must be a whole number from 1 to 14" },
	{ "hold without nights", false, 0, NULL,
		"hold 2\n" EV,
		"9:7: 'nights' is expected after their number" },
	{ "red flag without now", false, 0, NULL,
		"redflag \"r\" when diary.sudden notify\n" EV,
		"9:37: 'now' is expected after 'notify'" },
	{ "character without meaning", false, 0, NULL,
		"let a = lying & quiet\n" EV,
		"9:15: this character has no meaning here; texts stand in \"...\"" },
	{ "control character", false, 0, NULL,
		"let a = \"\001\"\n" EV,
		"9:10: control character inside a text" },
	{ "bad escape", false, 4, "purpose \"p\\n\"\n",
		EV,
		"4:12: after \\ only \" or \\ may stand in a text" },
	{ "too many decimals", false, 8, "prior 0.1234\n",
		EV,
		"8:7: at most three decimals are kept; shorten this number" },
	{ "number too large", false, 0, NULL,
		"let a = lying lasting 12345678901s..\n" EV,
		"9:23: this number is too large" },
	{ "two rules of one name", false, 0, NULL,
		"evidence \"a\" when profile.spine weight +1\nrule x\nclass muscular\n"
		"status testing\npurpose \"p\"\nsource \"s\"\nsays \"t\"\n"
		"needs nights >= 3 of 14\nprior 0.1\n" EV,
		"10:1: there are two rules 'x' in this file" },
	{ "test without expect", false, 0, NULL,
		"test \"t\" given 3n{ }\n" EV,
		"9:21: nights (5n{ ... }), profile.KEY=VALUE, diary.KEY=VALUE or 'expect' is "
		"expected here" },
	{ "test with an unknown event", false, 0, NULL,
		"test \"t\" given 3n{ jumping 3m } expect score < 0\n" EV,
		"9:20: unknown event 'jumping'; see rules/LANGUAGE.md" },
	{ "test night without end", false, 0, NULL,
		"test \"t\" given 3n{ jolt 3s\n",
		"9:27: an event is expected, or } to end the night" },
	{ "test with a band upside down", false, 0, NULL,
		"test \"t\" given 3n{ } expect band strong..some\n" EV,
		"9:46: the first band is above the second" },
	{ "test with too many nights", false, 0, NULL,
		"test \"t\" given 300n{ } expect no-data\n" EV,
		"9:16: a number of nights must be a whole number from 1 to 200" },
	{ "test that overlaps", false, 0, NULL,
		"test \"t\" given 3n{ jolt 30s x3 every 10s } expect no-data\n" EV,
		"9:42: they would overlap: 'every' is shorter than one lasts" },
	{ "test with a wrong answer", false, 0, NULL,
		"test \"t\" given 3n{ } profile.spine=maybe expect no-data\n" EV,
		"9:36: 'spine' takes yes or no" },
	{ "unclosed parenthesis", false, 0, NULL,
		"evidence \"a\" when (profile.spine weight +1\n",
		"9:34: ')' is expected after the condition in parentheses" },
	{ "slope without time", false, 0, NULL,
		"measure m = slope(temp_room)\n" EV,
		"9:28: ',' is expected after the signal" },
	{ "at least without number", false, 0, NULL,
		"measure m = count(jolt, at least)\n" EV,
		"9:33: a time, nights or events is expected here, a whole number from 1 to 100000" },
	{ "rule measure incomplete", false, 0, NULL,
		"evidence \"a\" when rule.leg_hanging >= 40% weight +1\n",
		"9:36: '.' is expected after the rule's id" },
	{ "cite without text", false, 0, NULL,
		"evidence \"a\" when profile.spine weight +1 cite\n",
		"9:47: the citation is expected here, in \"quotes\"" },
	{ "keep twice", false, 0, NULL,
		"keep 3 nights\nkeep 4 nights\n" EV,
		"10:1: 'keep' stands twice in this rule" },
	{ "no such parent", true, 0, NULL,
		"parent cramp_lik above 0\n" EV,
		"9:8: there is no rule 'cramp_lik'; did you mean 'cramp_like'?" },
	{ "no such rule", true, 0, NULL,
		"evidence \"a\" when rule.leg_hangin.h >= 40% weight +1\n",
		"9:19: there is no rule 'leg_hangin'; did you mean 'leg_hanging'?" },
	{ "no such measure of a rule", true, 0, NULL,
		"evidence \"a\" when rule.leg_hanging.hh >= 40% weight +1\n",
		"9:19: that rule has no measure 'hh'; did you mean 'h'?" },
	{ "another rule's measure compared in the wrong unit", true, 0, NULL,
		"evidence \"a\" when rule.leg_hanging.h >= 40 weight +1\n",
		"9:41: this is a plain number, but it is compared with a share, like 40%" },
	{ "a circle of parents", true, 0, NULL,
		"parent y above 0\nevidence \"a\" when profile.spine weight +1\nrule y\n"
		"class muscular\nstatus testing\npurpose \"p\"\nsource \"s\"\nsays \"t\"\n"
		"needs nights >= 3 of 14\nprior 0.1\nparent x above 0\n" EV,
		"19:8: rules 'y' and 'x' depend on each other in a circle" },
	{ "a circle through a measure", true, 0, NULL,
		"measure m = rule.y.m\nevidence \"a\" when profile.spine weight +1\nrule y\n"
		"class muscular\nstatus testing\npurpose \"p\"\nsource \"s\"\nsays \"t\"\n"
		"needs nights >= 3 of 14\nprior 0.1\nmeasure m = rule.x.m\n" EV,
		"19:13: rules 'y' and 'x' depend on each other in a circle" },
};
/* clang-format on */

#define N_HEAD (sizeof(head) / sizeof(head[0]))

static void write_rule(const struct mistake *mistake, char *ret, size_t size)
{
	size_t n = 0;

	ret[0] = '\0';
	for (size_t i = 0; mistake->line >= 0 && i < N_HEAD; i++)
		n += (size_t)snprintf(ret + n, size - n, "%s",
				      mistake->line == (int)i + 1 ? mistake->instead : head[i]);
	snprintf(ret + n, size - n, "%s", mistake->body);
}

_Static_assert(sizeof(mistakes) / sizeof(mistakes[0]) >= 40, "forty kinds of mistake are promised");

static void test_each_mistake_has_its_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		const struct mistake *mistake = &mistakes[i];
		char text[TEXT_MAX], line[700] = "", expected[700];
		struct bh_error err = { 0 };
		struct bh_rule_set *set;
		int r = 0;

		write_rule(mistake, text, sizeof(text));
		assert_int_equal(bh_rule_set_new(&set), 0);
		if (mistake->library)
			assert_true(bh_rule_set_add_builtin(set, &err) > 0);
		r = bh_rule_set_add_text(set, "my.rule", text, strlen(text), &err);
		if (r == 0)
			r = bh_rule_set_finish(set, &err);
		bh_error_print(&err, line, sizeof(line));
		snprintf(expected, sizeof(expected), "my.rule:%s", mistake->expected);
		if (r != -EINVAL || strcmp(line, expected) != 0)
			print_error("%s:\n%s", mistake->what, text);
		assert_int_equal(r, -EINVAL);
		assert_string_equal(line, expected);
		bh_rule_set_free(set);
	}
}

static void test_a_refused_text_leaves_the_set_as_it_was(void **state)
{
	struct bh_error err = { 0 };
	struct bh_rule_set *set;
	char text[TEXT_MAX];
	struct mistake right = { .body = EV };

	(void)state;
	write_rule(&right, text, sizeof(text));
	assert_int_equal(bh_rule_set_new(&set), 0);
	assert_int_equal(bh_rule_set_add_text(set, "a", text, strlen(text), &err), 0);
	strcat(text, "rule y\n");
	assert_int_equal(bh_rule_set_add_text(set, "b", text, strlen(text), &err), -EINVAL);
	assert_int_equal(bh_rule_set_size(set), 1);
	assert_int_equal(bh_rule_set_finish(set, &err), 0);
	bh_rule_set_free(set);
}

static void test_a_hostile_text_is_bounded(void **state)
{
	static char text[BH_RULE_TEXT_MAX + 1];
	struct bh_error err = { 0 };
	struct bh_rule_set *set;

	(void)state;
	assert_int_equal(bh_rule_set_new(&set), 0);
	memset(text, '(', sizeof(text));
	memcpy(text, "rule x let a = ", 15);
	assert_int_equal(bh_rule_set_add_text(set, "t", text, BH_RULE_TEXT_MAX, &err), -EINVAL);
	memcpy(text, "rule x evidence \"a\" when ", 25);
	assert_int_equal(bh_rule_set_add_text(set, "t", text, BH_RULE_TEXT_MAX, &err), -EINVAL);
	assert_int_equal(bh_rule_set_add_text(set, "t", text, sizeof(text), &err), -EINVAL);
	text[10] = '\0';
	assert_int_equal(bh_rule_set_add_text(set, "t", text, BH_RULE_TEXT_MAX, &err), -EINVAL);
	bh_rule_set_free(set);
}

static void test_files_say_why_they_cannot_be_read(void **state)
{
	struct bh_error err = { 0 };
	struct bh_rule_set *set;

	(void)state;
	assert_int_equal(bh_rule_set_new(&set), 0);
	assert_int_equal(bh_rule_set_add_file(set, "/nowhere/x.rule", &err), -ENOENT);
	assert_string_equal(err.place, "/nowhere/x.rule");
	assert_non_null(strstr(err.text, "No such file"));
	assert_int_equal(bh_rule_set_add_dir(set, "/nowhere", &err), 0);
	bh_rule_set_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_mistake_has_its_line),
		cmocka_unit_test(test_a_refused_text_leaves_the_set_as_it_was),
		cmocka_unit_test(test_a_hostile_text_is_bounded),
		cmocka_unit_test(test_files_say_why_they_cannot_be_read),
	};

	return cmocka_run_group_tests_name("rule_errors", tests, NULL, NULL);
}
