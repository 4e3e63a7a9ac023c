/* SPDX-License-Identifier: MIT */
/* bedsided: options, signals, reload. Wiring only. */
#include "hub/config/config.h"
#include "hub/core/error.h"
#include "hub/core/log.h"
#include "hub/core/suggest.h"
#include "hub/core/version.h"
#include "hub/daemon/clock.h"
#include "hub/daemon/control.h"
#include "hub/daemon/sense.h"
#include "hub/daemon/session.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>

#define CONFIG_PRESET "/etc/bedside/bedside.yaml"
/* READY waits so long for the first reading of every required sensor, then says what is missing. */
#define READY_WAIT_US (10u * 1000000u)
/* A writer that has not turned for this long hangs: twice its longest turn. */
#define WRITER_STALLED_NS (120 * BH_NS_PER_S)
#define SPEED_MAX 100000.0

struct options {
	const char *config; /* NULL: CONFIG_PRESET */
	const char *database;
	bool demo;
	bool check;
	bool debug;
	double speed;
};

struct hub {
	struct options options;
	struct bh_config *config;
	struct bh_session *session;
	struct bh_sense *sense;
	struct bh_control *control;
	sd_event *event;
	sd_event_source *ready_timer;
	sd_event_source *watchdog_timer;
	uint64_t watchdog_us; /* half of what systemd waits; 0: no watchdog */
	uint64_t ready_by_us;
};

static const char help[] =
	"Usage: bedsided [OPTION]...\n"
	"Read the bed's sensors, keep their history, tell Home Assistant.\n"
	"\n"
	"  -c, --config FILE  configuration (" CONFIG_PRESET ")\n"
	"      --db FILE      history, instead of the configuration's\n"
	"      --demo         a simulated bed instead of a configuration\n"
	"      --speed N      recordings and simulations run N times as fast;\n"
	"                     \"max\": all they can\n"
	"      --check        check the configuration and the rules, then leave\n"
	"      --debug        log everything\n"
	"  -h, --help         this text\n"
	"      --version      the version\n"
	"\n"
	"Signals: SIGHUP reads configuration and rules again; a bad file is refused and\n"
	"the old one stays in force. SIGTERM ends in under two seconds.\n"
	"Exit codes: 0 ended, 1 failure, 2 usage, 3 bad configuration or rule, 4 bad\n"
	"history or recording, 5 something is missing or may not be read.\n"
	"See bedsided(8).\n";

/* ---- errors at the top ---- */

static int exit_code(int r)
{
	switch (r) {
	case 0:
		return BH_EXIT_OK;
	case -EINVAL:
		return BH_EXIT_CONFIG;
	case -EPROTO:
	case -EUCLEAN:
		return BH_EXIT_DATA;
	case -ENOENT:
	case -EACCES:
	case -EPERM:
	case -ENODEV:
		return BH_EXIT_UNAVAILABLE;
	}
	return BH_EXIT_FAILURE;
}

static void log_error(enum bh_log_level level, int r, const struct bh_error *err)
{
	char text[BH_ERROR_PLACE_MAX + BH_ERROR_TEXT_MAX + 32];

	bh_error_print(err, text, sizeof(text));
	bh_log(level, "%s", text[0] ? text : strerror(-r));
}

/* ---- options ---- */

enum { OPTION_DB = 256, OPTION_DEMO, OPTION_SPEED, OPTION_CHECK, OPTION_DEBUG, OPTION_VERSION };

static int parse_speed(const char *text, double *ret)
{
	char *end;
	double speed;

	if (strcmp(text, "max") == 0) {
		*ret = 0;
		return 0;
	}
	speed = strtod(text, &end);
	if (end == text || *end || !(speed > 0 && speed <= SPEED_MAX))
		return -EINVAL;
	*ret = speed;
	return 0;
}

static const struct option long_options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "db", required_argument, NULL, OPTION_DB },
	{ "demo", no_argument, NULL, OPTION_DEMO },
	{ "speed", required_argument, NULL, OPTION_SPEED },
	{ "check", no_argument, NULL, OPTION_CHECK },
	{ "debug", no_argument, NULL, OPTION_DEBUG },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ 0 },
};

