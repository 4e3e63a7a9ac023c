/* SPDX-License-Identifier: MIT */
#include "hub/daemon/sense.h"

#include "hub/daemon/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>

#define FDS_MAX (BH_BEDS_MAX * BH_SENSORS_MAX)
/* At full speed signals are looked at between turns of so many steps. */
#define STEPS_PER_TURN 512
/* A timer may be this late to share a wake-up with another. */
#define ACCURACY_US 1000

struct watched {
	struct bh_sense *sense;
	unsigned int slot;
	sd_event_source *source;
};

struct bh_sense {
	sd_event *event;
	struct bh_session *session;
	void (*ended)(void *ctx);
	void *ctx;
	sd_event_source *timer;
	sd_event_source *commands;
	struct watched watched[FDS_MAX];
	unsigned int n_watched;
	uint64_t generation;
	int64_t line_ns;
	bool told_end;
};

static int on_readable(sd_event_source *source, int fd, uint32_t revents, void *userdata);

/* Follow the sensors as they open and close. */
static int watch_fds(struct bh_sense *sense)
{
	struct bh_line_fd fds[FDS_MAX];
	uint64_t generation;
	unsigned int n = bh_line_fds(bh_session_line(sense->session), fds, FDS_MAX, &generation);
	int r;

	if (generation == sense->generation)
		return 0;
	for (unsigned int i = 0; i < sense->n_watched; i++)
		sd_event_source_disable_unref(sense->watched[i].source);
	sense->n_watched = 0;
	for (unsigned int i = 0; i < n; i++) {
		struct watched *watched = &sense->watched[i];

		watched->sense = sense;
		watched->slot = fds[i].slot;
		r = sd_event_add_io(sense->event, &watched->source, fds[i].fd, EPOLLIN, on_readable,
				    watched);
		if (r < 0)
			return r;
		sense->n_watched++;
	}
	sense->generation = generation;
	return 0;
}

/* When the line's @p next_ns comes on the machine's clock, in sd-event's microseconds. */
static uint64_t wake_us(const struct bh_sense *sense, int64_t next_ns)
{
	const struct bh_pace *pace = bh_session_pace(sense->session);
	int64_t latest_ns = bh_clock_mono_ns() + BH_NS_PER_S;
	int64_t mono_ns = bh_pace_mono_ns(pace, next_ns);

	/* Paced, timers of the signal path fire between frames too. */
	if (pace->own_time && mono_ns > latest_ns)
		mono_ns = latest_ns;
	/* Up, never down: a timer that fires a fraction early would only come again. */
	return (uint64_t)((mono_ns + BH_NS_PER_US - 1) / BH_NS_PER_US);
}

static int step(struct bh_sense *sense)
{
	struct bh_line *line = bh_session_line(sense->session);
	const struct bh_pace *pace = bh_session_pace(sense->session);
	int64_t mono_ns = bh_clock_mono_ns();
	int64_t next_ns;
	int r;

	bh_session_check_clock(sense->session, mono_ns);
	if (pace->own_time && pace->speed <= 0) {
		next_ns = sense->line_ns;
		for (int i = 0; i < STEPS_PER_TURN && next_ns != INT64_MAX; i++) {
			sense->line_ns = next_ns;
			next_ns = bh_line_step(line, sense->line_ns);
		}
		if (next_ns != INT64_MAX)
			sense->line_ns = next_ns;
	} else {
		sense->line_ns = bh_pace_line_ns(pace, mono_ns);
		next_ns = bh_line_step(line, sense->line_ns);
	}
	bh_session_tend(sense->session, mono_ns, sense->line_ns);
	r = watch_fds(sense);
	if (r < 0)
		return r;
	if (next_ns == INT64_MAX && bh_line_ended(line)) {
		if (!sense->told_end)
			sense->ended(sense->ctx);
		sense->told_end = true;
		return sd_event_source_set_enabled(sense->timer, SD_EVENT_OFF);
	}
	r = sd_event_source_set_time(sense->timer, wake_us(sense, next_ns));
	if (r < 0)
		return r;
	return sd_event_source_set_enabled(sense->timer, SD_EVENT_ONESHOT);
}

static int on_readable(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct watched *watched = userdata;
	struct bh_sense *sense = watched->sense;

	(void)source;
	(void)fd;
	(void)revents;
	bh_line_readable(bh_session_line(sense->session), watched->slot, bh_clock_mono_ns());
	/* An edge starts timers, and may have closed the sensor. */
	return step(sense);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
	(void)source;
	(void)usec;
	return step(userdata);
}

static int on_command(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct bh_sense *sense = userdata;
	int64_t now_ns = bh_pace_line_ns(bh_session_pace(sense->session), bh_clock_mono_ns());

	(void)source;
	(void)fd;
	(void)revents;
	/* Now, not at the last step; at full speed there is no other now. */
	bh_session_run_commands(sense->session, now_ns == INT64_MAX ? sense->line_ns : now_ns);
	return 0;
}

int bh_sense_new(sd_event *event, struct bh_session *session, void (*ended)(void *ctx), void *ctx,
		 struct bh_sense **ret)
{
	struct bh_sense *sense = calloc(1, sizeof(*sense));
	int r = -ENOMEM;

	if (!sense)
		return r;
	sense->event = sd_event_ref(event);
	sense->session = session;
	sense->ended = ended;
	sense->ctx = ctx;
	sense->generation = UINT64_MAX;
	sense->line_ns = bh_session_pace(session)->line_ns;
	r = sd_event_add_time(event, &sense->timer, CLOCK_MONOTONIC, 0, ACCURACY_US, on_timer, sense);
	if (r >= 0)
		r = sd_event_add_io(event, &sense->commands, bh_session_command_fd(session),
				    EPOLLIN, on_command, sense);
	if (r >= 0)
		r = watch_fds(sense);
	if (r < 0) {
		bh_sense_free(sense);
		return r;
	}
	*ret = sense;
	return 0;
}

int64_t bh_sense_line_ns(const struct bh_sense *sense)
{
	return sense->line_ns;
}

void bh_sense_free(struct bh_sense *sense)
{
	if (!sense)
		return;
	for (unsigned int i = 0; i < sense->n_watched; i++)
		sd_event_source_disable_unref(sense->watched[i].source);
	sd_event_source_disable_unref(sense->commands);
	sd_event_source_disable_unref(sense->timer);
	sd_event_unref(sense->event);
	free(sense);
}
