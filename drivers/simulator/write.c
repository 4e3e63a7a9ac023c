/* SPDX-License-Identifier: MIT */
/* A simulation as files: the capture, and what truly happened beside it. */
#include "drivers/simulator/simulator.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define PATH_MAX_LENGTH 4096

static int open_truth(const char *path, FILE **ret, struct bh_error *err)
{
	FILE *file = fopen(path, "we");

	if (!file) {
		int r = -errno;

		return bh_error_set(err, r, path, 0, 0, "cannot write the truth: %s: name another folder",
				    strerror(-r));
	}
	fputs("# bedside-truth: 1\n"
	      "# What truly happened in a simulated bed. Times are t_s of the capture. level: physio,\n"
	      "# what the body did and the mattress did not feel; mech, what reached the mattress.\n"
	      "level,what,start_s,end_s,side,value\n", file);
	*ret = file;
	return 0;
}

static void write_truths(struct bh_simulation *simulation, int night, FILE *file)
{
	size_t n;
	const struct bh_sim_truth *truth = bh_simulation_truth(simulation, night, &n);

	for (size_t i = 0; i < n; i++)
		fprintf(file, "%s,%s,%lld.%03lld,%lld.%03lld,%s,%d\n", truth[i].mech ? "mech" : "physio",
			bh_sim_truth_name(truth[i].kind), (long long)(truth[i].start_ns / BH_NS_PER_S),
			(long long)(truth[i].start_ns % BH_NS_PER_S / BH_NS_PER_MS),
			(long long)(truth[i].end_ns / BH_NS_PER_S),
			(long long)(truth[i].end_ns % BH_NS_PER_S / BH_NS_PER_MS),
			bh_side_name(truth[i].side), (int)truth[i].value);
}

static int write_frames(struct bh_simulation *simulation, int nights, struct bh_capture_writer *writer,
			FILE *truth, bool (*progress)(void *ctx, int night, int nights), void *ctx)
{
	static _Thread_local struct bh_frame frame;
	int night = -1, r = 0;

	bh_frame_init(&frame, &bh_simulation_info(simulation)->mat);
	while (r == 0 && bh_simulation_frame(simulation, &frame) > 0) {
		if (bh_simulation_night(simulation) != night) {
			night = bh_simulation_night(simulation);
			write_truths(simulation, night, truth);
			if (progress && !progress(ctx, night, nights))
				return -ECANCELED;
		}
		r = bh_capture_write(writer, &frame);
	}
	return r;
}

int bh_simulate_write(const struct bh_simulation_config *config, const char *dir,
		      bool (*progress)(void *ctx, int night, int nights), void *ctx,
		      struct bh_error *err)
{
	struct bh_simulation *simulation;
	struct bh_capture_writer *writer = NULL;
	char path[PATH_MAX_LENGTH], stem[128];
	FILE *truth = NULL;
	int r, closed;

	r = bh_simulation_new(config, &simulation, err);
	if (r < 0)
		return r;
	if (mkdir(dir, 0777) < 0 && errno != EEXIST) {
		r = bh_error_set(err, -errno, dir, 0, 0,
				 "cannot make this folder: %s: name another, in a folder that is there "
				 "and yours",
				 strerror(errno));
		goto err_free_simulation;
	}
	snprintf(stem, sizeof(stem), "%s-%s-%llu", bh_sleeper_info(config->sleeper)->name,
		 bh_sim_mat_info(config->mat)->name, (unsigned long long)config->seed);
	snprintf(path, sizeof(path), "%s/%s-truth.csv", dir, stem);
	r = open_truth(path, &truth, err);
	if (r < 0)
		goto err_free_simulation;
	snprintf(path, sizeof(path), "%s/%s.cap.gz", dir, stem);
	r = bh_capture_create(path, bh_simulation_info(simulation), &writer, err);
	if (r < 0)
		goto err_close_truth;
	r = write_frames(simulation, config->nights, writer, truth, progress, ctx);
	closed = bh_capture_finish(writer);
	if (r == 0)
		r = closed;
	if (r == -ECANCELED)
		bh_error_set(err, r, path, 0, 0, "stopped; the capture is not whole");
	else if (r < 0)
		bh_error_set(err, r, path, 0, 0, "cannot write the capture: %s", strerror(-r));
err_close_truth:
	if (fclose(truth) != 0 && r == 0)
		r = bh_error_set(err, -EIO, path, 0, 0, "cannot write the truth beside this capture");
err_free_simulation:
	bh_simulation_free(simulation);
	return r;
}
