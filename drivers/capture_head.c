/* SPDX-License-Identifier: MIT */
#include "drivers/capture_head.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define VERSION 1
#define PERMILLE_MAX 1000

/* What the head has said so far. */
struct seen {
	bool version, mat, matrix, t_s, origin, provenance;
};

struct head_line {
	struct bh_lines *lines;
	struct bh_capture_head *head;
	struct seen *seen;
	struct bh_error *err;
};

static int refuse(const struct head_line *at, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int refuse(const struct head_line *at, const char *format, ...)
{
	char text[BH_ERROR_TEXT_MAX];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	return bh_error_set(at->err, -EINVAL, bh_lines_name(at->lines), bh_lines_number(at->lines),
			    0, "%s", text);
}

/* The name of a column: it must survive in a comma separated line, a topic and an SQL query. */
static bool good_name(const char *name)
{
	size_t length = strlen(name);

	if (length == 0 || length >= BH_NAME_MAX)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (!isalnum((unsigned char)name[i]) && !strchr("_-.", name[i]))
			return false;
	}
	return true;
}

static bool digits(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!isdigit((unsigned char)text[i]))
			return false;
	}
	return true;
}

static int take_version(const struct head_line *at, const char *value)
{
	char *end;
	long version = strtol(value, &end, 10);

	if (end == value || *end != '\0')
		return refuse(at, "\"%.40s\" is not a version of the capture format; write "
				  "\"# bedside-capture: %d\"", value, VERSION);
	if (version != VERSION)
		return refuse(at, "capture format %ld; this program reads format %d: use a newer "
				  "bedside or record again", version, VERSION);
	at->seen->version = true;
	return 0;
}

static int take_mat(const struct head_line *at, const char *value)
{
	if (at->seen->mat)
		return refuse(at, "a second \"# mat:\" line; keep one");
	if (bh_mat_kind_from_name(value, &at->head->info.mat.kind) < 0)
		return refuse(at, "unknown mat \"%.40s\"; one of contact, strips, matrix, "
				  "load_cells, none", value);
	at->seen->mat = true;
	return 0;
}

static int take_under(const struct head_line *at, const char *value)
{
	if (strcmp(value, "mattress") != 0)
		return refuse(at, "\"# under: %.40s\" is not known; write \"# under: mattress\", or no "
				  "such line for a mat the sleeper lies on", value);
	at->head->info.mat.under_mattress = true;
	return 0;
}

static int take_zone(const struct head_line *at, const char *value)
{
	struct bh_mat *mat = &at->head->info.mat;
	struct bh_zone *zone = &mat->zone[mat->n_zones];
	char name[64], places[64];
	int x, y, used = 0;

	if (mat->n_zones == BH_ZONES_MAX)
		return refuse(at, "more than %d zones", BH_ZONES_MAX);
	if (sscanf(value, "%63s %63s %d %d %n", name, places, &x, &y, &used) != 4 || value[used])
		return refuse(at, "a zone line is \"# zone: NAME PLACES X Y\", as in "
				  "\"# zone: left edge_left 100 500\"");
	if (!good_name(name))
		return refuse(at, "zone name \"%.40s\"; use up to %d letters, digits, _ - .", name,
			      BH_NAME_MAX - 1);
	if (bh_places_from_text(places, &zone->places) < 0)
		return refuse(at, "unknown place in \"%.40s\"; head, trunk, legs, edge_left, "
				  "edge_right, joined by +", places);
	if (x < 0 || x > PERMILLE_MAX || y < 0 || y > PERMILLE_MAX)
		return refuse(at, "the place of zone \"%s\" is outside the bed; x and y run from 0 "
				  "to %d", name, PERMILLE_MAX);
	memcpy(zone->name, name, strlen(name) + 1);
	zone->x_permille = (int16_t)x;
	zone->y_permille = (int16_t)y;
	mat->n_zones++;
	return 0;
}

