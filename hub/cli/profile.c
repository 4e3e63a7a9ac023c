/* SPDX-License-Identifier: MIT */
/* bedside profile: what only the person knows and the bed cannot sense. */
#include "hub/cli/answers.h"
#include "hub/cli/history.h"
#include "hub/cli/import.h"
#include "hub/cli/output.h"
#include "hub/cli/table.h"
#include "hub/cli/times.h"
#include "hub/cli/verbs.h"
#include "hub/core/night.h"
#include "hub/core/said.h"
#include "hub/core/time_types.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct bh_cli_option options[] = {
	{ "bed", "ID", "whose: the person of this bed (needed if there are several)" },
	{ "import", "FILE", "answers of a CSV file: columns key, value; at and bed if you like" },
	{ NULL, NULL, NULL },
};

/* More answers than the table has questions. */
#define ANSWERS_MAX 64

struct answers {
	struct bh_profile_item item[ANSWERS_MAX];
	size_t n;
};

static int keep_answer(void *ctx, const struct bh_profile_item *item)
{
	struct answers *answers = ctx;

	if (answers->n < ANSWERS_MAX)
		answers->item[answers->n++] = *item;
	return 0;
}

static const struct bh_profile_item *answer_to(const struct answers *answers, const char *key)
{
	for (size_t i = 0; i < answers->n; i++)
		if (strcmp(answers->item[i].key, key) == 0)
			return &answers->item[i];
	return NULL;
}

/* ---- showing ---- */

static int show_json(const struct bh_cli_history *history, bool simulated,
		     const struct bh_answer_info *info, const struct bh_profile_item *item)
{
	bool known = item && strcmp(item->value, BH_ANSWER_UNKNOWN) != 0;
	int64_t at_ms = item && item->at_ms > 0 ? item->at_ms : BH_WALL_UNKNOWN;
	json_t *object = json_object();

	bh_json_text(object, "bed", bh_cli_bed_id(history, bh_cli_one_bed(history)));
	bh_json_text(object, "key", info->key);
	bh_json_text(object, "value", known ? item->value : NULL);
	bh_json_time(object, "at", at_ms, bh_utc_offset_s(at_ms));
	bh_json_text(object, "means", info->text);
	json_object_set_new(object, "simulated", json_boolean(simulated));
	return bh_json_line(object);
}

static int show_row(struct bh_table *table, const struct bh_answer_info *info,
		    const struct bh_profile_item *item)
{
	bool known = item && strcmp(item->value, BH_ANSWER_UNKNOWN) != 0;
	bool dated = item && item->at_ms > 0;
	char at[BH_CLI_TIME_MAX] = "";
	const char *const cells[] = { info->key, known ? item->value : NULL, dated ? at : NULL,
				      info->text };

	/* The day is enough: the table is for a person. */
	if (dated)
		bh_cli_time_text(item->at_ms, bh_utc_offset_s(item->at_ms), at);
	at[strcspn(at, " ")] = '\0';
	return bh_table_add(table, cells);
}

static int show_answers(struct bh_cli *cli, const struct bh_cli_history *history)
{
	static const struct bh_table_column columns[] = { { "KEY", false, false },
							  { "ANSWER", false, false },
							  { "SAID ON", false, false },
							  { "MEANS", false, true },
							  { NULL, false, false } };
	bool simulated = bh_cli_of_nobody(history);
	struct answers answers = { .n = 0 };
	const struct bh_answer_info *info;
	struct bh_table *table;
	size_t known = 0, n;
	int r = bh_store_profile(history->store, bh_cli_one_bed(history), keep_answer, &answers);

	if (r < 0)
		return bh_cli_history_fail(history, r);
	table = cli->json ? NULL : bh_table_new(&cli->terminal, columns);
	if (!cli->json && !table)
		return bh_cli_history_fail(history, -ENOMEM);
	for (n = 0; (info = bh_profile_info_at(n)) != NULL; n++) {
		const struct bh_profile_item *item = answer_to(&answers, info->key);

		known += item && strcmp(item->value, BH_ANSWER_UNKNOWN) != 0;
		r = cli->json ? show_json(history, simulated, info, item) :
				show_row(table, info, item);
	}
	if (cli->json)
		return r < 0 ? BH_EXIT_FAILURE : BH_EXIT_OK;
	bh_cli_banner(cli, simulated);
	r = bh_table_finish(table);
	if (r < 0)
		return bh_cli_history_fail(history, r);
	printf("\n%zu of %zu questions are answered. \"-\" is not known, which is never taken for no.\n"
	       "To answer: bedside profile set diabetes no\n",
	       known, n);
	return BH_EXIT_OK;
}

