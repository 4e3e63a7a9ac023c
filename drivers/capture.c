/* SPDX-License-Identifier: MIT */
#include "drivers/capture.h"

#include "drivers/capture_head.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* 280 years: a unix time in seconds fits, and nanoseconds of it fit int64_t. */
#define T_S_MAX INT64_C(8999999999)
/* A frame of cells in grams stays far below; what is beyond is not a load. */
#define LOAD_MAX 10000000
/* The range of frame.h: nothing by a bed is colder or warmer. */
#define MDEGC_MIN (-55000)
#define MDEGC_MAX 125000


struct bh_capture {
	struct bh_lines *lines;
	int64_t last_ns;
	int failed;		  /* the error that ended it, 0: none */
	struct bh_error error;
	/* Long form: the row read ahead, and what the frame in the making has already. */
	char *row;
	size_t row_length;
	uint32_t frame_count;
	uint32_t written[BH_CHANNELS_MAX]; /* frame_count of the last frame with this channel */
	struct bh_capture_head head;
};

/* One field of a row. */
enum field_kind { FIELD_EMPTY, FIELD_FAULT, FIELD_NUMBER };

static int refuse(struct bh_capture *capture, const char *what, const char *field, size_t length)
{
	if (length > 40)
		length = 40;
	return bh_error_set(&capture->error, -EINVAL, bh_lines_name(capture->lines),
			    bh_lines_number(capture->lines), 0, "\"%.*s\" %s", (int)length, field, what);
}

const char *bh_temp_slot_name(enum bh_temp_slot slot)
{
	switch (slot) {
	case BH_TEMP_LEFT:
		return "left";
	case BH_TEMP_RIGHT:
		return "right";
	case BH_TEMP_ROOM:
		return "room";
	case BH_TEMP_SLOTS:
		break;
	}
	return "unknown";
}

static int fault_from_name(const char *name, size_t length, enum bh_fault *ret)
{
#define BH_FAULT(id, ENUM, text_name, text)                                                        \
	if (length == sizeof(text_name) - 1 && memcmp(name, text_name, length) == 0) {             \
		*ret = BH_FAULT_##ENUM;                                                            \
		return 0;                                                                          \
	}
#include "hub/core/fault.def"
#undef BH_FAULT
	return -ENOENT;
}

/* Digits with an optional fraction of at most @p decimals digits, as a whole number of the last
 * decimal. Returns the end, or NULL. The caller bounds the digits before the point by max. */
static const char *decimal(const char *at, int decimals, int64_t max, int64_t *ret)
{
	const char *begin = at;
	int64_t value = 0;

	for (; *at >= '0' && *at <= '9'; at++) {
		value = value * 10 + (*at - '0');
		if (value > max)
			return NULL;
	}
	if (at == begin)
		return NULL;
	if (*at == '.' && decimals > 0) {
		for (at++; *at >= '0' && *at <= '9'; at++) {
			if (decimals-- == 0)
				return NULL;
			value = value * 10 + (*at - '0');
		}
	}
	for (; decimals > 0; decimals--)
		value *= 10;
	*ret = value;
	return at;
}

const char *bh_capture_time(const char *text, int64_t *ret_ns)
{
	return decimal(text, 9, T_S_MAX, ret_ns);
}

static int take_time(struct bh_capture *capture, const char **text, int64_t *ret_ns)
{
	size_t length = strcspn(*text, ",");
	const char *end;
	int64_t ns;

	end = bh_capture_time(*text, &ns);
	if (!end || end != *text + length)
		return refuse(capture, "is not a time; seconds with at most nine decimals", *text,
			      length);
	if (ns < capture->last_ns)
		return refuse(capture, "lies before the row above; times may not run backwards",
			      *text, length);
	*text = end;
	*ret_ns = ns;
	return 0;
}

/* A field that is not a plain number: empty or a fault. */
static int take_mark(struct bh_capture *capture, const char *field, size_t length,
		     enum field_kind *ret_kind, enum bh_fault *ret_fault)
{
	if (length == 0) {
		*ret_kind = FIELD_EMPTY;
		return 0;
	}
	if (fault_from_name(field + 1, length - 1, ret_fault) < 0 || *ret_fault == BH_FAULT_NONE)
		return refuse(capture, "is not a fault; \"!gone\" and the other names are in the "
				       "README of drivers", field, length);
	*ret_kind = FIELD_FAULT;
	return 0;
}

