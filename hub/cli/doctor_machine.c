/* SPDX-License-Identifier: MIT */
/* Rules, history, broker and clock. */
#include "hub/cli/doctor.h"
#include "hub/cli/findings.h"
#include "hub/core/time_types.h"
#include "hub/store/store.h"

#include <errno.h>
#include <inttypes.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

/* Name server and broker together; both are at home. */
#define BROKER_PATIENCE_S 5
/* Of each rule's findings, see bh_store_findings(). */
#define NEWEST 0

void bh_doctor_rules(struct bh_doctor *doctor)
{
	const struct bh_config *config = doctor->cli->config;
	struct bh_error err = { .text = "out of memory" };
	struct bh_rule_set *set = NULL;
	int r = bh_rule_set_new(&set);

	if (r >= 0)
		r = bh_rule_set_add_builtin(set, &err);
	for (unsigned int i = 0; i < config->n_rule_dirs && r >= 0; i++)
		r = bh_rule_set_add_dir(set, config->rule_dirs[i], &err);
	if (r >= 0)
		r = bh_rule_set_finish(set, &err);
	if (r < 0)
		bh_doctor_error(doctor, bh_cli_exit_config(r), "rules", &err);
	else
		bh_doctor_say(doctor, BH_HEALTH_OK, BH_EXIT_OK, "rules", "%zu in force",
			      bh_rule_set_size(set));
	bh_rule_set_free(set);
}

/* What the beds of a history could tell when it was written: it need not be the configuration's. */
static void say_stored_beds(struct bh_doctor *doctor, struct bh_store *store)
{
	struct bh_store_bed beds[BH_BEDS_MAX];
	int n = bh_store_beds(store, beds, BH_BEDS_MAX);

	for (int i = 0; i < n && i < BH_BEDS_MAX; i++) {
		char text[256] = "nothing";
		size_t used = 0;

		for (uint32_t bit = 1; bh_capability_name(bit) && used < sizeof(text); bit <<= 1)
			if (beds[i].capabilities & bit)
				used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s",
							 used ? ", " : "", bh_capability_name(bit));
		bh_doctor_say(doctor, BH_HEALTH_OK, BH_EXIT_OK, "history",
			      "its bed '%s' could tell: %s", beds[i].id, text);
	}
}

/* What its newest night's findings could not look for. */
static void say_patterns(struct bh_doctor *doctor, const char *path, struct bh_store *store)
{
	struct bh_cli_history history = { .path = path, .store = store, .bed = -1 };
	struct bh_store_bed beds[BH_BEDS_MAX];
	int n = bh_store_beds(store, beds, BH_BEDS_MAX);

	for (int i = 0; i < n && i < BH_BEDS_MAX; i++) {
		struct bh_cli_findings findings;
		char text[BH_UNLOOKED_MAX];

		if (bh_cli_findings_load(&history, beds[i].bed, NEWEST, &findings) < 0)
			continue;
		if (bh_findings_unlooked(findings.finding, findings.n, text)[0])
			bh_doctor_say(doctor, BH_HEALTH_NOTE, BH_EXIT_OK, "patterns", "'%s': %s",
				      beds[i].id, text);
		free(findings.finding);
	}
}

static void say_facts(struct bh_doctor *doctor, const char *path, const struct bh_store_facts *facts)
{
	bh_doctor_say(doctor, BH_HEALTH_OK, BH_EXIT_OK, "history",
		      "%s: sound, schema %d, %" PRId64 " nights, %" PRId64 " events, %.1f MB", path,
		      facts->schema, facts->nights, facts->events, (double)facts->bytes / 1e6);
	if (facts->last_origin == BH_ORIGIN_SIMULATED)
		bh_doctor_say(doctor, BH_HEALTH_NOTE, BH_EXIT_OK, "history",
			      "the newest run is simulated");
}

void bh_doctor_history(struct bh_doctor *doctor)
{
	const char *path = doctor->cli->db_path ? doctor->cli->db_path :
						  doctor->cli->config->database;
	struct bh_error err = { .text = "cannot be read" };
	struct bh_store_facts facts;
	struct bh_store *store;
	int r = bh_store_open(path, BH_STORE_READ, &store, &err);

	if (r == -ENOENT && !doctor->cli->db_path) {
		bh_doctor_say(doctor, BH_HEALTH_NOTE, BH_EXIT_OK, "history",
			      "%s: not there yet: the daemon makes it at its first start", path);
		return;
	}
	if (r == 0) {
		r = bh_store_check(store, &err);
		if (r == 0)
			r = bh_store_facts(store, &facts);
		if (r == 0)
			say_facts(doctor, path, &facts);
		if (r == 0 && doctor->cli->db_path)
			say_stored_beds(doctor, store);
		if (r == 0)
			say_patterns(doctor, path, store);
		bh_store_close(store);
	}
	if (r < 0)
		bh_doctor_error(doctor, bh_cli_exit_data(r), "history", &err);
}

/* ---- broker ---- */

