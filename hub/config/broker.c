/* SPDX-License-Identifier: MIT */
/* The mqtt: section, and the password, which stands in a file of its own. */
#include "hub/config/sections.h"

#include "hub/core/time_types.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PORT_PRESET 1883
#define PORT_TLS_PRESET 8883
#define KEEPALIVE_PRESET_NS (60 * BH_NS_PER_S)
/* MQTT counts the keep-alive in 16 bits; below 5 s a Wi-Fi roam would look like a death. */
#define KEEPALIVE_MIN_NS (5 * BH_NS_PER_S)
#define KEEPALIVE_MAX_NS (3600 * BH_NS_PER_S)
/* The name systemd's LoadCredential= gives the password. */
#define CREDENTIAL_NAME "mqtt-password"

static const char *const keys[] = { "host",	 "port",      "username",  "password_file",
				    "tls",	 "ca_file",   "cert_file", "key_file",
				    "discovery", "keepalive", "prefix",	   NULL };

/* A topic level that is not a wild-card. */
static int read_prefix(const struct bh_node *node, const char *key, char ret[static BH_NAME_MAX],
		       struct bh_error *err)
{
	int r = bh_node_string(node, key, ret, BH_NAME_MAX, err);

	if (r > 0 && ret[strspn(ret, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "0123456789_-")] != '\0')
		return bh_node_error(bh_node_get(node, key), err, -EINVAL,
				     "'%s' is one topic level: letters, digits, '-' and '_'", key);
	return r;
}

static int read_tls(const struct bh_node *node, struct bh_mqtt_config *mqtt, struct bh_error *err)
{
	static const char *const files[] = { "ca_file", "cert_file", "key_file" };
	char *const fields[] = { mqtt->ca_file, mqtt->cert_file, mqtt->key_file };
	int r = bh_node_bool(node, "tls", &mqtt->tls, err);

	for (size_t i = 0; i < 3 && r >= 0; i++) {
		r = bh_config_path(node, files[i], fields[i], BH_PATH_MAX, err);
		if (r > 0 && !mqtt->tls)
			return bh_node_error(bh_node_get(node, files[i]), err, -EINVAL,
					     "'%s' has no effect without TLS: add \"tls: true\"",
					     files[i]);
	}
	if (r >= 0 && !mqtt->cert_file[0] != !mqtt->key_file[0])
		return bh_node_error(bh_node_get(node, mqtt->cert_file[0] ? "cert_file" : "key_file"),
				     err, -EINVAL,
				     "'cert_file' and 'key_file' go together: give both");
	return r < 0 ? r : 0;
}

static int read_session(const struct bh_node *node, struct bh_mqtt_config *mqtt,
			struct bh_error *err)
{
	int64_t port = mqtt->tls ? PORT_TLS_PRESET : PORT_PRESET;
	int64_t keepalive_ns = KEEPALIVE_PRESET_NS;
	int r = bh_node_int(node, "port", 1, UINT16_MAX, &port, err);

	if (r >= 0)
		r = bh_node_duration(node, "keepalive", KEEPALIVE_MIN_NS, KEEPALIVE_MAX_NS,
				     &keepalive_ns, err);
	if (r >= 0)
		r = bh_node_string(node, "username", mqtt->username, sizeof(mqtt->username), err);
	if (r >= 0)
		r = read_prefix(node, "prefix", mqtt->prefix, err);
	if (r >= 0)
		r = read_prefix(node, "discovery", mqtt->discovery_prefix, err);
	if (r < 0)
		return r;
	if (strcmp(mqtt->discovery_prefix, "none") == 0)
		mqtt->discovery_prefix[0] = '\0';
	mqtt->port = (uint16_t)port;
	mqtt->keepalive_s = (uint16_t)(keepalive_ns / BH_NS_PER_S);
	return 0;
}

