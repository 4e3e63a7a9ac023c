/* SPDX-License-Identifier: MIT */
#include "hub/cli/timeline.h"

#include "hub/cli/times.h"
#include "hub/cli/tracks.h"
#include "hub/cli/wrap.h"
#include "hub/core/night.h"
#include "hub/core/time_types.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#define MS_PER_H (3600 * BH_MS_PER_S)
#define LABEL_WIDTH 15
#define TOTAL_WIDTH 17
/* At the end of a row whose sum nobody could tell. */
#define NOT_KNOWN "not known"
/* An hour's label with a blank beside it. */
#define HOUR_LABEL_WIDTH 3

/* Glyphs by mark and level, with a plain set for pipes and terminals without UTF-8. */
struct glyphs {
	const char *unknown, *part, *full, *point, *fault, *tick, *rule, *degree, *bullet;
	const char *levels[BH_LEVELS];
};

static const struct glyphs glyphs_utf8 = {
	.unknown = "·",
	.part = "▒",
	.full = "█",
	.point = "▼",
	.fault = "×",
	.tick = "┬",
	.rule = "─",
	.degree = "°C",
	.bullet = "·",
	.levels = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" },
};
static const struct glyphs glyphs_ascii = {
	.unknown = "?",
	.part = ":",
	.full = "#",
	.point = "v",
	.fault = "!",
	.tick = "+",
	.rule = "-",
	.degree = "C",
	.bullet = "|",
	.levels = { ".", ",", "-", "~", "=", "+", "*", "#" },
};

/* Colours of the 256-colour palette that hold on dark and on light ground. */
enum color {
	COLOR_BED = 67,
	COLOR_LEGS = 169,
	COLOR_RESTLESS = 178,
	COLOR_EXIT = 172,
	COLOR_MOVE = 71,
	COLOR_POSITION = 103,
	COLOR_FAULT = 167,
	COLOR_DIM = 245,
	COLOR_WARMTH = -1, /* by level */
	COLOR_NONE = 0,
};
static const int warmth[BH_LEVELS] = { 67, 73, 109, 144, 179, 173, 209, 203 };

struct painter {
	const struct bh_timeline *timeline;
	const struct bh_cli_terminal *terminal;
	const struct glyphs *glyphs;
	struct bh_scale scale;
	FILE *out;
};

static void paint(const struct painter *p, int color, const char *text)
{
	if (p->terminal->color && color > 0)
		fprintf(p->out, "\x1b[38;5;%dm%s\x1b[0m", color, text);
	else
		fputs(text, p->out);
}

static const char *glyph_of(const struct painter *p, const struct bh_cell *cell, char letter[2])
{
	switch (cell->mark) {
	case BH_MARK_BLANK:
		return " ";
	case BH_MARK_UNKNOWN:
		return p->glyphs->unknown;
	case BH_MARK_PART:
		return p->glyphs->part;
	case BH_MARK_FULL:
		return p->glyphs->full;
	case BH_MARK_LEFT:
		return "L";
	case BH_MARK_RIGHT:
		return "R";
	case BH_MARK_BOTH:
		return "B";
	case BH_MARK_POINT:
		return p->glyphs->point;
	case BH_MARK_LEVEL:
		return p->glyphs->levels[cell->level];
	case BH_MARK_LETTER:
		letter[0] = cell->letter;
		return letter;
	case BH_MARK_FAULT:
		return p->glyphs->fault;
	}
	return " ";
}

static int color_of(const struct bh_cell *cell, enum color color)
{
	if (cell->mark == BH_MARK_BLANK)
		return COLOR_NONE;
	if (cell->mark == BH_MARK_UNKNOWN)
		return COLOR_DIM;
	return color == COLOR_WARMTH ? warmth[cell->level] : (int)color;
}

static void paint_row(const struct painter *p, const char *label, const struct bh_cell *cells,
		      enum color color, const char *total)
{
	int now = COLOR_NONE;

