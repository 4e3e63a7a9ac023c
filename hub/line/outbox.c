/* SPDX-License-Identifier: MIT */
#include "hub/line/outbox.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Acknowledgements noted between two pumps. Beyond it they are forgotten and the events go out a
 * second time, which is allowed. */
#define NOTES_MAX 512
/* The historian is woken when this many wait; before that the next record or tick is early enough. */
#define NOTES_WAKE (NOTES_MAX / 2)
/* Late events on their way at once: a few round trips' worth, so that memory stays bounded. */
#define LATE_MAX 64
/* An event that was sent live and not acknowledged for so long is sent again. */
#define OVERDUE_NS BH_NS_PER_MIN

struct ack {
	int64_t run; /* of a live event; row >= 0 for a late one */
	int64_t row;
	uint64_t seq;
	uint8_t bed;
};

struct late {
	int64_t row;
	bool whole; /* its end went out too */
};

struct bh_outbox {
	struct bh_store *store;
	int64_t run;
	struct bh_mqtt *mqtt;

	pthread_mutex_t lock; /* for the notes of the broker session's thread */
	struct ack notes[NOTES_MAX];
	size_t n_notes;
	bool wanted;

	struct ack work[NOTES_MAX]; /* the historian's copy */
	bool sending;		    /* the broker session holds live events back */
	int64_t after_row;	    /* late events up to here are handed over */
	struct late late[LATE_MAX];
	size_t n_late;
	int64_t swept_ns;
};

int bh_outbox_new(struct bh_store *store, int64_t run, struct bh_outbox **ret)
{
	struct bh_outbox *outbox = calloc(1, sizeof(*outbox));

	if (!outbox)
		return -ENOMEM;
	outbox->store = store;
	outbox->run = run;
	outbox->swept_ns = BH_MONO_NONE;
	pthread_mutex_init(&outbox->lock, NULL);
	*ret = outbox;
	return 0;
}

void bh_outbox_free(struct bh_outbox *outbox)
{
	if (!outbox)
		return;
	pthread_mutex_destroy(&outbox->lock);
	free(outbox);
}

void bh_outbox_set_mqtt(struct bh_outbox *outbox, struct bh_mqtt *mqtt)
{
	outbox->mqtt = mqtt;
}

static bool note(struct bh_outbox *outbox, const struct ack *ack, size_t wake_at)
{
	bool wake;

	pthread_mutex_lock(&outbox->lock);
	if (outbox->n_notes < NOTES_MAX)
		outbox->notes[outbox->n_notes++] = *ack;
	wake = outbox->n_notes >= wake_at;
	pthread_mutex_unlock(&outbox->lock);
	return wake;
}

bool bh_outbox_acked(struct bh_outbox *outbox, int64_t run, uint8_t bed, uint64_t seq)
{
	struct ack ack = { .run = run, .row = -1, .seq = seq, .bed = bed };

	return note(outbox, &ack, NOTES_WAKE);
}

bool bh_outbox_late_acked(struct bh_outbox *outbox, int64_t row)
{
	struct ack ack = { .row = row };

	/* Room for the next late events: the sooner the better. */
	return note(outbox, &ack, LATE_MAX / 2);
}

void bh_outbox_want_late(struct bh_outbox *outbox)
{
	pthread_mutex_lock(&outbox->lock);
	outbox->wanted = true;
	pthread_mutex_unlock(&outbox->lock);
}

/* A late event has arrived: what was sent of it counts as delivered. */
static int book_late(struct bh_outbox *outbox, int64_t row)
{
	for (size_t i = 0; i < outbox->n_late; i++) {
		bool whole = outbox->late[i].whole;

		if (outbox->late[i].row != row)
			continue;
		outbox->late[i] = outbox->late[--outbox->n_late];
		return bh_store_outbox_late_acked(outbox->store, row, whole);
	}
	return 0; /* from before a reconnection: it goes out again */
}

static int book_acks(struct bh_outbox *outbox, bool *ret_wanted)
{
	size_t n;
	int r = 0;

	pthread_mutex_lock(&outbox->lock);
	n = outbox->n_notes;
	memcpy(outbox->work, outbox->notes, n * sizeof(*outbox->work));
	outbox->n_notes = 0;
	*ret_wanted = outbox->wanted;
	outbox->wanted = false;
	pthread_mutex_unlock(&outbox->lock);
	for (size_t i = 0; i < n && r >= 0; i++) {
		const struct ack *ack = &outbox->work[i];

		if (ack->row >= 0)
			r = book_late(outbox, ack->row);
		else
			r = bh_store_outbox_acked(outbox->store, ack->run, ack->bed, ack->seq);
		if (r == -ENOENT) /* its row was erased since */
			r = 0;
	}
	return r;
}

/* Young live events may still be on their way. */
static bool is_overdue(const struct bh_outbox_event *event, int64_t run, int64_t now_ns)
{
	int64_t known_ns = event->event.detected_ns;

	if (event->event.end_ns != BH_MONO_NONE && event->event.end_ns > known_ns)
		known_ns = event->event.end_ns;
	return event->run != run || now_ns - known_ns > OVERDUE_NS;
}

static int hand_over(struct bh_outbox *outbox)
{
	struct bh_outbox_event events[LATE_MAX];
	int n = bh_store_outbox(outbox->store, outbox->after_row, events, LATE_MAX - outbox->n_late);

	for (int i = 0; i < n; i++) {
		struct bh_mqtt_late late = {
			.row = events[i].row,
			.run = events[i].run,
			.event = events[i].event,
			.start_ms = events[i].start_ms,
			.end_ms = events[i].end_ms,
			.simulated = events[i].simulated,
		};

		if (bh_mqtt_late(outbox->mqtt, &late) < 0)
			return 0;
		outbox->after_row = late.row;
		outbox->late[outbox->n_late++] =
			(struct late){ .row = late.row,
				       .whole = late.event.phase != BH_PHASE_OPEN };
	}
	if (n == 0 && outbox->n_late < LATE_MAX) {
		bh_mqtt_late_done(outbox->mqtt);
		outbox->sending = false;
	}
	return n < 0 ? n : 0;
}

/* Now and then: was anything sent live and never acknowledged? */
static int sweep(struct bh_outbox *outbox, int64_t now_ns)
{
	struct bh_outbox_event oldest;
	int n;

	if (outbox->swept_ns != BH_MONO_NONE && now_ns - outbox->swept_ns < OVERDUE_NS)
		return 0;
	outbox->swept_ns = now_ns;
	if (!bh_mqtt_stats(outbox->mqtt).connected)
		return 0;
	n = bh_store_outbox(outbox->store, 0, &oldest, 1);
	if (n == 1 && is_overdue(&oldest, outbox->run, now_ns))
		bh_outbox_want_late(outbox);
	return n < 0 ? n : 0;
}

int bh_outbox_pump(struct bh_outbox *outbox, int64_t now_ns)
{
	bool wanted;
	int r = book_acks(outbox, &wanted);

	if (r < 0 || !outbox->mqtt)
		return r;
	if (wanted) { /* a new connection: nothing is on its way any more */
		outbox->sending = true;
		outbox->after_row = 0;
		outbox->n_late = 0;
	}
	if (outbox->sending)
		return hand_over(outbox);
	return sweep(outbox, now_ns);
}
