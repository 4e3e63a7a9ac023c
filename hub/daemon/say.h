/* SPDX-License-Identifier: MIT */
/* What a person says through the control socket: its text read and checked. */
#ifndef BH_DAEMON_SAY_H
#define BH_DAEMON_SAY_H

#include "hub/config/config.h"
#include "hub/core/error.h"
#include "hub/core/history.h"

#include <jansson.h>

/** Remarks, counting beds as the configuration does. */
struct bh_say_list {
	struct bh_remark *said; /**< for free() */
	size_t n;
};

/**
 * @brief Read {"command":"say","items":[...]}: all of its items or none.
 *
 * An item: {"what":"diary","bed":"bed","key":"pain","value":"6","side":"left","site":"calf",
 * "night":20261122,"at_ms":1795389000000}; side and site may be missing, without at_ms it is now,
 * without night the night of that time. "what" is diary, unsay (the same entry is taken back) or
 * profile (key and value; an empty value takes the answer back; at_ms 0: nobody knows when).
 * {"command":"note","bed":"bed","text":"..."} is a diary's note.
 * @param now_ms No time may be later.
 * @return 0, or -EINVAL with "item 3: ..." in @p err, or -ENOMEM.
 */
int bh_say_read(const struct bh_config *config, const char *request, int64_t now_ms,
		struct bh_say_list *ret, struct bh_error *err);

/**
 * @brief The answer.
 *
 * {"ok":true,"night":20261122,"changed":1}: it is on the disk, night is of @p now_ms, changed counts what
 * was not there before; {"ok":true,"night":20261122,"kept":"memory"}: the disk refuses it, and the hub
 * writes it when it can; or {"ok":false,"error":"..."}: it is not taken.
 * @param r What came of it: how many changed, or a negative errno: -EINVAL with @p err, -EAGAIN the time
 * is not known, -EINPROGRESS it waits for the disk, -ENOBUFS too much does.
 * @return A new reference.
 */
json_t *bh_say_answer(int r, int64_t now_ms, const struct bh_error *err);

#endif
