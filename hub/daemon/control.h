/* SPDX-License-Identifier: MIT */
/*
 * The control socket: one JSON object a line, for group bedside (checked by peer credentials).
 *
 *   {"command":"status"}                       -> {"ok":true,"version":...}
 *   {"command":"mark","bed":"bed"}             -> {"ok":true}
 *   {"command":"note","bed":"bed","text":"…"}  -> {"ok":true,"night":...,"changed":1}
 *   {"command":"say","items":[...]}            -> the same, when it is on the disk (hub/daemon/say.h)
 *   {"command":"calibrate","bed":"bed","kind":"empty","changed":false}   -> {"ok":true}
 *   {"command":"calibration"}                  -> {"ok":true,"running":true,"step":"keep_off",...}
 *   {"command":"calibrate_cancel"}             -> {"ok":true}
 *   anything else                              -> {"ok":false,"error":"..."}
 *
 * Ask again on the same connection only after the answer: that to note and say comes from another thread.
 */
#ifndef BH_DAEMON_CONTROL_H
#define BH_DAEMON_CONTROL_H

#include "hub/core/error.h"
#include "hub/daemon/session.h"

#include <systemd/sd-event.h>

struct bh_control;

/** @brief Listen on @p path (0660). @return 0 or a negative errno with @p err filled. */
int bh_control_new(sd_event *event, const char *path, struct bh_control **ret, struct bh_error *err);
/** @brief Whose questions are answered from now on; NULL: nobody's, for the moment of a reload. */
void bh_control_session(struct bh_control *control, struct bh_session *session);
/** @brief Removes the socket. Accepts NULL. */
void bh_control_free(struct bh_control *control);

#endif
