/* SPDX-License-Identifier: MIT */
/*
 * The log: stderr, one line a state change, with "<N>" level prefixes under systemd.
 * Only hub/daemon, hub/mqtt's thread and hub/cli log; everything below returns errors.
 * Never a personal reading above debug.
 */
#ifndef BH_CORE_LOG_H
#define BH_CORE_LOG_H

#include <stdbool.h>

enum bh_log_level { BH_LOG_ERR = 3, BH_LOG_WARNING = 4, BH_LOG_NOTICE = 5, BH_LOG_INFO = 6, BH_LOG_DEBUG = 7 };

/** @brief Levels above @p max are not printed. @p journal: print "<N>" prefixes. Call once, at start. */
void bh_log_init(enum bh_log_level max, bool journal);

/** @brief Print one line. Any thread. Newlines and control characters in arguments become spaces. */
void bh_log(enum bh_log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