/* Looking up a name cannot be bounded in time, so it happens in a thread that may be left behind. */
struct lookup {
	char host[BH_HOST_MAX];
	char port[8];
	char answer[128]; /* empty: reached */
};

static bool reach(const struct addrinfo *address, char *answer, size_t size)
{
	int fd = socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC,
			address->ai_protocol);
	bool reached = fd >= 0 && connect(fd, address->ai_addr, address->ai_addrlen) == 0;

	if (!reached)
		snprintf(answer, size, "%s", strerror(errno));
	else
		answer[0] = '\0';
	if (fd >= 0)
		close(fd);
	return reached;
}

static void *look_up(void *ctx)
{
	struct lookup *lookup = ctx;
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list = NULL;
	int r = getaddrinfo(lookup->host, lookup->port, &hints, &list);

	if (r != 0)
		snprintf(lookup->answer, sizeof(lookup->answer), "%s", gai_strerror(r));
	for (struct addrinfo *at = list; at; at = at->ai_next)
		if (reach(at, lookup->answer, sizeof(lookup->answer)))
			break;
	if (list)
		freeaddrinfo(list);
	return NULL;
}

static void try_broker(struct bh_doctor *doctor, const struct bh_mqtt_config *mqtt)
{
	struct lookup *lookup = calloc(1, sizeof(*lookup));
	struct timespec until;
	pthread_t thread;

	if (!lookup)
		return;
	memcpy(lookup->host, mqtt->host, sizeof(lookup->host));
	snprintf(lookup->port, sizeof(lookup->port), "%u", mqtt->port);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += BROKER_PATIENCE_S;
	if (pthread_create(&thread, NULL, look_up, lookup) != 0) {
		free(lookup);
		return;
	}
	if (pthread_timedjoin_np(thread, NULL, &until) != 0) {
		/* The thread keeps its memory; the program ends soon. */
		pthread_detach(thread);
		bh_doctor_say(doctor, BH_HEALTH_WRONG, BH_EXIT_FAILURE, "broker",
			      "%s:%u: no answer within %d s: check its name and the network",
			      mqtt->host, mqtt->port, BROKER_PATIENCE_S);
		return;
	}
	if (lookup->answer[0])
		bh_doctor_say(doctor, BH_HEALTH_WRONG, BH_EXIT_FAILURE, "broker",
			      "%s:%u: cannot be reached: %s: is it running, and is the port right",
			      mqtt->host, mqtt->port, lookup->answer);
	else
		bh_doctor_say(doctor, BH_HEALTH_OK, BH_EXIT_OK, "broker",
			      "%s:%u: its port answers (name and password were not tried)",
			      mqtt->host, mqtt->port);
	free(lookup);
}

static void check_file(struct bh_doctor *doctor, const char *path)
{
	if (path[0] && access(path, R_OK) < 0)
		bh_doctor_say(doctor, BH_HEALTH_WRONG, BH_EXIT_UNAVAILABLE, "broker",
			      "%s: cannot be read: %s: check its owner and mode", path,
			      strerror(errno));
}

void bh_doctor_broker(struct bh_doctor *doctor)
{
	const struct bh_mqtt_config *mqtt = &doctor->cli->config->mqtt;
	const json_t *session = json_object_get(doctor->daemon, "mqtt");
	const char *last = json_string_value(json_object_get(session, "last_error"));

	if (!mqtt->enabled) {
		bh_doctor_say(doctor, BH_HEALTH_NOTE, BH_EXIT_OK, "broker",
			      "none is configured: nothing goes to Home Assistant");
		return;
	}
	check_file(doctor, mqtt->ca_file);
	check_file(doctor, mqtt->cert_file);
	check_file(doctor, mqtt->key_file);
	if (json_is_true(json_object_get(session, "connected")))
		bh_doctor_say(doctor, BH_HEALTH_OK, BH_EXIT_OK, "broker",
			      "%s:%u: the daemon is connected", mqtt->host, mqtt->port);
	else if (json_is_object(session))
		bh_doctor_say(doctor, BH_HEALTH_WRONG, BH_EXIT_FAILURE, "broker",
			      "%s:%u: the daemon is not connected: %s", mqtt->host, mqtt->port,
			      last && last[0] ? last : "no reason known");
	else
		try_broker(doctor, mqtt);
}

/* ---- clock ---- */

void bh_doctor_clock(struct bh_doctor *doctor)
{
	struct timex timex = { .modes = 0 };
	int state = adjtimex(&timex);

	if (state >= 0 && state != TIME_ERROR && !(timex.status & STA_UNSYNC))
		bh_doctor_say(doctor, BH_HEALTH_OK, BH_EXIT_OK, "clock", "synchronised");
	else if (doctor->cli->config->clock_trusted)
		bh_doctor_say(doctor, BH_HEALTH_OK, BH_EXIT_OK, "clock",
			      "not synchronised, but the configuration trusts it");
	else
		bh_doctor_say(doctor, BH_HEALTH_NOTE, BH_EXIT_OK, "clock",
			      "not synchronised: events wait for their time until it is (hub: "
			      "clock: trusted, if a clock battery keeps it right)");
}
