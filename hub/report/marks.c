/* SPDX-License-Identifier: MIT */
#include "hub/core/mat.h"
#include "hub/core/time_types.h"
#include "hub/report/html.h"
#include "hub/report/parts.h"
#include "hub/report/words.h"

#include <ctype.h>
#include <inttypes.h>

const char *bh_side_letter(enum bh_side side)
{
	switch (side) {
	case BH_SIDE_LEFT:
		return "L";
	case BH_SIDE_RIGHT:
		return "R";
	case BH_SIDE_BOTH:
		return "B";
	case BH_SIDE_UNKNOWN:
		break;
	}
	return "";
}

int64_t bh_event_end(const struct bh_past_event *event, int64_t open_ms)
{
	return event->end_ms == BH_WALL_UNKNOWN ? open_ms : event->end_ms;
}

const char *bh_name_words(const char *name, char *buf, size_t size)
{
	size_t i = 0;

	for (; name[i] && i + 1 < size; i++)
		buf[i] = name[i] == '_' ? ' ' : name[i];
	buf[i] = '\0';
	buf[0] = (char)toupper((unsigned char)buf[0]);
	return buf;
}

static const char *fault_name(int32_t value)
{
	const char *name = bh_fault_name((enum bh_fault)value);

	return name ? name : "fault";
}

static const char *value_text(const struct bh_past_event *event, const struct bh_event_info *info,
			      char buf[static BH_WORDS_MAX])
{
	if (info->unit != BH_UNIT_NONE && event->value == BH_VALUE_UNKNOWN)
		return "not known";
	switch (info->unit) {
	case BH_UNIT_NONE:
		break;
	case BH_UNIT_MS:
		return bh_words_span(event->value, buf);
	case BH_UNIT_PERMILLE:
		return bh_words_percent(event->value, buf);
	case BH_UNIT_COUNT:
		return bh_words_count(event->value, buf);
	case BH_UNIT_MDEGC:
		return bh_words_degrees(event->value, buf);
	case BH_UNIT_POSITION:
		return bh_name_words(bh_position_name((enum bh_position)event->value), buf,
				     BH_WORDS_MAX);
	case BH_UNIT_FAULT:
		return bh_name_words(fault_name(event->value), buf, BH_WORDS_MAX);
	}
	return "";
}

static void event_row(FILE *out, const struct bh_past_event *event,
		      const struct bh_event_info *info)
{
	char at[BH_WORDS_MAX], machine[BH_WORDS_MAX], lasted[BH_WORDS_MAX] = "",
						      value[BH_WORDS_MAX];

	if (info->shape == BH_SHAPE_INTERVAL && event->end_ms == BH_WALL_UNKNOWN)
		snprintf(lasted, sizeof(lasted), "lasts");
	else if (info->shape == BH_SHAPE_INTERVAL)
		bh_words_span(event->end_ms - event->start_ms, lasted);
	bh_html(out,
		"<tr><td><time "
		"datetime=\"%s\">%s</time></td><td>%s</td><td>%s</td><td>%s</td><td>%s</td>"
		"</tr>\n",
		bh_words_moment(event->start_ms, machine), bh_words_clock(event->start_ms, at),
		info->text, bh_event_side_text(event->type, event->side), lasted,
		value_text(event, info, value));
}

void bh_part_events(FILE *out, const struct bh_past_night *past)
{
	size_t n = 0;

	for (size_t i = 0; i < past->n_events; i++)
		n += bh_event_info(past->events[i].type)->class != BH_CLASS_DETAIL;
	if (n == 0)
		return;
	bh_html(out,
		"<details><summary>The same as a table: %zu events</summary>\n"
		"<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Events of the "
		"night\">"
		"<table><caption>Events of the night</caption><thead><tr>"
		"<th scope=\"col\">At</th><th scope=\"col\">What</th><th scope=\"col\">Side</th>"
		"<th scope=\"col\">Lasted</th><th scope=\"col\">Value</th></tr></thead><tbody>\n",
		n);
	for (size_t i = 0; i < past->n_events; i++) {
		const struct bh_event_info *info = bh_event_info(past->events[i].type);

		if (info->class != BH_CLASS_DETAIL)
			event_row(out, &past->events[i], info);
	}
	bh_html(out, "</tbody></table></div></details>\n");
}
