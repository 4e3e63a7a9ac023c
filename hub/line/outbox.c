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

/* A live event may be acknowledged before its row is written (the broker was quicker than the disk):
 * its note is looked at so many times before it is believed that the row was erased. */
#define LOOKS_MAX 4

enum ack_kind { ACK_LIVE, ACK_LATE, REFUSED_LATE };

struct ack {
	enum ack_kind kind;
	unsigned int looks;
	int64_t run; /* of a live event */
	int64_t row; /* of a late one */
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
	bool refused;		    /* the broker takes no late events: not asked again until it is new */
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
	struct ack ack = { .kind = ACK_LIVE, .run = run, .seq = seq, .bed = bed };

	return note(outbox, &ack, NOTES_WAKE);
}

bool bh_outbox_late_acked(struct bh_outbox *outbox, int64_t row)
{
	struct ack ack = { .kind = ACK_LATE, .row = row };

	/* There is room for the next one now, and live events wait behind the last: at once. */
	return note(outbox, &ack, 1);
}

void bh_outbox_late_refused(struct bh_outbox *outbox, int64_t row)
{
	struct ack ack = { .kind = REFUSED_LATE, .row = row };

	note(outbox, &ack, 1);
}

void bh_outbox_want_late(struct bh_outbox *outbox)
{
	pthread_mutex_lock(&outbox->lock);
	outbox->wanted = true;
	pthread_mutex_unlock(&outbox->lock);
}

/* A late event is off its way. @return True and what was sent of it, if it was on it. */
static bool take_late(struct bh_outbox *outbox, int64_t row, bool *ret_whole)
{
	for (size_t i = 0; i < outbox->n_late; i++) {
		if (outbox->late[i].row != row)
			continue;
		*ret_whole = outbox->late[i].whole;
		outbox->late[i] = outbox->late[--outbox->n_late];
		return true;
	}
	return false; /* from before a reconnection: it goes out again */
}

static int book(struct bh_outbox *outbox, struct ack *ack)
{
	bool whole;
	int r;

	switch (ack->kind) {
	case ACK_LIVE:
		r = bh_store_outbox_acked(outbox->store, ack->run, ack->bed, ack->seq);
		if (r == -ENOENT && ++ack->looks < LOOKS_MAX)
			note(outbox, ack, NOTES_MAX + 1);
		return r == -ENOENT ? 0 : r;
	case ACK_LATE:
		if (!take_late(outbox, ack->row, &whole))
			return 0;
		r = bh_store_outbox_late_acked(outbox->store, ack->row, whole);
		return r == -ENOENT ? 0 : r;
	case REFUSED_LATE:
		take_late(outbox, ack->row, &whole);
		outbox->refused = true;
		return 0;
	}
	return 0;
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
	for (size_t i = 0; i < n && r >= 0; i++)
		r = book(outbox, &outbox->work[i]);
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

	if (outbox->refused ||
	    (outbox->swept_ns != BH_MONO_NONE && now_ns - outbox->swept_ns < OVERDUE_NS))
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
		outbox->refused = false;
		outbox->after_row = 0;
		outbox->n_late = 0;
	}
	if (outbox->sending)
		return hand_over(outbox);
	return sweep(outbox, now_ns);
}
