/* SPDX-License-Identifier: MIT */
#include "hub/daemon/writer.h"

#include "hub/core/log.h"
#include "hub/daemon/clock.h"
#include "hub/daemon/reply.h"
#include "hub/daemon/say.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Records taken from the ring in one turn. */
#define BATCH 64
/* Noon passes also in an empty house: look at the clock this often. */
#define TURN_MAX_MS 60000
/* What people said that waits for the disk; each may be a whole imported diary. */
#define SAID_MAX 16

struct said {
	char *request; /* of the control socket, with where its answer goes; NULL: one remark */
	int fd;
	struct bh_remark one;
};

struct bh_writer {
	pthread_t thread;
	const struct bh_config *config;
	struct bh_historian *historian;
	struct bh_store *store;
	struct bh_ring *ring;
	struct bh_pace pace;

	pthread_mutex_t lock; /* for everything below */
	struct bh_rule_set *new_rules;
	bool rules_changed;
	bool stopping;
	struct bh_mqtt *mqtt;
	struct said said[SAID_MAX];
	size_t n_said;
	struct bh_writer_stats stats;

	/* The thread's own. */
	struct bh_rule_set *rules;
	struct bh_record batch[BATCH];
	struct said taken[SAID_MAX];
	size_t n_taken;
};

/* ---- what a person said ---- */

/* Now in the line's time; at full speed there is no now beyond the last record. */
static int64_t line_now_ns(const struct bh_writer *writer)
{
	int64_t now_ns = bh_pace_line_ns(&writer->pace, bh_clock_mono_ns());

	return now_ns == INT64_MAX ? BH_MONO_NONE : now_ns;
}

/* Who speaks beside a recording or a simulation may mean its time or his own. */
static int64_t latest_ms(const struct bh_writer *writer, int64_t now_ms)
{
	int64_t clock_ms = writer->pace.own_time ? bh_clock_wall_ms() : now_ms;

	return clock_ms > now_ms ? clock_ms : now_ms;
}

static int keep(struct bh_writer *writer, struct bh_remark *said, size_t n, int64_t now_ms)
{
	bh_remark_date(said, n, now_ms);
	return bh_historian_say(writer->historian, said, n);
}

static int keep_request(struct bh_writer *writer, const char *request, int64_t now_ms,
			struct bh_error *err)
{
	struct bh_say_list list;
	int r = bh_say_read(writer->config, request, latest_ms(writer, now_ms), &list, err);

	if (r < 0)
		return r;
	r = keep(writer, list.said, list.n, now_ms);
	free(list.said);
	return r;
}

/* A disk that refuses is logged by its turns; what was misspoken is told to who spoke. */
static void log_not_kept(const struct said *said, int r, const struct bh_error *err)
{
	if (r >= 0 || r == -EINPROGRESS || err->text[0])
		return;
	if (r != -EAGAIN)
		bh_log(BH_LOG_ERR, "history: what a person said could not be written: %s",
		       strerror(-r));
	else if (!said->request) /* from the broker, which had its answer before */
		bh_log(BH_LOG_WARNING, "history: what a person said is not kept: the time, and so its "
				       "night, is not known yet");
}

static void keep_said(struct bh_writer *writer, struct said *said)
{
	int64_t now_ms = bh_historian_wall_ms(writer->historian, line_now_ns(writer));
	struct bh_error err = { .text = "" };
	int r = -EAGAIN;

	if (now_ms != BH_WALL_UNKNOWN)
		r = said->request ? keep_request(writer, said->request, now_ms, &err)
				  : keep(writer, &said->one, 1, now_ms);
	log_not_kept(said, r, &err);
	if (!said->request)
		return;
	if (bh_reply(said->fd, bh_say_answer(r, now_ms, &err)) < 0)
		bh_log(BH_LOG_DEBUG, "control: nobody waited for the answer");
	close(said->fd);
	free(said->request);
}

