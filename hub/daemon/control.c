/* SPDX-License-Identifier: MIT */
#include "hub/daemon/control.h"

#include "hub/core/state.h"
#include "hub/core/version.h"
#include "hub/daemon/calibration.h"
#include "hub/daemon/clock.h"
#include "hub/daemon/reply.h"
#include "hub/daemon/say.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* One status, one calibration, one watch, one person trying things: more is a mistake. */
#define CLIENTS_MAX 8
/* A request grows with what a person says at once; the longest is an imported diary of some ten
 * thousand entries. */
#define REQUEST_FIRST 2048
/* What is read between two readings of the mat: the longest other command is far below. */
#define READ_HERE_MAX 1024
#define REQUEST_MAX (1 << 20)
#define GROUPS_MAX 64

struct client {
	struct bh_control *control;
	sd_event_source *source;
	int fd; /* -1: free */
	size_t used;
	size_t size;
	char *request; /* of size bytes; grows to REQUEST_MAX */
};

struct bh_control {
	sd_event *event;
	sd_event_source *source;
	struct bh_session *session;
	int fd;
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
	struct stat file; /* the socket we made; st_ino 0: none */
	struct client clients[CLIENTS_MAX];
};

/* ---- answers ---- */

static json_t *number_or_null(int32_t value, int32_t unknown)
{
	return value == unknown ? json_null() : json_integer(value);
}

static const char *tri_name(enum bh_tri tri)
{
	switch (tri) {
	case BH_NO:
		return "no";
	case BH_YES:
		return "yes";
	case BH_UNKNOWN:
		break;
	}
	return "unknown";
}

static json_t *bed_status(struct bh_session *session, unsigned int bed)
{
	const struct bh_bed_config *config = &bh_session_config(session)->beds[bed];
	const struct bh_state *state = bh_detect_state(bh_line_detect(bh_session_line(session), bed));
	json_t *sensors = json_array();

	for (uint8_t i = 0; i < config->n_sensors; i++)
		json_array_append_new(
			sensors, json_pack("{s:s, s:s, s:s}", "name", config->sensors[i].name,
					   "driver", config->sensors[i].driver, "fault",
					   bh_fault_name(state->faults & (1u << i) ? state->fault[i]
										   : BH_FAULT_NONE)));
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
			 config->id, "name", config->name, "occupied", tri_name(state->occupied),
			 "restless", tri_name(state->restless), "legs_over_edge",
			 tri_name(state->legs_over_edge), "side", bh_side_name(state->legs_side),
			 "position", bh_position_name(state->position), "movement_permille",
			 number_or_null(state->movement_permille, BH_EPOCH_UNKNOWN),
			 "temp_left_mdegc",
			 number_or_null(state->temp_mdegc[BH_TEMP_LEFT], BH_TEMP_UNKNOWN),
			 "temp_right_mdegc",
			 number_or_null(state->temp_mdegc[BH_TEMP_RIGHT], BH_TEMP_UNKNOWN),
			 "temp_room_mdegc",
			 number_or_null(state->temp_mdegc[BH_TEMP_ROOM], BH_TEMP_UNKNOWN), "sensors",
			 sensors, "calibration", bh_calibrations_json(session, (uint8_t)bed));
}

static json_t *status(struct bh_session *session)
{
	struct bh_session_stats stats = bh_session_stats(session);
	json_t *beds = json_array();
	json_t *mqtt = json_null();

	for (uint8_t i = 0; i < bh_session_config(session)->n_beds; i++)
		json_array_append_new(beds, bed_status(session, i));
	if (stats.mqtt_enabled)
		mqtt = json_pack("{s:b, s:I, s:I, s:I, s:s}", "connected", stats.mqtt.connected,
				 "published", (json_int_t)stats.mqtt.published, "acked",
				 (json_int_t)stats.mqtt.acked, "reconnects",
				 (json_int_t)stats.mqtt.reconnects, "last_error",
				 stats.mqtt.last_error);
	return json_pack("{s:b, s:s, s:I, s:b, s:b, s:I, s:I, s:I, s:I, s:o, s:o}", "ok", 1, "version",
			 BH_VERSION, "run", (json_int_t)stats.run, "simulated", stats.simulated,
			 "clock_known", stats.anchor.wall_ms != BH_WALL_UNKNOWN, "records",
			 (json_int_t)stats.writer.records, "records_lost",
			 (json_int_t)stats.writer.lost, "dropped_samples",
			 (json_int_t)stats.to_store.dropped_samples, "dropped_events",
			 (json_int_t)stats.to_store.dropped_events, "mqtt", mqtt, "beds", beds);
}

