/* SPDX-License-Identifier: MIT */
/* Captures read back what was written, and every malformed one is refused at its line. */
#include "drivers/capture.h"
#include "hub/core/event.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define HEAD "# bedside-capture: 1\n"
#define TWO HEAD "# mat: contact\n# zone: left edge_left 100 500\n# zone: right edge_right 900 500\n"
#define TEMPS TWO "# temperature: left_leg left\n# temperature: bedroom room\n"
#define SET(t) "# clock: " t " 2026-11-22T22:00:00Z\n"

static struct bh_frame frame;

static struct bh_capture *open_text(const char *text)
{
	struct bh_error err = { 0 };
	struct bh_capture *capture;

	if (bh_capture_open_memory("test.cap", text, strlen(text), &capture, &err) < 0)
		fail_msg("%s:%d: %s", err.place, err.line, err.text);
	bh_frame_init(&frame, &bh_capture_info(capture)->mat);
	return capture;
}

static void next(struct bh_capture *capture, int64_t mono_ns, uint32_t changed)
{
	struct bh_error err = { 0 };

	if (bh_capture_read(capture, &frame, &err) != 1)
		fail_msg("%s:%d: %s", err.place, err.line, err.text);
	assert_int_equal(frame.mono_ns, mono_ns);
	assert_int_equal(frame.changed, changed);
}

static void end(struct bh_capture *capture)
{
	assert_int_equal(bh_capture_read(capture, &frame, NULL), 0);
	assert_int_equal(bh_capture_read(capture, &frame, NULL), 0);
	bh_capture_close(capture);
}

static void reads_the_head(void **state)
{
	struct bh_capture *capture = open_text(
		"# Name: my bed\n" TEMPS "# origin: 2026-11-22T22:00:00.250Z\n"
		"# clock: 9000.5 2026-11-23T00:31:00Z\n# clock: 9001 2026-11-23T00:30:00.001Z\n"
		"# provenance: measured, by me\nt_s,right,left,bedroom_c,left_leg_c\n");
	const struct bh_capture_info *info = bh_capture_info(capture);

	(void)state;
	assert_int_equal(info->mat.kind, BH_MAT_CONTACT);
	assert_int_equal(info->mat.n_zones, 2);
	assert_string_equal(info->mat.zone[1].name, "right");
	assert_int_equal(info->mat.zone[1].places, BH_AT_EDGE_RIGHT);
	assert_int_equal(info->mat.zone[1].x_permille, 900);
	assert_int_equal(info->capabilities & (BH_CAN_TEMP_LEFT | BH_CAN_TEMP_RIGHT | BH_CAN_TEMP_ROOM),
			 BH_CAN_TEMP_LEFT | BH_CAN_TEMP_ROOM);
	assert_true(info->capabilities & BH_CAN_OCCUPANCY);
	assert_false(info->simulated);
	assert_string_equal(info->provenance, "by me");
	/* date -u -d 2026-11-22T22:00:00.250Z +%s%3N */
	assert_int_equal(bh_wall_from_mono(&info->anchor, 0), INT64_C(1795384800250));
	assert_int_equal(info->steps.n, 2);
	assert_int_equal(info->steps.at[0].mono_ns, INT64_C(9000500000000));
	assert_int_equal(info->steps.at[0].wall_ms, INT64_C(1795393860000));
	assert_int_equal(info->steps.at[1].mono_ns, INT64_C(9001000000000));
	assert_int_equal(info->steps.at[1].wall_ms, INT64_C(1795393800001));
	end(capture);
}