static int take_matrix(const struct head_line *at, const char *value)
{
	struct bh_mat *mat = &at->head->info.mat;
	int rows, cols, used = 0;

	if (at->seen->matrix)
		return refuse(at, "a second \"# matrix:\" line; keep one");
	if (sscanf(value, "%4dx%4d%n", &rows, &cols, &used) != 2 || value[used] || rows < 1 ||
	    cols < 1)
		return refuse(at, "a matrix line is \"# matrix: ROWSxCOLS\", as in "
				  "\"# matrix: 64x32\"");
	if (rows * cols > BH_ZONES_MAX)
		return refuse(at, "a matrix of %dx%d has too many zones; at most %d", rows, cols,
			      BH_ZONES_MAX);
	mat->rows = (uint16_t)rows;
	mat->cols = (uint16_t)cols;
	at->seen->matrix = true;
	return 0;
}

static int take_temperature(const struct head_line *at, const char *value)
{
	char name[64], slot[16];
	int used = 0;

	if (sscanf(value, "%63s %15s %n", name, slot, &used) != 2 || value[used])
		return refuse(at, "a temperature line is \"# temperature: NAME SLOT\", as in "
				  "\"# temperature: left_leg left\"");
	if (!good_name(name))
		return refuse(at, "temperature name \"%.40s\"; use up to %d letters, digits, _ - .",
			      name, BH_NAME_MAX - 1);
	for (int i = 0; i < BH_TEMP_SLOTS; i++) {
		char *taken = at->head->info.temperature[i];

		if (strcmp(slot, bh_temp_slot_name((enum bh_temp_slot)i)) != 0)
			continue;
		if (taken[0])
			return refuse(at, "slot %s is taken by \"%s\" already", slot, taken);
		memcpy(taken, name, strlen(name) + 1);
		return 0;
	}
	return refuse(at, "unknown slot \"%s\"; one of left, right, room", slot);
}

static int read_utc(const struct head_line *at, const char *value, int64_t *ret_ms)
{
	struct tm tm = { 0 };
	int ms = 0;
	const char *rest = strptime(value, "%Y-%m-%dT%H:%M:%S", &tm);

	if (rest && rest[0] == '.' && digits(rest + 1, 3)) {
		ms = (rest[1] - '0') * 100 + (rest[2] - '0') * 10 + (rest[3] - '0');
		rest += 4;
	}
	if (!rest || strcmp(rest, "Z") != 0)
		return refuse(at, "\"%.40s\" is not a time in UTC; write it as "
				  "2026-11-22T22:00:00Z", value);
	*ret_ms = (int64_t)timegm(&tm) * BH_MS_PER_S + ms;
	return 0;
}

static int take_origin(const struct head_line *at, const char *value)
{
	if (at->seen->origin || at->seen->t_s)
		return refuse(at, "the wall time is given twice; keep one of \"# origin:\" and "
				  "\"# t_s: unix\"");
	at->head->info.anchor.mono_ns = 0;
	at->seen->origin = true;
	return read_utc(at, value, &at->head->info.anchor.wall_ms);
}

/* The clock was set while the recording went on. */
static int take_clock(const struct head_line *at, const char *value)
{
	struct bh_clock_steps *steps = &at->head->info.steps;
	struct bh_clock_anchor *step = &steps->at[steps->n];
	const char *rest;

	if (steps->n == BH_CLOCK_STEPS_MAX)
		return refuse(at, "the clock was set more than %d times", BH_CLOCK_STEPS_MAX);
	rest = bh_capture_time(value, &step->mono_ns);
	if (!rest || *rest != ' ')
		return refuse(at, "a clock line is \"# clock: T_S TIME\", as in "
				  "\"# clock: 9000 2026-11-23T00:31:00Z\"");
	if (steps->n > 0 && step->mono_ns <= step[-1].mono_ns)
		return refuse(at, "the clock lines are not in order of time");
	steps->n++;
	return read_utc(at, rest + strspn(rest, " "), &step->wall_ms);
}

static int take_t_s(const struct head_line *at, const char *value)
{
	if (strcmp(value, "unix") != 0)
		return refuse(at, "\"# t_s: %.40s\" is not known; write \"# t_s: unix\" or an "
				  "\"# origin:\" line", value);
	if (at->seen->origin || at->seen->t_s)
		return refuse(at, "the wall time is given twice; keep one of \"# origin:\" and "
				  "\"# t_s: unix\"");
	at->head->info.anchor = (struct bh_clock_anchor){ .mono_ns = 0, .wall_ms = 0 };
	at->seen->t_s = true;
	return 0;
}

