/* SPDX-License-Identifier: MIT */
/* Times and nights as people write and read them. Local means the process's TZ. */
#ifndef BH_CLI_TIMES_H
#define BH_CLI_TIMES_H

#include "hub/core/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "2026-11-22 23:10:05 +01:00" and the JSON form with milliseconds fit. */
#define BH_CLI_TIME_MAX 40

/**
 * @brief A moment: "2026-11-22", "2026-11-22 23:10[:05[.123]]", the same with T, Z or +01:00; "today",
 * "yesterday" (their 0:00); or that long ago: "90min", "12h", "3d".
 * @return 0, or -EINVAL with what is accepted in @p err.
 */
int bh_cli_time_parse(const char *text, int64_t now_ms, int64_t *ret_ms, struct bh_error *err);

/** @brief The date of a night's evening: "2026-11-22". @return 0 and yyyymmdd, or -EINVAL. */
int bh_cli_date_parse(const char *text, int32_t *ret, struct bh_error *err);

/**
 * @brief A night as people say it: the date of its evening, or how many days ago ("7d": the night that
 * holds this moment a week ago).
 * @return 0 and yyyymmdd, or -EINVAL with what is accepted in @p err.
 */
int bh_cli_night_parse(const char *text, int64_t now_ms, int32_t *ret, struct bh_error *err);

/** @brief "2026-11-22 23:10:05" at @p offset_s east of UTC; "unknown" for BH_WALL_UNKNOWN. */
const char *bh_cli_time_text(int64_t wall_ms, int32_t offset_s, char buf[static BH_CLI_TIME_MAX]);
/** @brief "23:10" of it. */
const char *bh_cli_clock_text(int64_t wall_ms, int32_t offset_s, char buf[static BH_CLI_TIME_MAX]);
/** @brief RFC 3339 with milliseconds and offset, for JSON; NULL for BH_WALL_UNKNOWN. */
const char *bh_cli_time_json(int64_t wall_ms, int32_t offset_s, char buf[static BH_CLI_TIME_MAX]);
/** @brief "2026-11-22" of yyyymmdd. */
const char *bh_cli_date_text(int32_t date, char buf[static BH_CLI_TIME_MAX]);
/** @brief "Sunday 22 November 2026" in the locale's words. */
const char *bh_cli_date_long(int32_t date, char *buf, size_t size);
/** @brief "45 s", "12 min", "2 h 05 min". */
const char *bh_cli_span_text(int64_t ms, char buf[static BH_CLI_TIME_MAX]);
/** @return Milliseconds UTC now. */
int64_t bh_cli_now_ms(void);

#endif
