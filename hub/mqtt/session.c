/* SPDX-License-Identifier: MIT */
#include "hub/mqtt/session.h"

#include "hub/core/log.h"
#include "hub/mqtt/answers.h"
#include "hub/mqtt/payload.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

/* Records taken from the ring in one turn. */
#define TAKE_MAX 32
/* The thread must end a little before bh_mqtt_stop() loses patience. */
#define STOP_MARGIN_MS 100

int64_t bh_mqtt_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * BH_MS_PER_S + now.tv_nsec / BH_NS_PER_MS;
}

/* ---- the thread ---- */

static void wake(struct bh_mqtt *mqtt)
{
	eventfd_write(mqtt->wake_fd, 1);
}

static void take_texts(char *to[BH_BEDS_MAX], char *from[BH_BEDS_MAX])
{
	memcpy(to, from, BH_BEDS_MAX * sizeof(*to));
	memset(from, 0, BH_BEDS_MAX * sizeof(*from));
}

/* Take what other threads handed in. Late events stay in the inbox until there is room. */
static void read_inbox(struct bh_mqtt *mqtt)
{
	char *night[BH_BEDS_MAX];
	char *findings[BH_BEDS_MAX];
	char *calibration[BH_BEDS_MAX];
	char *diary[BH_BEDS_MAX];
	char *profile[BH_BEDS_MAX];

	pthread_mutex_lock(&mqtt->lock);
	mqtt->stopping = mqtt->inbox.stopping;
	mqtt->stop_at_ms = mqtt->inbox.stop_at_ms;
	take_texts(night, mqtt->inbox.night);
	take_texts(findings, mqtt->inbox.findings);
	take_texts(calibration, mqtt->inbox.calibration);
	take_texts(diary, mqtt->inbox.diary);
	take_texts(profile, mqtt->inbox.profile);
	if (mqtt->inbox.late_done && mqtt->inbox.n_late == 0) {
		mqtt->inbox.late_done = false;
		mqtt->late_active = false;
	}
	pthread_mutex_unlock(&mqtt->lock);
	for (unsigned int bed = 0; bed < mqtt->n_beds; bed++) {
		bh_publish_retained(mqtt, bed, BH_TOPIC_NIGHT, night[bed]);
		bh_publish_retained(mqtt, bed, BH_TOPIC_FINDINGS, findings[bed]);
		bh_publish_retained(mqtt, bed, BH_TOPIC_CALIBRATION, calibration[bed]);
		bh_publish_retained(mqtt, bed, BH_TOPIC_DIARY, diary[bed]);
		bh_publish_retained(mqtt, bed, BH_TOPIC_PROFILE, profile[bed]);
	}
}

static void send_late(struct bh_mqtt *mqtt)
{
	struct bh_mqtt_late late;
	bool more = mqtt->phase == BH_PHASE_ONLINE;

	while (more && mqtt->window.n_flights < BH_INFLIGHT_LATE_MAX) {
		pthread_mutex_lock(&mqtt->lock);
		more = mqtt->inbox.n_late > 0;
		if (more) {
			late = mqtt->inbox.late[0];
			mqtt->inbox.n_late--;
			memmove(mqtt->inbox.late, mqtt->inbox.late + 1,
				mqtt->inbox.n_late * sizeof(late));
		}
		pthread_mutex_unlock(&mqtt->lock);
		if (more && !bh_publish_late(mqtt, &late))
			mqtt->missed = true;
	}
}

/* Events are owed and nothing is on its way: ask the historian, once at a time. */
static void ask_for_late(struct bh_mqtt *mqtt)
{
	if (mqtt->phase != BH_PHASE_ONLINE || !mqtt->missed || mqtt->late_active ||
	    mqtt->window.n_flights > 0 || mqtt->stopping)
		return;
	mqtt->missed = false;
	if (!mqtt->hooks.want_late)
		return;
	mqtt->late_active = true;
	mqtt->hooks.want_late(mqtt->hooks.ctx);
}

/* While a connection settles, or the window is full, records wait in the ring: their events are live,
 * not late. Unless the ring runs full: then states must be read, and events are owed. */
static unsigned int records_wanted(const struct bh_mqtt *mqtt)
{
	struct bh_ring_stats stats;

	if (mqtt->ring_ended || mqtt->phase == BH_PHASE_LEAVING)
		return 0;
	if (mqtt->phase != BH_PHASE_SETTLING && mqtt->phase != BH_PHASE_ONLINE)
		return TAKE_MAX;
	stats = bh_ring_stats(mqtt->ring);
	if (stats.used > stats.capacity / 2)
		return TAKE_MAX;
	return mqtt->phase == BH_PHASE_SETTLING ? 0 : BH_INFLIGHT_MAX - mqtt->window.n_flights;
}

