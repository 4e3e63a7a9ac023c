/* SPDX-License-Identifier: MIT */
/* What the person says of herself or himself: profile and diary. */
#ifndef BH_SIMULATOR_ANSWERS_H
#define BH_SIMULATOR_ANSWERS_H

#include "drivers/simulator/plan.h"

struct bh_answers {
	struct bh_profile_item *profile;
	struct bh_diary_item *diary;
	size_t n_profile, n_diary;
};

/** @brief The whole profile, and room for a diary of @p nights nights. @return 0 or -ENOMEM. */
int bh_answers_new(struct bh_answers *answers, const struct bh_person *person, int nights);
void bh_answers_free(struct bh_answers *answers);
/** @brief The diary of one planned night, written in the morning. */
void bh_answers_add_night(struct bh_answers *answers, const struct bh_person *person,
			  const struct bh_plan *plan, int64_t origin_ms);
/** @brief Whether this person drank little on the day of night @p night (dehydration). */
bool bh_low_fluid_day(const struct bh_person *person, int night);
/** @brief Whether this person stood for long on the day of night @p night (venous). */
bool bh_standing_day(const struct bh_person *person, int night);

#endif