	fprintf(p->out, "%-*s", LABEL_WIDTH, label);
	for (int c = 0; c < p->scale.columns; c++) {
		int want = p->terminal->color ? color_of(&cells[c], color) : COLOR_NONE;
		char letter[2] = "";

		if (want != now && now != COLOR_NONE)
			fputs("\x1b[0m", p->out);
		if (want != now && want != COLOR_NONE)
			fprintf(p->out, "\x1b[38;5;%dm", want);
		now = want;
		fputs(glyph_of(p, &cells[c], letter), p->out);
	}
	if (now != COLOR_NONE)
		fputs("\x1b[0m", p->out);
	if (total[0])
		fprintf(p->out, " %s", total);
	fputc('\n', p->out);
}

static int hours_between_labels(const struct bh_scale *scale)
{
	int64_t hours = (scale->to_ms - scale->from_ms) / MS_PER_H;
	int every = 1;

	while (hours / every * HOUR_LABEL_WIDTH > scale->columns)
		every *= 2;
	return every;
}

static void paint_hours(const struct painter *p)
{
	const struct bh_scale *scale = &p->scale;
	char labels[BH_COLUMNS_MAX + HOUR_LABEL_WIDTH + 1];
	bool tick[BH_COLUMNS_MAX] = { false };
	int every = hours_between_labels(scale);

	memset(labels, ' ', sizeof(labels));
	labels[scale->columns + HOUR_LABEL_WIDTH - 1] = '\0';
	for (int64_t at = scale->from_ms; at < scale->to_ms; at += every * MS_PER_H) {
		int column = bh_scale_column(scale, at);
		char text[BH_CLI_TIME_MAX];

		bh_cli_clock_text(at, bh_utc_offset_s(at), text);
		memcpy(labels + column, text, 2);
		tick[column] = true;
	}
	for (size_t n = strlen(labels); n > 0 && labels[n - 1] == ' '; n--)
		labels[n - 1] = '\0';
	fprintf(p->out, "%*s%s\n%*s", LABEL_WIDTH, "", labels, LABEL_WIDTH, "");
	for (int c = 0; c < scale->columns; c++)
		paint(p, COLOR_DIM, tick[c] ? p->glyphs->tick : p->glyphs->rule);
	fputc('\n', p->out);
}

static void paint_span_row(const struct painter *p, const char *label, const struct bh_cell *cells,
			   enum color color, int32_t count, int32_t minutes)
{
	char total[64] = "", span[BH_CLI_TIME_MAX];
	int used = 0;

	if (count != BH_EPOCH_UNKNOWN)
		used = snprintf(total, sizeof(total), "%" PRId32 "x%s", count,
				minutes != BH_EPOCH_UNKNOWN && count > 0 ? ", " : "");
	if (minutes == BH_EPOCH_UNKNOWN && count == BH_EPOCH_UNKNOWN)
		snprintf(total, sizeof(total), NOT_KNOWN);
	else if (minutes == 0 && count == BH_EPOCH_UNKNOWN)
		snprintf(total, sizeof(total), "none");
	else if (minutes != BH_EPOCH_UNKNOWN && count != 0)
		snprintf(total + used, sizeof(total) - (size_t)used, "%s",
			 bh_cli_span_text(minutes * 60 * BH_MS_PER_S, span));
	paint_row(p, label, cells, color, total);
}

