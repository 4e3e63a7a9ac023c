/* SPDX-License-Identifier: MIT */
#include "hub/core/said.h"

#include "hub/core/night.h"
#include "hub/core/suggest.h"
#include "hub/core/time_types.h"
#include "hub/core/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What a text of several lines is made of, such as a cell of a spreadsheet. */
#define LINES "\t\n\r"
/* The longest list of keys. */
#define KEYS_MAX 64
/* Longer than the clocks of two machines are apart. */
#define AHEAD_MS (INT64_C(5) * 60 * BH_MS_PER_S)
/* A diary is written up to a week late. */
#define LATE_MS (INT64_C(7) * 24 * 3600 * BH_MS_PER_S)

void bh_remark_date(struct bh_remark *said, size_t n, int64_t now_ms)
{
	for (size_t i = 0; i < n; i++) {
		struct bh_diary_item *diary = &said[i].u.diary;

		if (said[i].kind == BH_SAID_PROFILE) {
			if (said[i].u.profile.at_ms == BH_WALL_UNKNOWN)
				said[i].u.profile.at_ms = now_ms;
			continue;
		}
		if (diary->at_ms == BH_WALL_UNKNOWN)
			diary->at_ms = now_ms;
		if (diary->night == 0)
			diary->night = bh_night_date(diary->at_ms);
	}
}

const struct bh_answer_info *bh_said_key(enum bh_remark_kind kind, const char *key,
					 struct bh_error *err)
{
	bool profile = kind == BH_SAID_PROFILE;
	const struct bh_answer_info *info = profile ? bh_profile_info(key) : bh_diary_info(key);
	const char *names[KEYS_MAX + 1] = { NULL };
	const struct bh_answer_info *row;
	const char *near;

	if (info)
		return info;
	for (size_t i = 0; i < KEYS_MAX; i++) {
		row = profile ? bh_profile_info_at(i) : bh_diary_info_at(i);
		if (!row)
			break;
		names[i] = row->key;
	}
	near = bh_suggest(key, names);
	if (near)
		bh_error_set(err, -EINVAL, "", 0, 0, "no such key '%.40s': did you mean %s", key, near);
	else
		bh_error_set(err, -EINVAL, "", 0, 0, "no such key '%.40s': bedside %s help lists them",
			     key, profile ? "profile" : "note");
	return NULL;
}

bool bh_said_is_blank(const char *text)
{
	return text[strspn(text, " " LINES)] == '\0';
}

/* ---- reading ---- */

struct reader {
	const struct bh_said_words *words;
	const struct bh_answer_info *info;
	enum bh_said_field *field;
	struct bh_error *err;
};

static int read_value(const struct reader *reader, char *ret, size_t size)
{
	const struct bh_answer_info *info = reader->info;
	const char *value = reader->words->value;
	bool profile = reader->words->kind == BH_SAID_PROFILE;
	char takes[BH_ANSWER_TAKES_MAX];

	*reader->field = BH_SAID_VALUE;
	if (profile && reader->words->takes_back) {
		ret[0] = '\0';
		return 0;
	}
	if (bh_said_is_blank(value))
		return bh_error_set(reader->err, -EINVAL, "", 0, 0, "%s '': no value: must be %s%s",
				    info->key, bh_answer_takes(info, takes),
				    profile ? ", or unknown" : "");
	if (info->kind == BH_ANSWER_TEXT && strlen(value) >= size)
		return bh_error_set(reader->err, -EINVAL, "", 0, 0,
				    "%s: longer than %zu bytes: shorten it", info->key, size - 1);
	for (const char *c = value; *c; c++)
		if (((unsigned char)*c < 0x20 || *c == 0x7f) && !strchr(LINES, *c))
			return bh_error_set(reader->err, -EINVAL, "", 0, 0,
					    "%s: a control character: leave it out", info->key);
	if (!bh_utf8_is(value))
		return bh_error_set(reader->err, -EINVAL, "", 0, 0,
				    "%s: not UTF-8 text: set the terminal to UTF-8", info->key);
	if (strlen(value) >= size || bh_answer_check(info, value) < 0)
		return bh_error_set(reader->err, -EINVAL, "", 0, 0, "%s '%.40s': must be %s%s",
				    info->key, value, bh_answer_takes(info, takes),
				    profile ? ", or unknown" : "");
	strcpy(ret, value);
	return 0;
}

