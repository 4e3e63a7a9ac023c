/* SPDX-License-Identifier: MIT */
#include "hub/config/config.h"

#include "hub/config/sections.h"
#include "hub/core/hash.h"
#include "hub/core/time_types.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define DATABASE_PRESET "/var/lib/bedside/bedside.db"
#define SOCKET_PRESET "/run/bedside/bedside.sock"
/* The library is built in; here stand the rules that a person adds or overrides. */
#define RULES_PRESET "/etc/bedside/rules.d"
#define COMMIT_PRESET_S 300
/* A longer wait would lose more than an hour of a night in a power cut. */
#define COMMIT_MAX_NS BH_NS_PER_H
/* One byte more than document.c takes, so that it is the one to say that a file is too large. */
#define FILE_MAX (256u * 1024u + 1u)

static const char default_text[] =
	"beds:\n"
	"  - id: bed\n"
	"    name: Simulated bed\n"
	"    source: { driver: simulate, sleeper: leg-hanging }\n";

static const char *const root_keys[] = { "hub", "beds", "mqtt", "rules", NULL };
static const char *const hub_keys[] = { "id",	  "database", "socket",		  "log",
					"commit", "clock",    "show_cause_names", NULL };
static const char *const rules_keys[] = { "directories", NULL };

/* Syslog's names, in the order of log_levels. */
static const char *const log_names[] = { "err", "warning", "notice", "info", "debug", NULL };
static const char *const clock_names[] = { "synchronised", "trusted", NULL };
static const enum bh_log_level log_levels[] = { BH_LOG_ERR, BH_LOG_WARNING, BH_LOG_NOTICE,
						BH_LOG_INFO, BH_LOG_DEBUG };

int bh_config_id(const struct bh_node *mapping, const char *key, char ret[static BH_NAME_MAX],
		 struct bh_error *err)
{
	int r = bh_node_string(mapping, key, ret, BH_NAME_MAX, err);

	if (r > 0 && ret[strspn(ret, "abcdefghijklmnopqrstuvwxyz0123456789_")] != '\0')
		return bh_node_error(bh_node_get(mapping, key), err, -EINVAL,
				     "'%s' becomes part of topics: use only a-z, 0-9 and '_'", key);
	return r;
}

int bh_config_path(const struct bh_node *mapping, const char *key, char *ret, size_t size,
		   struct bh_error *err)
{
	int r = bh_node_string(mapping, key, ret, size, err);

	if (r > 0 && ret[0] != '/')
		return bh_node_error(bh_node_get(mapping, key), err, -EINVAL,
				     "'%s' must be an absolute path: begin it with '/'", key);
	return r;
}

/* An id that stays while the machine does, and does not give the machine id away: it names the
 * computer everywhere else, too. A hash over a prefix of our own and the machine id. */
static void machine_hub_id(char ret[static BH_NAME_MAX])
{
	char id[64] = "bedside:";
	FILE *file = fopen("/etc/machine-id", "re");
	size_t n = 0;

	if (file) {
		n = fread(id + 8, 1, 32, file);
		fclose(file);
	}
	if (n < 32) {
		strcpy(ret, "hub");
		return;
	}
	snprintf(ret, BH_NAME_MAX, "%012" PRIx64, bh_hash(BH_HASH_START, id, 8 + n) >> 16);
}

static int read_socket(const struct bh_node *hub, struct bh_config *config, struct bh_error *err)
{
	int r = bh_config_path(hub, "socket", config->socket, sizeof(config->socket), err);

	if (r > 0 && strlen(config->socket) >= sizeof(((struct sockaddr_un *)NULL)->sun_path))
		return bh_node_error(bh_node_get(hub, "socket"), err, -EINVAL,
				     "'socket' is too long for a socket: at most %zu characters",
				     sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1);
	return r;
}