static int show(struct bh_cli *cli, const struct bh_cli_args *args)
{
	struct bh_cli_history history;
	int code = bh_cli_history_open(cli, args, &history);

	if (code != BH_EXIT_OK)
		return code;
	if (history.bed < 0 && history.n_beds > 1)
		code = bh_cli_misuse("profile", "whose? there are %zu beds: name one with --bed, "
						"such as --bed %s", history.n_beds, history.beds[0].id);
	else
		code = show_answers(cli, &history);
	bh_cli_history_close(&history);
	return code;
}

/* ---- changing ---- */

/* @p value NULL takes the answer back. */
static int change(struct bh_cli *cli, const struct bh_cli_args *args, const char *key,
		  const char *value)
{
	struct bh_said_words words = { .kind = BH_SAID_PROFILE,
				       .key = key,
				       .value = value,
				       .takes_back = !value,
				       .at_ms = BH_WALL_UNKNOWN };
	struct bh_cli_persons persons;
	struct bh_saying saying;
	enum bh_said_field field;
	struct bh_error err;
	int code;

	if (bh_said_read(&words, bh_cli_now_ms(), &saying.said, &field, &err) < 0)
		return bh_cli_misused("profile", &err);
	code = bh_cli_persons(cli, &persons);
	if (code != BH_EXIT_OK)
		return code;
	if (bh_cli_person(&persons, bh_cli_value(args, "bed"), saying.bed, &err) < 0)
		return bh_cli_misused("profile", &err);
	code = bh_cli_say(cli, &saying, 1, NULL);
	if (code != BH_EXIT_OK)
		return code;
	if (cli->json)
		return bh_json_line(json_pack("{s:s, s:s, s:s?}", "bed", saying.bed, "key", key,
					      "value", value)) < 0 ?
			       BH_EXIT_FAILURE : BH_EXIT_OK;
	printf("%s: %s: %s\n", saying.bed, key, value ? value : "not known any more");
	return BH_EXIT_OK;
}

/* ---- asking ---- */

/* Not answered yet; and who said today that it is not known is not asked again today. */
static bool is_open(const struct bh_profile_item *item)
{
	char said[BH_CLI_TIME_MAX] = "", now[BH_CLI_TIME_MAX];
	int64_t now_ms = bh_cli_now_ms();
	const size_t date_length = strlen("2026-11-22");

	if (!item)
		return true;
	if (strcmp(item->value, BH_ANSWER_UNKNOWN) != 0)
		return false;
	if (item->at_ms <= 0)
		return true;
	bh_cli_time_text(item->at_ms, bh_utc_offset_s(item->at_ms), said);
	bh_cli_time_text(now_ms, bh_utc_offset_s(now_ms), now);
	return strncmp(said, now, date_length) != 0;
}

/* @return 1 with a value that the question takes, 0: enough of it. */
static int read_answer(const struct bh_answer_info *info, char *ret, size_t size)
{
	char takes[BH_ANSWER_TAKES_MAX];

	for (;;) {
		fprintf(stderr, "%s? (%s) ", info->text, bh_answer_takes(info, takes));
		if (!fgets(ret, (int)size, stdin))
			return 0;
		ret[strcspn(ret, "\n")] = '\0';
		if (strcmp(ret, ".") == 0)
			return 0;
		if (ret[0] == '\0')
			snprintf(ret, size, "%s", BH_ANSWER_UNKNOWN);
		if (bh_answer_check(info, ret) == 0)
			return 1;
		fprintf(stderr, "'%s' is not %s. Enter alone: not known; a full stop: enough.\n", ret,
			takes);
	}
}