static int find_bed(struct bh_session *session, const char *id, uint8_t *ret)
{
	const struct bh_config *config = bh_session_config(session);

	for (uint8_t i = 0; i < config->n_beds; i++) {
		if (!id || strcmp(config->beds[i].id, id) == 0) {
			*ret = i;
			return 0;
		}
	}
	return -ENOENT;
}

static json_t *mark(struct bh_session *session, const json_t *request)
{
	struct bh_command told = { .kind = BH_COMMAND_MARK };

	if (find_bed(session, json_string_value(json_object_get(request, "bed")), &told.bed) < 0)
		return bh_reply_refusal("no such bed");
	if (bh_session_command(session, &told) < 0)
		return bh_reply_refusal("too many commands wait: try again");
	return json_pack("{s:b}", "ok", 1);
}

static bool is_say(const char *name)
{
	return strcmp(name, "say") == 0 || strcmp(name, "note") == 0;
}

static json_t *answer(struct bh_session *session, const char *name, const json_t *request)
{
	if (strcmp(name, "status") == 0)
		return status(session);
	if (strcmp(name, "mark") == 0)
		return mark(session, request);
	if (strcmp(name, "calibrate") == 0)
		return bh_calibrate_json(session, request);
	if (strcmp(name, "calibration") == 0)
		return bh_calibration_json(session);
	if (strcmp(name, "calibrate_cancel") == 0)
		return bh_calibrate_cancel_json(session);
	return bh_reply_refusal("unknown command: status, mark, note, say, calibrate, calibration "
		      "or calibrate_cancel");
}

/* ---- clients ---- */

static void drop(struct client *client)
{
	sd_event_source_disable_unref(client->source);
	client->source = NULL;
	close(client->fd);
	client->fd = -1;
	free(client->request);
	client->request = NULL;
	client->used = 0;
	client->size = 0;
}

static void reply(struct client *client, json_t *object)
{
	if (bh_reply(client->fd, object) < 0)
		drop(client);
}

/* The disk's thread answers, when it is there. */
static void hand_on(struct client *client, const char *request)
{
	int r = bh_session_ask(client->control->session, request, client->fd);

	if (r < 0)
		reply(client, bh_say_answer(r, BH_WALL_UNKNOWN, NULL));
}

static void reply_to(struct client *client, const char *request)
{
	struct bh_session *session = client->control->session;
	const char *name;
	json_t *object;

	if (!session) {
		reply(client, bh_reply_refusal("the hub is reloading"));
		return;
	}
	/* Nobody but who says a lot has so much to say: sensing does not wait until it is read. */
	if (strlen(request) > READ_HERE_MAX) {
		hand_on(client, request);
		return;
	}
	object = json_loads(request, 0, NULL);
	name = json_string_value(json_object_get(object, "command"));
	if (!name)
		reply(client, bh_reply_refusal("send one JSON object a line, with a \"command\""));
	else if (is_say(name))
		hand_on(client, request);
	else
		reply(client, answer(session, name, object));
	json_decref(object);
}

/* Room for more of the request. @return 0, or -ENOBUFS: nobody has so much to say. */
static int make_room(struct client *client)
{
	size_t size = client->size ? client->size * 2 : REQUEST_FIRST;
	char *request;

	if (client->used + 1 < client->size)
		return 0;
	if (size > REQUEST_MAX)
		return -ENOBUFS;
	request = realloc(client->request, size);
	if (!request)
		return -ENOMEM;
	client->request = request;
	client->size = size;
	return 0;
}

static void serve(struct client *client)
{
	char *newline;

	client->request[client->used] = '\0';
	while (client->fd >= 0 && (newline = strchr(client->request, '\n'))) {
		size_t rest = client->used - (size_t)(newline + 1 - client->request);

		*newline = '\0';
		reply_to(client, client->request);
		if (client->fd < 0)
			return;
		memmove(client->request, newline + 1, rest + 1);
		client->used = rest;
	}
}