static int read_hub(const struct bh_node *root, struct bh_config *config, struct bh_error *err)
{
	const struct bh_node *hub = NULL;
	int64_t commit_ns = COMMIT_PRESET_S * BH_NS_PER_S;
	int level = 3; /* info */
	int clock = 0; /* synchronised */
	int r = bh_node_child(root, "hub", BH_NODE_MAPPING, &hub, err);

	if (r > 0)
		r = bh_node_only(hub, hub_keys, err);
	if (r >= 0)
		r = bh_config_id(hub, "id", config->hub_id, err);
	if (r >= 0)
		r = bh_config_path(hub, "database", config->database, sizeof(config->database), err);
	if (r >= 0)
		r = read_socket(hub, config, err);
	if (r >= 0)
		r = bh_node_choice(hub, "log", log_names, &level, err);
	if (r >= 0)
		r = bh_node_choice(hub, "clock", clock_names, &clock, err);
	if (r >= 0)
		r = bh_node_duration(hub, "commit", BH_NS_PER_S, COMMIT_MAX_NS, &commit_ns, err);
	if (r >= 0)
		r = bh_node_bool(hub, "show_cause_names", &config->show_cause_names, err);
	if (r < 0)
		return r;
	if (config->hub_id[0] == '\0')
		machine_hub_id(config->hub_id);
	config->log_level = log_levels[level];
	config->clock_trusted = clock == 1;
	config->commit_s = (uint32_t)(commit_ns / BH_NS_PER_S);
	return 0;
}

static int read_rule_dirs(const struct bh_node *list, struct bh_config *config,
			  struct bh_error *err)
{
	if (bh_node_length(list) > BH_RULE_DIRS_MAX)
		return bh_node_error(bh_node_at(list, BH_RULE_DIRS_MAX), err, -EINVAL,
				     "at most %d directories of rules: put the files together",
				     BH_RULE_DIRS_MAX);
	for (size_t i = 0; i < bh_node_length(list); i++) {
		const struct bh_node *item = bh_node_at(list, i);
		const char *text = bh_node_text(item);

		if (text[0] != '/' || strlen(text) >= BH_PATH_MAX)
			return bh_node_error(item, err, -EINVAL,
					     "a directory of rules is an absolute path: begin it "
					     "with '/'");
		strcpy(config->rule_dirs[config->n_rule_dirs++], text);
	}
	return 0;
}

static int read_rules(const struct bh_node *root, struct bh_config *config, struct bh_error *err)
{
	const struct bh_node *rules = NULL, *list = NULL;
	int r = bh_node_child(root, "rules", BH_NODE_MAPPING, &rules, err);

	if (r > 0)
		r = bh_node_only(rules, rules_keys, err);
	if (r >= 0)
		r = bh_node_child(rules, "directories", BH_NODE_SEQUENCE, &list, err);
	if (r < 0)
		return r;
	if (r > 0)
		return read_rule_dirs(list, config, err);
	strcpy(config->rule_dirs[0], RULES_PRESET);
	config->n_rule_dirs = 1;
	return 0;
}

static int read_root(const struct bh_node *root, bool secrets, struct bh_config *config,
		     struct bh_error *err)
{
	int r;

	if (bh_node_kind(root) != BH_NODE_MAPPING)
		return bh_node_error(root, err, -EINVAL,
				     "a configuration begins with a section, such as \"beds:\"");
	r = bh_node_only(root, root_keys, err);
	if (r == 0)
		r = read_hub(root, config, err);
	if (r == 0)
		r = read_rules(root, config, err);
	if (r == 0)
		r = bh_config_beds(root, config, err);
	if (r == 0)
		r = bh_config_broker(root, &config->mqtt, err);
	if (r == 0 && secrets)
		r = bh_config_password(root, &config->mqtt, err);
	return r;
}

static int parse(const char *name, const char *text, size_t length, bool secrets,
		 struct bh_config **ret, struct bh_error *err)
{
	struct bh_config *config = calloc(1, sizeof(*config));
	int r;

	if (!config)
		return -ENOMEM;
	snprintf(config->path, sizeof(config->path), "%s", name);
	snprintf(config->hash, sizeof(config->hash), "%016" PRIx64,
		 bh_hash(BH_HASH_START, text, length));
	strcpy(config->database, DATABASE_PRESET);
	strcpy(config->socket, SOCKET_PRESET);
	strcpy(config->mqtt.prefix, "bedside");
	strcpy(config->mqtt.discovery_prefix, "homeassistant");
	r = bh_document_parse(name, text, length, &config->document, err);
	if (r == 0)
		r = read_root(bh_document_root(config->document), secrets, config, err);
	if (r < 0) {
		bh_config_free(config);
		return r;
	}
	*ret = config;
	return 0;
}