static int take_provenance(const struct head_line *at, const char *value)
{
	struct bh_capture_info *info = &at->head->info;
	size_t word = strcspn(value, " ,");

	if (at->seen->provenance)
		return refuse(at, "a second \"# provenance:\" line; keep one");
	if (word == strlen("simulated") && strncmp(value, "simulated", word) == 0)
		info->simulated = true;
	else if (word != strlen("measured") || strncmp(value, "measured", word) != 0)
		return refuse(at, "the provenance begins with \"measured\" or \"simulated\", then "
				  "says by whom or how");
	value += word;
	value += strspn(value, " ,");
	snprintf(info->provenance, sizeof(info->provenance), "%s", value);
	at->seen->provenance = true;
	return 0;
}

static const struct {
	const char *key;
	int (*take)(const struct head_line *at, const char *value);
} keys[] = {
	{ "bedside-capture", take_version }, { "mat", take_mat },
	{ "zone", take_zone },		     { "matrix", take_matrix },
	{ "temperature", take_temperature }, { "origin", take_origin },
	{ "t_s", take_t_s },		     { "provenance", take_provenance },
	{ "clock", take_clock },	     { "under", take_under },
};

/* "# key: value"; anything else after a # is a comment. */
static int take_comment(const struct head_line *at, char *text)
{
	size_t length;
	char *colon;

	text += 1 + strspn(text + 1, " \t");
	colon = strchr(text, ':');
	if (!colon)
		return 0;
	*colon++ = '\0';
	colon += strspn(colon, " \t");
	length = strlen(colon);
	while (length > 0 && (colon[length - 1] == ' ' || colon[length - 1] == '\t'))
		colon[--length] = '\0';
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strcmp(keys[i].key, text) == 0)
			return keys[i].take(at, colon);
	}
	return 0;
}

static int check_geometry(const struct head_line *at)
{
	struct bh_mat *mat = &at->head->info.mat;
	bool matrix = mat->kind == BH_MAT_MATRIX;

	if (!at->seen->version)
		return refuse(at, "this is no capture: no \"# bedside-capture: %d\" line before the "
				  "column line", VERSION);
	if (!at->seen->mat)
		return refuse(at, "no \"# mat:\" line before the column line; one of contact, "
				  "strips, matrix, load_cells, none");
	if (mat->kind == BH_MAT_NONE && (mat->n_zones || at->seen->matrix))
		return refuse(at, "\"# mat: none\" has no zones; remove them or name the mat");
	if (matrix && !at->seen->matrix)
		return refuse(at, "a matrix needs a line \"# matrix: ROWSxCOLS\"");
	if (!matrix && at->seen->matrix)
		return refuse(at, "\"# matrix:\" belongs to \"# mat: matrix\" only; give zone lines");
	if (matrix && mat->n_zones)
		return refuse(at, "a matrix has no zone lines; remove them");
	if (matrix)
		bh_mat_lay_out_matrix(mat, mat->rows, mat->cols);
	if (mat->kind != BH_MAT_NONE && mat->n_zones == 0)
		return refuse(at, "a mat needs at least one line \"# zone: NAME PLACES X Y\"");
	return 0;
}

static uint32_t hash(const char *name, size_t length)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < length; i++)
		h = (h ^ (unsigned char)name[i]) * 16777619u;
	return h;
}

size_t bh_capture_channel_name(const struct bh_capture_info *info, unsigned int channel,
			       char ret[BH_COLUMN_MAX])
{
	if (channel < BH_CHANNEL_TEMP)
		return (size_t)snprintf(ret, BH_COLUMN_MAX, "%s", info->mat.zone[channel].name);
	return (size_t)snprintf(ret, BH_COLUMN_MAX, "%s" BH_TEMP_SUFFIX,
				info->temperature[channel - BH_CHANNEL_TEMP]);
}

static int find_slot(const struct bh_capture_head *head, const char *name, size_t length)
{
	uint32_t i = hash(name, length) % BH_CHANNEL_TABLE;
	char other[BH_COLUMN_MAX];

	for (; head->table[i] != 0; i = (i + 1) % BH_CHANNEL_TABLE) {
		if (bh_capture_channel_name(&head->info, head->table[i] - 1u, other) == length &&
		    memcmp(other, name, length) == 0)
			break;
	}
	return (int)i;
}

