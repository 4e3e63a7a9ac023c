/* SPDX-License-Identifier: MIT */
#include "drivers/options.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

/* Where the places lie on a bed, permille from the head (y) and from the left (x): the middle of the
 * upper eighth, of the trunk down to the hips, and of the legs; edges are the outer tenth. */
#define HEAD_Y 75
#define TRUNK_Y 350
#define LEGS_Y 750
#define EDGE_LEFT_X 50
#define EDGE_RIGHT_X 950
#define MIDDLE 500

#define PERMILLE 1000

int bh_options_only(const struct bh_node *mapping, const struct bh_driver_option *options,
		    struct bh_error *err)
{
	const char *known[BH_OPTIONS_MAX + 1];
	size_t n = 0;

	for (; options[n].key; n++) {
		assert(n < BH_OPTIONS_MAX);
		known[n] = options[n].key;
	}
	known[n] = NULL;
	return bh_node_only(mapping, known, err);
}

int bh_options_zones(const struct bh_node *mapping, size_t max, const struct bh_node **ret,
		     struct bh_error *err)
{
	const struct bh_node *zones;
	int r = bh_node_child(mapping, "zones", BH_NODE_SEQUENCE, &zones, err);

	if (r < 0)
		return r;
	if (r == 0 || bh_node_length(zones) == 0)
		return bh_node_error(r == 0 ? mapping : zones, err, -EINVAL,
				     "this mat has no 'zones': add a list with one line a zone");
	if (bh_node_length(zones) > max)
		return bh_node_error(
			bh_node_at(zones, max), err, -EINVAL,
			"this driver reads at most %zu zones: remove this one and what "
			"follows",
			max);
	*ret = zones;
	return 0;
}

static void place_by_default(struct bh_zone *zone)
{
	static const struct {
		uint8_t place;
		int16_t y;
	} along[] = { { BH_AT_HEAD, HEAD_Y }, { BH_AT_TRUNK, TRUNK_Y }, { BH_AT_LEGS, LEGS_Y } };
	uint8_t edges = zone->places & (BH_AT_EDGE_LEFT | BH_AT_EDGE_RIGHT);
	int sum = 0, n = 0;

	for (size_t i = 0; i < sizeof(along) / sizeof(along[0]); i++) {
		if (zone->places & along[i].place) {
			sum += along[i].y;
			n++;
		}
	}
	zone->y_permille = (int16_t)(n ? sum / n : MIDDLE);
	zone->x_permille = MIDDLE;
	if (edges == BH_AT_EDGE_LEFT)
		zone->x_permille = EDGE_LEFT_X;
	if (edges == BH_AT_EDGE_RIGHT)
		zone->x_permille = EDGE_RIGHT_X;
}

static int read_name(const struct bh_node *node, const struct bh_mat *mat, struct bh_zone *zone,
		     struct bh_error *err)
{
	int r = bh_node_string(node, "name", zone->name, sizeof(zone->name), err);

	if (r < 0)
		return r;
	if (r == 0)
		return bh_node_error(node, err, -EINVAL, "this zone has no 'name': give it one");
	if (zone->name[strspn(zone->name, "abcdefghijklmnopqrstuvwxyz0123456789-_")] != '\0')
		return bh_node_error(bh_node_get(node, "name"), err, -EINVAL,
				     "'name' of a zone is made of a-z, 0-9, '-' and '_'");
	for (unsigned int i = 0; i < mat->n_zones; i++) {
		if (strcmp(mat->zone[i].name, zone->name) == 0)
			return bh_node_error(bh_node_get(node, "name"), err, -EINVAL,
					     "two zones are called '%s': names are unique",
					     zone->name);
	}
	return 0;
}

static int read_places(const struct bh_node *node, struct bh_zone *zone, struct bh_error *err)
{
	char places[BH_ERROR_PLACE_MAX];
	int r = bh_node_string(node, "at", places, sizeof(places), err);

	if (r < 0)
		return r;
	if (r == 0)
		return bh_node_error(node, err, -EINVAL,
				     "zone '%s' has no 'at': say what it covers, such as trunk or "
				     "edge_left+legs",
				     zone->name);
	if (bh_places_from_text(places, &zone->places) < 0)
		return bh_node_error(bh_node_get(node, "at"), err, -EINVAL,
				     "'at' must be head, trunk, legs, edge_left or edge_right, or "
				     "several joined by '+'");
	return 0;
}

int bh_options_zone(const struct bh_node *node, struct bh_mat *mat, struct bh_error *err)
{
	struct bh_zone zone = { .places = 0 };
	int64_t x, y;
	int r;

	if (bh_node_kind(node) != BH_NODE_MAPPING)
		return bh_node_error(node, err, -EINVAL,
				     "a zone is a section such as { name: hips, at: trunk, ... }");
	r = read_name(node, mat, &zone, err);
	if (r == 0)
		r = read_places(node, &zone, err);
	if (r < 0)
		return r;
	place_by_default(&zone);
	x = zone.x_permille;
	y = zone.y_permille;
	r = bh_node_int(node, "x", 0, PERMILLE, &x, err);
	if (r >= 0)
		r = bh_node_int(node, "y", 0, PERMILLE, &y, err);
	if (r < 0)
		return r;
	zone.x_permille = (int16_t)x;
	zone.y_permille = (int16_t)y;
	mat->zone[mat->n_zones++] = zone;
	return 0;
}
