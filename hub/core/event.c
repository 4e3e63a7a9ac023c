/* SPDX-License-Identifier: MIT */
#include "hub/core/event.h"

#include <errno.h>
#include <string.h>

static const struct bh_event_info catalogue[] = {
#define BH_EVENT(id, ENUM, name_, shape_, class_, unit_, needs_, text_)                            \
	{ .type = BH_EVENT_##ENUM,                                                                 \
	  .name = name_,                                                                           \
	  .shape = BH_SHAPE_##shape_,                                                              \
	  .class = BH_CLASS_##class_,                                                              \
	  .unit = BH_UNIT_##unit_,                                                                 \
	  .needs = (needs_),                                                                       \
	  .text = text_ },
#include "hub/core/event.def"
#undef BH_EVENT
};

#define N_EVENTS (sizeof(catalogue) / sizeof(catalogue[0]))

#define BH_EVENT(id, ENUM, name, shape, class, unit, needs, text)                                  \
	_Static_assert((id) > 0 && (id) < BH_EVENT_TYPE_END, "event id out of range");
#include "hub/core/event.def"
#undef BH_EVENT

/* A switch makes a duplicate id fail to compile and the lookup a jump table. */
static int index_of(enum bh_event_type type)
{
	enum {
#define BH_EVENT(id, ENUM, name, shape, class, unit, needs, text) INDEX_##ENUM,
#include "hub/core/event.def"
#undef BH_EVENT
	};

	switch (type) {
#define BH_EVENT(id, ENUM, name, shape, class, unit, needs, text)                                  \
	case BH_EVENT_##ENUM:                                                                      \
		return INDEX_##ENUM;
#include "hub/core/event.def"
#undef BH_EVENT
	}
	return -1;
}

const struct bh_event_info *bh_event_info(enum bh_event_type type)
{
	int i = index_of(type);

	return i < 0 ? NULL : &catalogue[i];
}

const struct bh_event_info *bh_event_info_at(size_t i)
{
	return i < N_EVENTS ? &catalogue[i] : NULL;
}

int bh_event_type_from_name(const char *name, enum bh_event_type *ret)
{
	for (size_t i = 0; i < N_EVENTS; i++) {
		if (strcmp(catalogue[i].name, name) == 0) {
			*ret = catalogue[i].type;
			return 0;
		}
	}
	return -ENOENT;
}
