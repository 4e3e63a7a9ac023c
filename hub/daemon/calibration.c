/* SPDX-License-Identifier: MIT */
#include "hub/daemon/calibration.h"

#include "hub/daemon/reply.h"

#include <string.h>

static json_t *moment(int64_t wall_ms)
{
	return wall_ms == BH_WALL_UNKNOWN ? json_null() : json_integer(wall_ms);
}

json_t *bh_calibrations_json(struct bh_session *session, uint8_t bed)
{
	struct bh_line *line = bh_session_line(session);
	struct bh_clock_anchor anchor = bh_session_stats(session).anchor;
	int64_t now_ms = bh_wall_from_mono(&anchor, bh_detect_state(bh_line_detect(line, bed))->mono_ns);
	json_t *kinds = json_object();

	for (int i = 1; i < BH_CALIBRATION_KINDS; i++) {
		enum bh_calibration_kind kind = (enum bh_calibration_kind)i;
		struct bh_calibration_status status =
			bh_calibrating_status(bh_line_calibrating(line), bed, kind, &anchor);
		enum bh_calibration_health health = bh_calibration_health(
			kind, bh_line_capabilities(line, bed), &status, now_ms);

		if (health == BH_CALIBRATION_NOT_NEEDED)
			continue;
		json_object_set_new(
			kinds, bh_calibration_name(kind),
			json_pack("{s:s, s:b, s:b, s:o, s:o, s:i, s:s}", "health",
				  bh_calibration_health_name(health), "in_force", status.in_force,
				  "problem",
				  bh_calibration_is_problem(health), "at_ms", moment(status.at_ms),
				  "followed_ms", moment(status.followed_ms), "quality",
				  status.quality, "refused", bh_refusal_text(status.refusal)));
	}
	return kinds;
}

static bool find_bed(const struct bh_config *config, const char *id, uint8_t *ret)
{
	for (uint8_t i = 0; i < config->n_beds; i++) {
		if (!id || strcmp(config->beds[i].id, id) == 0) {
			*ret = i;
			return true;
		}
	}
	return false;
}

json_t *bh_calibrate_json(struct bh_session *session, const json_t *request)
{
	const char *kind = json_string_value(json_object_get(request, "kind"));
	struct bh_calibrate_setup setup = {
		.changed = json_is_true(json_object_get(request, "changed"))
	};

	if (!find_bed(bh_session_config(session), json_string_value(json_object_get(request, "bed")),
		      &setup.bed))
		return bh_reply_refusal("no such bed");
	if (!kind || bh_calibration_from_name(kind, &setup.kind) < 0)
		return bh_reply_refusal("no such kind: empty, person, legs or thermometers");
	if (bh_session_calibrate(session, &setup) < 0)
		return bh_reply_refusal("a calibration is under way: wait for its end");
	return json_pack("{s:b}", "ok", 1);
}

json_t *bh_calibration_json(struct bh_session *session)
{
	uint8_t bed;
	struct bh_calibration_progress progress = bh_session_calibration(session, &bed);
	const char *kind = bh_calibration_name(progress.kind);

	return json_pack("{s:b, s:s, s:s, s:b, s:s, s:s, s:s, s:s, s:i, s:i}", "ok", 1, "bed",
			 bh_session_config(session)->beds[bed].id, "kind", kind ? kind : "",
			 "running", progress.running, "step",
			 bh_calibration_step_name(progress.step), "prompt",
			 bh_calibration_step_text(progress.step), "obstacle",
			 progress.running ? bh_refusal_text(progress.refusal) : "", "refused",
			 bh_refusal_name(progress.refusal), "done_permille", progress.done_permille,
			 "count", progress.count);
}

json_t *bh_calibrate_cancel_json(struct bh_session *session)
{
	bh_calibrating_cancel(bh_line_calibrating(bh_session_line(session)));
	return json_pack("{s:b}", "ok", 1);
}
