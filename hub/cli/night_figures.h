/* SPDX-License-Identifier: MIT */
/* What a night adds up to in sleep, restlessness and periodic movements. */
#ifndef BH_CLI_NIGHT_FIGURES_H
#define BH_CLI_NIGHT_FIGURES_H

#include "hub/core/epoch.h"

#include <jansson.h>
#include <stdio.h>

/** @brief A few lines under the timeline: what is known, with denominators; why not, where it is not. */
void bh_night_figures_print(const struct bh_night *night, int width, FILE *out);
/** @brief Add objects "sleep" and "plm" and what restlessness there was; unknown is null. */
void bh_night_figures_json(const struct bh_night *night, json_t *object);

#endif
