/* SPDX-License-Identifier: MIT */
/* The sensors as configured, read once each, and what a bed of them can tell. */
#include "drivers/driver.h"
#include "hub/cli/calibrations.h"
#include "hub/cli/doctor.h"
#include "hub/cli/output.h"
#include "hub/cli/table.h"
#include "hub/cli/times.h"
#include "hub/cli/wrap.h"
#include "hub/core/calibration.h"
#include "hub/core/night.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The slowest thermometer that is not broken answers in a second; a mat of edges at once. */
#define PATIENCE_NS (3 * BH_NS_PER_S)
#define POLL_MS 50

struct examined {
	const struct bh_bed_config *bed;
	const struct bh_sensor_config *sensor;
	const struct bh_driver *driver;
	uint8_t index;
	char place[2 * BH_NAME_MAX];
	void *state;
	struct bh_driver_setup setup;
};

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * BH_NS_PER_S + now.tv_nsec;
}

/* ---- what a bed can tell ---- */

/* Why a bed lacks what a bit stands for. */
static const char *lacking(uint32_t bit, const struct bh_mat *mat)
{
	if (bit == BH_CAN_TEMP_LEFT || bit == BH_CAN_TEMP_RIGHT || bit == BH_CAN_TEMP_ROOM)
		return "there is no thermometer for it";
	if (bit == BH_CAN_TEMP_ABSOLUTE)
		return "the leg thermometers are not calibrated together";
	if (mat->kind == BH_MAT_NONE)
		return "there is no mat";
	switch (bit) {
	case BH_CAN_EDGE:
		return "it needs a zone at an edge of the bed and one beside it";
	case BH_CAN_LEGS:
		return "it needs a zone under the legs and another one";
	case BH_CAN_RESTLESSNESS:
		return mat->kind == BH_MAT_CONTACT ? "few movements open or close a contact pad"
						   : "through a mattress few movements show";
	case BH_CAN_HANGING:
		return mat->kind == BH_MAT_CONTACT && (bh_mat_capabilities(mat) & BH_CAN_LEGS)
			       ? "both open the pad under the calves; pads at the edges would tell"
			       : "it needs a zone under the legs and others, at an edge if they are pads";
	case BH_CAN_LEG_MOVEMENT:
		if (mat->kind == BH_MAT_CONTACT)
			return "few leg movements open or close a contact pad";
		if (mat->under_mattress)
			return "through a mattress hardly any leg movement shows";
		return "it needs a zone under the legs and another one";
	case BH_CAN_SIDE:
		return "it needs zones on the left and on the right";
	case BH_CAN_LOAD:
		return "contact pads only close or open";
	case BH_CAN_POSTURE:
		return "it needs a pressure matrix of four rows and columns or more";
	}
	return "the mat does not give it";
}

static void say_capabilities(struct bh_doctor *doctor, const struct bh_bed_config *bed,
			     uint32_t capabilities, const struct bh_mat *mat)
{
	json_t *can = json_array(), *cannot = json_object();
	const char *text;

	for (uint32_t bit = 1; (text = bh_capability_text(bit)) != NULL; bit <<= 1) {
		bool known = capabilities & bit;

		if (known)
			json_array_append_new(can, json_string(bh_capability_name(bit)));
		else
			bh_json_text(cannot, bh_capability_name(bit), lacking(bit, mat));
		if (!doctor->cli->json) {
			char line[BH_ERROR_TEXT_MAX];

			snprintf(line, sizeof(line), "%s %s%s%s", known ? "can tell" : "cannot tell",
				 text, known ? "" : ": ", known ? "" : lacking(bit, mat));
			printf("%7s", "");
			bh_doctor_line(doctor, bed->id, line);
		}
	}
	if (doctor->cli->json) {
		json_array_append_new(doctor->beds, json_pack("{s:s, s:O, s:O}", "bed", bed->id,
							      "can_tell", can, "cannot_tell",
							      cannot));
	}
	json_decref(can);
	json_decref(cannot);
}

/* ---- one sensor ---- */

static bool configure(struct bh_doctor *doctor, struct examined *examined)
{
	struct bh_error err = { .text = "out of memory" };

	examined->driver = bh_driver_of(examined->sensor, &err);
	if (examined->driver)
		examined->state = calloc(1, examined->driver->state_size);
	if (examined->state && examined->driver->configure(examined->state, examined->sensor,
							   examined->index, &examined->setup,
							   &err) == 0)
		return true;
	bh_doctor_error(doctor, BH_EXIT_CONFIG, examined->place, &err);
	return false;
}

