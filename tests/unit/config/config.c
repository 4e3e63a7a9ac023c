/* SPDX-License-Identifier: MIT */
#include "hub/config/config.h"
#include "hub/core/time_types.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char full[] =
	"hub:\n"
	"  id: bedroom\n"
	"  database: /data/b.db\n"
	"  socket: /data/b.sock\n"
	"  log: debug\n"
	"  commit: 60s\n"
	"  clock: trusted\n"
	"  show_cause_names: true\n"
	"beds:\n"
	"  - id: bed\n"
	"    name: Bedroom\n"
	"    not_returned: 0s\n"
	"    mat:\n"
	"      driver: contact\n"
	"      debounce: 30ms\n"
	"    thermometers:\n"
	"      - { leg: left, driver: hwmon, chip: lm75-i2c-1-48 }\n"
	"      - { leg: room, driver: hwmon, chip: lm75-i2c-1-49, name: window, required: true }\n"
	"  - id: guest\n"
	"    source: { driver: replay, file: /c.csv }\n"
	"mqtt:\n"
	"  host: broker.lan\n"
	"  username: hub\n"
	"  tls: true\n"
	"  ca_file: /ca.pem\n"
	"  discovery: none\n"
	"  keepalive: 2min\n"
	"rules:\n"
	"  directories: [/a, /b, /c]\n";

#define BED "beds:\n  - id: bed\n    mat: { driver: contact }\n"

static void test_full(void **state)
{
	struct bh_config *config;
	struct bh_error error;
	const struct bh_sensor_config *sensor;

	(void)state;
	assert_int_equal(bh_config_parse("f", full, sizeof(full) - 1, &config, &error), 0);
	assert_string_equal(config->hub_id, "bedroom");
	assert_string_equal(config->database, "/data/b.db");
	assert_string_equal(config->socket, "/data/b.sock");
	assert_int_equal(config->log_level, BH_LOG_DEBUG);
	assert_int_equal(config->commit_s, 60);
	assert_true(config->clock_trusted);
	assert_int_equal(strlen(config->hash), 16);
	assert_true(config->show_cause_names);
	assert_int_equal(config->n_beds, 2);
	assert_string_equal(config->beds[0].name, "Bedroom");
	assert_int_equal(config->beds[0].not_returned_ns, 0);
	assert_int_equal(config->beds[0].n_sensors, 3);
	sensor = &config->beds[0].sensors[0];
	assert_true(sensor->is_mat && sensor->required);
	assert_string_equal(sensor->name, "mat");
	assert_string_equal(sensor->driver, "contact");
	assert_string_equal(bh_node_text(bh_node_get(sensor->options, "debounce")), "30ms");
	/* A driver sees its own keys only. */
	assert_null(bh_node_get(sensor->options, "driver"));
	assert_int_equal(bh_node_line(sensor->options), 14);
	sensor = &config->beds[0].sensors[1];
	assert_string_equal(sensor->name, "left-leg");
	assert_int_equal(sensor->slot, BH_TEMP_LEFT);
	assert_false(sensor->is_mat || sensor->required);
	sensor = &config->beds[0].sensors[2];
	assert_string_equal(sensor->name, "window");
	assert_int_equal(sensor->slot, BH_TEMP_ROOM);
	assert_true(sensor->required);
	sensor = &config->beds[1].sensors[0];
	assert_string_equal(config->beds[1].name, "guest");
	assert_int_equal(config->beds[1].not_returned_ns, 30 * BH_NS_PER_MIN);
	assert_string_equal(sensor->driver, "replay");
	assert_true(sensor->is_mat);
	assert_true(config->mqtt.enabled && config->mqtt.tls);
	assert_int_equal(config->mqtt.port, 8883);
	assert_int_equal(config->mqtt.keepalive_s, 120);
	assert_string_equal(config->mqtt.discovery_prefix, "");
	assert_int_equal(config->n_rule_dirs, 3);
	assert_string_equal(config->rule_dirs[2], "/c");
	bh_config_free(config);
}

static void test_presets(void **state)
{
	struct bh_config *config;
	struct bh_error error;

	(void)state;
	assert_int_equal(bh_config_parse("f", BED, sizeof(BED) - 1, &config, &error), 0);
	assert_string_equal(config->database, "/var/lib/bedside/bedside.db");
	assert_string_equal(config->socket, "/run/bedside/bedside.sock");
	assert_int_equal(config->log_level, BH_LOG_INFO);
	assert_int_equal(config->commit_s, 300);
	assert_false(config->mqtt.enabled);
	assert_int_not_equal(config->hub_id[0], '\0');
	assert_int_equal(strspn(config->hub_id, "abcdefghijklmnopqrstuvwxyz0123456789_"),
			 strlen(config->hub_id));
	assert_int_equal(config->n_rule_dirs, 1);
	assert_string_equal(config->rule_dirs[0], "/etc/bedside/rules.d");
	bh_config_free(config);
}

