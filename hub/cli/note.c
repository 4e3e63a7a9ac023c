/* SPDX-License-Identifier: MIT */
/* bedside note: the diary. */
#include "hub/cli/answers.h"
#include "hub/cli/history.h"
#include "hub/cli/import.h"
#include "hub/cli/output.h"
#include "hub/cli/table.h"
#include "hub/cli/times.h"
#include "hub/cli/verbs.h"
#include "hub/core/said.h"
#include "hub/core/time_types.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct bh_cli_option options[] = {
	{ "side", "SIDE", "of an entry about a leg: left, right or both" },
	{ "site", "PLACE", "where on the leg: foot, ankle, calf, shin, knee, thigh, hip or whole" },
	{ "at", "TIME", "when, if not now: \"2026-11-22 23:10\", 2h (ago)" },
	{ "night", "DATE", "of which night, by its evening, if not the one of that time" },
	{ "bed", "ID", "whose: the person of this bed (needed if there are several)" },
	{ "since", "DATE", "list: " BH_CLI_SINCE_NIGHT },
	{ "import", "FILE", "entries of a CSV file: columns at, key, value; side, site, night, bed" },
	{ NULL, NULL, NULL },
};

static void describe(const struct bh_diary_item *item, char *buf, size_t size)
{
	snprintf(buf, size, "%s %s%s%s%s%s", item->key, item->value,
		 item->side != BH_SIDE_UNKNOWN ? ", " : "",
		 item->side != BH_SIDE_UNKNOWN ? bh_side_name(item->side) : "",
		 item->site[0] ? ", " : "", item->site);
}

/* The night is told: after noon it is the coming one, which may not be what is meant. */
static int told(const struct bh_cli *cli, const char *bed, const char *what,
		const struct bh_diary_item *item)
{
	char text[BH_DIARY_TEXT_MAX + 96], night[BH_CLI_TIME_MAX];

	if (cli->json) {
		json_t *object = json_pack("{s:s, s:s, s:s, s:s}", "bed", bed, "done", what, "key",
					   item->key, "value", item->value);

		bh_json_text(object, "side",
			     item->side != BH_SIDE_UNKNOWN ? bh_side_name(item->side) : NULL);
		bh_json_text(object, "site", item->site[0] ? item->site : NULL);
		bh_json_text(object, "night",
			     item->night ? bh_cli_date_text(item->night, night) : NULL);
		return bh_json_line(object) < 0 ? BH_EXIT_FAILURE : BH_EXIT_OK;
	}
	describe(item, text, sizeof(text));
	if (item->night)
		printf("%s: night of %s: %s: %s\n", bed, bh_cli_date_text(item->night, night), what,
		       text);
	else
		printf("%s: %s: %s\n", bed, what, text);
	return BH_EXIT_OK;
}

/* ---- an entry ---- */

/* The words behind the key, joined: a free text needs no quotes. */
static void join_words(const struct bh_cli_args *args, const struct bh_answer_info *info, char *ret,
		       size_t size)
{
	size_t n = 0;

	ret[0] = '\0';
	for (int i = 1; i < args->n_words && n < size; i++)
		n += (size_t)snprintf(ret + n, size - n, "%s%s", i > 1 ? " " : "", args->words[i]);
	if (n == 0 && info->kind == BH_ANSWER_FLAG)
		snprintf(ret, size, "yes");
}

static int take_time(const struct bh_cli_args *args, int64_t now_ms, struct bh_said_words *ret)
{
	const char *at = bh_cli_value(args, "at"), *night = bh_cli_value(args, "night");
	struct bh_error err;

	ret->at_ms = night ? now_ms : BH_WALL_UNKNOWN;
	if (at && bh_cli_time_parse(at, now_ms, &ret->at_ms, &err) < 0)
		return bh_cli_misused("note", &err);
	if (night && bh_cli_date_parse(night, &ret->night, &err) < 0)
		return bh_cli_misused("note", &err);
	return BH_EXIT_OK;
}

static int choose_bed(struct bh_cli *cli, const struct bh_cli_args *args, char *ret)
{
	struct bh_cli_persons persons;
	struct bh_error err;
	int code = bh_cli_persons(cli, &persons);

	if (code != BH_EXIT_OK)
		return code;
	if (bh_cli_person(&persons, bh_cli_value(args, "bed"), ret, &err) < 0)
		return bh_cli_misused("note", &err);
	return BH_EXIT_OK;
}