/* getopt's own words begin with the program's whole path and end without a remedy. */
static int refuse_option(int c, const char *word)
{
	const char *names[sizeof(long_options) / sizeof(long_options[0])] = { NULL };
	const char *near = NULL;

	for (size_t i = 0; long_options[i].name; i++)
		names[i] = long_options[i].name;
	if (strncmp(word, "--", 2) == 0)
		near = bh_suggest(word + 2, names);
	if (c == ':')
		fprintf(stderr, "bedsided: %s: needs a value: --help says which\n", word);
	else if (near)
		fprintf(stderr, "bedsided: %s: unknown option: did you mean --%s?\n", word, near);
	else
		fprintf(stderr, "bedsided: %s: unknown option: --help lists them\n", word);
	return -EINVAL;
}

/* What options say together. @return As parse_options(). */
static int check_options(const struct options *options, const char *word)
{
	if (word) {
		fprintf(stderr, "bedsided: '%s': no arguments are taken, only options (--help)\n", word);
		return -EINVAL;
	}
	if (options->demo && options->config) {
		fputs("bedsided: --demo and --config: choose one; a configuration's own bed is "
		      "simulated with \"source: { driver: simulate }\"\n",
		      stderr);
		return -EINVAL;
	}
	return 1;
}

/* @return 1: go on; else 0 or a usage error's -EINVAL, and the program ends. */
static int parse_options(int argc, char **argv, struct options *ret)
{
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, ":c:h", long_options, NULL)) != -1) {
		switch (c) {
		case 'c':
			ret->config = optarg;
			break;
		case OPTION_DB:
			ret->database = optarg;
			break;
		case OPTION_DEMO:
			ret->demo = true;
			break;
		case OPTION_SPEED:
			if (parse_speed(optarg, &ret->speed) == 0)
				break;
			fprintf(stderr, "bedsided: --speed %s: give \"max\" or a number above 0\n",
				optarg);
			return -EINVAL;
		case OPTION_CHECK:
			ret->check = true;
			break;
		case OPTION_DEBUG:
			ret->debug = true;
			break;
		case 'h':
			fputs(help, stdout);
			return 0;
		case OPTION_VERSION:
			puts("bedsided " BH_VERSION);
			return 0;
		default:
			return refuse_option(c, argv[optind - 1]);
		}
	}
	return check_options(ret, argv[optind]);
}

/* ---- configuration and rules ---- */

static int read_all(const struct options *options, struct bh_config **ret_config,
		    struct bh_rule_set **ret_rules, struct bh_error *err)
{
	struct bh_config *config;
	const char *path = options->config ? options->config : CONFIG_PRESET;
	int r = options->demo ? bh_config_default(&config, err)
			      : bh_config_read(path, &config, err);

	if (r == -ENOENT && !options->config && !options->demo)
		return bh_error_set(err, r, path, 0, 0,
				    "there is no configuration: write it, give its path with --config, "
				    "or --demo for a simulated bed");
	if (r < 0)
		return r;
	r = bh_line_check(config, NULL, err);
	if (r == 0)
		r = bh_session_read_rules(config, ret_rules, err);
	if (r < 0) {
		bh_config_free(config);
		return r;
	}
	if (config->built_in)
		bh_config_make_folders(config->database);
	*ret_config = config;
	return 0;
}

/* ---- life ---- */

static void on_ended(void *ctx)
{
	struct hub *hub = ctx;
	const struct bh_error *complaint = bh_line_complaint(bh_session_line(hub->session));

	if (complaint) {
		log_error(BH_LOG_ERR, -EINVAL, complaint);
		sd_event_exit(hub->event, BH_EXIT_DATA);
		return;
	}
	bh_log(BH_LOG_NOTICE, "the recording has ended");
	sd_event_exit(hub->event, BH_EXIT_OK);
}

static void set_log_level(const struct hub *hub, const struct bh_config *config)
{
	bh_log_init(hub->options.debug ? BH_LOG_DEBUG : config->log_level,
		    getenv("JOURNAL_STREAM") != NULL);
}

/* The control socket is a convenience: the hub also runs where it cannot be made. */
static void open_control(struct hub *hub)
{
	struct bh_error err = { 0 };
	int r = bh_control_new(hub->event, hub->config->socket, &hub->control, &err);

	if (r < 0)
		log_error(BH_LOG_WARNING, r, &err);
	else
		bh_control_session(hub->control, hub->session);
}