static void reads_wide_rows(void **state)
{
	struct bh_capture *capture = open_text(
		TEMPS "t_s,right,left,bedroom_c,left_leg_c\n"
		"0,0,1,18.25,-0.5\n# a remark\n\n0.1,,,,31\n0.100000001,1,1,,\r\n"
		"2,!gone,,!bus,\n3,1,,,\n4,,,,");

	(void)state;
	next(capture, 0, BH_PART_MAT | BH_PART_TEMPERATURE);
	assert_int_equal(frame.load[0], BH_LOAD_FULL);
	assert_int_equal(frame.load[1], 0);
	assert_int_equal(frame.mat_fault, BH_FAULT_NONE);
	assert_int_equal(frame.temp[BH_TEMP_ROOM].mdegc, 18250);
	assert_int_equal(frame.temp[BH_TEMP_LEFT].mdegc, -500);
	assert_int_equal(frame.temp[BH_TEMP_RIGHT].mdegc, BH_TEMP_UNKNOWN);
	assert_int_equal(frame.temp[BH_TEMP_RIGHT].fault, BH_FAULT_NO_DATA);
	next(capture, 100000000, BH_PART_TEMPERATURE);
	assert_int_equal(frame.temp[BH_TEMP_LEFT].mdegc, 31000);
	assert_int_equal(frame.temp[BH_TEMP_LEFT].mono_ns, 100000000);
	assert_int_equal(frame.temp[BH_TEMP_ROOM].mono_ns, 0);
	next(capture, 100000001, BH_PART_MAT);
	assert_int_equal(frame.load[1], BH_LOAD_FULL);
	next(capture, 2 * BH_NS_PER_S, BH_PART_MAT | BH_PART_TEMPERATURE);
	assert_int_equal(frame.mat_fault, BH_FAULT_GONE);
	assert_int_equal(frame.temp[BH_TEMP_ROOM].fault, BH_FAULT_BUS);
	assert_int_equal(frame.temp[BH_TEMP_ROOM].mdegc, BH_TEMP_UNKNOWN);
	next(capture, 3 * BH_NS_PER_S, BH_PART_MAT);
	assert_int_equal(frame.mat_fault, BH_FAULT_JUNK); /* torn */
	next(capture, 4 * BH_NS_PER_S, 0);
	end(capture);
}

static void reads_long_rows(void **state)
{
	struct bh_capture *capture = open_text(
		TEMPS "# t_s: unix\nt_s,channel,value\n"
		"1227145171,right,1\n1227145171,left_leg_c,31.5\n1227145171,right,0\n"
		"1227145186.5,left,1\n1227145187,right,!stuck\n1227145188,right,1\n");
	const int64_t t = INT64_C(1227145171) * BH_NS_PER_S;

	(void)state;
	assert_int_equal(bh_wall_from_mono(&bh_capture_info(capture)->anchor, t),
			 INT64_C(1227145171000));
	next(capture, t, BH_PART_MAT | BH_PART_TEMPERATURE);
	assert_int_equal(frame.load[0], 0);
	assert_int_equal(frame.load[1], BH_LOAD_FULL);
	assert_int_equal(frame.mat_fault, BH_FAULT_NONE);
	next(capture, t, BH_PART_MAT); /* twice in one second: two frames, no pulse is lost */
	assert_int_equal(frame.load[1], 0);
	next(capture, t + 15500 * BH_NS_PER_MS, BH_PART_MAT);
	assert_int_equal(frame.load[0], BH_LOAD_FULL);
	assert_int_equal(frame.load[1], 0);
	next(capture, t + 16 * BH_NS_PER_S, BH_PART_MAT);
	assert_int_equal(frame.mat_fault, BH_FAULT_STUCK);
	next(capture, t + 17 * BH_NS_PER_S, BH_PART_MAT);
	assert_int_equal(frame.mat_fault, BH_FAULT_NONE);
	assert_int_equal(frame.load[1], BH_LOAD_FULL);
	end(capture);
}

static void lays_out_a_matrix(void **state)
{
	struct bh_capture *capture = open_text(
		HEAD "# mat: matrix\n# matrix: 2x2\n# provenance: simulated\n"
		"t_s,r0c0,r0c1,r1c0,r1c1\n1,1,20,300,1000\n");
	const struct bh_mat *mat = &bh_capture_info(capture)->mat;

	(void)state;
	assert_int_equal(mat->rows, 2);
	assert_int_equal(mat->zone[2].x_permille, 250);
	assert_int_equal(mat->zone[2].y_permille, 750);
	assert_true(mat->zone[2].places & BH_AT_LEGS);
	assert_false(mat->under_mattress);
	assert_true(bh_capture_info(capture)->simulated);
	next(capture, BH_NS_PER_S, BH_PART_MAT);
	assert_int_equal(frame.load[3], 1000);
	end(capture);
}

