/* SPDX-License-Identifier: MIT */
/* Dates as day numbers, without a time zone: windows count nights, not hours. */
#ifndef BH_RULES_DAY_H
#define BH_RULES_DAY_H

#include <stdint.h>

/** @return Days since 1970-01-01 of a yyyymmdd (proleptic Gregorian). */
static inline int32_t bh_day_of_date(int32_t date)
{
	int32_t y = date / 10000, m = date / 100 % 100, d = date % 100;
	int32_t era, year_of_era, day_of_year;

	/* The year begins in March, so that the leap day is its last. */
	y -= m <= 2 ? 1 : 0;
	era = (y >= 0 ? y : y - 399) / 400;
	year_of_era = y - era * 400;
	day_of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - 719468;
}

/** @return yyyymmdd of a day number. */
static inline int32_t bh_date_of_day(int32_t day)
{
	int32_t z = day + 719468;
	int32_t era = (z >= 0 ? z : z - 146096) / 146097;
	int32_t doe = z - era * 146097;
	int32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int32_t mp = (5 * doy + 2) / 153;
	int32_t d = doy - (153 * mp + 2) / 5 + 1;
	int32_t m = mp < 10 ? mp + 3 : mp - 9;

	return (yoe + era * 400 + (m <= 2 ? 1 : 0)) * 10000 + m * 100 + d;
}

#endif
