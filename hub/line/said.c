/* SPDX-License-Identifier: MIT */
#include "hub/line/said.h"

#include <errno.h>
#include <stdlib.h>

/* More answers than profile.def has rows. */
#define ANSWERS_MAX 64
/* A person's entries of a night; an import may bring many more, and none of them is left out: what the
 * entities show is the newest, and how many there are. */
#define ENTRIES_FIRST 32

struct said {
	struct bh_profile_item answer[ANSWERS_MAX];
	struct bh_diary_item *entry;
	size_t n_answers, n_entries, room;
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

	if (said->n_entries == said->room) {
		size_t room = said->room ? 2 * said->room : ENTRIES_FIRST;
		struct bh_diary_item *more = realloc(said->entry, room * sizeof(*more));

		if (!more)
			return -ENOMEM;
		said->entry = more;
		said->room = room;
	}
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
	free(said->entry);
	free(said);
	return r;
}
