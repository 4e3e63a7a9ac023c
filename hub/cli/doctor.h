/* SPDX-License-Identifier: MIT */
/* What `bedside doctor` looks at, one check after the other. */
#ifndef BH_CLI_DOCTOR_H
#define BH_CLI_DOCTOR_H

#include "hub/cli/cli.h"

#include <jansson.h>

enum bh_health { BH_HEALTH_OK, BH_HEALTH_NOTE, BH_HEALTH_WRONG };

struct bh_doctor {
	struct bh_cli *cli;
	json_t *daemon;	   /**< its status if one answers, else NULL */
	json_t *stored;	   /**< without it: what the history knows of each bed, by id; else NULL */
	json_t *checks;	   /**< with --json: what was said */
	json_t *beds;	   /**< with --json: what each bed can tell */
	bool simulated;	   /**< a simulation makes a bed of this configuration */
	int code;	   /**< of the first thing that is wrong, else BH_EXIT_OK */
};

/**
 * @brief Say one thing about @p area.
 * @param code The exit code if it is wrong.
 */
void bh_doctor_say(struct bh_doctor *doctor, enum bh_health health, enum bh_exit code,
		   const char *area, const char *format, ...) __attribute__((format(printf, 5, 6)));
/** @brief For people only: area and text behind what stands for its health, wrapped. */
void bh_doctor_line(const struct bh_doctor *doctor, const char *area, const char *text);
/** @brief The same with what is wrong as an error. */
void bh_doctor_error(struct bh_doctor *doctor, enum bh_exit code, const char *area,
		     const struct bh_error *err);

/** Every sensor opened once and read once, unless the daemon holds it; and what each bed can tell. */
void bh_doctor_sensors(struct bh_doctor *doctor);
/** @brief Every driver and its options (--drivers). @return enum bh_exit. */
int bh_doctor_drivers(const struct bh_cli *cli);

/** How each bed stands with its calibrations, as the daemon knows, else the history. */
void bh_doctor_calibrations(struct bh_doctor *doctor);
void bh_doctor_rules(struct bh_doctor *doctor);
void bh_doctor_history(struct bh_doctor *doctor);
void bh_doctor_broker(struct bh_doctor *doctor);
void bh_doctor_clock(struct bh_doctor *doctor);

#endif