static int on_request(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct client *client = userdata;
	ssize_t n;

	(void)source;
	(void)revents;
	if (make_room(client) < 0) {
		drop(client);
		return 0;
	}
	n = read(fd, client->request + client->used, client->size - 1 - client->used);
	if (n <= 0) {
		drop(client);
		return 0;
	}
	client->used += (size_t)n;
	serve(client);
	return 0;
}

/* Root, ourselves, or a member of the socket's group. */
static bool is_welcome(const struct bh_control *control, int fd)
{
	struct ucred peer;
	socklen_t size = sizeof(peer), groups_size;
	gid_t groups[GROUPS_MAX];

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
		return false;
	if (peer.uid == 0 || peer.uid == geteuid() || peer.gid == control->file.st_gid)
		return true;
	/* The kernel's own list: no name service is asked, it could hang. */
	groups_size = sizeof(groups);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &groups_size) < 0)
		return false;
	for (size_t i = 0; i < groups_size / sizeof(groups[0]); i++)
		if (groups[i] == control->file.st_gid)
			return true;
	return false;
}

static int on_connection(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct bh_control *control = userdata;
	struct client *client = NULL;
	int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)source;
	(void)revents;
	if (peer < 0)
		return 0;
	for (unsigned int i = 0; i < CLIENTS_MAX && !client; i++)
		if (control->clients[i].fd < 0)
			client = &control->clients[i];
	if (!client || !is_welcome(control, peer) ||
	    sd_event_add_io(control->event, &client->source, peer, EPOLLIN, on_request, client) < 0) {
		close(peer);
		return 0;
	}
	client->fd = peer;
	return 0;
}

/* ---- the socket ---- */

/* A socket file may be left over from a crash, or be another hub's with another history. */
static bool is_answered(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool answered = fd >= 0 &&
			(connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 ||
			 errno == EAGAIN);

	if (fd >= 0)
		close(fd);
	return answered;
}

static int listen_on(struct bh_control *control)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	mode_t before;
	int r;

	control->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (control->fd < 0)
		return -errno;
	strcpy(address.sun_path, control->path);
	if (is_answered(&address))
		return -EADDRINUSE;
	unlink(control->path);
	before = umask(0117);
	r = bind(control->fd, (struct sockaddr *)&address, sizeof(address));
	umask(before);
	if (r < 0 || stat(control->path, &control->file) < 0 ||
	    listen(control->fd, CLIENTS_MAX) < 0)
		return -errno;
	return sd_event_add_io(control->event, &control->source, control->fd, EPOLLIN, on_connection,
			       control);
}

int bh_control_new(sd_event *event, const char *path, struct bh_control **ret, struct bh_error *err)
{
	struct bh_control *control = calloc(1, sizeof(*control));
	int r = -ENOMEM;

	if (!control)
		return r;
	control->event = sd_event_ref(event);
	control->fd = -1;
	for (unsigned int i = 0; i < CLIENTS_MAX; i++)
		control->clients[i] = (struct client){ .control = control, .fd = -1 };
	snprintf(control->path, sizeof(control->path), "%s", path);
	r = listen_on(control);
	if (r < 0) {
		bh_control_free(control);
		return bh_error_set(err, r, path, 0, 0,
				    "cannot listen there: %s; bedside status and calibrate will not "
				    "reach this hub: set hub: socket: to a folder that exists",
				    strerror(-r));
	}
	*ret = control;
	return 0;
}

void bh_control_session(struct bh_control *control, struct bh_session *session)
{
	control->session = session;
}

void bh_control_free(struct bh_control *control)
{
	struct stat now;

	if (!control)
		return;
	for (unsigned int i = 0; i < CLIENTS_MAX; i++)
		if (control->clients[i].fd >= 0)
			drop(&control->clients[i]);
	sd_event_source_disable_unref(control->source);
	if (control->fd >= 0)
		close(control->fd);
	/* Only our own: somebody may have made another in its place. */
	if (control->file.st_ino != 0 && stat(control->path, &now) == 0 &&
	    now.st_ino == control->file.st_ino && now.st_dev == control->file.st_dev)
		unlink(control->path);
	sd_event_unref(control->event);
	free(control);
}