static void take_records(struct bh_mqtt *mqtt)
{
	struct bh_record records[TAKE_MAX];
	uint64_t dropped = bh_ring_stats(mqtt->ring).dropped_events;
	unsigned int wanted = records_wanted(mqtt);
	int n = 0;

	_Static_assert(TAKE_MAX >= BH_INFLIGHT_MAX, "a turn must be able to fill the window");
	if (wanted > 0)
		n = bh_ring_take(mqtt->ring, records, wanted, 0);
	if (n < 0)
		mqtt->ring_ended = true;
	for (int i = 0; i < n; i++)
		bh_publish_record(mqtt, &records[i]);
	/* What the ring had to drop is in the history. */
	if (dropped != mqtt->dropped_events)
		mqtt->missed = true;
	mqtt->dropped_events = dropped;
}

/* Milliseconds for poll() until the first deadline. */
static int timeout_ms(const struct bh_mqtt *mqtt, int64_t flush_ms)
{
	int64_t first = mqtt->deadline_ms;
	int64_t wait_ms;

	if (mqtt->misc_ms < first)
		first = mqtt->misc_ms;
	if (mqtt->announce_ms < first)
		first = mqtt->announce_ms;
	if (flush_ms < first)
		first = flush_ms;
	if (mqtt->stopping && mqtt->stop_at_ms < first)
		first = mqtt->stop_at_ms;
	if (first == BH_NEVER_MS)
		return -1;
	wait_ms = first - bh_mqtt_now_ms();
	if (wait_ms < 0)
		return 0;
	return wait_ms < INT_MAX ? (int)wait_ms : INT_MAX;
}

static void wait_and_serve(struct bh_mqtt *mqtt, int64_t flush_ms)
{
	struct pollfd fds[3] = {
		{ .fd = mqtt->wake_fd, .events = POLLIN },
		{ .fd = records_wanted(mqtt) > 0 ? bh_ring_fd(mqtt->ring) : -1, .events = POLLIN },
		{ .fd = -1, .events = POLLIN },
	};
	eventfd_t count;

	if (mqtt->client) {
		fds[2].fd = mosquitto_socket(mqtt->client);
		if (mosquitto_want_write(mqtt->client))
			fds[2].events |= POLLOUT;
	}
	if (poll(fds, 3, timeout_ms(mqtt, flush_ms)) <= 0)
		return;
	if (fds[0].revents)
		eventfd_read(mqtt->wake_fd, &count);
	/* Events first: the broker can wait a turn, a caregiver should not. */
	if (fds[1].revents)
		take_records(mqtt);
	if (fds[2].revents && mqtt->client)
		bh_connection_ready(mqtt);
}

/* Stopping: first what is in the ring, then its acknowledgements, then "offline". */
static bool finished(struct bh_mqtt *mqtt, int64_t now_ms)
{
	if (!mqtt->stopping)
		return false;
	/* Without a broker nothing can be said, and the ring may be gone after a time-out. */
	if (mqtt->phase != BH_PHASE_ONLINE && mqtt->phase != BH_PHASE_LEAVING)
		return true;
	if (now_ms >= mqtt->stop_at_ms)
		return true;
	if (mqtt->phase == BH_PHASE_LEAVING)
		return mqtt->offline_mid == 0 && !mosquitto_want_write(mqtt->client);
	take_records(mqtt);
	if (mqtt->window.n_flights > 0 || bh_ring_stats(mqtt->ring).used > 0)
		return false;
	bh_publish_flush(mqtt, now_ms);
	bh_connection_leave(mqtt);
	return false;
}

static void *run(void *userdata)
{
	struct bh_mqtt *mqtt = userdata;
	int64_t flush_ms;

	/* What top -H and a debugger show. */
	pthread_setname_np(pthread_self(), "bedside-mqtt");
	bh_publish_begin(mqtt);
	while (true) {
		bh_connection_step(mqtt, bh_mqtt_now_ms());
		/* After the step: it may have hung in the resolver while we were told to stop. */
		read_inbox(mqtt);
		if (finished(mqtt, bh_mqtt_now_ms()))
			break;
		ask_for_late(mqtt);
		send_late(mqtt);
		flush_ms = bh_publish_flush(mqtt, bh_mqtt_now_ms());
		wait_and_serve(mqtt, flush_ms);
	}
	bh_connection_end(mqtt);
	pthread_mutex_lock(&mqtt->lock);
	mqtt->ended = true;
	pthread_cond_signal(&mqtt->ended_cond);
	pthread_mutex_unlock(&mqtt->lock);
	return NULL;
}