static void paint_bed(const struct painter *p)
{
	const struct bh_past_night *past = p->timeline->past;
	const struct bh_night *night = &past->night;
	struct bh_cell cells[BH_COLUMNS_MAX];

	bh_track_in_bed(past, &p->scale, cells);
	paint_span_row(p, "in bed", cells, COLOR_BED, BH_EPOCH_UNKNOWN, night->in_bed_min);
	bh_track_exits(past, &p->scale, cells);
	paint_span_row(p, "out of bed", cells, COLOR_EXIT, night->exits, BH_EPOCH_UNKNOWN);
	if (p->timeline->capabilities & BH_CAN_LEGS) {
		bh_track_legs(past, &p->scale, cells);
		paint_span_row(p, "legs over edge", cells, COLOR_LEGS, night->legs_over_edge,
			       night->legs_over_edge_min);
	}
	if (p->timeline->capabilities & BH_CAN_POSTURE) {
		char total[32] = NOT_KNOWN;

		if (night->position_changes != BH_EPOCH_UNKNOWN)
			snprintf(total, sizeof(total), "%" PRId32 "x",
				 night->position_changes);
		bh_track_position(past, &p->scale, cells);
		paint_row(p, "position", cells, COLOR_POSITION, total);
	}
}

static void paint_movement(const struct painter *p)
{
	const struct bh_past_night *past = p->timeline->past;
	struct bh_cell cells[BH_COLUMNS_MAX];
	char total[32] = "";

	if (!(p->timeline->capabilities & BH_CAN_MOVEMENT))
		return;
	if (p->timeline->capabilities & BH_CAN_LEG_MOVEMENT)
		snprintf(total, sizeof(total), "legs " NOT_KNOWN);
	bh_track_interval(past, &p->scale, BH_EVENT_RESTLESS, cells);
	paint_span_row(p, "restless", cells, COLOR_RESTLESS, BH_EPOCH_UNKNOWN,
		       past->night.restless_min);
	if (past->night.leg_movements != BH_EPOCH_UNKNOWN)
		snprintf(total, sizeof(total), "%" PRId32 " leg moves", past->night.leg_movements);
	bh_track_movement(past, &p->scale, cells);
	paint_row(p, "movement", cells, COLOR_MOVE, total);
}

static void paint_temperatures(const struct painter *p, int32_t min, int32_t max)
{
	static const char *const labels[] = { "left leg", "right leg" };
	const struct bh_past_night *past = p->timeline->past;
	const int32_t medians[] = { past->night.temp_left_mdegc, past->night.temp_right_mdegc };

	for (int slot = BH_TEMP_LEFT; slot <= BH_TEMP_RIGHT; slot++) {
		struct bh_cell cells[BH_COLUMNS_MAX];
		char total[32] = NOT_KNOWN;

		if (!(p->timeline->capabilities &
		      (slot == BH_TEMP_LEFT ? BH_CAN_TEMP_LEFT : BH_CAN_TEMP_RIGHT)))
			continue;
		if (medians[slot] != BH_EPOCH_UNKNOWN)
			snprintf(total, sizeof(total), "%.1f %s", medians[slot] / 1000.0,
				 p->glyphs->degree);
		bh_track_temperature(past, &p->scale, (enum bh_temp_slot)slot, min, max, cells);
		paint_row(p, labels[slot], cells, COLOR_WARMTH, total);
	}
}

/* @return Whether there was one. */
static bool paint_faults(const struct painter *p)
{
	struct bh_cell cells[BH_COLUMNS_MAX];
	bool any = false;

	bh_track_faults(p->timeline->past, &p->scale, cells);
	for (int c = 0; c < p->scale.columns; c++)
		any |= cells[c].mark != BH_MARK_BLANK;
	if (any)
		paint_row(p, "sensor fault", cells, COLOR_FAULT, "");
	return any;
}

/* ---- what the marks mean, row by row: L is an edge of the bed in one, a side of the body in another ---- */