static int begin(struct hub *hub, struct bh_config *config, struct bh_rule_set *rules,
		 struct bh_error *err)
{
	struct bh_session_options options = { .database = hub->options.database,
					      .speed = hub->options.speed };
	int r = bh_session_start(config, rules, &options, &hub->session, err);

	if (r < 0)
		return r;
	r = bh_sense_new(hub->event, hub->session, on_ended, hub, &hub->sense);
	if (r < 0)
		return bh_error_set(err, r, NULL, 0, 0, "cannot watch the sensors: %s",
				    strerror(-r));
	hub->config = config;
	if (hub->control)
		bh_control_session(hub->control, hub->session);
	return 0;
}

static void end(struct hub *hub)
{
	int64_t line_ns = hub->sense ? bh_sense_line_ns(hub->sense) : bh_clock_mono_ns();

	if (hub->control)
		bh_control_session(hub->control, NULL);
	bh_sense_free(hub->sense);
	hub->sense = NULL;
	bh_session_stop(hub->session, line_ns);
	hub->session = NULL;
}

/* A new configuration is in force only when it works; else the old one goes on. */
static int change_config(struct hub *hub, struct bh_config *config, struct bh_rule_set *rules)
{
	struct bh_config *old = hub->config;
	struct bh_rule_set *old_rules;
	struct bh_error err = { 0 };
	int r;

	end(hub);
	r = begin(hub, config, rules, &err);
	if (r == 0) {
		set_log_level(hub, config);
		if (strcmp(old->socket, config->socket) != 0 || !hub->control) {
			bh_control_free(hub->control);
			hub->control = NULL;
			open_control(hub);
		}
		bh_config_free(old);
		return 0;
	}
	log_error(BH_LOG_ERR, r, &err);
	end(hub);
	bh_config_free(config);
	r = bh_session_read_rules(old, &old_rules, &err);
	if (r == 0)
		r = begin(hub, old, old_rules, &err);
	if (r < 0) {
		log_error(BH_LOG_ERR, r, &err);
		return sd_event_exit(hub->event, exit_code(r));
	}
	bh_log(BH_LOG_WARNING, "reload: the old configuration stays in force");
	return 0;
}

static int on_reload(sd_event_source *source, const struct signalfd_siginfo *si, void *userdata)
{
	struct hub *hub = userdata;
	struct bh_config *config;
	struct bh_rule_set *rules;
	struct bh_error err = { 0 };
	int r = read_all(&hub->options, &config, &rules, &err);

	(void)source;
	(void)si;
	if (r < 0) {
		log_error(BH_LOG_ERR, r, &err);
		bh_log(BH_LOG_WARNING, "reload: refused; the old configuration stays in force");
		return 0;
	}
	/* The password is a file of its own, and in no hash. */
	if (strcmp(config->hash, hub->config->hash) == 0 &&
	    strcmp(config->mqtt.password, hub->config->mqtt.password) == 0) {
		bh_session_rules(hub->session, rules);
		bh_config_free(config);
		bh_log(BH_LOG_NOTICE, "reload: rules read again");
		return 0;
	}
	r = change_config(hub, config, rules);
	if (r == 0 && hub->config == config)
		bh_log(BH_LOG_NOTICE, "reload: configuration and rules read again");
	return r;
}

static int on_ready_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct hub *hub = userdata;

	if (bh_line_ready(bh_session_line(hub->session))) {
		sd_notify(0, "READY=1\nSTATUS=Every required sensor reads");
		return sd_event_source_set_enabled(source, SD_EVENT_OFF);
	}
	if (usec >= hub->ready_by_us) {
		sd_notify(0, "READY=1\nSTATUS=Running; a required sensor does not read yet");
		bh_log(BH_LOG_WARNING, "started without a required sensor; trying it again");
		return sd_event_source_set_enabled(source, SD_EVENT_OFF);
	}
	sd_event_source_set_time(source, usec + 100000);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