static int read_entry(const struct bh_cli_args *args, struct bh_remark *ret)
{
	const char *side = bh_cli_value(args, "side"), *site = bh_cli_value(args, "site");
	struct bh_said_words words = { .kind = BH_SAID_DIARY,
				       .key = args->words[0],
				       .side = side ? side : "",
				       .site = site ? site : "" };
	const struct bh_answer_info *info;
	/* A byte more than fits, so that what is too long is seen to be. */
	char value[BH_DIARY_TEXT_MAX + 1];
	int64_t now_ms = bh_cli_now_ms();
	enum bh_said_field field;
	struct bh_error err;
	int code;

	info = bh_said_key(words.kind, words.key, &err);
	if (!info)
		return bh_cli_misused("note", &err);
	join_words(args, info, value, sizeof(value));
	words.value = value;
	code = take_time(args, now_ms, &words);
	if (code == BH_EXIT_OK && bh_said_read(&words, now_ms, ret, &field, &err) < 0)
		return bh_cli_misused("note", &err);
	return code;
}

static int enter(struct bh_cli *cli, const struct bh_cli_args *args)
{
	struct bh_saying saying;
	struct bh_diary_item *item = &saying.said.u.diary;
	struct bh_cli_said said;
	int code = read_entry(args, &saying.said);

	if (code == BH_EXIT_OK)
		code = choose_bed(cli, args, saying.bed);
	if (code == BH_EXIT_OK)
		code = bh_cli_say(cli, &saying, 1, &said);
	if (code != BH_EXIT_OK)
		return code;
	if (item->night == 0)
		item->night = said.night;
	return told(cli, saying.bed, "noted", item);
}

/* ---- list ---- */

struct listing {
	const struct bh_cli *cli;
	const struct bh_cli_history *history;
	struct bh_table *table;
	bool simulated;
};

static int list_json(const struct listing *listing, const struct bh_stored_entry *entry)
{
	const struct bh_cli_history *history = listing->history;
	const struct bh_diary_item *item = &entry->item;
	json_t *object = json_object();
	char buf[BH_CLI_TIME_MAX];

	json_object_set_new(object, "id", json_integer(entry->id));
	bh_json_text(object, "bed", bh_cli_bed_id(history, item->bed));
	bh_json_text(object, "night", bh_cli_date_text(item->night, buf));
	bh_json_time(object, "at", item->at_ms, entry->utc_offset_s);
	bh_json_text(object, "key", item->key);
	bh_json_text(object, "value", item->value);
	bh_json_text(object, "side",
		     item->side != BH_SIDE_UNKNOWN ? bh_side_name(item->side) : NULL);
	bh_json_text(object, "site", item->site[0] ? item->site : NULL);
	json_object_set_new(object, "simulated", json_boolean(listing->simulated));
	return bh_json_line(object);
}

static int list_entry(void *ctx, const struct bh_stored_entry *entry)
{
	struct listing *listing = ctx;
	const struct bh_diary_item *item = &entry->item;
	char id[24], night[BH_CLI_TIME_MAX], at[BH_CLI_TIME_MAX];
	const char *const cells[] = {
		id,
		bh_cli_date_text(item->night, night),
		bh_cli_time_text(item->at_ms, entry->utc_offset_s, at),
		item->key,
		item->value,
		item->side != BH_SIDE_UNKNOWN ? bh_side_name(item->side) : "",
		item->site,
		bh_cli_bed_id(listing->history, item->bed),
	};

	if (listing->cli->json)
		return list_json(listing, entry);
	snprintf(id, sizeof(id), "%" PRId64, entry->id);
	return bh_table_add(listing->table, cells);
}

static int list(struct bh_cli *cli, const struct bh_cli_args *args)
{
	static const struct bh_table_column columns[] = {
		{ "ID", true, false },	 { "NIGHT", false, false }, { "AT", false, false },
		{ "KEY", false, false }, { "VALUE", false, true },  { "SIDE", false, false },
		{ "SITE", false, false }, { "BED", false, false },  { NULL, false, false },
	};
	const char *since = bh_cli_value(args, "since");
	struct bh_cli_history history;
	struct listing listing = { .cli = cli, .history = &history };
	int32_t from = 0, to = 0;
	int r = 0, code = bh_cli_nights_span(args, "note", &from, &to);

	if (code == BH_EXIT_OK)
		code = bh_cli_history_open(cli, args, &history);
	if (code != BH_EXIT_OK)
		return code;
	listing.simulated = bh_cli_of_nobody(&history);
	if (!cli->json) {
		listing.table = bh_table_new(&cli->terminal, columns);
		r = listing.table ? 0 : -ENOMEM;
	}
	if (r == 0)
		r = bh_store_diary(history.store, history.bed, from, to, list_entry, &listing);
	if (r == 0 && listing.table) {
		bh_cli_banner(cli, listing.simulated);
		r = bh_table_finish(listing.table);
		if (r == 0)
			fprintf(stderr, "bedside: %s: no diary entry%s\n", history.path,
				since ? " since then" : " yet");
	} else {
		bh_table_free(listing.table);
	}
	if (r < 0)
		code = bh_cli_history_fail(&history, r);
	bh_cli_history_close(&history);
	return code;
}