static void say_reading(struct bh_doctor *doctor, const struct examined *examined,
			const struct bh_frame *frame)
{
	const struct bh_temperature *temp = &frame->temp[examined->sensor->slot];
	enum bh_fault fault = examined->sensor->is_mat ? frame->mat_fault : temp->fault;
	unsigned int loaded = 0;

	if (fault != BH_FAULT_NONE) {
		bh_doctor_say(doctor, BH_HEALTH_WRONG, BH_EXIT_UNAVAILABLE, examined->place,
			      "%s: %s %s", examined->driver->name, bh_fault_name(fault),
			      bh_fault_text(fault));
		return;
	}
	if (!examined->sensor->is_mat) {
		bh_doctor_say(doctor, BH_HEALTH_OK, BH_EXIT_OK, examined->place, "%s: %.2f C",
			      examined->driver->name, temp->mdegc / 1000.0);
		return;
	}
	for (unsigned int i = 0; i < frame->n_zones; i++)
		loaded += frame->load[i] > 0;
	bh_doctor_say(doctor, BH_HEALTH_OK, BH_EXIT_OK, examined->place,
		      "%s: %u of %u zones loaded now", examined->driver->name, loaded,
		      frame->n_zones);
}

/* Until the sensor has given one reading or patience ends. @return 1, 0 none came, -errno. */
static int read_once(const struct examined *examined, struct bh_frame *frame)
{
	int64_t until_ns = now_ns() + PATIENCE_NS;
	int r = 0;

	while (r == 0 && now_ns() < until_ns) {
		struct pollfd poll_fd = { .fd = examined->driver->fd(examined->state),
					  .events = POLLIN };

		r = examined->driver->read(examined->state, now_ns(), frame);
		if (r == 0)
			poll(&poll_fd, poll_fd.fd >= 0 ? 1 : 0, POLL_MS);
	}
	return r;
}

static void examine(struct bh_doctor *doctor, struct examined *examined, const struct bh_bus *bus)
{
	struct bh_error err = { .text = "" };
	struct bh_frame *frame = calloc(1, sizeof(*frame));
	int r = frame ? examined->driver->open(examined->state, bus, &err) : -ENOMEM;

	if (r < 0) {
		if (!err.text[0])
			bh_error_set(&err, r, "", 0, 0, "%s: cannot be opened: %s",
				     examined->driver->name, strerror(-r));
		bh_doctor_error(doctor, BH_EXIT_UNAVAILABLE, examined->place, &err);
		free(frame);
		return;
	}
	bh_frame_init(frame, examined->setup.mat);
	r = read_once(examined, frame);
	if (r > 0)
		say_reading(doctor, examined, frame);
	else if (r == 0)
		bh_doctor_say(doctor, BH_HEALTH_WRONG, BH_EXIT_UNAVAILABLE, examined->place,
			      "%s: no reading came within 3 s: check the wiring",
			      examined->driver->name);
	else
		bh_doctor_say(doctor, BH_HEALTH_WRONG, BH_EXIT_UNAVAILABLE, examined->place,
			      "%s: cannot be read: %s: check the wiring", examined->driver->name,
			      strerror(-r));
	examined->driver->close(examined->state);
	free(frame);
}

/* The daemon holds its devices: what it says of them stands. */
static void quote_daemon(struct bh_doctor *doctor, const struct examined *examined)
{
	size_t i, j;
	const json_t *bed, *sensor;

	json_array_foreach(json_object_get(doctor->daemon, "beds"), i, bed) {
		const char *id = json_string_value(json_object_get(bed, "id"));

		if (!id || strcmp(id, examined->bed->id) != 0)
			continue;
		json_array_foreach(json_object_get(bed, "sensors"), j, sensor) {
			const char *name = json_string_value(json_object_get(sensor, "name"));
			const char *fault = json_string_value(json_object_get(sensor, "fault"));
			bool well = fault && strcmp(fault, bh_fault_name(BH_FAULT_NONE)) == 0;

			if (!name || strcmp(name, examined->sensor->name) != 0)
				continue;
			bh_doctor_say(doctor, well ? BH_HEALTH_OK : BH_HEALTH_WRONG,
				      BH_EXIT_UNAVAILABLE, examined->place, "%s: the daemon says: %s",
				      examined->driver->name, well ? "works" : fault);
			return;
		}
	}
	bh_doctor_say(doctor, BH_HEALTH_NOTE, BH_EXIT_OK, examined->place,
		      "%s: the daemon does not know it: systemctl reload bedsided",
		      examined->driver->name);
}

