/* SPDX-License-Identifier: MIT */
#include "hub/line/said.h"

#include <errno.h>
#include <stdlib.h>

/* More answers than profile.def has rows, and more entries than a person makes in a night; of more the
 * newest are not told, they are in the history. */
#define ANSWERS_MAX 64
#define ENTRIES_MAX 128

struct said {
	struct bh_profile_item answer[ANSWERS_MAX];
	struct bh_diary_item entry[ENTRIES_MAX];
	size_t n_answers, n_entries;
};

static int keep_answer(void *ctx, const struct bh_profile_item *item)
{
	struct said *said = ctx;

	if (said->n_answers < ANSWERS_MAX)
		said->answer[said->n_answers++] = *item;
	return 0;
}

static int keep_entry(void *ctx, const struct bh_stored_entry *entry)
{
	struct said *said = ctx;

	if (said->n_entries < ENTRIES_MAX)
		said->entry[said->n_entries++] = entry->item;
	return 0;
}

int bh_said_publish(struct bh_store *store, struct bh_mqtt *mqtt, uint8_t bed, int32_t night)
{
	struct said *said = calloc(1, sizeof(*said));
	int r = -ENOMEM;

	if (!said)
		return r;
	r = bh_store_profile(store, bed, keep_answer, said);
	if (r == 0 && night != 0)
		r = bh_store_diary(store, bed, night, night, keep_entry, said);
	if (r == 0) {
		bh_mqtt_profile(mqtt, bed, said->answer, said->n_answers);
		bh_mqtt_diary(mqtt, bed, night, said->entry, said->n_entries);
	}
	free(said);
	return r;
}