/* What is wrong, where, and a word of the remedy. */
static const struct {
	const char *text;
	int line;
	const char *says;
} malformed[] = {
	{ "", 0, "no capture" },
	{ "hello\n", 1, "no capture" },
	{ "{\"a\": 1}\n", 1, "no capture" },
	{ HEAD, 1, "no column line" },
	{ "# bedside-capture: 2\n", 1, "newer bedside" },
	{ "# bedside-capture: one\n", 1, "not a version" },
	{ "# bedside-capture: \n", 1, "not a version" },
	{ HEAD "t_s,a\n", 2, "# mat:" },
	{ HEAD "# mat: sofa\n", 2, "unknown mat \"sofa\"; one of contact" },
	{ HEAD "# mat: contact\n# mat: strips\n", 3, "second" },
	{ HEAD "# mat: matrix\n# under: bed\n", 3, "write \"# under: mattress\"" },
	{ HEAD "# mat: contact\nt_s,a\n", 3, "at least one line \"# zone:" },
	{ HEAD "# mat: none\n# zone: a trunk 1 1\nt_s,a\n", 4, "has no zones" },
	{ HEAD "# mat: none\nt_s,a\n", 3, "neither a mat nor a temperature" },
	{ HEAD "# mat: contact\n# zone: a\n", 3, "zone: NAME PLACES X Y" },
	{ HEAD "# mat: contact\n# zone: a trunk 1 1 1\n", 3, "zone: NAME PLACES X Y" },
	{ HEAD "# mat: contact\n# zone: a,b trunk 1 1\n", 3, "zone name" },
	{ HEAD "# zone: abcdefghijklmnopqrstuvwxyzabcdef trunk 1 1\n", 2, "zone name" },
	{ HEAD "# zone: a middle 1 1\n", 2, "unknown place in \"middle\"" },
	{ HEAD "# zone: a trunk+ 1 1\n", 2, "unknown place" },
	{ HEAD "# zone: a trunk 1001 1\n", 2, "outside the bed" },
	{ HEAD "# zone: a trunk 1 -1\n", 2, "outside the bed" },
	{ HEAD "# mat: matrix\nt_s,a\n", 3, "# matrix: ROWSxCOLS" },
	{ HEAD "# mat: matrix\n# matrix: 64\n", 3, "ROWSxCOLS" },
	{ HEAD "# mat: matrix\n# matrix: 0x4\n", 3, "ROWSxCOLS" },
	{ HEAD "# mat: matrix\n# matrix: 64x33\n", 3, "too many zones; at most 2048" },
	{ HEAD "# mat: matrix\n# matrix: 2x2\n# matrix: 2x2\n", 4, "second" },
	{ HEAD "# mat: matrix\n# matrix: 1x1\n# zone: a trunk 1 1\nt_s,a\n", 5, "no zone lines" },
	{ TWO "# matrix: 1x2\nt_s,left,right\n", 6, "mat: matrix\" only" },
	{ HEAD "# mat: contact\n# zone: a trunk 1 1\n# zone: a legs 1 1\nt_s,a\n", 5, "\"a\"; names" },
	{ TWO "# temperature: leg\n", 5, "NAME SLOT" },
	{ TWO "# temperature: l,g left\n", 5, "temperature name" },
	{ TWO "# temperature: leg middle\n", 5, "one of left, right, room" },
	{ TWO "# temperature: a left\n# temperature: b left\n", 6, "taken by \"a\"" },
	{ TWO "# temperature: a left\n# temperature: a right\nt_s,left\n", 7, "two channels" },
	{ TWO "# origin: yesterday\n", 5, "2026-11-22T22:00:00Z" },
	{ TWO "# origin: 2026-11-22T22:00:00+01:00\n", 5, "not a time in UTC" },
	{ TWO "# origin: 2026-11-22T22:00:00Z\n# t_s: unix\n", 6, "given twice" },
	{ TWO "# t_s: unix\n# origin: 2026-11-22T22:00:00Z\n", 6, "given twice" },
	{ TWO "# clock: 2026-11-22T22:00:00Z\n", 5, "clock: T_S TIME" },
	{ TWO "# clock: 9000\n", 5, "clock: T_S TIME" },
	{ TWO "# clock: 9000 midnight\n", 5, "not a time in UTC" },
	{ TWO "# clock: 5 2026-11-22T22:00:00Z\n# clock: 5 2026-11-22T23:00:00Z\n", 6, "in order" },
	{ TWO SET("1") SET("2") SET("3") SET("4") SET("5") SET("6") SET("7") SET("8") SET("9"), 13,
	  "more than 8 times" },
	{ TWO "# t_s: minutes\n", 5, "# t_s: unix" },
	{ TWO "# provenance: dreamt\n", 5, "begins with \"measured\" or \"simulated\"" },
	{ TWO "# provenance: measured\n# provenance: measured\n", 6, "second" },
	{ TWO "time,left,right\n", 5, "begins with \"t_s,\"" },
	{ TWO "t_s,left\n", 5, "no column for \"right\"" },
	{ TWO "t_s,left,right,left\n", 5, "twice" },
	{ TWO "t_s,left,right,\n", 5, "column \"\"" },
	{ TWO "t_s,left,right,middle\n", 5, "column \"middle\" has no" },
	{ TEMPS "t_s,left,right,left_leg,bedroom_c\n", 7, "column \"left_leg\" has no" },
	{ TWO "t_s,left,right\n0,1\n", 6, "too few" },
	{ TWO "t_s,left,right\n0,1,1,1\n", 6, "more than the row" },
	{ TWO "t_s,left,right\n0,1,1\nx,1,1\n", 7, "\"x\" is not a time" },
	{ TWO "t_s,left,right\n-1,1,1\n", 6, "not a time" },
	{ TWO "t_s,left,right\n1e3,1,1\n", 6, "not a time" },
	{ TWO "t_s,left,right\n1.0123456789,1,1\n", 6, "at most nine decimals" },
	{ TWO "t_s,left,right\n9999999999,1,1\n", 6, "not a time" },
	{ TWO "t_s,left,right\n,1,1\n", 6, "not a time" },
	{ TWO "t_s,left,right\n2,1,1\n1.9,0,0\n", 7, "run backwards" },
	{ TWO "t_s,left,right\n0,2,1\n", 6, "0 is open, 1 is closed" },
	{ TWO "t_s,left,right\n0,-1,1\n", 6, "0 is open, 1 is closed" },
	{ TWO "t_s,left,right\n0,on,1\n", 6, "\"on\" is not a load" },
	{ TWO "t_s,left,right\n0,1.0,1\n", 6, "whole number" },
	{ TWO "t_s,left,right\n0, 1,1\n", 6, "whole number" },
	{ TWO "t_s,left,right\n0,!,1\n", 6, "not a fault" },
	{ TWO "t_s,left,right\n0,!tired,1\n", 6, "not a fault" },
	{ TWO "t_s,left,right\n0,!none,1\n", 6, "not a fault" },
	{ HEAD "# mat: load_cells\n# zone: a trunk 1 1\nt_s,a\n0,99999999\n", 5, "not a load" },
	{ TEMPS "t_s,left,right,left_leg_c,bedroom_c\n0,,,31.2345,\n", 8, "three decimals" },
	{ TEMPS "t_s,left,right,left_leg_c,bedroom_c\n0,,,warm,\n", 8, "not a temperature" },
	{ TEMPS "t_s,left,right,left_leg_c,bedroom_c\n0,,,-56,\n", 8, "-55 to 125" },
	{ TEMPS "t_s,left,right,left_leg_c,bedroom_c\n0,,,126,\n", 8, "temperature" },
	{ TWO "t_s,channel,value\n0\n", 6, "without channel and value" },
	{ TWO "t_s,channel,value\n0,left\n", 6, "without a value" },
	{ TWO "t_s,channel,value\n0,middle,1\n", 6, "no channel of this capture" },
	{ TWO "t_s,channel,value\n0,left,1,1\n", 6, "more than the three fields" },
	{ TWO "t_s,channel,value\n0,left,1\n1,left,7\n", 7, "0 is open" },
	{ TWO "t_s,channel,value\n5,left,1\n4,left,0\n", 7, "run backwards" },
};

