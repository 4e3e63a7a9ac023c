/* SPDX-License-Identifier: MIT */
#include "hub/cli/say.h"

#include "hub/cli/hub.h"
#include "hub/cli/times.h"
#include "hub/core/night.h"
#include "hub/core/suggest.h"
#include "hub/core/time_types.h"
#include "hub/store/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The hub's room for a request (hub/daemon/control.c) is a byte more than this, for its final NUL;
 * the newline that ends the request is within. */
#define REQUEST_MAX (((size_t)1 << 20) - 1)

/* ---- whose ---- */

static void add_person(struct bh_cli_persons *persons, const char *bed)
{
	if (persons->n < BH_BEDS_MAX)
		snprintf(persons->bed[persons->n++], BH_NAME_MAX, "%s", bed);
}

static int persons_of_history(struct bh_cli *cli, struct bh_cli_persons *ret)
{
	struct bh_store_bed beds[BH_BEDS_MAX];
	struct bh_error err = { .text = "cannot be read" };
	struct bh_store *store;
	int r;

	if (access(cli->db_path, F_OK) < 0 && errno == ENOENT)
		return BH_EXIT_OK;
	r = bh_store_open(cli->db_path, BH_STORE_READ, &store, &err);
	if (r < 0)
		return bh_cli_fail(bh_cli_exit_data(r), &err);
	r = bh_store_beds(store, beds, BH_BEDS_MAX);
	bh_store_close(store);
	for (int i = 0; i < r && i < BH_BEDS_MAX; i++)
		add_person(ret, beds[i].id);
	return r < 0 ? bh_cli_fail(bh_cli_exit_data(r), &err) : BH_EXIT_OK;
}

int bh_cli_persons(struct bh_cli *cli, struct bh_cli_persons *ret)
{
	struct bh_cli_persons persons = { .n = 0 };
	int code = BH_EXIT_OK;

	if (cli->db_path) {
		code = persons_of_history(cli, &persons);
	} else {
		code = bh_cli_config(cli, false);
		for (uint8_t i = 0; code == BH_EXIT_OK && i < cli->config->n_beds; i++)
			add_person(&persons, cli->config->beds[i].id);
	}
	if (code == BH_EXIT_OK)
		*ret = persons;
	return code;
}

int bh_cli_person(const struct bh_cli_persons *persons, const char *wanted,
		  char ret[static BH_NAME_MAX], struct bh_error *err)
{
	const char *ids[BH_BEDS_MAX + 1] = { NULL };
	const char *near;

	for (size_t i = 0; i < persons->n; i++)
		ids[i] = persons->bed[i];
	if (!wanted || !wanted[0]) {
		if (persons->n > 1)
			return bh_error_set(err, -EINVAL, "", 0, 0,
					    "whose? there are %zu beds: name one, such as bed '%s'",
					    persons->n, ids[0]);
		wanted = ids[0] ? ids[0] : "bed";
	}
	for (size_t i = 0; i < persons->n; i++) {
		if (strcmp(ids[i], wanted) == 0) {
			strcpy(ret, ids[i]);
			return 0;
		}
	}
	if (persons->n > 0) {
		near = bh_suggest(wanted, ids);
		return bh_error_set(err, -EINVAL, "", 0, 0, "no bed '%.40s': did you mean '%s'?",
				    wanted, near ? near : ids[0]);
	}
	/* As a configuration's ids. */
	if (strlen(wanted) >= BH_NAME_MAX ||
	    wanted[strspn(wanted, "abcdefghijklmnopqrstuvwxyz0123456789_-")] != '\0')
		return bh_error_set(err, -EINVAL, "", 0, 0,
				    "bed '%.40s': use only a-z, 0-9, - and _, at most %d of them",
				    wanted, BH_NAME_MAX - 1);
	strcpy(ret, wanted);
	return 0;
}

/* ---- to the hub ---- */

static const char *what_of(enum bh_remark_kind kind)
{
	switch (kind) {
	case BH_SAID_PROFILE:
		return "profile";
	case BH_SAID_DIARY:
		return "diary";
	case BH_SAID_UNSAID:
		return "unsay";
	}
	return "";
}

