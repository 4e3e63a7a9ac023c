/* SPDX-License-Identifier: MIT */
#include "hub/cli/times.h"

#include "hub/core/night.h"
#include "hub/core/time_types.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MS_PER_MIN (60 * BH_MS_PER_S)
#define MS_PER_H (60 * MS_PER_MIN)
#define MS_PER_DAY (24 * MS_PER_H)
/* Hardly anybody looks back further; it keeps the arithmetic far from its ends. */
#define AGO_MAX 100000

int64_t bh_cli_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * BH_MS_PER_S + now.tv_nsec / BH_NS_PER_MS;
}

static int64_t midnight_ms(int64_t now_ms, int days)
{
	time_t now = (time_t)(now_ms / BH_MS_PER_S);
	struct tm tm;

	localtime_r(&now, &tm);
	tm = (struct tm){ .tm_year = tm.tm_year, .tm_mon = tm.tm_mon, .tm_mday = tm.tm_mday + days,
			  .tm_isdst = -1 };
	return (int64_t)mktime(&tm) * BH_MS_PER_S;
}

/* "90min", "12h", "3d": @return the span in ms, or -1. */
static int64_t parse_ago(const char *text)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = { { "s", BH_MS_PER_S }, { "min", MS_PER_MIN }, { "h", MS_PER_H },
		      { "d", MS_PER_DAY } };
	char *end;
	long n;

	if (text[0] < '0' || text[0] > '9')
		return -1;
	n = strtol(text, &end, 10);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(end, units[i].name) == 0 && n <= AGO_MAX)
			return n * units[i].ms;
	return -1;
}

/* "", "Z", "+01:00", "-0330" after a time of day. @return 1 with the offset, 0 for none, -EINVAL. */
static int parse_offset(const char *text, int32_t *ret_s)
{
	unsigned int hours, minutes;
	char sign;
	int used = 0;

	while (*text == ' ')
		text++;
	if (*text == '\0')
		return 0;
	if (strcmp(text, "Z") == 0) {
		*ret_s = 0;
		return 1;
	}
	if ((sscanf(text, "%c%2u:%2u%n", &sign, &hours, &minutes, &used) != 3 &&
	     sscanf(text, "%c%2u%2u%n", &sign, &hours, &minutes, &used) != 3) ||
	    text[used] != '\0' || (sign != '+' && sign != '-') || hours > 14 || minutes > 59)
		return -EINVAL;
	*ret_s = (int32_t)(hours * 3600 + minutes * 60) * (sign == '-' ? -1 : 1);
	return 1;
}

/* ".5", ".123" behind the seconds. @return What follows them, or NULL. */
static const char *parse_fraction(const char *text, int *ret_ms)
{
	int unit = 100;

	if (*text != '.')
		return text;
	for (text++; *text >= '0' && *text <= '9'; text++, unit /= 10)
		*ret_ms += (*text - '0') * unit;
	return text[-1] == '.' ? NULL : text;
}

/* The date and, after a blank or T, the time of day. @return 0 or -EINVAL. */
static int parse_calendar(const char *text, int64_t *ret_ms)
{
	struct tm tm = { .tm_isdst = -1 }, given;
	int32_t offset_s = 0;
	time_t at;
	int r, ms = 0;
	const char *rest = strptime(text, "%Y-%m-%d", &tm);

	if (rest && (*rest == ' ' || *rest == 'T')) {
		const char *day_time = rest + 1;

		rest = strptime(day_time, "%H:%M:%S", &tm);
		if (rest) {
			rest = parse_fraction(rest, &ms);
		} else {
			tm.tm_sec = 0;
			rest = strptime(day_time, "%H:%M", &tm);
		}
	}
	if (!rest)
		return -EINVAL;
	r = parse_offset(rest, &offset_s);
	if (r < 0)
		return r;
	given = tm;
	at = r > 0 ? timegm(&tm) - offset_s : mktime(&tm);
	/* 2026-02-31 would silently become another day. */
	if (tm.tm_mday != given.tm_mday || tm.tm_mon != given.tm_mon)
		return -EINVAL;
	*ret_ms = (int64_t)at * BH_MS_PER_S + ms;
	return 0;
}

int bh_cli_time_parse(const char *text, int64_t now_ms, int64_t *ret_ms, struct bh_error *err)
{
	int64_t ago = parse_ago(text);

	if (ago >= 0)
		*ret_ms = now_ms - ago;
	else if (strcmp(text, "today") == 0)
		*ret_ms = midnight_ms(now_ms, 0);
	else if (strcmp(text, "yesterday") == 0)
		*ret_ms = midnight_ms(now_ms, -1);
	else if (parse_calendar(text, ret_ms) < 0)
		return bh_error_set(err, -EINVAL, "", 0, 0,
				    "'%.40s' is not a time: write 2026-11-22, \"2026-11-22 23:10\", "
				    "today, yesterday, or how long ago: 90min, 12h, 3d",
				    text);
	return 0;
}