/* Head and rows; the error of whichever is refused. */
static int read_all(const char *text, size_t size, struct bh_error *err)
{
	struct bh_capture *capture;
	int r = bh_capture_open_memory("test.cap", text, size, &capture, err);

	if (r < 0)
		return r;
	bh_frame_init(&frame, &bh_capture_info(capture)->mat);
	while ((r = bh_capture_read(capture, &frame, err)) > 0)
		;
	if (r < 0) { /* stays refused */
		struct bh_error again = { 0 };

		assert_int_equal(bh_capture_read(capture, &frame, &again), r);
		assert_string_equal(again.text, err->text);
	}
	bh_capture_close(capture);
	return r;
}

static void refuses_the_malformed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
		struct bh_error err = { 0 };
		int r = read_all(malformed[i].text, strlen(malformed[i].text), &err);

		if (r != -EINVAL || err.line != malformed[i].line ||
		    !strstr(err.text, malformed[i].says) || strcmp(err.place, "test.cap") != 0)
			fail_msg("row %zu gave %d, %s:%d: %s", i, r, err.place, err.line, err.text);
	}
}

static void refuses_binary_and_endless_lines(void **state)
{
	static char endless[200000];
	struct bh_error err = { 0 };

	(void)state;
	assert_int_equal(read_all("\x7f""ELF\0\1\2", 7, &err), -EINVAL);
	assert_non_null(strstr(err.text, "binary"));
	memset(endless, 'x', sizeof(endless));
	assert_int_equal(read_all(endless, sizeof(endless), &err), -EINVAL);
	assert_non_null(strstr(err.text, "longer than"));
	assert_int_equal(err.line, 1);
}

