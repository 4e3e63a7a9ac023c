/* SPDX-License-Identifier: MIT */
#include "hub/core/calibration.h"

#include "hub/core/hash.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

/* Load cells creep and thermometers age by about their stated error in a year. */
#define OLD_MS (INT64_C(365) * 24 * 3600 * BH_MS_PER_S)

static const struct {
	const char *name, *text;
} kinds[BH_CALIBRATION_KINDS] = {
#define BH_CALIBRATION(id, ENUM, name, text) [id] = { name, text },
#include "hub/core/calibration.def"
#undef BH_CALIBRATION
};

static const struct {
	const char *name, *text;
} steps[] = {
#define BH_CALIBRATION_STEP(ENUM, name, text) [BH_STEP_##ENUM] = { name, text },
#include "hub/core/calibration.def"
#undef BH_CALIBRATION_STEP
};

static const struct {
	const char *name, *text;
} refusals[] = {
#define BH_REFUSAL(ENUM, name, text) [BH_REFUSAL_##ENUM] = { name, text },
#include "hub/core/calibration.def"
#undef BH_REFUSAL
};

const char *bh_calibration_name(enum bh_calibration_kind kind)
{
	return (size_t)kind < BH_CALIBRATION_KINDS ? kinds[kind].name : NULL;
}

const char *bh_calibration_text(enum bh_calibration_kind kind)
{
	return (size_t)kind < BH_CALIBRATION_KINDS ? kinds[kind].text : NULL;
}

int bh_calibration_from_name(const char *name, enum bh_calibration_kind *ret)
{
	for (size_t i = 1; i < BH_CALIBRATION_KINDS; i++) {
		if (strcmp(kinds[i].name, name) == 0) {
			*ret = (enum bh_calibration_kind)i;
			return 0;
		}
	}
	return -ENOENT;
}

const char *bh_calibration_step_name(enum bh_calibration_step step)
{
	return steps[step].name;
}

const char *bh_calibration_step_text(enum bh_calibration_step step)
{
	return steps[step].text;
}

const char *bh_refusal_name(enum bh_refusal refusal)
{
	return refusals[refusal].name;
}

const char *bh_refusal_text(enum bh_refusal refusal)
{
	return refusals[refusal].text;
}

const char *bh_calibration_cause_name(enum bh_calibration_cause cause)
{
	switch (cause) {
	case BH_CALIBRATED_ASKED:
		return "asked";
	case BH_CALIBRATED_FOLLOWED:
		return "followed";
	case BH_CALIBRATED_EVIDENCE:
		return "evidence";
	}
	return "unknown";
}

const char *bh_calibration_health_name(enum bh_calibration_health health)
{
	switch (health) {
	case BH_CALIBRATION_NOT_NEEDED:
		return "not_needed";
	case BH_CALIBRATION_GOOD:
		return "good";
	case BH_CALIBRATION_OPTIONAL:
		return "optional";
	case BH_CALIBRATION_MISSING:
		return "missing";
	case BH_CALIBRATION_REFUSED:
		return "refused";
	case BH_CALIBRATION_OLD:
		return "old";
	case BH_CALIBRATION_OTHER_MAT:
		return "other_mat";
	}
	return "unknown";
}

uint32_t bh_calibration_mat_hash(const struct bh_mat *mat)
{
	uint64_t hash = BH_HASH_START;

	if (mat->kind == BH_MAT_NONE || mat->n_zones == 0)
		return 0;
	hash = bh_hash(hash, &mat->kind, sizeof(mat->kind));
	for (unsigned int i = 0; i < mat->n_zones; i++) {
		const struct bh_zone *zone = &mat->zone[i];

		hash = bh_hash(hash, zone->name, strnlen(zone->name, sizeof(zone->name)) + 1);
		hash = bh_hash(hash, &zone->x_permille, sizeof(zone->x_permille));
		hash = bh_hash(hash, &zone->y_permille, sizeof(zone->y_permille));
		hash = bh_hash(hash, &zone->places, sizeof(zone->places));
	}
	return (uint32_t)(hash ^ hash >> 32) | 1u;
}

/* What a bed can be calibrated for, and whether it must be. Strips and cells have a zero that drifts;
 * two thermometers differ by more than the legs do. The sleeper's own load and movements are learned
 * without help, less well. */
static bool applies(enum bh_calibration_kind kind, uint32_t can, bool *ret_needed)
{
	const uint32_t pair = BH_CAN_TEMP_LEFT | BH_CAN_TEMP_RIGHT;

	*ret_needed = kind == BH_CALIBRATION_EMPTY || kind == BH_CALIBRATION_THERMOMETERS;
	switch (kind) {
	case BH_CALIBRATION_EMPTY:
	case BH_CALIBRATION_PERSON:
		return can & BH_CAN_LOAD;
	case BH_CALIBRATION_LEGS:
		return (can & BH_CAN_LOAD) && (can & BH_CAN_LEG_MOVEMENT);
	case BH_CALIBRATION_THERMOMETERS:
		return (can & pair) == pair;
	case BH_CALIBRATION_NONE:
		break;
	}
	return false;
}

enum bh_calibration_health bh_calibration_health(enum bh_calibration_kind kind,
						 uint32_t capabilities,
						 const struct bh_calibration_status *status,
						 int64_t now_ms)
{
	bool needed;

	if (!applies(kind, capabilities, &needed))
		return BH_CALIBRATION_NOT_NEEDED;
	if (status->refusal != BH_REFUSAL_NONE)
		return BH_CALIBRATION_REFUSED;
	if (!status->known)
		return needed ? BH_CALIBRATION_MISSING : BH_CALIBRATION_OPTIONAL;
	if (!status->in_force)
		return BH_CALIBRATION_OTHER_MAT;
	if (now_ms != BH_WALL_UNKNOWN && status->at_ms != BH_WALL_UNKNOWN &&
	    now_ms - status->at_ms > OLD_MS)
		return BH_CALIBRATION_OLD;
	return BH_CALIBRATION_GOOD;
}

bool bh_calibration_is_needed(uint32_t capabilities)
{
	bool needed;

	for (int kind = 1; kind < BH_CALIBRATION_KINDS; kind++)
		if (applies((enum bh_calibration_kind)kind, capabilities, &needed) && needed)
			return true;
	return false;
}

bool bh_calibration_is_problem(enum bh_calibration_health health)
{
	switch (health) {
	case BH_CALIBRATION_NOT_NEEDED:
	case BH_CALIBRATION_GOOD:
	case BH_CALIBRATION_OPTIONAL:
		return false;
	case BH_CALIBRATION_MISSING:
	case BH_CALIBRATION_REFUSED:
	case BH_CALIBRATION_OLD:
	case BH_CALIBRATION_OTHER_MAT:
		break;
	}
	return true;
}
