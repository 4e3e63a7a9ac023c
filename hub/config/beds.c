/* SPDX-License-Identifier: MIT */
/* The beds: section: which sensors a bed has, and under which names. */
#include "hub/config/sections.h"

#include "hub/config/document.h"
#include "hub/core/time_types.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An absence this long at night is worth a message to whoever helps (DESIGN.md, use "left running"). */
#define NOT_RETURNED_PRESET_NS (30 * BH_NS_PER_MIN)
#define NOT_RETURNED_MAX_NS (24 * BH_NS_PER_H)

static const char *const bed_keys[] = { "id",  "name",	       "not_returned",
					"mat", "thermometers", "source",
					NULL };
/* The keys of a sensor that are the hub's; all others are its driver's. */
static const char *const mat_keys[] = { "driver", "name", "required", NULL };
static const char *const thermometer_keys[] = { "driver", "name", "required", "leg", NULL };

/* In the order of enum bh_temp_slot. */
static const char *const leg_names[] = { "left", "right", "room", NULL };
static const char *const slot_presets[] = { "left-leg", "right-leg", "room" };

static bool listed(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

/* The driver's own options: the sensor's mapping without the keys that are the hub's, so that a
 * driver need not know them. It stands where the sensor stands. */
static int options_of(const struct bh_node *sensor, const char *const *own,
		      const struct bh_node **ret)
{
	struct bh_node *options = bh_document_mapping(sensor);

	if (!options)
		return -ENOMEM;
	for (size_t i = 0; i < sensor->n; i++) {
		int r = 0;

		if (!listed(own, sensor->keys[i]->text))
			r = bh_document_append(options, sensor->keys[i], sensor->values[i]);
		if (r < 0)
			return r;
	}
	*ret = options;
	return 0;
}

/* What goes into topics and tables as a sensor's name. */
static int check_sensor_name(const struct bh_node *sensor, const char *name, struct bh_error *err)
{
	if (name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_")] != '\0')
		return bh_node_error(bh_node_get(sensor, "name"), err, -EINVAL,
				     "'name' of a sensor is made of a-z, 0-9, '-' and '_'");
	return 0;
}

static int add_sensor(const struct bh_node *node, const char *const *own,
		      const struct bh_sensor_config *preset, struct bh_bed_config *bed,
		      struct bh_error *err)
{
	struct bh_sensor_config *sensor = &bed->sensors[bed->n_sensors];
	int r;

	*sensor = *preset;
	if (node->kind != BH_NODE_MAPPING)
		return bh_node_error(node, err, -EINVAL,
				     "a sensor is a section with at least a 'driver'");
	r = bh_node_string(node, "driver", sensor->driver, sizeof(sensor->driver), err);
	if (r == 0)
		return bh_node_error(node, err, -EINVAL,
				     "this sensor has no 'driver': name one (bedside doctor "
				     "--drivers lists them)");
	if (r > 0)
		r = bh_node_string(node, "name", sensor->name, sizeof(sensor->name), err);
	if (r > 0)
		r = check_sensor_name(node, sensor->name, err);
	if (r >= 0)
		r = bh_node_bool(node, "required", &sensor->required, err);
	if (r < 0)
		return r;
	for (unsigned int i = 0; i < bed->n_sensors; i++)
		if (strcmp(bed->sensors[i].name, sensor->name) == 0)
			return bh_node_error(node, err, -EINVAL,
					     "two sensors of this bed are called '%s': give one "
					     "another 'name'",
					     sensor->name);
	r = options_of(node, own, &sensor->options);
	if (r < 0)
		return r;
	bed->n_sensors++;
	return 0;
}

static int add_thermometer(const struct bh_node *node, struct bh_bed_config *bed,
			   struct bh_error *err)
{
	struct bh_sensor_config preset = { .is_mat = false };
	int slot;
	int r;

	if (node->kind != BH_NODE_MAPPING)
		return bh_node_error(node, err, -EINVAL,
				     "a thermometer is a section with 'leg' and 'driver'");
	r = bh_node_choice(node, "leg", leg_names, &slot, err);
	if (r < 0)
		return r;
	if (r == 0)
		return bh_node_error(node, err, -EINVAL,
				     "this thermometer has no 'leg': write left, right or room");
	for (unsigned int i = 0; i < bed->n_sensors; i++)
		if (!bed->sensors[i].is_mat && (int)bed->sensors[i].slot == slot)
			return bh_node_error(bh_node_get(node, "leg"), err, -EINVAL,
					     "this bed has a thermometer for '%s' already: one a "
					     "place",
					     leg_names[slot]);
	preset.slot = (enum bh_temp_slot)slot;
	snprintf(preset.name, sizeof(preset.name), "%s", slot_presets[slot]);
	return add_sensor(node, thermometer_keys, &preset, bed, err);
}

static int add_thermometers(const struct bh_node *node, struct bh_bed_config *bed,
			    struct bh_error *err)
{
	const struct bh_node *list;
	int r = bh_node_child(node, "thermometers", BH_NODE_SEQUENCE, &list, err);

	if (r <= 0)
		return r;
	for (size_t i = 0; i < bh_node_length(list); i++) {
		r = add_thermometer(bh_node_at(list, i), bed, err);
		if (r < 0)
			return r;
	}
	return 0;
}

/* A mat, or a source: a driver that gives mat and thermometers at once, on a time of its own. */
static int add_sensors(const struct bh_node *node, struct bh_bed_config *bed, struct bh_error *err)
{
	struct bh_sensor_config preset = { .is_mat = true, .required = true };
	const struct bh_node *sensor;
	bool parts = bh_node_get(node, "mat") || bh_node_get(node, "thermometers");
	int r = bh_node_child(node, "source", BH_NODE_MAPPING, &sensor, err);

	if (r < 0)
		return r;
	if (r > 0) {
		if (parts)
			return bh_node_error(sensor, err, -EINVAL,
					     "a bed has either a 'source' or a 'mat' and "
					     "'thermometers': remove one of them");
		strcpy(preset.name, "source");
		return add_sensor(sensor, mat_keys, &preset, bed, err);
	}
	r = bh_node_child(node, "mat", BH_NODE_MAPPING, &sensor, err);
	if (r > 0) {
		strcpy(preset.name, "mat");
		r = add_sensor(sensor, mat_keys, &preset, bed, err);
	}
	if (r >= 0)
		r = add_thermometers(node, bed, err);
	if (r >= 0 && bed->n_sensors == 0)
		r = bh_node_error(node, err, -EINVAL,
				  "this bed has no sensors: add a 'mat', 'thermometers', or a "
				  "'source' to try it without");
	return r;
}

static int read_bed(const struct bh_node *node, struct bh_bed_config *bed, struct bh_error *err)
{
	int r;

	if (node->kind != BH_NODE_MAPPING)
		return bh_node_error(node, err, -EINVAL,
				     "a bed is a section with 'id' and 'mat': begin it with "
				     "\"- id: bed\"");
	r = bh_node_only(node, bed_keys, err);
	if (r < 0)
		return r;
	r = bh_config_id(node, "id", bed->id, err);
	if (r < 0)
		return r;
	if (r == 0)
		return bh_node_error(node, err, -EINVAL,
				     "this bed has no 'id': give it one that never changes, "
				     "such as bed");
	snprintf(bed->name, sizeof(bed->name), "%s", bed->id);
	r = bh_node_string(node, "name", bed->name, sizeof(bed->name), err);
	if (r < 0)
		return r;
	bed->not_returned_ns = NOT_RETURNED_PRESET_NS;
	r = bh_node_duration(node, "not_returned", 0, NOT_RETURNED_MAX_NS, &bed->not_returned_ns,
			     err);
	return r < 0 ? r : add_sensors(node, bed, err);
}

int bh_config_beds(const struct bh_node *root, struct bh_config *config, struct bh_error *err)
{
	const struct bh_node *beds;
	int r = bh_node_child(root, "beds", BH_NODE_SEQUENCE, &beds, err);

	if (r < 0)
		return r;
	if (r == 0 || bh_node_length(beds) == 0)
		return bh_node_error(r == 0 ? root : beds, err, -EINVAL,
				     "no bed is configured: add a \"beds:\" list with one bed");
	if (bh_node_length(beds) > BH_BEDS_MAX)
		return bh_node_error(bh_node_at(beds, BH_BEDS_MAX), err, -EINVAL,
				     "a hub serves at most %d beds: move this one to another hub",
				     BH_BEDS_MAX);
	for (size_t i = 0; i < bh_node_length(beds); i++) {
		const struct bh_node *node = bh_node_at(beds, i);
		struct bh_bed_config *bed = &config->beds[i];

		r = read_bed(node, bed, err);
		if (r < 0)
			return r;
		for (size_t j = 0; j < i; j++)
			if (strcmp(config->beds[j].id, bed->id) == 0)
				return bh_node_error(bh_node_get(node, "id"), err, -EINVAL,
						     "two beds have the id '%s': ids are unique",
						     bed->id);
		config->n_beds++;
	}
	return 0;
}
