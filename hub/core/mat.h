/* SPDX-License-Identifier: MIT */
/*
 * The shape of a bed's sensors: zones of the mat, where they lie, what they can tell.
 * Drivers fill it once from the configuration; after that nobody asks which driver it was.
 */
#ifndef BH_CORE_MAT_H
#define BH_CORE_MAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BH_NAME_MAX 32 /* names of beds, sensors and zones, with the final NUL */
/* The largest mat of the house is a 64 x 32 pressure matrix. */
#define BH_ZONES_MAX 2048
/* A mat and up to four thermometers (left leg, right leg, room, one spare) a bed. */
#define BH_SENSORS_MAX 8
#define BH_BEDS_MAX 4

/** How a mat's numbers are to be read. */
enum bh_mat_kind {
	BH_MAT_NONE = 0,    /**< no mat, thermometers only */
	BH_MAT_CONTACT,	    /**< 0 or BH_LOAD_FULL: closed pads */
	BH_MAT_STRIPS,	    /**< permille of each strip's calibrated span */
	BH_MAT_MATRIX,	    /**< permille of full scale, rows x cols, row-major from head left */
	BH_MAT_LOAD_CELLS,  /**< grams */
};

/** A closed contact pad, a fully loaded strip or matrix cell. */
#define BH_LOAD_FULL 1000

/* Places a zone covers, as bits: a short mat may have one zone that is TRUNK and LEGS at once. */
#define BH_AT_HEAD 0x01u
#define BH_AT_TRUNK 0x02u
#define BH_AT_LEGS 0x04u
#define BH_AT_EDGE_LEFT 0x08u
#define BH_AT_EDGE_RIGHT 0x10u

/**
 * @brief One zone. Left and right are the sleeper's own, lying on the back.
 *
 * x_permille runs from the left edge of the bed (0) to the right edge (1000),
 * y_permille from the head (0) to the foot (1000); both are the zone's centre.
 */
struct bh_zone {
	char name[BH_NAME_MAX];
	int16_t x_permille;
	int16_t y_permille;
	uint8_t places;
};

/* What a bed can tell. A detector whose needs are not met yields unknown, never false. */
#define BH_CAN_OCCUPANCY 0x0001u
#define BH_CAN_MOVEMENT 0x0002u
#define BH_CAN_EDGE 0x0004u	 /**< sitting on the edge is told from lying */
#define BH_CAN_LEGS 0x0008u	 /**< legs on or off the mat */
#define BH_CAN_SIDE 0x0010u	 /**< left told from right */
#define BH_CAN_LOAD 0x0020u	 /**< graded load, not only on and off */
#define BH_CAN_POSTURE 0x0040u	 /**< supine, left, right, prone */
#define BH_CAN_LEG_MOVEMENT 0x0080u /**< movements of a leg one by one; never by contact pads */
#define BH_CAN_TEMP_LEFT 0x0100u
#define BH_CAN_TEMP_RIGHT 0x0200u
#define BH_CAN_TEMP_ROOM 0x0400u
/** The leg thermometers were calibrated against each other: their difference itself has a meaning. */
#define BH_CAN_TEMP_ABSOLUTE 0x0800u
/** What moves is heard, so that restlessness that is not told was not there. Pads, and mats under the
 * mattress, tell movement and miss most of it. */
#define BH_CAN_RESTLESSNESS 0x1000u
#define BH_CAN_HANGING 0x2000u /**< legs that hang over the edge are told from legs drawn up in bed */
#define BH_CAN_ALL 0x3fffu     /**< all of these */

/** The mat of one bed. rows and cols are 0 unless kind is BH_MAT_MATRIX. */
struct bh_mat {
	enum bh_mat_kind kind;
	uint16_t n_zones;
	uint16_t rows;
	uint16_t cols;
	bool under_mattress; /**< which takes from it what a leg moves: about the weight of one step of it */
	struct bh_zone zone[BH_ZONES_MAX];
};

/** Where a thermometer sits; also its slot in a frame. */
enum bh_temp_slot {
	BH_TEMP_LEFT = 0,
	BH_TEMP_RIGHT,
	BH_TEMP_ROOM,
	BH_TEMP_SLOTS,
};

/**
 * @brief What the zones of @p mat can tell, as BH_CAN_* bits (thermometers not included).
 *
 * LEGS needs a zone that is LEGS and not TRUNK, and one that is TRUNK or an edge; EDGE needs an
 * edge zone beside others; SIDE needs zones of both sides; RESTLESSNESS a mat on the mattress that is
 * no pads; LEG_MOVEMENT that and LEGS; HANGING LEGS and, if they are pads, EDGE. A mat of load cells
 * tells all of these from its centre of pressure if it has at least four cells.
 */
uint32_t bh_mat_capabilities(const struct bh_mat *mat);

/** @return The name of one BH_CAN_* bit in rules, MQTT and on the screen ("legs"), or NULL. */
const char *bh_capability_name(uint32_t bit);
/** @return What that bit lets a bed tell, for people, or NULL. */
const char *bh_capability_text(uint32_t bit);
/**
 * @brief What a person can do so that a bed which can tell @p can tells @p bit, too.
 * @param ret_command How: a command line.
 * @return "calibrate the thermometers"; or NULL (@p ret_command untouched): the bed tells it already, or it
 * lacks a sensor.
 */
const char *bh_capability_remedy(uint32_t bit, uint32_t can, const char **ret_command);
/** @return 0 and the bit, or -ENOENT. */
int bh_capability_from_name(const char *name, uint32_t *ret);

/** @return "contact", "strips", ... ; never NULL. */
const char *bh_mat_kind_name(enum bh_mat_kind kind);

/**
 * @brief Make @p mat a matrix: its zones in row-major order from head left, named r0c0, r0c1 ...,
 * head, trunk and legs (from the knees down) by row, the outer fifth of the width the edges.
 *
 * @p rows times @p cols is 1..BH_ZONES_MAX.
 */
void bh_mat_lay_out_matrix(struct bh_mat *mat, uint16_t rows, uint16_t cols);

/**
 * @brief Places of a zone as text: "trunk", "legs+edge_left"; what configuration and captures hold.
 * @return Length of the whole text as snprintf counts it; no place gives an empty text.
 */
int bh_places_print(uint8_t places, char *buf, size_t size);

/** @brief The reverse. @return 0 and the BH_AT_* bits, or -ENOENT: an unknown or empty name. */
int bh_places_from_text(const char *text, uint8_t *ret);

/** @return 0 and the kind, or -ENOENT. */
int bh_mat_kind_from_name(const char *name, enum bh_mat_kind *ret);

#endif
