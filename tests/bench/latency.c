/* SPDX-License-Identifier: MIT */
/*
 * Presses and releases a pad and waits for the message that says so.
 * usage: bench_latency PORT TOPIC SOCKET COUNT [PAUSE_MS] : prints one latency in microseconds a line,
 * a press, a release, a press ... PAUSE_MS is the longest random pause before a press, so that
 * presses come at any moment of the detector's grid.
 */
#include "tests/bench/edge.h"

#include <errno.h>
#include <mosquitto.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define WAIT_S 10
#define NS_PER_S 1000000000

struct probe {
	pthread_mutex_t lock;
	pthread_cond_t news;
	bool subscribed;
	char payload[8]; /* the newest */
	int64_t received_ns;
};

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

static void on_message(struct mosquitto *mosquitto, void *userdata,
		       const struct mosquitto_message *message)
{
	struct probe *probe = userdata;
	int64_t received_ns = now_ns();

	(void)mosquitto;
	pthread_mutex_lock(&probe->lock);
	snprintf(probe->payload, sizeof(probe->payload), "%.*s", message->payloadlen,
		 message->payload ? (const char *)message->payload : "");
	probe->received_ns = received_ns;
	pthread_cond_signal(&probe->news);
	pthread_mutex_unlock(&probe->lock);
}

static void on_subscribe(struct mosquitto *mosquitto, void *userdata, int id, int n, const int *qos)
{
	struct probe *probe = userdata;

	(void)mosquitto;
	(void)id;
	(void)n;
	(void)qos;
	pthread_mutex_lock(&probe->lock);
	probe->subscribed = true;
	pthread_cond_signal(&probe->news);
	pthread_mutex_unlock(&probe->lock);
}

/* @return true when the newest payload is @p wanted; false after WAIT_S. */
static bool await(struct probe *probe, const char *wanted)
{
	struct timespec until;
	bool good = true;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += WAIT_S;
	pthread_mutex_lock(&probe->lock);
	while (good && (wanted ? strcmp(probe->payload, wanted) != 0 : !probe->subscribed))
		good = pthread_cond_timedwait(&probe->news, &probe->lock, &until) != ETIMEDOUT;
	pthread_mutex_unlock(&probe->lock);
	return good;
}

static int press(struct probe *probe, int fd, const struct sockaddr_un *to, bool rising)
{
	const char *wanted = rising ? "ON" : "OFF";
	struct bh_bench_edge edge = { .mono_ns = now_ns(), .line = 0, .rising = rising };

	if (sendto(fd, &edge, sizeof(edge), 0, (const struct sockaddr *)to, sizeof(*to)) < 0) {
		perror("bench_latency: the publisher's socket");
		return -1;
	}
	if (!await(probe, wanted)) {
		fprintf(stderr, "bench_latency: no %s within %d s\n", wanted, WAIT_S);
		return -1;
	}
	printf("%lld\n", (long long)(probe->received_ns - edge.mono_ns) / 1000);
	return 0;
}

int main(int argc, char **argv)
{
	struct probe probe = { .lock = PTHREAD_MUTEX_INITIALIZER };
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	struct mosquitto *mosquitto;
	pthread_condattr_t attr;
	int count, pause_ms, fd, r = 0;

	if (argc != 5 && argc != 6)
		return 2;
	pause_ms = argc == 6 ? atoi(argv[5]) : 0;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&probe.news, &attr);
	snprintf(to.sun_path, sizeof(to.sun_path), "%s", argv[3]);
	count = atoi(argv[4]);
	mosquitto_lib_init();
	mosquitto = mosquitto_new(NULL, true, &probe);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (!mosquitto || fd < 0)
		return 1;
	mosquitto_int_option(mosquitto, MOSQ_OPT_TCP_NODELAY, 1);
	mosquitto_message_callback_set(mosquitto, on_message);
	mosquitto_subscribe_callback_set(mosquitto, on_subscribe);
	if (mosquitto_connect(mosquitto, "127.0.0.1", atoi(argv[1]), 60) != MOSQ_ERR_SUCCESS ||
	    mosquitto_loop_start(mosquitto) != MOSQ_ERR_SUCCESS ||
	    mosquitto_subscribe(mosquitto, NULL, argv[2], 1) != MOSQ_ERR_SUCCESS ||
	    !await(&probe, NULL)) {
		fprintf(stderr, "bench_latency: no broker\n");
		return 1;
	}
	for (int i = 0; i < count && r == 0; i++) {
		if (i % 2 == 0 && pause_ms > 0)
			usleep((useconds_t)(random() % (pause_ms * 1000)));
		r = press(&probe, fd, &to, i % 2 == 0);
	}
	mosquitto_disconnect(mosquitto);
	mosquitto_loop_stop(mosquitto, true);
	mosquitto_destroy(mosquitto);
	return r < 0 ? 1 : 0;
}