static int ask_all(struct bh_cli *cli, const char *bed, const struct answers *answers)
{
	const struct bh_answer_info *info;
	size_t answered = 0, open = 0;

	fprintf(stderr, "Enter alone says that it is not known; a full stop ends it.\n");
	for (size_t i = 0; (info = bh_profile_info_at(i)) != NULL; i++) {
		struct bh_saying saying = { .said = { .kind = BH_SAID_PROFILE,
						      .u.profile.at_ms = BH_WALL_UNKNOWN } };
		struct bh_profile_item *item = &saying.said.u.profile;
		int code;

		if (!is_open(answer_to(answers, info->key)))
			continue;
		if (read_answer(info, item->value, sizeof(item->value)) == 0)
			break;
		snprintf(item->key, sizeof(item->key), "%s", info->key);
		snprintf(saying.bed, sizeof(saying.bed), "%s", bed);
		/* One by one: who stops in the middle loses nothing. */
		code = bh_cli_say(cli, &saying, 1, NULL);
		if (code != BH_EXIT_OK)
			return code;
		if (strcmp(item->value, BH_ANSWER_UNKNOWN) == 0)
			open++;
		else
			answered++;
	}
	fprintf(stderr, "\n%zu answered, %zu left as not known.\n", answered, open);
	return BH_EXIT_OK;
}

static int ask(struct bh_cli *cli, const struct bh_cli_args *args)
{
	struct answers answers = { .n = 0 };
	struct bh_cli_history history;
	char bed[BH_NAME_MAX];
	int r, code = bh_cli_history_open(cli, args, &history);

	if (code != BH_EXIT_OK)
		return code;
	if (history.bed < 0 && history.n_beds > 1)
		code = bh_cli_misuse("profile", "whose? there are %zu beds: name one with --bed, "
						"such as --bed %s", history.n_beds, history.beds[0].id);
	r = bh_store_profile(history.store, bh_cli_one_bed(&history), keep_answer, &answers);
	if (r < 0 && code == BH_EXIT_OK)
		code = bh_cli_history_fail(&history, r);
	if (code == BH_EXIT_OK && history.n_names == 0)
		code = bh_cli_fail_text(BH_EXIT_DATA, "%s: knows no bed yet: begin with bedside profile set",
					history.path);
	snprintf(bed, sizeof(bed), "%s", bh_cli_bed_id(&history, bh_cli_one_bed(&history)));
	/* Before anything is written: a writer of this program waits for no reader of its own. */
	bh_cli_history_close(&history);
	return code == BH_EXIT_OK ? ask_all(cli, bed, &answers) : code;
}

static int run(struct bh_cli *cli, const struct bh_cli_args *args)
{
	const char *file = bh_cli_value(args, "import");
	const char *word = args->n_words > 0 ? args->words[0] : "";

	if (file && args->n_words > 0)
		return bh_cli_misuse("profile", "--import takes no words: '%.40s'", word);
	if (file)
		return bh_cli_import(cli, file, BH_SAID_PROFILE, bh_cli_value(args, "bed"));
	if (args->n_words == 0)
		return show(cli, args);
	if (strcmp(word, "help") == 0 && args->n_words == 1)
		return bh_cli_list_answers(cli, true);
	if (strcmp(word, "ask") == 0 && args->n_words == 1)
		return ask(cli, args);
	if (strcmp(word, "set") == 0) {
		if (args->n_words != 3)
			return bh_cli_misuse("profile", "one key and one value: bedside profile set "
							"diabetes no");
		return change(cli, args, args->words[1], args->words[2]);
	}
	if (strcmp(word, "unset") == 0) {
		if (args->n_words != 2)
			return bh_cli_misuse("profile", "one key: bedside profile unset diabetes");
		return change(cli, args, args->words[1], NULL);
	}
	return bh_cli_misuse("profile", "'%.40s': say set, unset, ask, help, or nothing to see it", word);
}

static const struct bh_cli_option parts[] = {
	{ "set", NULL, "answer one question" },
	{ "unset", NULL, "take an answer back: it is not known any more" },
	{ "ask", NULL, "ask what is open, one by one; Enter alone says that it is not known, and then it is "
		       "not asked again that day" },
	{ "help", NULL, "the keys, and what they take" },
	{ NULL, NULL, NULL },
};

const struct bh_cli_verb bh_cli_verb_profile = {
	.name = "profile",
	.words = "[set KEY VALUE | unset KEY | ask | help]",
	.summary = "What only you know: conditions, medicines, age; shown, set and taken back",
	.text = "The rules ask for it and nobody else gets it. What is not answered is not known, which is\n"
		"never taken for no.",
	.parts = parts,
	.options = options,
	.run = run,
};