static void refuses_what_cannot_be_opened(void **state)
{
	struct bh_error err = { 0 };
	struct bh_capture *capture = NULL;

	(void)state;
	assert_int_equal(bh_capture_open("/nowhere/a.cap", &capture, &err), -ENOENT);
	assert_string_equal(err.place, "/nowhere/a.cap");
	assert_int_equal(bh_capture_open("/", &capture, &err), -EISDIR);
	assert_null(capture);
}

static char scratch[64];

static int make_scratch(void **state)
{
	(void)state;
	strcpy(scratch, "/tmp/bedside-capture-XXXXXX");
	return mkdtemp(scratch) ? 0 : -1;
}

static int drop_scratch(void **state)
{
	static const char *const names[] = { "a.cap", "a.cap.gz" };
	char path[128];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", scratch, names[i]);
		unlink(path);
	}
	return rmdir(scratch);
}

#define N_FRAMES 5000

/* Strips and two thermometers; temperatures now and then, a fault in the middle. */
static void make_frame(struct bh_frame *f, int i)
{
	f->mono_ns = i * (BH_NS_PER_S / 10) + i % 3;
	f->changed = BH_PART_MAT;
	f->mat_fault = i == 1000 ? BH_FAULT_BUS : BH_FAULT_NONE;
	for (int z = 0; z < f->n_zones; z++)
		f->load[z] = (i * 31 + z * 977) % 1200 - 100;
	if (i % 300 != 0)
		return;
	f->changed |= BH_PART_TEMPERATURE;
	f->temp[BH_TEMP_LEFT] = (struct bh_temperature){ .mdegc = 31000 + i, .mono_ns = f->mono_ns };
	f->temp[BH_TEMP_ROOM].mono_ns = f->mono_ns;
	f->temp[BH_TEMP_ROOM].mdegc = -1 - i;
	f->temp[BH_TEMP_ROOM].fault = i == 600 ? BH_FAULT_DETACHED : BH_FAULT_NONE;
}

static void strips_info(struct bh_capture_info *info)
{
	memset(info, 0, sizeof(*info));
	info->mat.kind = BH_MAT_STRIPS;
	info->mat.n_zones = 4;
	for (int i = 0; i < 4; i++) {
		struct bh_zone *zone = &info->mat.zone[i];

		snprintf(zone->name, sizeof(zone->name), "strip%d", i);
		zone->x_permille = 500;
		zone->y_permille = (int16_t)(125 + 250 * i);
		zone->places = i == 0 ? BH_AT_HEAD | BH_AT_TRUNK : BH_AT_LEGS;
	}
	info->anchor.wall_ms = INT64_C(1795384800250);
	info->steps = (struct bh_clock_steps){
		.n = 2,
		.at = { { INT64_C(7200000000001), INT64_C(1795388400000) },
			{ INT64_C(9000000000000), INT64_C(1795399999999) } },
	};
	info->mat.under_mattress = true;
	info->simulated = true;
	strcpy(info->provenance, "test, seed 1");
	strcpy(info->temperature[BH_TEMP_LEFT], "left_leg");
	strcpy(info->temperature[BH_TEMP_ROOM], "room");
}

static void write_strips(const char *path)
{
	static struct bh_capture_info info;
	static struct bh_frame f;
	struct bh_capture_writer *writer;

	strips_info(&info);
	assert_int_equal(bh_capture_create(path, &info, &writer, NULL), 0);
	bh_frame_init(&f, &info.mat);
	for (int i = 0; i < N_FRAMES; i++) {
		make_frame(&f, i);
		assert_int_equal(bh_capture_write(writer, &f), 0);
	}
	assert_int_equal(bh_capture_finish(writer), 0);
}

static void compare_frame(const struct bh_frame *want)
{
	assert_int_equal(frame.mono_ns, want->mono_ns);
	assert_int_equal(frame.changed, want->changed);
	assert_int_equal(frame.mat_fault, want->mat_fault);
	if (want->mat_fault == BH_FAULT_NONE)
		assert_memory_equal(frame.load, want->load, sizeof(int32_t) * want->n_zones);
	for (int t = 0; t < BH_TEMP_SLOTS; t++) {
		assert_int_equal(frame.temp[t].fault, want->temp[t].fault);
		if (want->temp[t].fault == BH_FAULT_NONE)
			assert_int_equal(frame.temp[t].mdegc, want->temp[t].mdegc);
	}
}