static void test_default(void **state)
{
	struct bh_config *config;
	struct bh_error error;

	(void)state;
	setenv("XDG_STATE_HOME", "/home/someone/state", 1);
	assert_int_equal(bh_config_default(&config, &error), 0);
	assert_string_equal(config->database, "/home/someone/state/bedside/bedside.db");
	assert_string_equal(config->socket, "/home/someone/state/bedside/bedside.sock");
	assert_int_equal(config->n_beds, 1);
	assert_string_equal(config->beds[0].sensors[0].driver, "simulate");
	assert_false(config->mqtt.enabled);
	bh_config_free(config);

	/* A history may lie deeper than a socket can. */
	setenv("XDG_STATE_HOME", "/home/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/"
				 "0123456789/0123456789/0123456789",
	       1);
	assert_int_equal(bh_config_default(&config, &error), 0);
	assert_string_equal(config->socket, "/run/bedside/bedside.sock");
	bh_config_free(config);
	unsetenv("XDG_STATE_HOME");
	unsetenv("HOME");
	assert_int_equal(bh_config_default(&config, &error), -ENOENT);
	assert_string_equal(error.place, "$HOME");
}

/* Every mistake: what is written, where it is found, and a word of the remedy. */
static const struct {
	const char *text;
	const char *place;
	const char *says;
} mistakes[] = {
	{ "- a\n", "f:1:1:", "begins with a section" },
	{ "hub: { id: a }\n", "f:1:1:", "no bed is configured" },
	{ "beds: []\n", "f:1:7:", "no bed is configured" },
	{ "beds:\n", "f:1:6:", "has no value" },
	{ "beds: one\n", "f:1:7:", "must be a list" },
	{ "bedz:\n  - id: a\n", "f:1:1:", "did you mean 'beds'?" },
	{ "beds: [ bed ]\n", "f:1:9:", "a bed is a section" },
	{ "beds: [ { mat: { driver: contact } } ]\n", "f:1:9:", "no 'id'" },
	{ "beds: [ { id: My Bed } ]\n", "f:1:15:", "only a-z" },
	{ "beds: [ { id: a } ]\n", "f:1:9:", "no sensors" },
	{ "beds: [ { id: a, mat: contact } ]\n", "f:1:23:", "must be a section" },
	{ "beds: [ { id: a, mat: { debounce: 3ms } } ]\n", "f:1:23:", "no 'driver'" },
	{ "beds: [ { id: a, matt: { driver: contact } } ]\n", "f:1:18:", "did you mean 'mat'?" },
	{ "beds: [ { id: a, mat: { driver: contact, name: My Mat } } ]\n", "f:1:48:", "'name'" },
	{ "beds: [ { id: a, mat: { driver: x }, source: { driver: y } } ]\n", "f:1:46:", "either" },
	{ "beds: [ { id: a, thermometers: [ { driver: hwmon } ] } ]\n", "f:1:34:", "no 'leg'" },
	{ "beds: [ { id: a, thermometers: [ { leg: up, driver: h } ] } ]\n", "f:1:41:",
	  "left, right or room" },
	{ "beds: [ { id: a, thermometers: [ { leg: left, driver: h }, { leg: left, driver: h } ] } ]\n",
	  "f:1:67:", "already" },
	{ "beds: [ { id: a, mat: { driver: h, name: m }, thermometers: [ { leg: left, driver: h, name: "
	  "m } ] } ]\n",
	  "f:1:63:", "another 'name'" },
	{ "beds: [ { id: a, not_returned: 30, mat: { driver: x } } ]\n", "f:1:32:", "with a unit" },
	{ "beds: [ { id: a, not_returned: 25h, mat: { driver: x } } ]\n", "f:1:32:", "between" },
	{ BED "  - id: bed\n    mat: { driver: x }\n", "f:4:9:", "two beds" },
	{ BED "  - {id: b, mat: {driver: x}}\n  - {id: c, mat: {driver: x}}\n"
	      "  - {id: d, mat: {driver: x}}\n  - {id: e, mat: {driver: x}}\n",
	  "f:7:5:", "at most 4 beds" },
	{ BED "hub: { id: A }\n", "f:4:12:", "only a-z" },
	{ BED "hub: { database: b.db }\n", "f:4:18:", "absolute path" },
	{ BED "hub: { log: loud }\n", "f:4:13:", "err, warning, notice, info or debug" },
	{ BED "hub: { commit: 0s }\n", "f:4:16:", "between 1s and 1h" },
	{ BED "hub: { show_cause_names: yes }\n", "f:4:26:", "true or false" },
	{ BED "hub: { socket: /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa }\n",
	  "f:4:16:", "at most 107" },
	{ BED "mqtt: { port: 1883 }\n", "f:4:7:", "no 'host'" },
	{ BED "mqtt: { host: mqtt://b }\n", "f:4:15:", "not a URL" },
	{ BED "mqtt: { host: b, port: 70000 }\n", "f:4:24:", "between 1 and 65535" },
	{ BED "mqtt: { host: b, ca_file: /ca }\n", "f:4:27:", "tls: true" },
	{ BED "mqtt: { host: b, tls: true, cert_file: /c }\n", "f:4:40:", "go together" },
	{ BED "mqtt: { host: b, prefix: a/b }\n", "f:4:26:", "one topic level" },
	{ BED "mqtt: { host: b, discovery: \"+\" }\n", "f:4:29:", "one topic level" },
	{ BED "mqtt: { host: b, keepalive: 1s }\n", "f:4:29:", "between 5s and 1h" },
	{ BED "mqtt: { host: b, password: secret }\n", "f:4:18:", "'password_file'" },
	{ BED "mqtt: { host: b, username: u, password_file: none/such }\n", "f:4:46:", "absolute" },
	{ BED "mqtt: { host: b, username: u, password_file: /none/such }\n", "f:4:46:", "mode 0600" },
	{ BED "mqtt: { host: b, username: u, password_file: /dev }\n", "f:4:46:", "regular file" },
	{ BED "mqtt: { host: b, password_file: /none/such }\n", "f:4:33:", "'username'" },
	{ BED "rules: { directories: rules.d }\n", "f:4:23:", "must be a list" },
	{ BED "rules: { directories: [ rules.d ] }\n", "f:4:25:", "absolute path" },
	{ BED "rules: { directories: [/1,/2,/3,/4,/5,/6,/7,/8,/9] }\n", "f:4:48:", "at most 8" },
};