/* ---- undo ---- */

struct wanted {
	int64_t id; /* 0: the one written last */
	struct bh_stored_entry found;
};

static int find_entry(void *ctx, const struct bh_stored_entry *entry)
{
	struct wanted *wanted = ctx;

	if (wanted->id ? entry->id == wanted->id : entry->id > wanted->found.id)
		wanted->found = *entry;
	return 0;
}

static int look_up(struct bh_cli *cli, const struct bh_cli_args *args, struct wanted *wanted,
		   char *ret_bed)
{
	struct bh_cli_history history;
	int r, code = bh_cli_history_open(cli, args, &history);

	if (code != BH_EXIT_OK)
		return code;
	r = bh_store_diary(history.store, history.bed, 0, 0, find_entry, wanted);
	if (r < 0)
		code = bh_cli_history_fail(&history, r);
	else if (wanted->found.id == 0)
		code = bh_cli_fail_text(BH_EXIT_DATA, "%s: no such diary entry: bedside note list "
						      "shows them with their ids", history.path);
	else
		snprintf(ret_bed, BH_NAME_MAX, "%s", bh_cli_bed_id(&history, wanted->found.item.bed));
	bh_cli_history_close(&history);
	return code;
}

static int undo(struct bh_cli *cli, const struct bh_cli_args *args)
{
	struct bh_saying saying = { .said.kind = BH_SAID_UNSAID };
	struct wanted wanted = { .id = 0 };
	struct bh_cli_said said;
	char *end;
	int code;

	if (args->n_words > 2)
		return bh_cli_misuse("note", "one id: bedside note undo 12, or none for the last entry");
	if (args->n_words == 2) {
		errno = 0;
		wanted.id = strtoll(args->words[1], &end, 10);
		if (*end || wanted.id <= 0 || errno == ERANGE)
			return bh_cli_misuse("note", "undo '%.40s': an id as bedside note list shows it",
					     args->words[1]);
	}
	code = look_up(cli, args, &wanted, saying.bed);
	if (code != BH_EXIT_OK)
		return code;
	saying.said.u.diary = wanted.found.item;
	code = bh_cli_say(cli, &saying, 1, &said);
	if (code == BH_EXIT_OK && said.changed == 0 && !said.in_memory)
		code = bh_cli_fail_text(BH_EXIT_DATA, "the entry is not there any more: bedside note list "
						      "shows those there are");
	return code == BH_EXIT_OK ? told(cli, saying.bed, "taken back", &wanted.found.item) : code;
}

static int run(struct bh_cli *cli, const struct bh_cli_args *args)
{
	const char *file = bh_cli_value(args, "import");
	const char *word = args->n_words > 0 ? args->words[0] : "";

	if (file && args->n_words > 0)
		return bh_cli_misuse("note", "--import takes no words: '%.40s'", word);
	if (file)
		return bh_cli_import(cli, file, BH_SAID_DIARY, bh_cli_value(args, "bed"));
	if (args->n_words == 0)
		return bh_cli_misuse("note", "what? bedside note pain 6 --side left; bedside note help "
					     "lists the keys");
	if (strcmp(word, "help") == 0 && args->n_words == 1)
		return bh_cli_list_answers(cli, false);
	if (strcmp(word, "list") == 0 && args->n_words == 1)
		return list(cli, args);
	if (strcmp(word, "undo") == 0)
		return undo(cli, args);
	return enter(cli, args);
}

static const struct bh_cli_option parts[] = {
	{ "list", NULL, "the entries, with their ids" },
	{ "undo", NULL, "take back the entry that was written last, or the one with this id" },
	{ "help", NULL, "the keys, and what they take" },
	{ NULL, NULL, NULL },
};

const struct bh_cli_verb bh_cli_verb_note = {
	.name = "note",
	.words = "KEY [VALUE] | list | undo [ID] | help",
	.summary = "The diary: pain, cramps, what helped, what was drunk",
	.text = "bedside note pain 6 --side left --site calf; bedside note urge; bedside note relief hang;\n"
		"bedside note note slept badly. An entry belongs to the night of its time (noon to noon). A\n"
		"night without an entry is not known, never \"no\".",
	.parts = parts,
	.options = options,
	.run = run,
};
