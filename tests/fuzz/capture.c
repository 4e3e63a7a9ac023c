/* SPDX-License-Identifier: MIT */
/* Captures: head, wide and long rows. Time never runs backwards, numbers stay in their range. */
#include "tests/fuzz/fuzz.h"

#include "drivers/capture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct bh_frame frame;
	struct bh_capture *capture = NULL;
	struct bh_error err = { 0 };
	int64_t last_ns = INT64_MIN;
	const struct bh_mat *mat;
	int r = bh_capture_open_memory(BH_FUZZ_NAME, data, size, &capture, &err);

	if (r < 0) {
		bh_fuzz_refused(r, &err);
		bh_fuzz_require(capture == NULL, "outputs are untouched on failure");
		return 0;
	}
	mat = &bh_capture_info(capture)->mat;
	bh_fuzz_require(mat->n_zones <= BH_ZONES_MAX, "not too many zones");
	bh_frame_init(&frame, mat);
	while ((r = bh_capture_read(capture, &frame, &err)) > 0) {
		bh_fuzz_require(frame.mono_ns >= last_ns, "time does not run backwards");
		bh_fuzz_require(frame.n_zones == mat->n_zones, "a frame has the mat's zones");
		last_ns = frame.mono_ns;
	}
	if (r < 0)
		bh_fuzz_refused(r, &err);
	bh_capture_close(capture);
	return 0;
}