static int read_leg(const struct reader *reader, struct bh_diary_item *ret)
{
	const char *side = reader->words->side, *site = reader->words->site;
	const struct bh_answer_info *info = reader->info;
	bool has_side = side[0] && strcmp(side, bh_side_name(BH_SIDE_UNKNOWN)) != 0;

	*reader->field = has_side ? BH_SAID_SIDE : BH_SAID_SITE;
	if ((has_side || site[0]) && info->of == BH_OF_BODY)
		return bh_error_set(reader->err, -EINVAL, "", 0, 0,
				    "%s is not of a leg: leave out the %s", info->key,
				    has_side ? "side" : "site");
	if (has_side && bh_side_from_name(side, &ret->side) < 0)
		return bh_error_set(reader->err, -EINVAL, "", 0, 0,
				    "side '%.40s': must be left, right or both", side);
	*reader->field = BH_SAID_SITE;
	if (site[0] &&
	    (strlen(site) >= sizeof(ret->site) || !bh_answer_is_word(bh_answer_sites(), site)))
		return bh_error_set(reader->err, -EINVAL, "", 0, 0, "site '%.40s': must be one of %s",
				    site, bh_answer_sites());
	strcpy(ret->site, site);
	return 0;
}

static int read_time(const struct reader *reader, int64_t now_ms, int64_t *ret_ms)
{
	int64_t at_ms = reader->words->at_ms;
	bool may_be_none = reader->words->kind == BH_SAID_PROFILE;

	*reader->field = BH_SAID_AT;
	if (at_ms != BH_WALL_UNKNOWN &&
	    (at_ms < 0 || (at_ms == 0 && !may_be_none) || bh_night_date(at_ms) == 0))
		return bh_error_set(reader->err, -EINVAL, "", 0, 0, "not a time: correct it");
	if (at_ms > now_ms + AHEAD_MS && reader->words->kind != BH_SAID_UNSAID)
		return bh_error_set(reader->err, -EINVAL, "", 0, 0,
				    "the time lies in the future: correct it");
	*ret_ms = at_ms;
	return 0;
}

static int read_night(const struct reader *reader, int64_t now_ms, int32_t *ret)
{
	int64_t at_ms = reader->words->at_ms == BH_WALL_UNKNOWN ? now_ms : reader->words->at_ms;
	int32_t night = reader->words->night;
	int64_t start_ms, end_ms;

	*reader->field = BH_SAID_NIGHT;
	*ret = night;
	if (night == 0 && reader->words->at_ms != BH_WALL_UNKNOWN)
		*ret = bh_night_date(at_ms);
	if (night == 0)
		return 0;
	if (bh_night_bounds(night, &start_ms, &end_ms) < 0)
		return bh_error_set(reader->err, -EINVAL, "", 0, 0, "night %d: not a date yyyymmdd",
				    (int)night);
	if (reader->words->kind != BH_SAID_UNSAID &&
	    (at_ms < start_ms || at_ms >= end_ms + LATE_MS))
		return bh_error_set(reader->err, -EINVAL, "", 0, 0,
				    "night %04d-%02d-%02d is not one of the week before the entry's "
				    "time: correct one of the two",
				    (int)night / 10000, (int)night / 100 % 100, (int)night % 100);
	return 0;
}

static int read_answer(const struct reader *reader, int64_t now_ms, struct bh_profile_item *ret)
{
	int r = read_value(reader, ret->value, sizeof(ret->value));

	snprintf(ret->key, sizeof(ret->key), "%s", reader->info->key);
	return r < 0 ? r : read_time(reader, now_ms, &ret->at_ms);
}

static int read_entry(const struct reader *reader, int64_t now_ms, struct bh_diary_item *ret)
{
	bool unsaid = reader->words->kind == BH_SAID_UNSAID;
	int r = 0;

	snprintf(ret->key, sizeof(ret->key), "%s", reader->info->key);
	if (!unsaid)
		r = read_value(reader, ret->value, sizeof(ret->value));
	if (r == 0)
		r = read_leg(reader, ret);
	if (r == 0)
		r = read_time(reader, now_ms, &ret->at_ms);
	return r < 0 ? r : read_night(reader, now_ms, &ret->night);
}

int bh_said_read(const struct bh_said_words *words, int64_t now_ms, struct bh_remark *ret,
		 enum bh_said_field *ret_field, struct bh_error *err)
{
	struct bh_remark said = { .kind = words->kind };
	struct reader reader = { .words = words, .field = ret_field, .err = err };
	int r;

	*ret_field = BH_SAID_KEY;
	reader.info = bh_said_key(words->kind, words->key, err);
	if (!reader.info)
		return -EINVAL;
	r = words->kind == BH_SAID_PROFILE ? read_answer(&reader, now_ms, &said.u.profile)
					   : read_entry(&reader, now_ms, &said.u.diary);
	if (r == 0)
		*ret = said;
	return r;
}