int bh_capture_channel(const struct bh_capture_head *head, const char *name, size_t length)
{
	int channel = head->table[find_slot(head, name, length)] - 1;

	return channel < 0 ? -ENOENT : channel;
}

static int name_channel(const struct head_line *at, unsigned int channel)
{
	char name[BH_COLUMN_MAX];
	size_t length = bh_capture_channel_name(&at->head->info, channel, name);
	int slot = find_slot(at->head, name, length);

	if (at->head->table[slot] != 0)
		return refuse(at, "two channels are called \"%s\"; names must differ", name);
	at->head->table[slot] = (uint16_t)(channel + 1);
	return 0;
}

static int name_channels(const struct head_line *at)
{
	const struct bh_capture_info *info = &at->head->info;
	bool any = info->mat.n_zones > 0;
	int r = 0;

	for (unsigned int i = 0; i < info->mat.n_zones && r == 0; i++)
		r = name_channel(at, i);
	for (unsigned int i = 0; i < BH_TEMP_SLOTS && r == 0; i++) {
		if (info->temperature[i][0]) {
			r = name_channel(at, BH_CHANNEL_TEMP + i);
			any = true;
		}
	}
	if (r == 0 && !any)
		return refuse(at, "the capture has neither a mat nor a temperature");
	return r;
}

/* The column line of a wide capture: every channel once, in any order. */
static int take_columns(const struct head_line *at, const char *text)
{
	struct bh_capture_head *head = at->head;
	bool there[BH_CHANNELS_MAX] = { false };

	for (;;) {
		size_t length = strcspn(text, ",");
		int channel = bh_capture_channel(head, text, length);

		if (channel < 0)
			return refuse(at, "column \"%.*s\" has no \"# zone:\" or \"# temperature:\" "
					  "line", (int)(length > 40 ? 40 : length), text);
		if (there[channel])
			return refuse(at, "column \"%.*s\" is there twice", (int)length, text);
		there[channel] = true;
		head->column[head->n_columns++] = (uint16_t)channel;
		if (text[length] == '\0')
			break;
		text += length + 1;
	}
	for (unsigned int i = 0; i < BH_CHANNEL_TABLE; i++) {
		unsigned int channel = head->table[i];

		if (channel != 0 && !there[channel - 1]) {
			char name[BH_COLUMN_MAX];

			bh_capture_channel_name(&head->info, channel - 1, name);
			return refuse(at, "no column for \"%s\"; add it or remove its line from the "
					  "head", name);
		}
	}
	return 0;
}

static int take_column_line(const struct head_line *at, const char *text)
{
	int r = check_geometry(at);

	if (r == 0)
		r = name_channels(at);
	if (r < 0)
		return r;
	at->head->info.capabilities = bh_mat_capabilities(&at->head->info.mat);
	for (unsigned int i = 0; i < BH_TEMP_SLOTS; i++) {
		if (at->head->info.temperature[i][0])
			at->head->info.capabilities |= BH_CAN_TEMP_LEFT << i;
	}
	if (strcmp(text, "t_s,channel,value") == 0) {
		at->head->is_long = true;
		return 0;
	}
	if (strncmp(text, "t_s,", 4) != 0)
		return refuse(at, "the column line begins with \"t_s,\": \"t_s,channel,value\", or "
				  "t_s and every channel");
	return take_columns(at, text + 4);
}

int bh_capture_head_read(struct bh_lines *lines, struct bh_capture_head *head, struct bh_error *err)
{
	struct seen seen = { false };
	const struct head_line at = { .lines = lines, .head = head, .seen = &seen, .err = err };
	size_t length;
	char *text;
	int r;

	head->info.anchor = (struct bh_clock_anchor){ .mono_ns = 0, .wall_ms = BH_WALL_UNKNOWN };
	while ((r = bh_lines_next(lines, &text, &length, err)) > 0) {
		if (length == 0)
			continue;
		if (text[0] != '#')
			return take_column_line(&at, text);
		r = take_comment(&at, text);
		if (r < 0)
			return r;
	}
	if (r < 0)
		return r;
	return refuse(&at, seen.version ? "the capture ends in its head: no column line" :
					  "this is no capture: no \"# bedside-capture: 1\" line");
}