static json_t *item_of(const struct bh_saying *saying)
{
	const struct bh_diary_item *diary = &saying->said.u.diary;
	const struct bh_profile_item *profile = &saying->said.u.profile;
	json_t *item;

	if (saying->said.kind == BH_SAID_PROFILE) {
		item = json_pack("{s:s, s:s, s:s, s:s}", "what", "profile", "bed", saying->bed, "key",
				 profile->key, "value", profile->value);
		if (profile->at_ms != BH_WALL_UNKNOWN)
			json_object_set_new(item, "at_ms", json_integer(profile->at_ms));
		return item;
	}
	item = json_pack("{s:s, s:s, s:s, s:s}", "what", what_of(saying->said.kind), "bed",
			 saying->bed, "key", diary->key, "value", diary->value);
	if (diary->side != BH_SIDE_UNKNOWN)
		json_object_set_new(item, "side", json_string(bh_side_name(diary->side)));
	if (diary->site[0])
		json_object_set_new(item, "site", json_string(diary->site));
	if (diary->at_ms != BH_WALL_UNKNOWN)
		json_object_set_new(item, "at_ms", json_integer(diary->at_ms));
	if (diary->night != 0)
		json_object_set_new(item, "night", json_integer(diary->night));
	return item;
}

static char *request_of(const struct bh_saying *sayings, size_t n)
{
	json_t *items = json_array();
	json_t *request;
	char *text;

	/* All of it or nothing: never without the one that did not fit. */
	for (size_t i = 0; i < n; i++) {
		if (json_array_append_new(items, item_of(&sayings[i])) < 0) {
			json_decref(items);
			return NULL;
		}
	}
	request = json_pack("{s:s, s:o}", "command", "say", "items", items);
	text = request ? json_dumps(request, JSON_COMPACT) : NULL;
	json_decref(request);
	return text;
}

/* @return 0, an exit code after the error was printed, or -ENOENT: no hub runs. */
static int tell_hub(struct bh_cli *cli, const struct bh_saying *sayings, size_t n,
		    struct bh_cli_said *ret)
{
	const char *socket = cli->config->socket;
	json_t *answer = NULL;
	char *text = request_of(sayings, n);
	size_t length = text ? strlen(text) : 0;
	int code = BH_EXIT_OK, r = -ENOMEM;

	/* Small enough to find out whether a hub is there at all. */
	if (text && length + 1 > REQUEST_MAX)
		r = bh_hub_ask(socket, "{\"command\":\"status\"}", BH_HUB_TOLD_S, &answer);
	else if (text)
		r = bh_hub_ask(socket, text, BH_HUB_WRITTEN_S, &answer);
	free(text);
	if (r == -ENOENT || r == -ECONNREFUSED || r == -ENOTDIR)
		return -ENOENT;
	if (r == -EACCES)
		return bh_cli_fail_text(BH_EXIT_UNAVAILABLE,
					"%s: the hub may not be asked: join the group bedside",
					socket);
	if (r < 0)
		return bh_cli_fail_text(BH_EXIT_FAILURE,
					"%s: no answer from the hub: %s: bedside note list and bedside "
					"profile show what was kept",
					socket, strerror(-r));
	if (length + 1 > REQUEST_MAX)
		code = bh_cli_fail_text(BH_EXIT_USAGE,
					"too much for a running hub at once (%zu entries): split the "
					"file, or stop bedsided meanwhile",
					n);
	else if (!json_is_true(json_object_get(answer, "ok")))
		code = bh_cli_fail_text(BH_EXIT_FAILURE, "the hub refuses: %s",
					json_string_value(json_object_get(answer, "error")));
	*ret = (struct bh_cli_said){
		.changed = (int)json_integer_value(json_object_get(answer, "changed")),
		.night = (int32_t)json_integer_value(json_object_get(answer, "night")),
		.in_memory = json_object_get(answer, "kept") != NULL,
	};
	json_decref(answer);
	if (ret->in_memory)
		fprintf(stderr, "bedside: noted; not on the disk yet: do not repeat it\n");
	return code;
}

/* ---- into the history ---- */