/* What the daemon says of a bed, or NULL. */
static const json_t *daemon_bed(const struct bh_doctor *doctor, const char *id)
{
	const json_t *bed;
	size_t i;

	json_array_foreach(json_object_get(doctor->daemon, "beds"), i, bed) {
		const char *name = json_string_value(json_object_get(bed, "id"));

		if (name && strcmp(name, id) == 0)
			return bed;
	}
	return NULL;
}

static const json_t *calibrations_of(const struct bh_doctor *doctor, const char *id)
{
	return doctor->daemon ? json_object_get(daemon_bed(doctor, id), "calibration")
			      : json_object_get(doctor->stored, id);
}

/* Without a daemon the history knows what was calibrated, and for which mat. */
static void read_calibrations(struct bh_doctor *doctor, const struct bh_bed_config *bed,
			      uint32_t capabilities, const struct bh_mat *mat)
{
	const char *path = doctor->cli->db_path ? doctor->cli->db_path
						: doctor->cli->config->database;
	struct bh_store_bed beds[BH_BEDS_MAX];
	struct bh_store *store;
	struct bh_error err;
	json_t *kinds;
	int n;

	if (doctor->daemon || bh_store_open(path, BH_STORE_READ, &store, &err) < 0)
		return;
	n = bh_store_beds(store, beds, BH_BEDS_MAX);
	for (int i = 0; i < n && i < BH_BEDS_MAX; i++) {
		if (strcmp(beds[i].id, bed->id) != 0)
			continue;
		kinds = bh_cli_calibrations(store, beds[i].bed, capabilities,
					    bh_calibration_mat_hash(mat));
		if (!doctor->stored)
			doctor->stored = json_object();
		if (kinds)
			json_object_set_new(doctor->stored, bed->id, kinds);
	}
	bh_store_close(store);
}

static uint32_t calibrated(const struct bh_doctor *doctor, const char *id)
{
	const json_t *kinds = calibrations_of(doctor, id);
	const json_t *pair = json_object_get(
		kinds, bh_calibration_name(BH_CALIBRATION_THERMOMETERS));

	return json_is_true(json_object_get(pair, "in_force")) ? BH_CAN_TEMP_ABSOLUTE : 0;
}

/* What this hub is for: whether the bed can tell it, and how far what it is told by is known. */
static void say_legs_over_edge(struct bh_doctor *doctor, const char *id, uint32_t capabilities,
			       const struct bh_mat *mat)
{
	uint32_t needs = bh_event_info(BH_EVENT_LEGS_OVER_EDGE)->needs;
	const char *empty = bh_calibration_name(BH_CALIBRATION_EMPTY);
	const json_t *kinds = calibrations_of(doctor, id);
	const json_t *kind = json_object_get(kinds, empty);
	const char *health = json_string_value(json_object_get(kind, "health"));

	if ((capabilities & needs) != needs)
		bh_doctor_say(doctor, BH_HEALTH_NOTE, BH_EXIT_OK, id,
			      "legs over the edge: cannot be told: %s", lacking(BH_CAN_LEGS, mat));
	else if (!(capabilities & BH_CAN_HANGING))
		bh_doctor_say(doctor, BH_HEALTH_NOTE, BH_EXIT_OK, id,
			      "legs over the edge: told, but not %s: %s",
			      bh_capability_text(BH_CAN_HANGING), lacking(BH_CAN_HANGING, mat));
	else if (!(capabilities & BH_CAN_LOAD))
		bh_doctor_say(doctor, BH_HEALTH_OK, BH_EXIT_OK, id,
			      "legs over the edge: can be told, without a calibration");
	else if (json_is_true(json_object_get(kind, "in_force")))
		bh_doctor_say(doctor, BH_HEALTH_OK, BH_EXIT_OK, id,
			      "legs over the edge: can be told; calibration %s: %s", empty,
			      health ? health : "unknown");
	else
		bh_doctor_say(doctor, BH_HEALTH_NOTE, BH_EXIT_OK, id,
			      "legs over the edge: can be told; calibration %s: %s: bedside calibrate "
			      "%s makes it surer",
			      empty, health ? health : "not known", empty);
}

static void examine_bed(struct bh_doctor *doctor, const struct bh_bed_config *bed,
			struct bh_mat *mat, const struct bh_bus *bus)
{
	uint32_t capabilities = 0;

