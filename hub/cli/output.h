/* SPDX-License-Identifier: MIT */
/* JSON of the things that several verbs print: one object a line, keys in a fixed order. */
#ifndef BH_CLI_OUTPUT_H
#define BH_CLI_OUTPUT_H

#include "hub/cli/history.h"

#include <jansson.h>

/** @brief Print @p object as one line on stdout and free it. @return 0 or -ENOMEM (NULL object). */
int bh_json_line(json_t *object);
/** @brief Set a text, or null for NULL. */
void bh_json_text(json_t *object, const char *key, const char *text);
/** @brief Set a number, or null for @p unknown. */
void bh_json_number(json_t *object, const char *key, int64_t value, int64_t unknown);
/** @brief Set RFC 3339 local time, or null. */
void bh_json_time(json_t *object, const char *key, int64_t wall_ms, int32_t offset_s);

json_t *bh_json_event(const struct bh_cli_history *history, const struct bh_stored_event *event);
json_t *bh_json_night(const struct bh_cli_history *history, const struct bh_night *night);
json_t *bh_json_finding(const struct bh_finding *finding);

/** An event's value with its unit: "12 %", "supine", "4". NULL if the type has none, or it is not
 *  known. */
const char *bh_event_value_text(const struct bh_event *event, char *buf, size_t size);

#endif