static void reads_back_what_was_written(void **state)
{
	static const char *const names[] = { "a.cap", "a.cap.gz" };
	static struct bh_capture_info info;
	static struct bh_frame want;
	struct bh_error err = { 0 };
	char path[128];

	(void)state;
	strips_info(&info);
	for (int k = 0; k < 2; k++) {
		struct bh_capture *capture;
		int64_t done, size;

		snprintf(path, sizeof(path), "%s/%s", scratch, names[k]);
		write_strips(path);
		assert_int_equal(bh_capture_open(path, &capture, &err), 0);
		assert_memory_equal(&bh_capture_info(capture)->mat, &info.mat, sizeof(info.mat));
		assert_string_equal(bh_capture_info(capture)->provenance, info.provenance);
		assert_true(bh_capture_info(capture)->simulated);
		assert_int_equal(bh_capture_info(capture)->anchor.wall_ms, info.anchor.wall_ms);
		assert_int_equal(bh_capture_info(capture)->steps.n, 2);
		assert_memory_equal(bh_capture_info(capture)->steps.at, info.steps.at,
				    2 * sizeof(info.steps.at[0]));
		bh_frame_init(&frame, &info.mat);
		bh_frame_init(&want, &info.mat);
		for (int i = 0; i < N_FRAMES; i++) {
			make_frame(&want, i);
			assert_int_equal(bh_capture_read(capture, &frame, &err), 1);
			compare_frame(&want);
		}
		bh_capture_progress(capture, &done, &size);
		assert_true(size > 0 && done == size);
		end(capture);
	}
}

static void refuses_a_gzip_cut_short(void **state)
{
	struct bh_error err = { 0 };
	struct bh_capture *capture;
	char path[128];
	struct stat st;
	int r;

	(void)state;
	snprintf(path, sizeof(path), "%s/a.cap.gz", scratch);
	write_strips(path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(truncate(path, st.st_size * 2 / 3), 0);
	r = bh_capture_open(path, &capture, &err);
	if (r == 0) {
		bh_frame_init(&frame, &bh_capture_info(capture)->mat);
		while ((r = bh_capture_read(capture, &frame, &err)) > 0)
			;
		bh_capture_close(capture);
	}
	assert_int_equal(r, -EIO);
	assert_string_equal(err.place, path);
	assert_non_null(strstr(err.text, "cut short"));
}

static void says_why_it_cannot_write(void **state)
{
	static struct bh_capture_info info;
	struct bh_capture_writer *writer;
	struct bh_error err = { 0 };

	(void)state;
	strips_info(&info);
	assert_int_equal(bh_capture_create("/nowhere/a.cap", &info, &writer, &err), -ENOENT);
	assert_string_equal(err.place, "/nowhere/a.cap");
	/* A disk that is full says so at the latest when the capture is finished. */
	assert_int_equal(bh_capture_create("/dev/full", &info, &writer, &err), 0);
	assert_int_equal(bh_capture_finish(writer), -ENOSPC);
}

static void places_read_back(void **state)
{
	char text[64];

	(void)state;
	for (unsigned int places = 1; places < 32; places++) {
		uint8_t back = 0;

		assert_true(bh_places_print((uint8_t)places, text, sizeof(text)) < (int)sizeof(text));
		assert_int_equal(bh_places_from_text(text, &back), 0);
		assert_int_equal(back, places);
	}
	assert_int_equal(bh_places_print(BH_AT_LEGS | BH_AT_EDGE_LEFT, text, sizeof(text)), 14);
	assert_string_equal(text, "legs+edge_left");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_head),
		cmocka_unit_test(reads_wide_rows),
		cmocka_unit_test(reads_long_rows),
		cmocka_unit_test(lays_out_a_matrix),
		cmocka_unit_test(refuses_the_malformed),
		cmocka_unit_test(refuses_binary_and_endless_lines),
		cmocka_unit_test(refuses_what_cannot_be_opened),
		cmocka_unit_test_setup_teardown(reads_back_what_was_written, make_scratch, drop_scratch),
		cmocka_unit_test_setup_teardown(refuses_a_gzip_cut_short, make_scratch, drop_scratch),
		cmocka_unit_test(says_why_it_cannot_write),
		cmocka_unit_test(places_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