/* Files that root made would lock the hub out of its own history. */
static int become_owner(const char *path)
{
	char folder[BH_PATH_MAX];
	char *slash;
	struct stat st;

	if (geteuid() != 0)
		return 0;
	if (stat(path, &st) < 0) {
		snprintf(folder, sizeof(folder), "%s", path);
		slash = strrchr(folder, '/');
		if (slash)
			*slash = '\0';
		if (stat(slash ? folder : ".", &st) < 0)
			return 0; /* what is missing is said by the store */
	}
	if (st.st_uid == 0)
		return 0;
	return setegid(st.st_gid) < 0 || seteuid(st.st_uid) < 0 ? -errno : 0;
}

static int number_beds(struct bh_store *store, const struct bh_saying *sayings, size_t n,
		       struct bh_remark *said)
{
	for (size_t i = 0; i < n; i++) {
		int number = i > 0 && strcmp(sayings[i].bed, sayings[i - 1].bed) == 0 ?
				     (said[i - 1].kind == BH_SAID_PROFILE ?
					      said[i - 1].u.profile.bed :
					      said[i - 1].u.diary.bed) :
				     bh_store_name_bed(store, sayings[i].bed, sayings[i].bed);

		if (number < 0)
			return number;
		said[i] = sayings[i].said;
		if (said[i].kind == BH_SAID_PROFILE)
			said[i].u.profile.bed = (uint8_t)number;
		else
			said[i].u.diary.bed = (uint8_t)number;
	}
	return 0;
}

static int write_said(struct bh_store *store, const struct bh_saying *sayings, size_t n,
		      struct bh_cli_said *ret)
{
	struct bh_remark *said = calloc(n, sizeof(*said));
	int r = said ? number_beds(store, sayings, n, said) : -ENOMEM;
	int changed = 0;

	if (r == 0) {
		bh_remark_date(said, n, bh_cli_now_ms());
		changed = bh_store_say(store, said, n);
		r = changed < 0 ? changed : bh_store_commit(store);
	}
	free(said);
	if (r == 0)
		*ret = (struct bh_cli_said){ .changed = changed,
					     .night = bh_night_date(bh_cli_now_ms()) };
	return r;
}

static int write_history(struct bh_cli *cli, const struct bh_saying *sayings, size_t n,
			 struct bh_cli_said *ret)
{
	const char *path = cli->db_path ? cli->db_path : cli->config->database;
	struct bh_error err = { .text = "out of memory" };
	struct bh_store *store;
	int r;

	if (!cli->db_path && access(path, F_OK) < 0 && errno == ENOENT)
		return bh_cli_fail_text(BH_EXIT_UNAVAILABLE,
					"%s: no history yet: start bedsided, or name a file with --db",
					path);
	r = become_owner(path);
	if (r < 0)
		return bh_cli_fail_text(BH_EXIT_UNAVAILABLE,
					"%s: cannot be written as its owner: %s", path, strerror(-r));
	r = bh_store_open(path, BH_STORE_WRITE, &store, &err);
	if (r < 0)
		return bh_cli_fail(bh_cli_exit_data(r), &err);
	r = write_said(store, sayings, n, ret);
	bh_store_close(store);
	if (r < 0)
		return bh_cli_fail_text(bh_cli_exit_write(r), "%s: cannot be written: %s: nothing changed",
					path, strerror(-r));
	return BH_EXIT_OK;
}

int bh_cli_say(struct bh_cli *cli, const struct bh_saying *sayings, size_t n,
	       struct bh_cli_said *ret)
{
	struct bh_cli_said said;
	int code = -ENOENT;

	if (!ret)
		ret = &said;
	for (size_t i = 0; i < n; i++)
		if (strcmp(sayings[i].bed, BH_CLI_NO_BED) == 0)
			return bh_cli_fail_text(BH_EXIT_DATA,
						"the history does not say whose bed this is: name it "
						"with --bed");
	if (!cli->db_path) {
		code = bh_cli_config(cli, false);
		if (code != BH_EXIT_OK)
			return code;
		code = tell_hub(cli, sayings, n, ret);
	}
	return code == -ENOENT ? write_history(cli, sayings, n, ret) : code;
}
