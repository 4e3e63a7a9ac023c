/* SPDX-License-Identifier: MIT */
/* The head of a capture: what the file says of itself, and which column is which channel. */
#ifndef BH_DRIVERS_CAPTURE_HEAD_H
#define BH_DRIVERS_CAPTURE_HEAD_H

#include "drivers/capture.h"
#include "drivers/capture_lines.h"

/** A channel is a zone, 0..BH_ZONES_MAX-1, or this plus a slot of a thermometer. */
#define BH_CHANNEL_TEMP BH_ZONES_MAX
#define BH_CHANNELS_MAX (BH_ZONES_MAX + BH_TEMP_SLOTS)
/** What ends the column name of a thermometer. */
#define BH_TEMP_SUFFIX "_c"
/* Column names: a name and the suffix. */
#define BH_COLUMN_MAX (BH_NAME_MAX + 2)
/* A power of two, at most half full. */
#define BH_CHANNEL_TABLE 8192
/* Temperatures are written in degrees, kept in thousandths. */
#define BH_MDEGC_PER_DEGC 1000

struct bh_capture_head {
	struct bh_capture_info info;
	bool is_long;
	uint16_t n_columns;			  /**< wide: without the time column */
	uint16_t column[BH_CHANNELS_MAX];	  /**< wide: channel of each column */
	uint16_t table[BH_CHANNEL_TABLE];	  /**< channel + 1 by hash of its name, 0: free */
};

/** @brief Read up to and with the column line. @return 0, or an error with its place. */
int bh_capture_head_read(struct bh_lines *lines, struct bh_capture_head *head, struct bh_error *err);
/** @brief Read a time in seconds, with up to nine decimals. @return Its end in @p text, or NULL. */
const char *bh_capture_time(const char *text, int64_t *ret_ns);
/** @return The channel called @p name (@p length bytes), or -ENOENT. */
int bh_capture_channel(const struct bh_capture_head *head, const char *name, size_t length);
/** @brief The column name of a channel. @return Its length. */
size_t bh_capture_channel_name(const struct bh_capture_info *info, unsigned int channel,
			       char ret[BH_COLUMN_MAX]);

#endif
