/* SPDX-License-Identifier: MIT */
#include "drivers/simulator/simulator.h"

#include <errno.h>
#include <string.h>

static const struct bh_sleeper_info sleepers[] = {
#define SLEEPER(ENUM, name, class, text) { name, BH_RULE_##class, text },
#include "drivers/simulator/sleeper.def"
#undef SLEEPER
};

static const struct bh_confounder_info confounders[] = {
#define CONFOUNDER(bit, ENUM, name, text) [bit] = { name, text },
#include "drivers/simulator/confounder.def"
#undef CONFOUNDER
};
_Static_assert(sizeof(confounders) / sizeof(confounders[0]) == BH_CONFOUNDERS, "count the table");

static const struct bh_sim_mat_info mats[] = {
#define SIM_MAT(ENUM, name, kind, rate_hz, text) { name, BH_MAT_##kind, rate_hz, text },
#include "drivers/simulator/sim_mat.def"
#undef SIM_MAT
};

static const struct {
	int event; /* 0: none */
	const char *name;
} truths[] = {
#define TRUTH_EVENT(ENUM) { BH_EVENT_##ENUM, NULL },
#define TRUTH_OWN(ENUM, name) { 0, name },
#include "drivers/simulator/truth.def"
#undef TRUTH_EVENT
#undef TRUTH_OWN
};

const struct bh_sleeper_info *bh_sleeper_info(enum bh_sleeper sleeper)
{
	return sleeper < BH_SLEEPER_END ? &sleepers[sleeper] : NULL;
}

const struct bh_sim_mat_info *bh_sim_mat_info(enum bh_sim_mat mat)
{
	return mat < BH_SIM_MAT_END ? &mats[mat] : NULL;
}

const struct bh_confounder_info *bh_confounder_info(unsigned int i)
{
	return i < BH_CONFOUNDERS ? &confounders[i] : NULL;
}

int bh_sleeper_from_name(const char *name, enum bh_sleeper *ret)
{
	for (int i = 0; i < BH_SLEEPER_END; i++) {
		if (strcmp(sleepers[i].name, name) == 0) {
			*ret = (enum bh_sleeper)i;
			return 0;
		}
	}
	return -ENOENT;
}

int bh_sim_mat_from_name(const char *name, enum bh_sim_mat *ret)
{
	for (int i = 0; i < BH_SIM_MAT_END; i++) {
		if (strcmp(mats[i].name, name) == 0) {
			*ret = (enum bh_sim_mat)i;
			return 0;
		}
	}
	return -ENOENT;
}

int bh_confounders_from_text(const char *text, uint32_t *ret)
{
	uint32_t bits = 0;

	while (*text) {
		size_t length = strcspn(text, ","), i = 0;

		while (i < BH_CONFOUNDERS && (strlen(confounders[i].name) != length ||
					      memcmp(confounders[i].name, text, length) != 0))
			i++;
		if (i == BH_CONFOUNDERS)
			return -ENOENT;
		bits |= 1u << i;
		text += length;
		if (*text == ',')
			text++;
	}
	*ret = bits;
	return 0;
}

const char *bh_sim_truth_name(enum bh_sim_truth_kind kind)
{
	if (kind >= BH_SIM_TRUTH_KIND_END)
		return NULL;
	if (truths[kind].event)
		return bh_event_info((enum bh_event_type)truths[kind].event)->name;
	return truths[kind].name;
}

int bh_sim_truth_event_type(enum bh_sim_truth_kind kind)
{
	return kind < BH_SIM_TRUTH_KIND_END ? truths[kind].event : 0;
}

void bh_simulation_config_init(struct bh_simulation_config *config)
{
	*config = (struct bh_simulation_config){
		.sleeper = BH_SLEEPER_HEALTHY,
		.mat = BH_SIM_MAT_CONTACT,
		.seed = 1,
		.nights = 14,
		.start_date = BH_SIM_START_DATE,
	};
}
