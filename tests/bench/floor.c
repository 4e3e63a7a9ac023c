/* SPDX-License-Identifier: MIT */
/*
 * The bare publisher that latency is compared with: an edge comes in, ON or OFF goes out, retained,
 * quality 1, and nothing else happens. usage: bench_floor PORT TOPIC
 */
#include "tests/bench/edge.h"

#include <mosquitto.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
	struct mosquitto *mosquitto;
	struct bh_bench_edge edge;
	struct pollfd poll_fd;

	if (argc != 3)
		return 2;
	mosquitto_lib_init();
	mosquitto = mosquitto_new("bench-floor", true, NULL);
	if (!mosquitto)
		return 1;
	mosquitto_int_option(mosquitto, MOSQ_OPT_TCP_NODELAY, 1);
	if (mosquitto_connect(mosquitto, "127.0.0.1", atoi(argv[1]), 60) != MOSQ_ERR_SUCCESS ||
	    mosquitto_loop_start(mosquitto) != MOSQ_ERR_SUCCESS) {
		fprintf(stderr, "bench_floor: no broker\n");
		return 1;
	}
	poll_fd = (struct pollfd){ .fd = bh_bench_bind(), .events = POLLIN };
	if (poll_fd.fd < 0)
		return 1;
	while (poll(&poll_fd, 1, -1) == 1) {
		while (recv(poll_fd.fd, &edge, sizeof(edge), 0) == sizeof(edge)) {
			const char *payload = edge.rising ? "ON" : "OFF";

			mosquitto_publish(mosquitto, NULL, argv[2], edge.rising ? 2 : 3, payload, 1,
					  true);
		}
	}
	return 0;
}