int bh_config_parse(const char *name, const char *text, size_t length, struct bh_config **ret,
		    struct bh_error *err)
{
	return parse(name, text, length, true, ret, err);
}

/* @return Bytes read into @p ret, or a negative errno with @p err filled. */
static ssize_t read_file(const char *path, char *ret, size_t size, struct bh_error *err)
{
	struct stat st;
	size_t used = 0;
	ssize_t n = -1;
	int r = 0;
	/* O_NONBLOCK: a FIFO in the file's place must not hold the hub. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0) {
		r = -errno;
		return bh_error_set(err, r, path, 0, 0, "cannot read the configuration (%s): %s",
				    strerror(-r),
				    r == -ENOENT ? "give its path with --config" :
						   "check its owner and mode");
	}
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return bh_error_set(err, -EINVAL, path, 0, 0,
				    "not a regular file: give the path of a configuration");
	}
	while (used < size && (n = read(fd, ret + used, size - used)) > 0)
		used += (size_t)n;
	if (n < 0)
		r = -errno;
	close(fd);
	if (r < 0)
		return bh_error_set(err, r, path, 0, 0, "cannot read the configuration: %s",
				    strerror(-r));
	return (ssize_t)used;
}

static int read_config(const char *path, bool secrets, struct bh_config **ret, struct bh_error *err)
{
	char *text = malloc(FILE_MAX);
	ssize_t n;
	int r;

	if (!text)
		return -ENOMEM;
	n = read_file(path, text, FILE_MAX, err);
	r = n < 0 ? (int)n : parse(path, text, (size_t)n, secrets, ret, err);
	free(text);
	return r;
}

int bh_config_read(const char *path, struct bh_config **ret, struct bh_error *err)
{
	return read_config(path, true, ret, err);
}

int bh_config_read_public(const char *path, struct bh_config **ret, struct bh_error *err)
{
	return read_config(path, false, ret, err);
}

/* A file in the state directory of who runs this, by the XDG base directory specification. */
static int state_path(const char *name, char *ret, size_t size, struct bh_error *err)
{
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");
	char path[BH_PATH_MAX];
	int length;

	if (state && state[0] == '/')
		length = snprintf(path, sizeof(path), "%s/bedside/%s", state, name);
	else if (home && home[0] == '/')
		length = snprintf(path, sizeof(path), "%s/.local/state/bedside/%s", home, name);
	else
		return bh_error_set(err, -ENOENT, "$HOME", 0, 0,
				    "is not set, so there is no place for a history: set it, or "
				    "give a configuration with --config");
	if ((size_t)length >= size || (size_t)length >= sizeof(path))
		return bh_error_set(err, -ENAMETOOLONG, "$XDG_STATE_HOME", 0, 0,
				    "the path of the state directory is too long");
	strcpy(ret, path);
	return 0;
}

int bh_config_default(struct bh_config **ret, struct bh_error *err)
{
	struct bh_config *config;
	int r = bh_config_parse("(built-in configuration)", default_text, sizeof(default_text) - 1,
				&config, err);

	if (r < 0)
		return r;
	config->built_in = true;
	r = state_path("bedside.db", config->database, sizeof(config->database), err);
	if (r < 0) {
		bh_config_free(config);
		return r;
	}
	/* Beside the history, where whoever has no right to /run may write; a path that is too long for
	 * a socket leaves the usual one. */
	state_path("bedside.sock", config->socket, sizeof(((struct sockaddr_un *)NULL)->sun_path),
		   NULL);
	*ret = config;
	return 0;
}

void bh_config_make_folders(const char *path)
{
	char folder[BH_PATH_MAX];

	if (snprintf(folder, sizeof(folder), "%s", path) >= (int)sizeof(folder) ||
	    !strrchr(folder, '/'))
		return;
	*strrchr(folder, '/') = '\0';
	for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(folder, 0700);
		*slash = '/';
	}
}

void bh_config_free(struct bh_config *config)
{
	if (!config)
		return;
	explicit_bzero(config->mqtt.password, sizeof(config->mqtt.password));
	bh_document_free(config->document);
	free(config);
}
