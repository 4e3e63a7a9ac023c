/* SPDX-License-Identifier: MIT */
/* Numbers, times and dates as the pages say them, in English; local means the process's TZ. */
#ifndef BH_REPORT_WORDS_H
#define BH_REPORT_WORDS_H

#include <stddef.h>
#include <stdint.h>

/* "Wednesday 30 September 2026" and "2 h 05 min" fit. */
#define BH_WORDS_MAX 48

/** @brief "23:10"; "not known" for BH_WALL_UNKNOWN. */
const char *bh_words_clock(int64_t wall_ms, char buf[static BH_WORDS_MAX]);
/** @brief "2026-11-21T23:10", for machines; empty if unknown. */
const char *bh_words_moment(int64_t wall_ms, char buf[static BH_WORDS_MAX]);
/** @brief "2026-11-21" of yyyymmdd, for machines. */
const char *bh_words_date(int32_t date, char buf[static BH_WORDS_MAX]);
/** @brief "Saturday 21 November 2026". */
const char *bh_words_date_long(int32_t date, char buf[static BH_WORDS_MAX]);
/** @brief "15 November to 22 November 2026". */
const char *bh_words_period(int32_t from, int32_t to, char buf[static BH_WORDS_MAX]);
/** @brief "Sat 21 Nov". */
const char *bh_words_date_short(int32_t date, char buf[static BH_WORDS_MAX]);
/** @brief "45 s", "12 min", "2 h 05 min". */
const char *bh_words_span(int64_t ms, char buf[static BH_WORDS_MAX]);
/** @brief The same of minutes; "not known" for BH_EPOCH_UNKNOWN. */
const char *bh_words_minutes(int32_t minutes, char buf[static BH_WORDS_MAX]);
/** @brief "7"; "not known". */
const char *bh_words_count(int32_t count, char buf[static BH_WORDS_MAX]);
/** @brief "once", "7 times", "not seen"; "not known". */
const char *bh_words_times(int32_t count, char buf[static BH_WORDS_MAX]);
/** @brief "6.2" of 6234 thousandths; "not known". */
const char *bh_words_tenths(int32_t milli, char buf[static BH_WORDS_MAX]);
/** @brief "33.6 °C"; "not known". */
const char *bh_words_degrees(int32_t mdegc, char buf[static BH_WORDS_MAX]);
/** @brief "98 %"; "not known". */
const char *bh_words_percent(int32_t permille, char buf[static BH_WORDS_MAX]);

#endif