/* After the records that came before it: they bring the time. */
static void keep_taken(struct bh_writer *writer)
{
	for (size_t i = 0; i < writer->n_taken; i++)
		keep_said(writer, &writer->taken[i]);
	writer->n_taken = 0;
}

/* ---- turns ---- */

/* What other threads have left for this one. */
static void take_requests(struct bh_writer *writer)
{
	struct bh_rule_set *rules = NULL;
	struct bh_mqtt *mqtt;
	bool changed, stopping;

	pthread_mutex_lock(&writer->lock);
	stopping = writer->stopping;
	changed = writer->rules_changed;
	if (changed) {
		rules = writer->new_rules;
		writer->new_rules = NULL;
		writer->rules_changed = false;
	}
	mqtt = writer->mqtt;
	writer->n_taken = writer->n_said;
	memcpy(writer->taken, writer->said, writer->n_said * sizeof(*writer->said));
	writer->n_said = 0;
	writer->stats.alive_ns = bh_clock_mono_ns();
	pthread_mutex_unlock(&writer->lock);
	if (stopping)
		bh_store_hurry(writer->store);
	bh_historian_set_mqtt(writer->historian, mqtt);
	if (changed) {
		bh_historian_set_rules(writer->historian, rules);
		bh_rule_set_free(writer->rules);
		writer->rules = rules;
	}
}

/* Log the first failure, the first loss and the recovery, not every turn between. */
static void note_outcome(struct bh_writer *writer, int r, uint64_t records, uint64_t lost)
{
	uint64_t lost_before;
	int before;

	pthread_mutex_lock(&writer->lock);
	before = writer->stats.error;
	lost_before = writer->stats.lost;
	writer->stats.records += records;
	writer->stats.lost += lost;
	writer->stats.error = r < 0 ? r : 0;
	pthread_mutex_unlock(&writer->lock);
	if (r < 0 && before == 0)
		bh_log(BH_LOG_ERR, "history: cannot write: %s; what waits is kept in memory, and "
				   "tried again", strerror(-r));
	if (lost > 0 && lost_before == 0)
		bh_log(BH_LOG_ERR, "history: events are being lost");
	if (r >= 0 && before < 0)
		bh_log(BH_LOG_NOTICE, "history: writing again");
}

static int timeout_ms(const struct bh_writer *writer)
{
	int64_t due_ns = bh_historian_due_ns(writer->historian);
	int64_t wait_ns;

	if (due_ns == BH_MONO_NONE)
		return TURN_MAX_MS;
	wait_ns = bh_pace_mono_ns(&writer->pace, due_ns) - bh_clock_mono_ns();
	if (wait_ns <= 0)
		return 0;
	if (wait_ns > TURN_MAX_MS * BH_NS_PER_MS)
		return TURN_MAX_MS;
	return (int)(wait_ns / BH_NS_PER_MS) + 1;
}

static void turn(struct bh_writer *writer, int n)
{
	uint64_t lost = 0;
	int r = 0;

	for (int i = 0; i < n; i++) {
		int put = bh_historian_put(writer->historian, &writer->batch[i]);

		if (put < 0) {
			lost++;
			r = put;
		}
	}
	keep_taken(writer);
	if (r == 0)
		r = bh_historian_tick(writer->historian, line_now_ns(writer));
	/* Waiting for the next attempt is not working again. */
	if (r == 0 && bh_historian_waits(writer->historian))
		r = writer->stats.error;
	note_outcome(writer, r, (uint64_t)n, lost);
}

static void *run(void *arg)
{
	struct bh_writer *writer = arg;
	int n;

	for (;;) {
		n = bh_ring_take(writer->ring, writer->batch, BATCH, timeout_ms(writer));
		take_requests(writer);
		if (n == -ESHUTDOWN)
			break;
		turn(writer, n);
	}
	keep_taken(writer);
	n = bh_historian_finish(writer->historian);
	note_outcome(writer, n, 0, 0);
	return NULL;
}

