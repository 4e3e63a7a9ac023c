/* SPDX-License-Identifier: MIT */
#include "hub/core/answer.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct bh_answer_info profile_rows[] = {
#define BH_PROFILE(ENUM, key, kind, words, text) { key, BH_ANSWER_##kind, words, BH_OF_BODY, text },
#include "hub/core/profile.def"
#undef BH_PROFILE
};

static const struct bh_answer_info diary_rows[] = {
#define BH_DIARY(ENUM, key, kind, words, of, text) { key, BH_ANSWER_##kind, words, BH_OF_##of, text },
#include "hub/core/diary.def"
#undef BH_DIARY
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
/* Whole digits before and after the point: far beyond any answer, and safe in 64 bits. */
#define WHOLE_DIGITS_MAX 9
#define DECIMALS_MAX 3
#define MILLI 1000

/* Where a leg hurts, from its end upwards: what a person can point at. */
static const char sites[] = "foot|ankle|calf|shin|knee|thigh|hip|whole";

static const struct bh_answer_info *find(const struct bh_answer_info *rows, size_t n,
					 const char *key)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].key, key) == 0)
			return &rows[i];
	return NULL;
}

const struct bh_answer_info *bh_profile_info(const char *key)
{
	return find(profile_rows, COUNT(profile_rows), key);
}

const struct bh_answer_info *bh_diary_info(const char *key)
{
	return find(diary_rows, COUNT(diary_rows), key);
}

const struct bh_answer_info *bh_profile_info_at(size_t i)
{
	return i < COUNT(profile_rows) ? &profile_rows[i] : NULL;
}

const struct bh_answer_info *bh_diary_info_at(size_t i)
{
	return i < COUNT(diary_rows) ? &diary_rows[i] : NULL;
}

int bh_answer_number(const char *value, int64_t *ret_milli)
{
	bool negative = *value == '-';
	int64_t milli = 0;
	int whole = 0, decimals = 0;

	if (*value == '-' || *value == '+')
		value++;
	for (; *value >= '0' && *value <= '9'; value++, whole++) {
		if (whole == WHOLE_DIGITS_MAX)
			return -EINVAL;
		milli = milli * 10 + (*value - '0');
	}
	if (whole == 0)
		return -EINVAL;
	if (*value == '.') {
		for (value++; *value >= '0' && *value <= '9'; value++, decimals++) {
			if (decimals == DECIMALS_MAX)
				return -EINVAL;
			milli = milli * 10 + (*value - '0');
		}
		if (decimals == 0)
			return -EINVAL;
	}
	if (*value)
		return -EINVAL;
	for (; decimals < DECIMALS_MAX; decimals++)
		milli *= 10;
	*ret_milli = negative ? -milli : milli;
	return 0;
}

static int days_of_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

int bh_answer_date(const char *value, int32_t *ret_date)
{
	int year, month, day;

	if (strspn(value, "0123456789-") != 10 || value[10] || value[4] != '-' || value[7] != '-' ||
	    sscanf(value, "%4d-%2d-%2d", &year, &month, &day) != 3)
		return -EINVAL;
	if (year < 1970 || month < 1 || month > 12 || day < 1 || day > days_of_month(year, month))
		return -EINVAL;
	*ret_date = year * 10000 + month * 100 + day;
	return 0;
}

bool bh_answer_is_word(const char *words, const char *value)
{
	size_t length = strlen(value);

	if (length == 0)
		return false;
	while (*words) {
		size_t n = strcspn(words, "|");

		if (n == length && memcmp(words, value, n) == 0)
			return true;
		words += words[n] ? n + 1 : n;
	}
	return false;
}

const char *bh_answer_sites(void)
{
	return sites;
}

void bh_answer_range(const struct bh_answer_info *info, int *ret_min, int *ret_max)
{
	int n = sscanf(info->words, "%d..%d", ret_min, ret_max);

	assert(info->kind == BH_ANSWER_NUMBER && n == 2); /* every NUMBER of the tables has a range */
	(void)n;
}

static bool is_in_range(const struct bh_answer_info *info, const char *value)
{
	int64_t milli;
	int min, max;

	bh_answer_range(info, &min, &max);
	return bh_answer_number(value, &milli) == 0 && milli >= (int64_t)min * MILLI &&
	       milli <= (int64_t)max * MILLI;
}

/* "a|b|c" as "a, b or c". */
static void put_words(const char *words, char *buf, size_t size)
{
	size_t used = 0;

	while (*words && used < size) {
		int n = (int)strcspn(words, "|");
		bool more = words[n] == '|', last = more && !strchr(words + n + 1, '|');

		used += (size_t)snprintf(buf + used, size - used, "%.*s%s", n, words,
					 last ? " or " : more ? ", " : "");
		words += n + (more ? 1 : 0);
	}
}

const char *bh_answer_takes(const struct bh_answer_info *info, char buf[static BH_ANSWER_TAKES_MAX])
{
	int min, max;

	switch (info->kind) {
	case BH_ANSWER_FLAG:
		snprintf(buf, BH_ANSWER_TAKES_MAX, "yes or no");
		break;
	case BH_ANSWER_NUMBER:
		bh_answer_range(info, &min, &max);
		snprintf(buf, BH_ANSWER_TAKES_MAX, "a number from %d to %d", min, max);
		break;
	case BH_ANSWER_WORD:
		put_words(info->words, buf, BH_ANSWER_TAKES_MAX);
		break;
	case BH_ANSWER_DATE:
		snprintf(buf, BH_ANSWER_TAKES_MAX, "a date such as 2026-03-01");
		break;
	case BH_ANSWER_TEXT:
		snprintf(buf, BH_ANSWER_TAKES_MAX, "a text");
		break;
	}
	return buf;
}

int bh_answer_check(const struct bh_answer_info *info, const char *value)
{
	int32_t date;
	bool fits = false;

	if (strcmp(value, BH_ANSWER_UNKNOWN) == 0)
		return 0;
	if (info->kind != BH_ANSWER_TEXT && strlen(value) >= BH_ANSWER_MAX)
		return -EINVAL;
	switch (info->kind) {
	case BH_ANSWER_FLAG:
		fits = bh_answer_is_word("yes|no", value);
		break;
	case BH_ANSWER_NUMBER:
		fits = is_in_range(info, value);
		break;
	case BH_ANSWER_WORD:
		fits = bh_answer_is_word(info->words, value);
		break;
	case BH_ANSWER_DATE:
		fits = bh_answer_date(value, &date) == 0;
		break;
	case BH_ANSWER_TEXT:
		fits = true;
		break;
	}
	return fits ? 0 : -EINVAL;
}
