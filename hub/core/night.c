/* SPDX-License-Identifier: MIT */
#include "hub/core/night.h"

#include "hub/core/time_types.h"

#include <errno.h>
#include <time.h>

#define NOON_HOUR 12
#define MS_PER_H (3600 * BH_MS_PER_S)
/* The first night that has a time in every zone, and the last whose end has a date of eight digits. */
#define DATE_MIN 19700102
#define DATE_MAX 99991230
#define YEAR_MIN 1900
#define YEAR_MAX 9999
#define EPOCH_MS (BH_EPOCH_NS / BH_NS_PER_MS)
/* From here on an epoch says more of someone in bed than of an empty one. */
#define OCCUPIED_PERMILLE 500

static int32_t date_of(const struct tm *tm)
{
	return (tm->tm_year + 1900) * 10000 + (tm->tm_mon + 1) * 100 + tm->tm_mday;
}

/* Local noon of a date some days from it. Noon exists once a day in every zone: daylight saving
 * changes at night. */
static int64_t noon_ms(int32_t date, int days, struct tm *ret)
{
	struct tm tm = {
		.tm_year = date / 10000 - 1900,
		.tm_mon = date / 100 % 100 - 1,
		.tm_mday = date % 100 + days,
		.tm_hour = NOON_HOUR,
		.tm_isdst = -1,
	};
	time_t noon = mktime(&tm);

	if (ret)
		*ret = tm;
	return (int64_t)noon * BH_MS_PER_S;
}

static time_t floor_s(int64_t wall_ms)
{
	return (time_t)(wall_ms / BH_MS_PER_S - (wall_ms % BH_MS_PER_S < 0 ? 1 : 0));
}

int32_t bh_night_date(int64_t wall_ms)
{
	struct tm tm;
	int32_t date;
	time_t at;

	if (wall_ms == BH_WALL_UNKNOWN)
		return 0;
	at = floor_s(wall_ms);
	/* A number from outside may be any: beyond these years eight digits are no date. */
	if (!localtime_r(&at, &tm) || tm.tm_year < YEAR_MIN - 1900 || tm.tm_year > YEAR_MAX - 1900)
		return 0;
	date = date_of(&tm);
	if (tm.tm_hour < NOON_HOUR)
		date = bh_night_add(date, -1);
	return date > DATE_MAX ? 0 : date;
}

int bh_night_bounds(int32_t date, int64_t *ret_start_ms, int64_t *ret_end_ms)
{
	struct tm tm;
	int64_t start_ms;

	if (date < DATE_MIN || date > DATE_MAX)
		return -EINVAL;
	start_ms = noon_ms(date, 0, &tm);
	if (date_of(&tm) != date) /* 20260231 and the like */
		return -EINVAL;
	*ret_start_ms = start_ms;
	*ret_end_ms = noon_ms(date, 1, NULL);
	return 0;
}

int32_t bh_night_add(int32_t date, int nights)
{
	struct tm tm;

	noon_ms(date, nights, &tm);
	return date_of(&tm);
}

int32_t bh_utc_offset_s(int64_t wall_ms)
{
	struct tm tm;
	time_t at = floor_s(wall_ms);

	if (wall_ms == BH_WALL_UNKNOWN || !localtime_r(&at, &tm))
		return 0;
	return (int32_t)tm.tm_gmtoff;
}

bool bh_night_in_bed(const struct bh_past_night *past)
{
	for (size_t i = 0; i < past->n_events; i++)
		if (past->events[i].type == BH_EVENT_BED_OCCUPIED &&
		    past->events[i].end_ms == BH_WALL_UNKNOWN)
			return true;
	return false;
}

int32_t bh_night_risen_min(const struct bh_night_sleep *sleep)
{
	if (sleep->asleep_min == BH_EPOCH_UNKNOWN || sleep->latency_min == BH_EPOCH_UNKNOWN ||
	    sleep->wake_after_onset_min == BH_EPOCH_UNKNOWN || sleep->unknown_min != 0)
		return BH_EPOCH_UNKNOWN;
	return sleep->bed_min - sleep->latency_min - sleep->asleep_min -
	       sleep->wake_after_onset_min;
}

bool bh_night_entering_unseen(const struct bh_past_night *past)
{
	/* Of a night that is not summed up no minutes in bed are known. */
	return past->night.first_enter_ms == BH_WALL_UNKNOWN && past->n_events > 0 &&
	       past->night.in_bed_min > 0;
}

bool bh_epoch_stands(const struct bh_past_night *past, const struct bh_past_epoch *epoch)
{
	int64_t middle_ms = epoch->start_ms + EPOCH_MS / 2;
	bool by_fault = false;

	if (epoch->epoch.occupied_permille < OCCUPIED_PERMILLE)
		return true;
	for (size_t i = 0; i < past->n_events; i++) {
		const struct bh_past_event *event = &past->events[i];

		if (event->type != BH_EVENT_BED_OCCUPIED)
			continue;
		if (event->start_ms <= middle_ms &&
		    (event->end_ms == BH_WALL_UNKNOWN || event->end_ms > middle_ms))
			return true;
		by_fault |= event->end_cause == BH_END_FAULT && event->end_ms <= middle_ms;
	}
	return !by_fault;
}

bool bh_night_hours(const struct bh_past_night *past, int64_t *ret_from_ms, int64_t *ret_to_ms)
{
	int64_t from_ms = past->night.first_enter_ms, to_ms = past->night.last_exit_ms;
	int64_t offset_ms; /* half hours exist */

	if (from_ms == BH_WALL_UNKNOWN && past->n_events > 0)
		from_ms = past->events[0].start_ms;
	if (from_ms == BH_WALL_UNKNOWN)
		return false;
	if (to_ms == BH_WALL_UNKNOWN || to_ms <= from_ms)
		to_ms = past->n_epochs > 0 ? past->epochs[past->n_epochs - 1].start_ms + EPOCH_MS
					   : past->night.end_ms;
	if (to_ms <= from_ms)
		to_ms = from_ms + 1;
	offset_ms = bh_utc_offset_s(from_ms) * BH_MS_PER_S;
	*ret_from_ms = (from_ms + offset_ms) / MS_PER_H * MS_PER_H - offset_ms;
	*ret_to_ms = (to_ms + offset_ms + MS_PER_H - 1) / MS_PER_H * MS_PER_H - offset_ms;
	return true;
}