/* The loop turns, or this would not run; the disk's thread must turn too. */
static int on_watchdog(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct hub *hub = userdata;
	struct bh_session_stats stats = bh_session_stats(hub->session);

	if (bh_clock_mono_ns() - stats.writer.alive_ns < WRITER_STALLED_NS)
		sd_notify(0, "WATCHDOG=1");
	sd_event_source_set_time(source, usec + hub->watchdog_us);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static int add_sources(struct hub *hub)
{
	uint64_t now_us = 0, wait_us = 0;
	sigset_t signals;
	int r;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	r = sd_event_default(&hub->event);
	if (r < 0)
		return r;
	/* No handler: the loop ends with code 0. */
	r = sd_event_add_signal(hub->event, NULL, SIGTERM, NULL, NULL);
	if (r >= 0)
		r = sd_event_add_signal(hub->event, NULL, SIGINT, NULL, NULL);
	if (r >= 0)
		r = sd_event_add_signal(hub->event, NULL, SIGHUP, on_reload, hub);
	if (r >= 0)
		r = sd_event_now(hub->event, CLOCK_MONOTONIC, &now_us);
	hub->ready_by_us = now_us + READY_WAIT_US;
	if (r >= 0)
		r = sd_event_add_time(hub->event, &hub->ready_timer, CLOCK_MONOTONIC, now_us, 0,
				      on_ready_timer, hub);
	if (r < 0 || sd_watchdog_enabled(0, &wait_us) <= 0)
		return r;
	hub->watchdog_us = wait_us / 2;
	return sd_event_add_time(hub->event, &hub->watchdog_timer, CLOCK_MONOTONIC, now_us, 0,
				 on_watchdog, hub);
}

static int run(struct hub *hub, struct bh_config *config, struct bh_rule_set *rules)
{
	struct bh_error err = { 0 };
	int r = add_sources(hub);

	if (r < 0) {
		bh_rule_set_free(rules);
		bh_config_free(config);
		bh_log(BH_LOG_ERR, "cannot start the loop: %s", strerror(-r));
		return BH_EXIT_FAILURE;
	}
	r = begin(hub, config, rules, &err);
	if (r < 0) {
		log_error(BH_LOG_ERR, r, &err);
		end(hub);
		bh_config_free(config);
		return exit_code(r);
	}
	open_control(hub);
	bh_log(BH_LOG_NOTICE, "bedsided " BH_VERSION ": %u bed%s, history %s%s", config->n_beds,
	       config->n_beds == 1 ? "" : "s",
	       hub->options.database ? hub->options.database : config->database,
	       bh_line_simulated(bh_session_line(hub->session)) ? ", SIMULATED" : "");
	r = sd_event_loop(hub->event);
	sd_notify(0, "STOPPING=1");
	end(hub);
	bh_control_free(hub->control);
	bh_config_free(hub->config);
	if (r < 0)
		bh_log(BH_LOG_ERR, "the loop broke: %s", strerror(-r));
	return r < 0 ? BH_EXIT_FAILURE : r;
}

int main(int argc, char **argv)
{
	struct hub hub = { .options = { .speed = 1 } };
	struct bh_rule_set *rules;
	struct bh_config *config;
	struct bh_error err = { 0 };
	int r = parse_options(argc, argv, &hub.options);

	if (r <= 0)
		return r == 0 ? BH_EXIT_OK : BH_EXIT_USAGE;
	bh_log_init(hub.options.debug ? BH_LOG_DEBUG : BH_LOG_INFO, getenv("JOURNAL_STREAM") != NULL);
	r = read_all(&hub.options, &config, &rules, &err);
	if (r < 0) {
		log_error(BH_LOG_ERR, r, &err);
		return exit_code(r);
	}
	set_log_level(&hub, config);
	if (hub.options.check) {
		printf("%s: good: %u bed%s, %zu rules\n", config->path, config->n_beds,
		       config->n_beds == 1 ? "" : "s", bh_rule_set_size(rules));
		bh_rule_set_free(rules);
		bh_config_free(config);
		return BH_EXIT_OK;
	}
	r = run(&hub, config, rules);
	sd_event_source_disable_unref(hub.ready_timer);
	sd_event_source_disable_unref(hub.watchdog_timer);
	sd_event_unref(hub.event);
	return r;
}