	memset(mat, 0, sizeof(*mat));
	for (uint8_t i = 0; i < bed->n_sensors; i++) {
		struct examined examined = { .bed = bed,
					     .sensor = &bed->sensors[i],
					     .index = i,
					     .setup = { .mat = mat } };

		snprintf(examined.place, sizeof(examined.place), "%s/%s", bed->id,
			 bed->sensors[i].name);
		if (!bed->sensors[i].is_mat)
			examined.setup.mat = NULL;
		if (configure(doctor, &examined)) {
			capabilities |= examined.setup.capabilities;
			examined.setup.mat = mat;
			if (doctor->daemon)
				quote_daemon(doctor, &examined);
			else
				examine(doctor, &examined, bus);
		}
		free(examined.state);
	}
	read_calibrations(doctor, bed, capabilities, mat);
	say_capabilities(doctor, bed, capabilities | calibrated(doctor, bed->id), mat);
	say_legs_over_edge(doctor, bed->id, capabilities, mat);
}

static void say_calibration(struct bh_doctor *doctor, const char *bed, const char *name,
			    const json_t *kind)
{
	const char *health = json_string_value(json_object_get(kind, "health"));
	const char *refused = json_string_value(json_object_get(kind, "refused"));
	const json_t *at = json_object_get(kind, "at_ms");
	int64_t wall_ms = json_is_integer(at) ? json_integer_value(at) : BH_WALL_UNKNOWN;
	bool problem = json_is_true(json_object_get(kind, "problem"));
	char text[BH_CLI_TIME_MAX];

	bh_doctor_say(doctor, problem ? BH_HEALTH_NOTE : BH_HEALTH_OK, BH_EXIT_OK, bed,
		      "calibration %s: %s%s%s%s%s%s%s", name, health ? health : "unknown",
		      wall_ms != BH_WALL_UNKNOWN ? ", done " : "",
		      wall_ms != BH_WALL_UNKNOWN
			      ? bh_cli_time_text(wall_ms, bh_utc_offset_s(wall_ms), text)
			      : "",
		      refused && refused[0] ? ": " : "", refused ? refused : "",
		      problem ? ": bedside calibrate " : "", problem ? name : "");
}

void bh_doctor_calibrations(struct bh_doctor *doctor)
{
	const char *name;
	json_t *kind;

	if (!doctor->daemon && !doctor->stored)
		bh_doctor_say(doctor, BH_HEALTH_NOTE, BH_EXIT_OK, "calibration",
			      "not known: no daemon, and no history of these beds");
	for (uint8_t i = 0; i < doctor->cli->config->n_beds; i++) {
		const char *id = doctor->cli->config->beds[i].id;
		/* Iterating takes an object that may be changed, and changes nothing. */
		json_t *kinds = (json_t *)(uintptr_t)calibrations_of(doctor, id);

		json_object_foreach(kinds, name, kind)
			say_calibration(doctor, id, name, kind);
	}
}

void bh_doctor_sensors(struct bh_doctor *doctor)
{
	struct bh_mat *mat = calloc(1, sizeof(*mat));
	struct bh_bus bus;

	if (!mat)
		return;
	bh_bus_machine(&bus);
	for (uint8_t i = 0; i < doctor->cli->config->n_beds; i++)
		examine_bed(doctor, &doctor->cli->config->beds[i], mat, &bus);
	bh_bus_machine_close(&bus);
	free(mat);
}

/* ---- --drivers ---- */

static int driver_json(const struct bh_driver *driver)
{
	json_t *object = json_object(), *list = json_array();

	for (const struct bh_driver_option *o = driver->options; o && o->key; o++) {
		json_t *option = json_object();

		bh_json_text(option, "key", o->key);
		bh_json_text(option, "kind", o->kind);
		bh_json_text(option, "default", o->preset);
		bh_json_text(option, "help", o->help);
		json_array_append_new(list, option);
	}
	bh_json_text(object, "driver", driver->name);
	bh_json_text(object, "summary", driver->summary);
	json_object_set_new(object, "options", list);
	return bh_json_line(object);
}

static void driver_text(const struct bh_cli *cli, const struct bh_driver *driver)
{
	char first[64], text[BH_ERROR_TEXT_MAX];

	snprintf(first, sizeof(first), "%s: ", driver->name);
	bh_wrap(stdout, cli->terminal.width, first, driver->summary);
	for (const struct bh_driver_option *o = driver->options; o && o->key; o++) {
		snprintf(first, sizeof(first), "  %-14s %-9s ", o->key, o->kind);
		snprintf(text, sizeof(text), "%s%s%s)", o->help,
			 o->preset ? " (default: " : " (must be given", o->preset ? o->preset : "");
		bh_wrap(stdout, cli->terminal.width, first, text);
	}
}

int bh_doctor_drivers(const struct bh_cli *cli)
{
	const struct bh_driver *driver;

	for (size_t i = 0; (driver = bh_driver_at(i)) != NULL; i++) {
		if (cli->json)
			driver_json(driver);
		else
			driver_text(cli, driver);
	}
	return BH_EXIT_OK;
}
