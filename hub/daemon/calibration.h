/* SPDX-License-Identifier: MIT */
/* Calibrations on the control socket: what is asked, what is answered. All from the sensing thread. */
#ifndef BH_DAEMON_CALIBRATION_H
#define BH_DAEMON_CALIBRATION_H

#include "hub/daemon/session.h"

#include <jansson.h>

/** @return Of each kind that the bed has a use for: health, dates, quality, why it was refused. */
json_t *bh_calibrations_json(struct bh_session *session, uint8_t bed);

/** @brief {"command":"calibrate"}: begin one. @return The answer. */
json_t *bh_calibrate_json(struct bh_session *session, const json_t *request);
/** @brief {"command":"calibration"}: how it goes, or how it ended. */
json_t *bh_calibration_json(struct bh_session *session);
/** @brief {"command":"calibrate_cancel"}: abandon it without a trace. */
json_t *bh_calibrate_cancel_json(struct bh_session *session);

#endif
