/* SPDX-License-Identifier: MIT */
#include "hub/cli/calibrations.h"

#include "hub/cli/table.h"
#include "hub/cli/times.h"
#include "hub/core/calibration.h"
#include "hub/core/night.h"

#include <stdio.h>
#include <string.h>

/* ---- from the history ---- */

struct known {
	uint32_t mat_hash;
	struct bh_calibration_status kinds[BH_CALIBRATION_KINDS];
};

bool bh_cli_calibration_fits(const struct bh_calibration *part, uint32_t mat_hash)
{
	if (part->version != BH_CALIBRATION_VERSION)
		return false;
	return mat_hash == 0 || part->kind == BH_CALIBRATION_THERMOMETERS || part->mat_hash == mat_hash;
}

static void take(void *ctx, const struct bh_stored_calibration *stored)
{
	struct known *known = ctx;
	struct bh_calibration_status *status = &known->kinds[stored->part.kind];

	if (stored->part.cause != BH_CALIBRATED_ASKED) {
		status->followed_ms = stored->at_ms;
		return;
	}
	status->known = true;
	status->in_force = bh_cli_calibration_fits(&stored->part, known->mat_hash);
	status->quality = stored->part.quality;
	status->at_ms = stored->at_ms;
}

static json_t *moment(int64_t wall_ms)
{
	return wall_ms == BH_WALL_UNKNOWN ? json_null() : json_integer(wall_ms);
}

json_t *bh_cli_calibrations(struct bh_store *store, int bed, uint32_t capabilities,
			    uint32_t mat_hash)
{
	struct known known = { .mat_hash = mat_hash };
	struct bh_store_facts facts;
	json_t *kinds;

	for (int i = 0; i < BH_CALIBRATION_KINDS; i++)
		known.kinds[i].at_ms = known.kinds[i].followed_ms = BH_WALL_UNKNOWN;
	if (bh_store_facts(store, &facts) < 0 ||
	    (mat_hash == 0 &&
	     bh_store_mat_hash(store, bed, facts.last_origin == BH_ORIGIN_SIMULATED, INT64_MAX,
			       &known.mat_hash) < 0) ||
	    bh_store_calibrations(store, bed, facts.last_origin == BH_ORIGIN_SIMULATED, take,
				  &known) < 0)
		return NULL;
	kinds = json_object();
	for (int i = 1; i < BH_CALIBRATION_KINDS; i++) {
		enum bh_calibration_kind kind = (enum bh_calibration_kind)i;
		const struct bh_calibration_status *status = &known.kinds[i];
		enum bh_calibration_health health =
			bh_calibration_health(kind, capabilities, status, bh_cli_now_ms());

		if (health == BH_CALIBRATION_NOT_NEEDED)
			continue;
		json_object_set_new(kinds, bh_calibration_name(kind),
				    json_pack("{s:s, s:b, s:b, s:o, s:o, s:i, s:s}", "health",
					      bh_calibration_health_name(health), "in_force",
					      status->in_force, "problem",
					      bh_calibration_is_problem(health), "at_ms",
					      moment(status->at_ms), "followed_ms",
					      moment(status->followed_ms), "quality",
					      status->quality, "refused", ""));
	}
	return kinds;
}

/* ---- to read ---- */

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "unknown";
}

/* The date of a calibration, in the words of a table. */
static const char *date_of(const json_t *kind, const char *key, char buf[static BH_CLI_TIME_MAX])
{
	const json_t *value = json_object_get(kind, key);
	int64_t wall_ms = json_integer_value(value);

	return json_is_integer(value) ? bh_cli_time_text(wall_ms, bh_utc_offset_s(wall_ms), buf) : NULL;
}

void bh_cli_calibrations_print(const struct bh_cli *cli, const json_t *beds)
{
	static const struct bh_table_column columns[] = {
		{ "BED", false, false },      { "CALIBRATION", false, false },
		{ "HEALTH", false, false },   { "DONE", false, false },
		{ "FOLLOWED", false, false }, { "REFUSED", false, true },
		{ NULL, false, false }
	};
	struct bh_table *table = bh_table_new(&cli->terminal, columns);
	bool any = false;
	const char *name;
	json_t *kind;
	const json_t *bed;
	size_t i;

	json_array_foreach(beds, i, bed) {
		json_object_foreach(json_object_get(bed, "calibration"), name, kind) {
			char done[BH_CLI_TIME_MAX], followed[BH_CLI_TIME_MAX];
			const char *refused = text_of(kind, "refused");
			const char *const cells[] = { text_of(bed, "name"), name,
						      text_of(kind, "health"),
						      date_of(kind, "at_ms", done),
						      date_of(kind, "followed_ms", followed),
						      refused[0] ? refused : NULL };

			if (!any)
				putchar('\n');
			any = true;
			if (table)
				bh_table_add(table, cells);
		}
	}
	if (table)
		bh_table_finish(table);
}