int bh_config_broker(const struct bh_node *root, struct bh_mqtt_config *mqtt, struct bh_error *err)
{
	const struct bh_node *node;
	int r = bh_node_child(root, "mqtt", BH_NODE_MAPPING, &node, err);

	if (r <= 0)
		return r;
	r = bh_node_only(node, keys, err);
	if (r < 0)
		return r;
	r = bh_node_string(node, "host", mqtt->host, sizeof(mqtt->host), err);
	if (r < 0)
		return r;
	if (r == 0)
		return bh_node_error(node, err, -EINVAL,
				     "the mqtt section has no 'host': name the broker, or remove "
				     "the section to run without one");
	if (strpbrk(mqtt->host, " /@"))
		return bh_node_error(bh_node_get(node, "host"), err, -EINVAL,
				     "'host' is a name or an address, not a URL: remove the "
				     "\"...://\"");
	r = read_tls(node, mqtt, err);
	if (r == 0)
		r = read_session(node, mqtt, err);
	if (r == 0)
		mqtt->enabled = true;
	return r;
}

/* Where the password stands: as written; below the credentials if it is a bare name; or the
 * credential systemd passed, if none is written. @return 1, 0 for no password, -EINVAL. */
static int password_path(const struct bh_node *node, char *ret, size_t size, struct bh_error *err)
{
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");
	char written[BH_PATH_MAX] = "";
	int length;
	int r = bh_node_string(node, "password_file", written, sizeof(written), err);

	if (r < 0)
		return r;
	if (r > 0 && written[0] == '/') {
		snprintf(ret, size, "%s", written);
		return 1;
	}
	if (r > 0 && (strchr(written, '/') || !credentials))
		return bh_node_error(bh_node_get(node, "password_file"), err, -EINVAL,
				     "'password_file' must be an absolute path, or the bare name "
				     "of a credential that systemd passes");
	if (!credentials)
		return 0;
	length = snprintf(ret, size, "%s/%s", credentials, r > 0 ? written : CREDENTIAL_NAME);
	if ((size_t)length >= size)
		return bh_node_error(node, err, -EINVAL, "$CREDENTIALS_DIRECTORY is too long");
	return r > 0 || access(ret, F_OK) == 0;
}

static int refuse_file(const struct bh_node *place, struct bh_error *err, const char *path, int error)
{
	return bh_node_error(place, err, -EINVAL,
			     "cannot read the password in %s (%s): create it with mode 0600 for "
			     "the user of the hub",
			     path, strerror(error));
}

/* The first line of a small regular file that not everybody can read. */
static int read_password(const char *path, const struct bh_node *place, char *ret, size_t size,
			 struct bh_error *err)
{
	struct stat st;
	ssize_t n;
	/* O_NONBLOCK: a FIFO in the file's place must not hold the hub. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return refuse_file(place, err, path, errno);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return bh_node_error(place, err, -EINVAL, "%s is not a regular file", path);
	}
	if (st.st_mode & S_IRWXO) {
		close(fd);
		return bh_node_error(place, err, -EINVAL,
				     "every user of this machine may read the password in %s: run "
				     "chmod o= on it",
				     path);
	}
	n = read(fd, ret, size);
	close(fd);
	if (n < 0)
		return refuse_file(place, err, path, errno);
	if (n == (ssize_t)size) {
		memset(ret, 0, size);
		return bh_node_error(place, err, -EINVAL, "the password in %s is too long", path);
	}
	ret[n] = '\0';
	ret[strcspn(ret, "\r\n")] = '\0';
	if (ret[0] == '\0')
		return bh_node_error(place, err, -EINVAL,
				     "%s holds no password in its first line", path);
	return 0;
}

int bh_config_password(const struct bh_node *root, struct bh_mqtt_config *mqtt, struct bh_error *err)
{
	const struct bh_node *node = bh_node_get(root, "mqtt");
	const struct bh_node *place = bh_node_get(node, "password_file");
	char path[BH_PATH_MAX];
	int r;

	if (!mqtt->enabled)
		return 0;
	r = password_path(node, path, sizeof(path), err);
	if (r <= 0)
		return r;
	if (mqtt->username[0] == '\0')
		return bh_node_error(place ? place : node, err, -EINVAL,
				     "a password needs a 'username': add it beside");
	return read_password(path, place ? place : node, mqtt->password, sizeof(mqtt->password), err);
}