static void test_mistakes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		struct bh_config *config = NULL;
		struct bh_error error = { .text = "" };
		char line[1024];
		int r = bh_config_parse("f", mistakes[i].text, strlen(mistakes[i].text), &config,
					&error);

		bh_error_print(&error, line, sizeof(line));
		if (r != -EINVAL || config)
			fail_msg("not refused: %s", mistakes[i].text);
		if (strncmp(line, mistakes[i].place, strlen(mistakes[i].place)) != 0 ||
		    !strstr(line, mistakes[i].says))
			fail_msg("%s\n gave %s\n want %s ... %s", mistakes[i].text, line,
				 mistakes[i].place, mistakes[i].says);
	}
}

static void write_file(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static void test_password(void **state)
{
	char dir[] = "/tmp/bedside-config-XXXXXX";
	char secret[64], path[64], text[256];
	struct bh_config *config;
	struct bh_error error;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(secret, sizeof(secret), "%s/mqtt-password", dir);
	snprintf(path, sizeof(path), "%s/bedside.yaml", dir);
	snprintf(text, sizeof(text), BED "mqtt: { host: b, username: u, password_file: %s }\n", secret);
	write_file(path, text, 0644);

	write_file(secret, "hush hush\n", 0600);
	assert_int_equal(bh_config_read(path, &config, &error), 0);
	assert_string_equal(config->mqtt.password, "hush hush");
	bh_config_free(config);

	assert_int_equal(chmod(secret, 0644), 0);
	assert_int_equal(bh_config_read(path, &config, &error), -EINVAL);
	assert_non_null(strstr(error.text, "chmod o="));
	assert_int_equal(error.line, 4);
	assert_int_equal(bh_config_read_public(path, &config, &error), 0);
	assert_string_equal(config->mqtt.password, "");
	bh_config_free(config);

	write_file(secret, "\n", 0600);
	assert_int_equal(chmod(secret, 0600), 0);
	assert_int_equal(bh_config_read(path, &config, &error), -EINVAL);
	assert_non_null(strstr(error.text, "no password"));

	/* As a credential of systemd, whether the file names it or not. */
	write_file(secret, "from systemd\n", 0600);
	setenv("CREDENTIALS_DIRECTORY", dir, 1);
	write_file(path, BED "mqtt: { host: b, username: u, password_file: mqtt-password }\n", 0644);
	assert_int_equal(bh_config_read(path, &config, &error), 0);
	assert_string_equal(config->mqtt.password, "from systemd");
	bh_config_free(config);
	write_file(path, BED "mqtt: { host: b, username: u }\n", 0644);
	assert_int_equal(bh_config_read(path, &config, &error), 0);
	assert_string_equal(config->mqtt.password, "from systemd");
	bh_config_free(config);
	unsetenv("CREDENTIALS_DIRECTORY");

	unlink(secret);
	unlink(path);
	rmdir(dir);
}

static void test_files(void **state)
{
	struct bh_config *config;
	struct bh_error error;

	(void)state;
	assert_int_equal(bh_config_read("/none/such.yaml", &config, &error), -ENOENT);
	assert_string_equal(error.place, "/none/such.yaml");
	assert_non_null(strstr(error.text, "--config"));
	assert_int_equal(bh_config_read("/tmp", &config, &error), -EINVAL);
	assert_int_equal(bh_config_read("/dev/zero", &config, &error), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_full),	 cmocka_unit_test(test_presets),
		cmocka_unit_test(test_default),	 cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_password), cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