int bh_cli_date_parse(const char *text, int32_t *ret, struct bh_error *err)
{
	int64_t start_ms, end_ms;
	int year, month, day, used = 0;
	int32_t date;

	if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &used) != 3 || text[used] != '\0' ||
	    bh_night_bounds(date = year * 10000 + month * 100 + day, &start_ms, &end_ms) < 0)
		return bh_error_set(err, -EINVAL, "", 0, 0,
				    "'%.40s' is not a night: write the date of its evening, such as "
				    "2026-11-22",
				    text);
	*ret = date;
	return 0;
}

int bh_cli_night_parse(const char *text, int64_t now_ms, int32_t *ret, struct bh_error *err)
{
	int64_t ago = strcmp(text + strspn(text, "0123456789"), "d") == 0 ? parse_ago(text) : -1;

	if (ago >= 0)
		*ret = bh_night_date(now_ms - ago);
	else if (bh_cli_date_parse(text, ret, err) < 0)
		return bh_error_set(err, -EINVAL, "", 0, 0,
				    "'%.40s' is not a night: write the date of its evening, such as "
				    "2026-11-22, or how many days ago: 7d",
				    text);
	return 0;
}

static bool local_tm(int64_t wall_ms, int32_t offset_s, struct tm *ret)
{
	int64_t local_ms = wall_ms + offset_s * BH_MS_PER_S;
	time_t at;

	if (wall_ms == BH_WALL_UNKNOWN)
		return false;
	at = (time_t)(local_ms / BH_MS_PER_S - (local_ms % BH_MS_PER_S < 0 ? 1 : 0));
	return gmtime_r(&at, ret) != NULL;
}

const char *bh_cli_time_text(int64_t wall_ms, int32_t offset_s, char buf[static BH_CLI_TIME_MAX])
{
	struct tm tm;

	if (!local_tm(wall_ms, offset_s, &tm))
		return "unknown";
	strftime(buf, BH_CLI_TIME_MAX, "%Y-%m-%d %H:%M:%S", &tm);
	return buf;
}

const char *bh_cli_clock_text(int64_t wall_ms, int32_t offset_s, char buf[static BH_CLI_TIME_MAX])
{
	struct tm tm;

	if (!local_tm(wall_ms, offset_s, &tm))
		return "unknown";
	strftime(buf, BH_CLI_TIME_MAX, "%H:%M", &tm);
	return buf;
}

const char *bh_cli_time_json(int64_t wall_ms, int32_t offset_s, char buf[static BH_CLI_TIME_MAX])
{
	int32_t minutes = abs(offset_s) / 60;
	int ms = (int)(((wall_ms % BH_MS_PER_S) + BH_MS_PER_S) % BH_MS_PER_S);
	struct tm tm;
	size_t n;

	if (!local_tm(wall_ms, offset_s, &tm))
		return NULL;
	n = strftime(buf, BH_CLI_TIME_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(buf + n, BH_CLI_TIME_MAX - n, ".%03d%c%02d:%02d", ms, offset_s < 0 ? '-' : '+',
		 (int)(minutes / 60), (int)(minutes % 60));
	return buf;
}

const char *bh_cli_date_text(int32_t date, char buf[static BH_CLI_TIME_MAX])
{
	if (date == 0)
		return "unknown";
	snprintf(buf, BH_CLI_TIME_MAX, "%04d-%02d-%02d", date / 10000, date / 100 % 100, date % 100);
	return buf;
}

const char *bh_cli_date_long(int32_t date, char *buf, size_t size)
{
	struct tm tm = {
		.tm_year = date / 10000 - 1900,
		.tm_mon = date / 100 % 100 - 1,
		.tm_mday = date % 100,
		.tm_hour = 12,
		.tm_isdst = -1,
	};

	mktime(&tm);
	strftime(buf, size, "%A %e %B %Y", &tm);
	return buf;
}

const char *bh_cli_span_text(int64_t ms, char buf[static BH_CLI_TIME_MAX])
{
	int64_t s = (ms + BH_MS_PER_S / 2) / BH_MS_PER_S;
	int64_t min = (s + 30) / 60;

	if (s < 60)
		snprintf(buf, BH_CLI_TIME_MAX, "%" PRId64 " s", s);
	else if (min < 60)
		snprintf(buf, BH_CLI_TIME_MAX, "%" PRId64 " min", min);
	else
		snprintf(buf, BH_CLI_TIME_MAX, "%" PRId64 " h %02" PRId64 " min", min / 60, min % 60);
	return buf;
}
