/* SPDX-License-Identifier: MIT */
/*
 * A frame: the bed at one instant. There is one frame per bed, owned by the line; each driver
 * writes its own part (the zones, or one thermometer slot), says which part it wrote, and stamps it.
 */
#ifndef BH_CORE_FRAME_H
#define BH_CORE_FRAME_H

#include "hub/core/mat.h"

#include <stdint.h>

/** No reading. Temperatures outside -55..125 C do not occur, so this cannot be one. */
#define BH_TEMP_UNKNOWN INT32_MIN

/** What is wrong with one sensor. Names and texts: bh_fault_name(), from fault.def. */
enum bh_fault {
#define BH_FAULT(id, ENUM, name, text) BH_FAULT_##ENUM = id,
#include "hub/core/fault.def"
#undef BH_FAULT
};

/** @return The name in database and MQTT ("gone", "stuck" ...), or NULL for no such fault. */
const char *bh_fault_name(enum bh_fault fault);
/** @return One sentence for people, or NULL. */
const char *bh_fault_text(enum bh_fault fault);

/** One thermometer's part of a frame. */
struct bh_temperature {
	int32_t mdegc;		/**< thousandths of a degree Celsius, or BH_TEMP_UNKNOWN */
	int64_t mono_ns;	/**< when it was read */
	enum bh_fault fault;	/**< BH_FAULT_NONE: the reading stands */
	uint8_t sensor;		/**< index of the sensor in the bed's configuration */
};

/* Parts of a frame, as bits. */
#define BH_PART_MAT 0x1u
#define BH_PART_TEMPERATURE 0x2u

/**
 * @brief The bed at one instant.
 *
 * load[] has mat.n_zones values in the unit of mat.kind. Numbers of a part whose fault is not
 * BH_FAULT_NONE are not readings and must not be used.
 */
struct bh_frame {
	int64_t mono_ns;      /**< time of the newest part */
	uint32_t changed;     /**< BH_PART_* written since the last frame */
	uint16_t n_zones;
	uint8_t mat_sensor;   /**< index of the mat in the bed's configuration */
	enum bh_fault mat_fault;
	uint32_t lost;	      /**< readings or edges known to be lost before this one */
	int32_t load[BH_ZONES_MAX];
	struct bh_temperature temp[BH_TEMP_SLOTS];
};

/** @brief An empty frame: no readings, every temperature unknown, every part BH_FAULT_NO_DATA. */
void bh_frame_init(struct bh_frame *frame, const struct bh_mat *mat);

#endif