/* ---- start and stop ---- */

static void copy_settings(struct bh_mqtt *mqtt, const struct bh_config *config,
			  const struct bh_mqtt_bed *beds, size_t n_beds)
{
	mqtt->config = *config;
	mqtt->config.document = NULL;
	for (unsigned int bed = 0; bed < BH_BEDS_MAX; bed++)
		for (unsigned int i = 0; i < BH_SENSORS_MAX; i++)
			mqtt->config.beds[bed].sensors[i].options = NULL;
	memcpy(mqtt->beds, beds, n_beds * sizeof(*beds));
	mqtt->n_beds = n_beds;
	snprintf(mqtt->client_id, sizeof(mqtt->client_id), "bedside_%s", config->hub_id);
	bh_topic_hub(config, "status", mqtt->status_topic);
	bh_backoff_init(&mqtt->backoff, config->hub_id);
}

static void set_start(struct bh_mqtt *mqtt)
{
	mqtt->started_ms = bh_mqtt_now_ms();
	mqtt->wall_started_ms = BH_WALL_UNKNOWN;
	mqtt->anchor.wall_ms = BH_WALL_UNKNOWN;
	mqtt->protocol = BH_PROTOCOL_V5;
	mqtt->phase = BH_PHASE_WAITING;
	mqtt->misc_ms = BH_NEVER_MS;
	mqtt->announce_ms = BH_NEVER_MS;
}

