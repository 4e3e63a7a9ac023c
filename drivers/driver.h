/* SPDX-License-Identifier: MIT */
/*
 * The contract between the hub and one kind of sensor.
 *
 * The hub allocates state_size zeroed bytes per configured sensor and calls configure() once, then
 * open()/close() in pairs, for ever: unplugging a sensor and plugging it in again needs no restart.
 * Retry, back-off and logging are the hub's: a driver only reports. It knows neither loop nor log
 * nor any other driver, allocates nothing (a bus library may, when a device is opened), and never
 * blocks longer than one bus transaction.
 * Errors are negative errno values. A driver checks shape, then integrity, then sanity, then
 * converts; all-zero and all-one answers of a bus are nonsense, not readings.
 *
 * To add a sensor: one file, one line in registry.def, one fake in tests/fakes, one page in
 * drivers/README.md.
 */
#ifndef BH_DRIVERS_DRIVER_H
#define BH_DRIVERS_DRIVER_H

#include "drivers/bus.h"
#include "hub/config/config.h"
#include "hub/core/error.h"
#include "hub/core/frame.h"
#include "hub/core/time_types.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The driver stamps frames on a time line of its own (a capture, a simulation): the hub paces it. */
#define BH_DRIVER_OWN_TIME 0x1u
/** Numbers are made up; everything downstream says so. */
#define BH_DRIVER_SIMULATED 0x2u

/** due(): nothing to do until the fd is readable. */
#define BH_DUE_NEVER INT64_MAX

/** One row of a driver's options: what its README page and `bedside doctor --drivers` print. */
struct bh_driver_option {
	const char *key;
	const char *kind;    /**< "text", "integer", "duration", "list" */
	const char *preset;  /**< the default as text, NULL: required */
	const char *help;
};

/** What the hub must know of a sensor once it is configured. */
struct bh_driver_setup {
	struct bh_mat *mat;	/**< mats fill the geometry here; NULL for thermometers */
	uint32_t capabilities;	/**< thermometers: BH_CAN_TEMP_*; mats: from bh_mat_capabilities() */
	int64_t period_ns;	/**< how often read() is wanted if fd() gives -ENOTSUP and there is no due() */
	int64_t silent_ns;	/**< no reading for this long is BH_FAULT_SILENT; 0: silence is normal (edges) */
	struct bh_clock_anchor anchor; /**< own-time drivers: wall time of their line, else unknown */
	struct bh_clock_steps steps; /**< own-time drivers: when that clock was set */
	char provenance[64];	/**< own-time drivers: what a replay's history calls itself */
	bool simulated;		/**< own-time drivers: the numbers are made up (a simulation, or its capture) */
};

struct bh_driver {
	const char *name;    /**< config key, [a-z0-9]+ */
	const char *summary; /**< one line */
	uint32_t flags;	     /**< BH_DRIVER_* */
	uint32_t part;	     /**< BH_PART_MAT or BH_PART_TEMPERATURE, or both (replay, simulate) */
	const struct bh_driver_option *options; /**< ends with a NULL key */
	const struct bh_driver_option *zone_options; /**< of each entry of `zones`; NULL: it has none */
	size_t state_size;

	/** @return 0, or -EINVAL with the place in @p err. Fills @p setup. No device is touched. */
	int (*configure)(void *state, const struct bh_sensor_config *config, uint8_t sensor,
			 struct bh_driver_setup *setup, struct bh_error *err);
	/** @return 0; -ENODEV (not there), -EACCES, -EBUSY, or a bus error. May be called again later. */
	int (*open)(void *state, const struct bh_bus *bus, struct bh_error *err);
	/** @return A pollable fd, or -ENOTSUP: then read() is called once per period. */
	int (*fd)(const void *state);
	/**
	 * @brief Write this driver's part of @p frame: numbers, fault, sensor index, `changed` bit, time.
	 *
	 * With an fd it is called until it returns 0. Own-time drivers return one frame a call and
	 * frame->mono_ns says when. A frame is never older than this driver's last one, but it may be
	 * older than now, and than another driver's frame of the same bed: a debounced edge keeps the
	 * kernel's time of its first edge. The hub puts such a frame in order by clamping its time.
	 *
	 * @return 1 a new frame; 0 nothing new; -ENODATA the capture has ended; -EIO nonsense,
	 * -ETIMEDOUT, -EREMOTEIO, -ENXIO: no answer, the hub counts and retries; -ENODEV: gone, the hub
	 * closes and reopens with back-off.
	 */
	int (*read)(void *state, int64_t now_mono_ns, struct bh_frame *frame);
	/**
	 * Optional (may be NULL). When read() wants to be called even if fd() stays silent: a debounce to
	 * settle, a conversion to collect, the next scan. The hub asks again after every open() and
	 * read(), also after a read() that failed. Together with fd(): whichever comes first.
	 *
	 * @return CLOCK_MONOTONIC time, one in the past meaning at once; BH_DUE_NEVER: only the fd counts.
	 */
	int64_t (*due)(const void *state);
	/** Optional. Why the last read() failed, with file and line; NULL if it did not. Owned by the state. */
	const struct bh_error *(*complaint)(const void *state);
	/** Optional, own-time drivers: how far the source has come, in units of its own (bytes, seconds). */
	void (*progress)(const void *state, int64_t *ret_done, int64_t *ret_total);
	/** Accepts a state that is closed already. */
	void (*close)(void *state);
};

/** @return The driver called @p name, or NULL. */
const struct bh_driver *bh_driver_find(const char *name);
/** @return The driver of @p config; or NULL, with place and remedy in @p err. */
const struct bh_driver *bh_driver_of(const struct bh_sensor_config *config, struct bh_error *err);
/** @return Driver @p i of registry.def, or NULL past the end. */
const struct bh_driver *bh_driver_at(size_t i);

#endif
