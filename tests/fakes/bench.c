/* SPDX-License-Identifier: MIT */
#include "tests/fakes/bench.h"

#include <stdlib.h>
#include <string.h>

static int say(struct bh_bench *bench, int r)
{
	bh_error_print(&bench->err, bench->text, sizeof(bench->text));
	return r;
}

int bh_bench_begin(struct bh_bench *bench, const char *name, const char *yaml)
{
	int r;

	memset(bench, 0, sizeof(*bench));
	bench->driver = bh_driver_find(name);
	bench->state = bench->driver ? calloc(1, bench->driver->state_size) : NULL;
	if (!bench->state)
		abort();
	r = bh_document_parse("bedside.yaml", yaml, strlen(yaml), &bench->document, &bench->err);
	if (r < 0)
		return say(bench, r);
	bench->config.is_mat = bench->driver->part & BH_PART_MAT;
	bench->config.options = bh_document_root(bench->document);
	bench->setup.mat = bench->config.is_mat ? &bench->mat : NULL;
	r = bench->driver->configure(bench->state, &bench->config, BH_BENCH_SENSOR, &bench->setup,
				     &bench->err);
	bh_frame_init(&bench->frame, &bench->mat);
	return say(bench, r);
}

int bh_bench_open(struct bh_bench *bench)
{
	memset(&bench->err, 0, sizeof(bench->err));
	return say(bench, bench->driver->open(bench->state, &bench->bus, &bench->err));
}

int bh_bench_read(struct bh_bench *bench, int64_t now_ns)
{
	bench->frame.changed = 0;
	bench->frame.lost = 0;
	return bench->driver->read(bench->state, now_ns, &bench->frame);
}

int64_t bh_bench_due(const struct bh_bench *bench)
{
	return bench->driver->due(bench->state);
}

void bh_bench_end(struct bh_bench *bench)
{
	bench->driver->close(bench->state);
	bh_document_free(bench->document);
	free(bench->state);
}