int bh_writer_start(const struct bh_config *config, struct bh_historian *historian,
		    struct bh_store *store, struct bh_ring *ring, const struct bh_pace *pace,
		    struct bh_writer **ret)
{
	struct bh_writer *writer = calloc(1, sizeof(*writer));
	sigset_t all, before;
	int r;

	if (!writer)
		return -ENOMEM;
	writer->config = config;
	writer->historian = historian;
	writer->store = store;
	writer->ring = ring;
	writer->pace = *pace;
	writer->stats.alive_ns = bh_clock_mono_ns();
	pthread_mutex_init(&writer->lock, NULL);
	/* Signals belong to the sensing thread. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(&writer->thread, NULL, run, writer);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (r != 0) {
		pthread_mutex_destroy(&writer->lock);
		free(writer);
		return -r;
	}
	*ret = writer;
	return 0;
}

void bh_writer_rules(struct bh_writer *writer, struct bh_rule_set *rules)
{
	struct bh_rule_set *unused;

	pthread_mutex_lock(&writer->lock);
	unused = writer->new_rules;
	writer->new_rules = rules;
	writer->rules_changed = true;
	pthread_mutex_unlock(&writer->lock);
	bh_rule_set_free(unused);
	bh_ring_wake(writer->ring);
}

void bh_writer_mqtt(struct bh_writer *writer, struct bh_mqtt *mqtt)
{
	pthread_mutex_lock(&writer->lock);
	writer->mqtt = mqtt;
	pthread_mutex_unlock(&writer->lock);
	bh_ring_wake(writer->ring);
}

static int queue(struct bh_writer *writer, const struct said *said)
{
	int r = -ENOBUFS;

	pthread_mutex_lock(&writer->lock);
	if (writer->n_said < SAID_MAX) {
		writer->said[writer->n_said++] = *said;
		r = 0;
	}
	pthread_mutex_unlock(&writer->lock);
	bh_ring_wake(writer->ring);
	return r;
}

int bh_writer_say(struct bh_writer *writer, const struct bh_remark *said)
{
	const struct said one = { .fd = -1, .one = *said };

	return queue(writer, &one);
}

int bh_writer_ask(struct bh_writer *writer, const char *request, int fd)
{
	struct said asked = { .fd = fcntl(fd, F_DUPFD_CLOEXEC, 0) };
	int r;

	if (asked.fd < 0)
		return -errno;
	asked.request = strdup(request);
	r = asked.request ? queue(writer, &asked) : -ENOMEM;
	if (r < 0) {
		free(asked.request);
		close(asked.fd);
	}
	return r;
}

void bh_writer_acked(struct bh_writer *writer, int64_t run_id, uint8_t bed, uint64_t seq)
{
	if (bh_historian_acked(writer->historian, run_id, bed, seq))
		bh_ring_wake(writer->ring);
}

void bh_writer_late_acked(struct bh_writer *writer, int64_t row)
{
	if (bh_historian_late_acked(writer->historian, row))
		bh_ring_wake(writer->ring);
}

void bh_writer_late_refused(struct bh_writer *writer, int64_t row)
{
	bh_historian_late_refused(writer->historian, row);
}

void bh_writer_want_late(struct bh_writer *writer)
{
	bh_historian_want_late(writer->historian);
	bh_ring_wake(writer->ring);
}

struct bh_writer_stats bh_writer_stats(struct bh_writer *writer)
{
	struct bh_writer_stats stats;

	pthread_mutex_lock(&writer->lock);
	stats = writer->stats;
	pthread_mutex_unlock(&writer->lock);
	return stats;
}

void bh_writer_stop(struct bh_writer *writer)
{
	if (!writer)
		return;
	pthread_mutex_lock(&writer->lock);
	writer->stopping = true;
	pthread_mutex_unlock(&writer->lock);
	bh_ring_shut(writer->ring);
	pthread_join(writer->thread, NULL);
	bh_rule_set_free(writer->new_rules);
	bh_rule_set_free(writer->rules);
	pthread_mutex_destroy(&writer->lock);
	free(writer);
}