static void paint_meaning(const struct painter *p, const char *row, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void paint_meaning(const struct painter *p, const char *row, const char *format, ...)
{
	char first[LABEL_WIDTH + 1], text[256];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	snprintf(first, sizeof(first), "%-*s", LABEL_WIDTH, row);
	if (p->terminal->color)
		fprintf(p->out, "\x1b[38;5;%dm", COLOR_DIM);
	bh_wrap(p->out, p->terminal->width, first, text);
	if (p->terminal->color)
		fputs("\x1b[0m", p->out);
}

static void paint_meanings(const struct painter *p, bool warm, int32_t min, int32_t max, bool fault)
{
	const struct glyphs *g = p->glyphs;
	uint32_t can = p->timeline->capabilities;

	fputc('\n', p->out);
	paint_meaning(p, "every row", "%s not known; a blank is none", g->unknown);
	paint_meaning(p, can & BH_CAN_MOVEMENT ? "bed, restless" : "in bed",
		      "%s most of the time, %s some of it", g->full, g->part);
	paint_meaning(p, "out of bed", "%s left the bed and came back", g->point);
	if (can & BH_CAN_LEGS)
		paint_meaning(p, "legs over edge",
			      "where it begins L, R: over the left or right edge of the bed, which is no leg; %s as "
			      "long as it lasts; %s sitting on the edge",
			      g->full, g->part);
	if (can & BH_CAN_POSTURE)
		paint_meaning(p, "position",
			      "S on the back (supine), L on the left side, R on the right side, P prone, - "
			      "lying, not told how, E on the edge");
	if (can & BH_CAN_MOVEMENT)
		paint_meaning(p, "movement", "%s still to %s moving 70 %% of the time", g->levels[0],
			      g->levels[BH_LEVELS - 1]);
	if (warm)
		paint_meaning(p, "leg", "%s %.1f or cooler to %s %.1f %s", g->levels[0], min / 1000.0,
			      g->levels[BH_LEVELS - 1], max / 1000.0, g->degree);
	if (fault)
		paint_meaning(p, "sensor fault", "%s a sensor did not work: bedside events --type "
			      "sensor_fault", g->fault);
}

static const char *bound_text(int64_t wall_ms, char buf[static BH_CLI_TIME_MAX])
{
	return wall_ms == BH_WALL_UNKNOWN ?
		       "not known" :
		       bh_cli_clock_text(wall_ms, bh_utc_offset_s(wall_ms), buf);
}

static void paint_title(const struct painter *p)
{
	const struct bh_night *night = &p->timeline->past->night;
	char date[64], from[BH_CLI_TIME_MAX], to[BH_CLI_TIME_MAX];

	if (p->terminal->color)
		fputs("\x1b[1m", p->out);
	fprintf(p->out, "%s %s night of %s", p->timeline->bed, p->glyphs->bullet,
		bh_cli_date_long(night->date, date, sizeof(date)));
	if (p->terminal->color)
		fputs("\x1b[0m", p->out);
	if (night->first_enter_ms != BH_WALL_UNKNOWN || bh_night_entering_unseen(p->timeline->past))
		fprintf(p->out, " %s %s to %s", p->glyphs->bullet,
			bound_text(night->first_enter_ms, from),
			bh_night_in_bed(p->timeline->past) ? "now" :
							     bound_text(night->last_exit_ms, to));
	fputs("\n\n", p->out);
}

void bh_timeline_print(const struct bh_timeline *timeline, const struct bh_cli_terminal *terminal,
		       FILE *out)
{
	struct painter p = { .timeline = timeline,
			     .terminal = terminal,
			     .glyphs = terminal->utf8 ? &glyphs_utf8 : &glyphs_ascii,
			     .out = out };
	int32_t min = 0, max = 0;
	bool warm, fault;

	paint_title(&p);
	if (!bh_scale_fit(timeline->past, terminal->width - LABEL_WIDTH - TOTAL_WIDTH, &p.scale)) {
		fprintf(out, "Nobody was seen in bed.\n");
		return;
	}
	paint_hours(&p);
	paint_bed(&p);
	paint_movement(&p);
	warm = bh_track_temperature_range(timeline->past, &p.scale, &min, &max);
	if (warm)
		paint_temperatures(&p, min, max);
	fault = paint_faults(&p);
	paint_meanings(&p, warm, min, max, fault);
}
