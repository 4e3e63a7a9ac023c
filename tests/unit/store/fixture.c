/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include "hub/store/private.h"

#include <dirent.h>
#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

int place_make(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	if (!place)
		return -1;
	snprintf(place->folder, sizeof(place->folder), "/tmp/bedside-store-XXXXXX");
	if (!mkdtemp(place->folder)) {
		free(place);
		return -1;
	}
	snprintf(place->path, sizeof(place->path), "%s/history.db", place->folder);
	*state = place;
	return 0;
}

int place_remove(void **state)
{
	struct place *place = *state;
	DIR *folder = opendir(place->folder);
	struct dirent *entry;
	char path[400];

	while (folder && (entry = readdir(folder))) {
		snprintf(path, sizeof(path), "%s/%s", place->folder, entry->d_name);
		unlink(path);
	}
	if (folder)
		closedir(folder);
	rmdir(place->folder);
	free(place);
	return 0;
}

static struct bh_store *open_as(const struct place *place, enum bh_store_mode mode)
{
	struct bh_store *store = NULL;
	struct bh_error err = { .line = 0 };
	int r = bh_store_open(place->path, mode, &store, &err);

	if (r < 0)
		fail_msg("open: %s (%s)", err.text, strerror(-r));
	return store;
}

void make_old(const struct place *place, int version, const char *rows)
{
	struct bh_error err = { .text = "" };
	sqlite3 *db;

	assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
	if (bh_schema_migrate(db, bh_migrations, version, place->path, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(bh_schema_version(db, version, place->path, &err), version);
	if (sqlite3_exec(db, rows, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

struct bh_store *open_writer(const struct place *place)
{
	return open_as(place, BH_STORE_WRITE);
}

struct bh_store *open_reader(const struct place *place)
{
	return open_as(place, BH_STORE_READ);
}

struct bh_store_run run_of(enum bh_origin origin, const char *provenance)
{
	struct bh_store_run run = { .boot_id = "boot-1",
				    .origin = origin,
				    .version = "0.1.0",
				    .config_hash = "0123456789abcdef",
				    .owes_broker = true };

	snprintf(run.provenance, sizeof(run.provenance), "%s", provenance);
	return run;
}

struct bh_store_bed bed_of(const char *id)
{
	struct bh_store_bed bed = {
		.capabilities =
			BH_CAN_OCCUPANCY | BH_CAN_LEGS | BH_CAN_TEMP_LEFT | BH_CAN_TEMP_RIGHT,
		.n_sensors = 3,
		.sensors = { "mat", "calf-left", "calf-right" },
		.sensor_capabilities = { BH_CAN_OCCUPANCY | BH_CAN_LEGS, BH_CAN_TEMP_LEFT,
					 BH_CAN_TEMP_RIGHT },
	};

	snprintf(bed.id, sizeof(bed.id), "%s", id);
	snprintf(bed.name, sizeof(bed.name), "Bed %s", id);
	return bed;
}

int64_t begin_run(struct bh_store *store, enum bh_origin origin, const char *provenance)
{
	struct bh_store_run run = run_of(origin, provenance);
	struct bh_store_bed bed = bed_of("left");
	int64_t id = 0;

	assert_int_equal(bh_store_run_begin(store, &run, &bed, 1, &id), 0);
	return id;
}

struct bh_record clock_record(enum bh_clock_change change, int64_t mono_ns, int64_t wall_ms)
{
	return (struct bh_record){ .kind = BH_RECORD_CLOCK,
				   .u.clock = { .anchor = { mono_ns, wall_ms },
						.change = change } };
}

struct bh_record event_record(enum bh_event_phase phase, enum bh_event_type type, uint64_t seq,
			      int64_t start_ns, int64_t end_ns)
{
	return (struct bh_record){
		.kind = BH_RECORD_EVENT,
		.u.event = { .seq = seq,
			     .type = type,
			     .phase = phase,
			     .end_cause = phase == BH_PHASE_OPEN ? BH_END_OPEN : BH_END_NORMAL,
			     .side = BH_SIDE_RIGHT,
			     .sensor = BH_SENSOR_NONE,
			     .confidence_permille = 900,
			     .start_ns = start_ns,
			     .end_ns = end_ns,
			     .detected_ns = start_ns + 10 * BH_NS_PER_S },
	};
}

struct bh_record epoch_record(int64_t start_ns)
{
	return (struct bh_record){
		.kind = BH_RECORD_EPOCH,
		.u.epoch = { .start_ns = start_ns,
			     .contact = BH_CONTACT_LEFT,
			     .position = BH_POSITION_SUPINE,
			     .coverage_permille = 1000,
			     .occupied_permille = 1000,
			     .moving_permille = 12,
			     .activity = 3,
			     .leg_movements = 1,
			     .load_permille = 1004,
			     .temp_mdegc = { 33500, 31250, BH_EPOCH_UNKNOWN } },
	};
}

int put(struct bh_store *store, const struct bh_record *record)
{
	int r = bh_store_put(store, record);

	if (r < 0)
		fail_msg("put: %s", strerror(-r));
	return r;
}

static int keep_first(void *ctx, const struct bh_store_row *row)
{
	snprintf(ctx, 4096, "%s", row->values[0] ? row->values[0] : "");
	return 1;
}

const char *ask(struct bh_store *store, const char *sql)
{
	static char text[4096];
	struct bh_error err = { .line = 0 };
	int r = bh_store_sql(store, sql, keep_first, text, &err);

	if (r != 1)
		fail_msg("%s: %s (%d)", sql, err.text, r);
	return text;
}