static int take_load(struct bh_capture *capture, const char **text, enum field_kind *ret_kind,
		     int32_t *ret_load, enum bh_fault *ret_fault)
{
	const char *field = *text, *end;
	bool negative = *field == '-';
	int64_t value = 0;

	if (*field == ',' || *field == '\0' || *field == '!') {
		size_t length = strcspn(field, ",");

		*text = field + length;
		return take_mark(capture, field, length, ret_kind, ret_fault);
	}
	end = decimal(field + negative, 0, LOAD_MAX, &value);
	if (!end || (*end != ',' && *end != '\0'))
		return refuse(capture, "is not a load; a whole number", field, strcspn(field, ","));
	if (capture->head.info.mat.kind == BH_MAT_CONTACT) {
		if (negative || value > 1)
			return refuse(capture, "is not a contact; 0 is open, 1 is closed", field,
				      (size_t)(end - field));
		value *= BH_LOAD_FULL;
	}
	*text = end;
	*ret_load = (int32_t)(negative ? -value : value);
	*ret_kind = FIELD_NUMBER;
	return 0;
}

static int take_temperature(struct bh_capture *capture, const char **text,
			    enum field_kind *ret_kind, int32_t *ret_mdegc, enum bh_fault *ret_fault)
{
	const char *field = *text, *end;
	size_t length = strcspn(field, ",");
	bool negative = *field == '-';
	int64_t value;

	*text = field + length;
	if (length == 0 || *field == '!')
		return take_mark(capture, field, length, ret_kind, ret_fault);
	end = decimal(field + negative, 3, MDEGC_MAX / BH_MDEGC_PER_DEGC, &value);
	if (!end || end != field + length)
		return refuse(capture, "is not a temperature; degrees with at most three decimals",
			      field, length);
	value = negative ? -value : value;
	if (value < MDEGC_MIN || value > MDEGC_MAX)
		return refuse(capture, "is not a temperature of a bed; -55 to 125 degrees", field,
			      length);
	*ret_mdegc = (int32_t)value;
	*ret_kind = FIELD_NUMBER;
	return 0;
}

static void set_temperature(struct bh_frame *frame, unsigned int slot, enum field_kind kind,
			    int32_t mdegc, enum bh_fault fault)
{
	struct bh_temperature *temp = &frame->temp[slot];

	if (kind == FIELD_EMPTY)
		return;
	frame->changed |= BH_PART_TEMPERATURE;
	temp->mono_ns = frame->mono_ns;
	temp->fault = kind == FIELD_FAULT ? fault : BH_FAULT_NONE;
	temp->mdegc = kind == FIELD_FAULT ? BH_TEMP_UNKNOWN : mdegc;
}

/* The zones of one wide row, as counted. */
struct row_mat {
	unsigned int numbers, empty, faults;
	enum bh_fault fault;
};

static void finish_mat(struct bh_frame *frame, const struct row_mat *mat)
{
	if (mat->faults == 0 && mat->numbers == 0)
		return;
	frame->changed |= BH_PART_MAT;
	if (mat->faults > 0)
		frame->mat_fault = mat->fault;
	else
		frame->mat_fault = mat->empty > 0 ? BH_FAULT_JUNK : BH_FAULT_NONE;
}

static int take_zone(struct bh_capture *capture, struct bh_frame *frame, unsigned int zone,
		     const char **text, struct row_mat *mat)
{
	enum field_kind kind;
	int r = take_load(capture, text, &kind, &frame->load[zone], &mat->fault);

	if (r < 0)
		return r;
	mat->numbers += kind == FIELD_NUMBER;
	mat->empty += kind == FIELD_EMPTY;
	mat->faults += kind == FIELD_FAULT;
	return 0;
}

static int take_slot(struct bh_capture *capture, struct bh_frame *frame, unsigned int slot,
		     const char **text)
{
	enum bh_fault fault = BH_FAULT_NONE;
	enum field_kind kind;
	int32_t mdegc = 0;
	int r = take_temperature(capture, text, &kind, &mdegc, &fault);

	if (r == 0)
		set_temperature(frame, slot, kind, mdegc, fault);
	return r;
}

static int read_wide(struct bh_capture *capture, const char *text, struct bh_frame *frame)
{
	const struct bh_capture_head *head = &capture->head;
	struct row_mat mat = { 0 };
	int r = take_time(capture, &text, &frame->mono_ns);

	if (r < 0)
		return r;
	frame->changed = 0;
	for (unsigned int i = 0; i < head->n_columns; i++) {
		unsigned int channel = head->column[i];

		if (*text != ',')
			return refuse(capture, "is the last field of a row that has too few", text, 0);
		text++;
		if (channel < BH_CHANNEL_TEMP)
			r = take_zone(capture, frame, channel, &text, &mat);
		else
			r = take_slot(capture, frame, channel - BH_CHANNEL_TEMP, &text);
		if (r < 0)
			return r;
	}
	if (*text != '\0')
		return refuse(capture, "is more than the row has columns for", text + 1,
			      strlen(text + 1));
	finish_mat(frame, &mat);
	capture->last_ns = frame->mono_ns;
	return 1;
}

