/* SPDX-License-Identifier: MIT */
/* What a person says through the control socket: read, checked, queued. */
#ifndef BH_DAEMON_SAY_H
#define BH_DAEMON_SAY_H

#include "hub/daemon/session.h"

#include <jansson.h>

/**
 * @brief Carry out {"command":"say","items":[...]}: all of its items or none.
 *
 * An item: {"what":"diary","bed":"bed","key":"pain","value":"6","side":"left","site":"calf",
 * "night":20261122,"at_ms":1795389000000}; side and site may be missing, without at_ms it is now,
 * without night the night of that time. "what" is diary, unsay (the same entry is taken back) or
 * profile (key and value; an empty value takes the answer back; at_ms 0: nobody knows when).
 * @return {"ok":true,"night":20261122}, where the night is of now, 0 if it is not known; or {"ok":false,"error":"item 3: ..."}.
 */
json_t *bh_say_json(struct bh_session *session, const json_t *request);

#endif
