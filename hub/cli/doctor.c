/* SPDX-License-Identifier: MIT */
#include "hub/cli/doctor.h"

#include "hub/cli/history.h"
#include "hub/cli/hub.h"
#include "hub/cli/output.h"
#include "hub/cli/verbs.h"
#include "hub/cli/wrap.h"
#include "hub/line/line.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct bh_cli_option options[] = {
	{ "drivers", NULL, "list the drivers and their options, and check nothing" },
	{ NULL, NULL, NULL },
};

#define HEALTH_WIDTH 6
#define AREA_WIDTH 14

static const struct {
	const char *name;
	int color;
} healths[] = { [BH_HEALTH_OK] = { "ok", 71 },
		[BH_HEALTH_NOTE] = { "note", 178 },
		[BH_HEALTH_WRONG] = { "wrong", 167 } };

void bh_doctor_say(struct bh_doctor *doctor, enum bh_health health, enum bh_exit code,
		   const char *area, const char *format, ...)
{
	char text[BH_ERROR_PLACE_MAX + BH_ERROR_TEXT_MAX];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	if (health == BH_HEALTH_WRONG && doctor->code == BH_EXIT_OK)
		doctor->code = (int)code;
	if (doctor->cli->json) {
		json_t *object = json_object();

		bh_json_text(object, "area", area);
		bh_json_text(object, "health", healths[health].name);
		bh_json_text(object, "text", text);
		json_array_append_new(doctor->checks, object);
	} else {
		bool color = doctor->cli->terminal.color;

		if (color)
			printf("\x1b[38;5;%dm", healths[health].color);
		printf("%-*s%s ", HEALTH_WIDTH, healths[health].name, color ? "\x1b[0m" : "");
		bh_doctor_line(doctor, area, text);
	}
}

void bh_doctor_line(const struct bh_doctor *doctor, const char *area, const char *text)
{
	int n = printf("%-*s ", AREA_WIDTH, area);

	bh_wrap_at(stdout, doctor->cli->terminal.width, (size_t)(HEALTH_WIDTH + 1 + n), text);
}

void bh_doctor_error(struct bh_doctor *doctor, enum bh_exit code, const char *area,
		     const struct bh_error *err)
{
	char line[BH_ERROR_PLACE_MAX + BH_ERROR_TEXT_MAX + 32];

	bh_error_print(err, line, sizeof(line));
	bh_doctor_say(doctor, BH_HEALTH_WRONG, code, area, "%s", line);
}

static void check_daemon(struct bh_doctor *doctor)
{
	const char *path = doctor->cli->config->socket;
	int r = bh_hub_ask(path, "{\"command\":\"status\"}", BH_HUB_TOLD_S, &doctor->daemon);

	if (r == 0)
		bh_doctor_say(doctor, BH_HEALTH_OK, BH_EXIT_OK, "daemon", "bedsided answers at %s",
			      path);
	else
		bh_doctor_say(doctor, BH_HEALTH_NOTE, BH_EXIT_OK, "daemon",
			      "%s: no daemon answers (%s)", path, strerror(-r));
}

/* @return Could the daemon put it in force? Else there are no sensors to look at. */
static bool check_config(struct bh_doctor *doctor)
{
	const struct bh_config *config = doctor->cli->config;
	struct bh_error err = { .text = "out of memory" };
	int r = bh_line_check(config, &doctor->simulated, &err);

	bh_cli_banner(doctor->cli, doctor->simulated);
	if (r < 0) {
		bh_doctor_error(doctor, bh_cli_exit_config(r), "configuration", &err);
		return false;
	}
	bh_doctor_say(doctor, BH_HEALTH_OK, BH_EXIT_OK, "configuration", "%s: %u bed%s, %s",
		      config->path, config->n_beds, config->n_beds == 1 ? "" : "s",
		      config->mqtt.enabled ? "a broker" : "no broker");
	return true;
}

static void check_all(struct bh_doctor *doctor)
{
	bool usable = check_config(doctor);

	if (doctor->cli->db_path)
		bh_doctor_say(doctor, BH_HEALTH_NOTE, BH_EXIT_OK, "--db",
			      "sensors, rules and what a bed can tell are of this configuration; only "
			      "history and calibrations are of %s",
			      doctor->cli->db_path);
	check_daemon(doctor);
	bh_doctor_rules(doctor);
	if (usable) {
		bh_doctor_sensors(doctor);
		bh_doctor_calibrations(doctor);
	}
	bh_doctor_history(doctor);
	bh_doctor_broker(doctor);
	bh_doctor_clock(doctor);
}

static int run(struct bh_cli *cli, const struct bh_cli_args *args)
{
	struct bh_doctor doctor = { .cli = cli };
	int code;

	if (args->n_words > 0)
		return bh_cli_misuse("doctor", "unexpected word '%.40s'", args->words[0]);
	if (bh_cli_value(args, "drivers"))
		return bh_doctor_drivers(cli);
	code = bh_cli_config(cli, true);
	if (code != BH_EXIT_OK)
		return code;
	if (cli->json) {
		doctor.checks = json_array();
		doctor.beds = json_array();
	}
	check_all(&doctor);
	json_decref(doctor.daemon);
	json_decref(doctor.stored);
	if (cli->json)
		bh_json_line(json_pack("{s:b, s:b, s:o, s:o}", "healthy", doctor.code == BH_EXIT_OK,
				       "simulated", doctor.simulated, "checks", doctor.checks,
				       "beds", doctor.beds));
	return doctor.code;
}

const struct bh_cli_verb bh_cli_verb_doctor = {
	.name = "doctor",
	.summary = "Is everything in order, and what can this bed tell",
	.text = "Reads the configuration and the rules, opens and reads each sensor once (unless the daemon\n"
		"holds it), checks the history, the broker's port and the clock, and says what each bed can\n"
		"and cannot tell, and why. The exit code is that of the first thing that is wrong.",
	.options = options,
	.run = run,
};
