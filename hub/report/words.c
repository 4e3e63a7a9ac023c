/* SPDX-License-Identifier: MIT */
#include "hub/report/words.h"

#include "hub/core/epoch.h"
#include "hub/core/night.h"
#include "hub/core/time_types.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NOT_KNOWN "not known"

static const char *const weekdays[] = { "Sunday",   "Monday", "Tuesday", "Wednesday",
					"Thursday", "Friday", "Saturday" };
static const char *const months[] = { "January",   "February", "March",	   "April",
				      "May",	   "June",     "July",	   "August",
				      "September", "October",  "November", "December" };

static const char *copy(const char *text, char buf[static BH_WORDS_MAX])
{
	snprintf(buf, BH_WORDS_MAX, "%s", text);
	return buf;
}

/* What a clock on the wall shows. */
static struct tm local(int64_t wall_ms)
{
	int64_t local_ms = wall_ms + bh_utc_offset_s(wall_ms) * BH_MS_PER_S;
	time_t at = (time_t)(local_ms / BH_MS_PER_S - (local_ms % BH_MS_PER_S < 0 ? 1 : 0));
	struct tm tm = { .tm_mday = 1 };

	gmtime_r(&at, &tm);
	return tm;
}

const char *bh_words_clock(int64_t wall_ms, char buf[static BH_WORDS_MAX])
{
	struct tm tm;

	if (wall_ms == BH_WALL_UNKNOWN)
		return copy(NOT_KNOWN, buf);
	tm = local(wall_ms);
	snprintf(buf, BH_WORDS_MAX, "%02d:%02d", tm.tm_hour, tm.tm_min);
	return buf;
}

const char *bh_words_moment(int64_t wall_ms, char buf[static BH_WORDS_MAX])
{
	struct tm tm;

	if (wall_ms == BH_WALL_UNKNOWN)
		return copy("", buf);
	tm = local(wall_ms);
	strftime(buf, BH_WORDS_MAX, "%Y-%m-%dT%H:%M", &tm);
	return buf;
}

const char *bh_words_date(int32_t date, char buf[static BH_WORDS_MAX])
{
	snprintf(buf, BH_WORDS_MAX, "%04" PRId32 "-%02" PRId32 "-%02" PRId32, date / 10000,
		 date / 100 % 100, date % 100);
	return buf;
}

static struct tm calendar(int32_t date)
{
	struct tm tm = { .tm_year = date / 10000 - 1900,
			 .tm_mon = date / 100 % 100 - 1,
			 .tm_mday = date % 100 };

	timegm(&tm);
	return tm;
}

const char *bh_words_date_long(int32_t date, char buf[static BH_WORDS_MAX])
{
	struct tm tm = calendar(date);

	snprintf(buf, BH_WORDS_MAX, "%s %d %s %d", weekdays[tm.tm_wday], tm.tm_mday,
		 months[tm.tm_mon], tm.tm_year + 1900);
	return buf;
}

const char *bh_words_period(int32_t from, int32_t to, char buf[static BH_WORDS_MAX])
{
	struct tm first = calendar(from), last = calendar(to);
	char year[16] = "";

	if (first.tm_year != last.tm_year)
		snprintf(year, sizeof(year), " %d", first.tm_year + 1900);
	snprintf(buf, BH_WORDS_MAX, "%d %s%s to %d %s %d", first.tm_mday, months[first.tm_mon],
		 year, last.tm_mday, months[last.tm_mon], last.tm_year + 1900);
	return buf;
}

const char *bh_words_date_short(int32_t date, char buf[static BH_WORDS_MAX])
{
	struct tm tm = calendar(date);

	snprintf(buf, BH_WORDS_MAX, "%.3s %d %.3s", weekdays[tm.tm_wday], tm.tm_mday,
		 months[tm.tm_mon]);
	return buf;
}

const char *bh_words_span(int64_t ms, char buf[static BH_WORDS_MAX])
{
	int64_t s = (ms + BH_MS_PER_S / 2) / BH_MS_PER_S;

	if (s < 60)
		snprintf(buf, BH_WORDS_MAX, "%" PRId64 " s", s);
	else
		bh_words_minutes((int32_t)((s + 30) / 60), buf);
	return buf;
}

const char *bh_words_minutes(int32_t minutes, char buf[static BH_WORDS_MAX])
{
	if (minutes == BH_EPOCH_UNKNOWN)
		return copy(NOT_KNOWN, buf);
	if (minutes < 60)
		snprintf(buf, BH_WORDS_MAX, "%" PRId32 " min", minutes);
	else
		snprintf(buf, BH_WORDS_MAX, "%" PRId32 " h %02" PRId32 " min", minutes / 60,
			 minutes % 60);
	return buf;
}

const char *bh_words_count(int32_t count, char buf[static BH_WORDS_MAX])
{
	if (count == BH_EPOCH_UNKNOWN)
		return copy(NOT_KNOWN, buf);
	snprintf(buf, BH_WORDS_MAX, "%" PRId32, count);
	return buf;
}

const char *bh_words_times(int32_t count, char buf[static BH_WORDS_MAX])
{
	if (count == BH_EPOCH_UNKNOWN)
		return copy(NOT_KNOWN, buf);
	if (count == 0)
		return copy("not seen", buf);
	if (count == 1)
		return copy("once", buf);
	snprintf(buf, BH_WORDS_MAX, "%" PRId32 " times", count);
	return buf;
}

const char *bh_words_tenths(int32_t milli, char buf[static BH_WORDS_MAX])
{
	int32_t tenths;

	if (milli == BH_EPOCH_UNKNOWN)
		return copy(NOT_KNOWN, buf);
	tenths = (abs(milli) + 50) / 100;
	snprintf(buf, BH_WORDS_MAX, "%s%" PRId32 ".%" PRId32, milli < 0 && tenths > 0 ? "−" : "",
		 tenths / 10, tenths % 10);
	return buf;
}

const char *bh_words_degrees(int32_t mdegc, char buf[static BH_WORDS_MAX])
{
	char number[BH_WORDS_MAX];

	if (mdegc == BH_EPOCH_UNKNOWN)
		return copy(NOT_KNOWN, buf);
	snprintf(buf, BH_WORDS_MAX, "%.16s °C", bh_words_tenths(mdegc, number));
	return buf;
}

const char *bh_words_percent(int32_t permille, char buf[static BH_WORDS_MAX])
{
	if (permille == BH_EPOCH_UNKNOWN)
		return copy(NOT_KNOWN, buf);
	snprintf(buf, BH_WORDS_MAX, "%" PRId32 " %%", (permille + 5) / 10);
	return buf;
}