/* One change of the long form. */
static int read_change(struct bh_capture *capture, unsigned int channel, const char *text,
		       struct bh_frame *frame)
{
	struct row_mat mat = { 0 };
	int r;

	if (channel < BH_CHANNEL_TEMP) {
		r = take_zone(capture, frame, channel, &text, &mat);
		if (r == 0)
			finish_mat(frame, &mat);
	} else {
		r = take_slot(capture, frame, channel - BH_CHANNEL_TEMP, &text);
	}
	if (r == 0 && *text != '\0')
		return refuse(capture, "is more than the three fields t_s,channel,value", text + 1,
			      strlen(text + 1));
	return r;
}

/* The next row that is neither empty nor a comment, into capture->row. */
static int next_row(struct bh_capture *capture)
{
	int r;

	do {
		r = bh_lines_next(capture->lines, &capture->row, &capture->row_length,
				  &capture->error);
	} while (r > 0 && (capture->row_length == 0 || capture->row[0] == '#'));
	if (r <= 0)
		capture->row = NULL;
	return r;
}

static int read_long(struct bh_capture *capture, struct bh_frame *frame)
{
	bool any = false;
	int r = 1;

	frame->changed = 0;
	capture->frame_count++;
	while (capture->row || (r = next_row(capture)) > 0) {
		const char *text = capture->row;
		size_t length;
		int64_t ns;
		int channel;

		r = take_time(capture, &text, &ns);
		if (r < 0)
			return r;
		if (*text != ',')
			return refuse(capture, "is a row without channel and value", capture->row,
				      capture->row_length);
		length = strcspn(++text, ",");
		channel = bh_capture_channel(&capture->head, text, length);
		if (channel < 0)
			return refuse(capture, "is no channel of this capture; zones and "
					       "temperatures are named in the head", text, length);
		if (text[length] != ',')
			return refuse(capture, "is a row without a value", capture->row,
				      capture->row_length);
		if (any && (ns != frame->mono_ns ||
			    capture->written[channel] == capture->frame_count))
			return 1; /* the row stays for the next frame */
		frame->mono_ns = ns;
		capture->last_ns = ns;
		capture->written[channel] = capture->frame_count;
		any = true;
		r = read_change(capture, (unsigned int)channel, text + length + 1, frame);
		if (r < 0)
			return r;
		capture->row = NULL;
	}
	if (r < 0)
		return r;
	return any;
}

int bh_capture_read(struct bh_capture *capture, struct bh_frame *frame, struct bh_error *err)
{
	int r = capture->failed;

	if (r == 0 && capture->head.is_long) {
		r = read_long(capture, frame);
	} else if (r == 0) {
		r = next_row(capture);
		if (r > 0)
			r = read_wide(capture, capture->row, frame);
	}
	if (r < 0) {
		capture->failed = r;
		if (err)
			*err = capture->error;
	}
	return r;
}

static int start(struct bh_capture *capture, struct bh_capture **ret, struct bh_error *err)
{
	int r = bh_capture_head_read(capture->lines, &capture->head, err);

	if (r < 0) {
		bh_capture_close(capture);
		return r;
	}
	*ret = capture;
	return 0;
}

int bh_capture_open(const char *path, struct bh_capture **ret, struct bh_error *err)
{
	struct bh_capture *capture;
	int r;

	assert(path && ret);
	capture = calloc(1, sizeof(*capture));
	if (!capture)
		return bh_error_set(err, -ENOMEM, path, 0, 0, "out of memory");
	r = bh_lines_open(path, &capture->lines, err);
	if (r < 0) {
		free(capture);
		return r;
	}
	return start(capture, ret, err);
}

int bh_capture_open_memory(const char *name, const void *text, size_t size, struct bh_capture **ret,
			   struct bh_error *err)
{
	struct bh_capture *capture;
	int r;

	assert(name && ret);
	capture = calloc(1, sizeof(*capture));
	if (!capture)
		return bh_error_set(err, -ENOMEM, name, 0, 0, "out of memory");
	r = bh_lines_open_memory(name, text, size, &capture->lines);
	if (r < 0) {
		free(capture);
		return bh_error_set(err, r, name, 0, 0, "out of memory");
	}
	return start(capture, ret, err);
}

const struct bh_capture_info *bh_capture_info(const struct bh_capture *capture)
{
	return &capture->head.info;
}

void bh_capture_progress(const struct bh_capture *capture, int64_t *ret_done, int64_t *ret_size)
{
	bh_lines_progress(capture->lines, ret_done, ret_size);
}

void bh_capture_close(struct bh_capture *capture)
{
	if (!capture)
		return;
	bh_lines_close(capture->lines);
	free(capture);
}