static int init_lock(struct bh_mqtt *mqtt)
{
	pthread_condattr_t monotonic;
	int r;

	pthread_mutex_init(&mqtt->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	r = pthread_cond_init(&mqtt->ended_cond, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return -r;
}

static void free_memory(struct bh_mqtt *mqtt)
{
	for (unsigned int bed = 0; bed < BH_BEDS_MAX; bed++) {
		free(mqtt->inbox.night[bed]);
		free(mqtt->inbox.findings[bed]);
		free(mqtt->inbox.calibration[bed]);
		free(mqtt->inbox.diary[bed]);
		free(mqtt->inbox.profile[bed]);
		free(mqtt->retained[bed]);
		for (unsigned int topic = 0; topic < BH_TOPIC_RETAINED; topic++)
			free(mqtt->shadows[bed][topic].payload);
	}
	pthread_cond_destroy(&mqtt->ended_cond);
	pthread_mutex_destroy(&mqtt->lock);
	close(mqtt->wake_fd);
	free(mqtt);
}

int bh_mqtt_start(const struct bh_config *config, const struct bh_mqtt_bed *beds, size_t n_beds,
		  struct bh_ring *ring, int64_t run_id, bool simulated,
		  const struct bh_mqtt_hooks *hooks, struct bh_mqtt **ret, struct bh_error *err)
{
	struct bh_mqtt *mqtt;
	int r = bh_client_check(config, err);

	if (r < 0)
		return r;
	if (n_beds > BH_BEDS_MAX)
		return bh_error_set(err, -EINVAL, config->path, 0, 0, "more than %d beds",
				    BH_BEDS_MAX);
	mqtt = calloc(1, sizeof(*mqtt));
	if (!mqtt)
		return -ENOMEM;
	copy_settings(mqtt, config, beds, n_beds);
	set_start(mqtt);
	mqtt->ring = ring;
	mqtt->run = run_id;
	mqtt->simulated = simulated;
	mqtt->hooks = *hooks;
	mqtt->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (mqtt->wake_fd < 0 || init_lock(mqtt) < 0)
		goto err_free;
	if (mosquitto_lib_init() != MOSQ_ERR_SUCCESS)
		goto err_free;
	if (pthread_create(&mqtt->thread, NULL, run, mqtt) != 0)
		goto err_cleanup;
	*ret = mqtt;
	return 0;

err_cleanup:
	mosquitto_lib_cleanup();
err_free:
	if (mqtt->wake_fd >= 0)
		close(mqtt->wake_fd);
	free(mqtt);
	return -ENOMEM;
}

/* With the lock held. @return Has the thread ended in time? */
static bool wait_ended(struct bh_mqtt *mqtt, int patience_ms)
{
	struct timespec at;
	int r = 0;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_sec += patience_ms / 1000;
	at.tv_nsec += (long)(patience_ms % 1000) * 1000000L;
	if (at.tv_nsec >= 1000000000L) {
		at.tv_sec++;
		at.tv_nsec -= 1000000000L;
	}
	while (!mqtt->ended && r != ETIMEDOUT)
		r = pthread_cond_timedwait(&mqtt->ended_cond, &mqtt->lock, &at);
	return mqtt->ended;
}

int bh_mqtt_stop(struct bh_mqtt *mqtt, int patience_ms)
{
	bool ended;

	if (!mqtt)
		return 0;
	pthread_mutex_lock(&mqtt->lock);
	mqtt->inbox.stopping = true;
	mqtt->inbox.stop_at_ms = bh_mqtt_now_ms() + patience_ms - STOP_MARGIN_MS;
	wake(mqtt);
	ended = wait_ended(mqtt, patience_ms);
	mqtt->left_behind = !ended;
	mqtt->stats.connected = false;
	pthread_mutex_unlock(&mqtt->lock);
	if (!ended) {
		/* Stuck in the resolver. It finds `stopping` when it returns, and touches neither the
		 * ring nor a hook any more. */
		pthread_detach(mqtt->thread);
		return -ETIMEDOUT;
	}
	pthread_join(mqtt->thread, NULL);
	mosquitto_lib_cleanup();
	return 0;
}

void bh_mqtt_free(struct bh_mqtt *mqtt)
{
	if (mqtt && !mqtt->left_behind)
		free_memory(mqtt);
}

/* ---- what other threads hand in ---- */

int bh_mqtt_late(struct bh_mqtt *mqtt, const struct bh_mqtt_late *late)
{
	int r = -ENOBUFS;

	pthread_mutex_lock(&mqtt->lock);
	if (mqtt->stats.connected && mqtt->inbox.n_late < BH_INFLIGHT_MAX) {
		mqtt->inbox.late[mqtt->inbox.n_late++] = *late;
		r = 0;
	}
	pthread_mutex_unlock(&mqtt->lock);
	if (r == 0)
		wake(mqtt);
	return r;
}

void bh_mqtt_late_done(struct bh_mqtt *mqtt)
{
	pthread_mutex_lock(&mqtt->lock);
	mqtt->inbox.late_done = true;
	pthread_mutex_unlock(&mqtt->lock);
	wake(mqtt);
}

/* Replace a bed's waiting text; the thread takes it from there. */
static void hand_in(struct bh_mqtt *mqtt, char **slots, uint8_t bed, char *text)
{
	size_t i = 0;

	while (i < mqtt->n_beds && mqtt->beds[i].bed != bed)
		i++;
	if (!text || i == mqtt->n_beds) {
		free(text);
		return;
	}
	pthread_mutex_lock(&mqtt->lock);
	free(slots[i]);
	slots[i] = text;
	wake(mqtt);
	pthread_mutex_unlock(&mqtt->lock);
}

void bh_mqtt_night(struct bh_mqtt *mqtt, const struct bh_night *night)
{
	hand_in(mqtt, mqtt->inbox.night, night->bed, bh_payload_night(night, mqtt->simulated));
}

void bh_mqtt_findings(struct bh_mqtt *mqtt, uint8_t bed, const struct bh_finding *findings,
		      size_t n, const char *verdict)
{
	hand_in(mqtt, mqtt->inbox.findings, bed,
		bh_payload_findings(findings, n, verdict, mqtt->config.show_cause_names,
				    mqtt->simulated));
}

void bh_mqtt_calibration(struct bh_mqtt *mqtt, uint8_t bed,
			 const struct bh_calibration_status *status, int64_t now_ms)
{
	uint32_t capabilities = 0;

	for (size_t i = 0; i < mqtt->n_beds; i++)
		if (mqtt->beds[i].bed == bed)
			capabilities = mqtt->beds[i].capabilities;
	if (bh_calibration_is_needed(capabilities))
		hand_in(mqtt, mqtt->inbox.calibration, bed,
			bh_payload_calibration(status, capabilities, now_ms));
}

void bh_mqtt_profile(struct bh_mqtt *mqtt, uint8_t bed, const struct bh_profile_item *items, size_t n)
{
	hand_in(mqtt, mqtt->inbox.profile, bed, bh_payload_profile(items, n));
}

void bh_mqtt_diary(struct bh_mqtt *mqtt, uint8_t bed, int32_t night,
		   const struct bh_diary_item *items, size_t n)
{
	hand_in(mqtt, mqtt->inbox.diary, bed, bh_payload_diary(night, items, n));
}

struct bh_mqtt_stats bh_mqtt_stats(struct bh_mqtt *mqtt)
{
	struct bh_mqtt_stats stats;

	pthread_mutex_lock(&mqtt->lock);
	stats = mqtt->stats;
	pthread_mutex_unlock(&mqtt->lock);
	return stats;
}
