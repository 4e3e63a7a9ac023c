/* SPDX-License-Identifier: MIT */
#include "drivers/capture.h"
#include "drivers/capture_head.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

/* The longest field, a fault's name with its mark, or a number; with the comma. */
#define FIELD_MAX 24

struct bh_capture_writer {
	gzFile file;
	int error; /* the first write error */
	struct bh_capture_info info;
	char row[BH_LINE_MAX];
};

static int put(struct bh_capture_writer *writer, const char *text, size_t length)
{
	int code;

	if (writer->error || length == 0)
		return writer->error;
	errno = 0;
	if (gzwrite(writer->file, text, (unsigned int)length) == (int)length)
		return 0;
	gzerror(writer->file, &code);
	writer->error = code == Z_ERRNO && errno ? -errno : -EIO;
	return writer->error;
}

static void put_line(struct bh_capture_writer *writer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void put_line(struct bh_capture_writer *writer, const char *format, ...)
{
	va_list ap;
	int length;

	va_start(ap, format);
	length = vsnprintf(writer->row, sizeof(writer->row), format, ap);
	va_end(ap);
	put(writer, writer->row, (size_t)length);
}

static void put_geometry(struct bh_capture_writer *writer)
{
	const struct bh_mat *mat = &writer->info.mat;

	put_line(writer, "# mat: %s\n", bh_mat_kind_name(mat->kind));
	if (mat->under_mattress)
		put_line(writer, "# under: mattress\n");
	if (mat->kind == BH_MAT_MATRIX) {
		put_line(writer, "# matrix: %dx%d\n", mat->rows, mat->cols);
		return;
	}
	for (unsigned int i = 0; i < mat->n_zones; i++) {
		const struct bh_zone *zone = &mat->zone[i];
		char places[64];

		bh_places_print(zone->places, places, sizeof(places));
		put_line(writer, "# zone: %s %s %d %d\n", zone->name, places, zone->x_permille,
			 zone->y_permille);
	}
}

static void put_wall(struct bh_capture_writer *writer, int64_t wall_ms)
{
	time_t wall_s = (time_t)(wall_ms / BH_MS_PER_S);
	struct tm tm;

	gmtime_r(&wall_s, &tm);
	put_line(writer, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\n", tm.tm_year + 1900, tm.tm_mon + 1,
		 tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, (int)(wall_ms % BH_MS_PER_S));
}

static void put_origin(struct bh_capture_writer *writer)
{
	const struct bh_clock_anchor *anchor = &writer->info.anchor;
	int64_t origin_ms = bh_wall_from_mono(anchor, 0);

	if (origin_ms == BH_WALL_UNKNOWN)
		return;
	if (origin_ms == 0) {
		put_line(writer, "# t_s: unix\n");
		return;
	}
	put_line(writer, "# origin: ");
	put_wall(writer, origin_ms);
}

static void put_steps(struct bh_capture_writer *writer)
{
	const struct bh_clock_steps *steps = &writer->info.steps;

	for (uint8_t i = 0; i < steps->n; i++) {
		put_line(writer, "# clock: %lld.%09lld ",
			 (long long)(steps->at[i].mono_ns / BH_NS_PER_S),
			 (long long)(steps->at[i].mono_ns % BH_NS_PER_S));
		put_wall(writer, steps->at[i].wall_ms);
	}
}

static void put_columns(struct bh_capture_writer *writer)
{
	const struct bh_capture_info *info = &writer->info;
	char name[BH_COLUMN_MAX];

	put(writer, "t_s", 3);
	for (unsigned int i = 0; i < info->mat.n_zones; i++) {
		bh_capture_channel_name(info, i, name);
		put_line(writer, ",%s", name);
	}
	for (unsigned int i = 0; i < BH_TEMP_SLOTS; i++) {
		if (!info->temperature[i][0])
			continue;
		bh_capture_channel_name(info, BH_CHANNEL_TEMP + i, name);
		put_line(writer, ",%s", name);
	}
	put(writer, "\n", 1);
}

static void put_head(struct bh_capture_writer *writer)
{
	const struct bh_capture_info *info = &writer->info;

	put_line(writer, "# bedside-capture: 1\n");
	put_line(writer, "# provenance: %s%s%s\n", info->simulated ? "simulated" : "measured",
		 info->provenance[0] ? ", " : "", info->provenance);
	put_origin(writer);
	put_steps(writer);
	put_geometry(writer);
	for (unsigned int i = 0; i < BH_TEMP_SLOTS; i++) {
		if (info->temperature[i][0])
			put_line(writer, "# temperature: %s %s\n", info->temperature[i],
				 bh_temp_slot_name((enum bh_temp_slot)i));
	}
	put_columns(writer);
}

int bh_capture_create(const char *path, const struct bh_capture_info *info,
		      struct bh_capture_writer **ret, struct bh_error *err)
{
	size_t length = strlen(path);
	bool compress = length > 3 && strcmp(path + length - 3, ".gz") == 0;
	struct bh_capture_writer *writer;
	int r;

	if (info->mat.n_zones * FIELD_MAX > BH_LINE_MAX - BH_TEMP_SLOTS * FIELD_MAX - FIELD_MAX ||
	    (info->mat.kind == BH_MAT_MATRIX && info->mat.rows * info->mat.cols != info->mat.n_zones))
		return bh_error_set(err, -EINVAL, path, 0, 0, "a capture cannot hold this mat");
	writer = calloc(1, sizeof(*writer));
	if (!writer)
		return bh_error_set(err, -ENOMEM, path, 0, 0, "out of memory");
	errno = 0;
	/* Level 1: recording a matrix must keep up on a Pi; "T" is no compression at all. */
	writer->file = gzopen(path, compress ? "wbe1" : "wbeT");
	if (!writer->file) {
		r = errno ? -errno : -ENOMEM;
		free(writer);
		return bh_error_set(err, r, path, 0, 0, "cannot write the capture: %s",
				    strerror(-r));
	}
	gzbuffer(writer->file, BH_LINE_MAX);
	writer->info = *info;
	put_head(writer);
	if (writer->error) {
		r = bh_capture_finish(writer);
		return bh_error_set(err, r, path, 0, 0, "cannot write the capture: %s",
				    strerror(-r));
	}
	*ret = writer;
	return 0;
}

static char *put_number(char *at, int64_t value)
{
	char digits[FIELD_MAX];
	int n = 0;

	if (value < 0) {
		*at++ = '-';
		value = -value;
	}
	do {
		digits[n++] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	while (n > 0)
		*at++ = digits[--n];
	return at;
}

/* A fixed-point number without trailing zeros: 12.5, not 12.500000000. */
static char *put_fixed(char *at, int64_t value, int64_t scale)
{
	if (value < 0) {
		*at++ = '-';
		value = -value;
	}
	at = put_number(at, value / scale);
	value %= scale;
	if (value > 0)
		*at++ = '.';
	while (value > 0) {
		scale /= 10;
		*at++ = (char)('0' + value / scale);
		value %= scale;
	}
	return at;
}

static char *put_fault(char *at, enum bh_fault fault)
{
	const char *name = bh_fault_name(fault);

	*at++ = '!';
	for (; name && *name; name++)
		*at++ = *name;
	return at;
}

static char *put_zones(const struct bh_capture_writer *writer, const struct bh_frame *frame, char *at)
{
	const struct bh_mat *mat = &writer->info.mat;
	bool there = frame->changed & BH_PART_MAT;
	int32_t unit = mat->kind == BH_MAT_CONTACT ? BH_LOAD_FULL : 1;

	for (unsigned int i = 0; i < mat->n_zones; i++) {
		*at++ = ',';
		if (!there)
			continue;
		/* A fault is the mat's: said once, in its first column. */
		if (frame->mat_fault == BH_FAULT_NONE)
			at = put_number(at, frame->load[i] / unit);
		else if (i == 0)
			at = put_fault(at, frame->mat_fault);
	}
	return at;
}

int bh_capture_write(struct bh_capture_writer *writer, const struct bh_frame *frame)
{
	char *at;

	assert(frame->mono_ns >= 0);
	at = put_fixed(writer->row, frame->mono_ns, BH_NS_PER_S);
	at = put_zones(writer, frame, at);
	for (unsigned int i = 0; i < BH_TEMP_SLOTS; i++) {
		const struct bh_temperature *temp = &frame->temp[i];

		if (!writer->info.temperature[i][0])
			continue;
		*at++ = ',';
		if (!(frame->changed & BH_PART_TEMPERATURE) || temp->mono_ns != frame->mono_ns)
			continue;
		if (temp->fault != BH_FAULT_NONE)
			at = put_fault(at, temp->fault);
		else
			at = put_fixed(at, temp->mdegc, BH_MDEGC_PER_DEGC);
	}
	*at++ = '\n';
	return put(writer, writer->row, (size_t)(at - writer->row));
}

int bh_capture_finish(struct bh_capture_writer *writer)
{
	int r;

	if (!writer)
		return 0;
	errno = 0;
	if (gzclose_w(writer->file) != Z_OK && !writer->error)
		writer->error = errno ? -errno : -EIO;
	r = writer->error;
	free(writer);
	return r;
}
