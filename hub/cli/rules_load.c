/* SPDX-License-Identifier: MIT */
#include "hub/cli/rules_load.h"

#include "hub/core/suggest.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static int add_dirs(struct bh_cli *cli, struct bh_rule_set *set, struct bh_error *err)
{
	int r = 0;

	for (unsigned int i = 0; i < cli->config->n_rule_dirs && r >= 0; i++)
		r = bh_rule_set_add_dir(set, cli->config->rule_dirs[i], err);
	return r;
}

/* To the set a missing folder is an empty one; here somebody has named it. */
static int add_path(struct bh_rule_set *set, const char *path, struct bh_error *err)
{
	struct stat st;
	int r;

	if (stat(path, &st) < 0)
		return bh_error_set(err, -errno, path, 0, 0, "cannot be read: %s", strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return bh_rule_set_add_file(set, path, err);
	r = bh_rule_set_add_dir(set, path, err);
	if (r == 0)
		return bh_error_set(err, -EINVAL, path, 0, 0,
				    "holds no rule: a rule's file is named like leg-hanging.rule");
	return r;
}

/* @param cli NULL: without the configuration's directories, and @p path is a file. */
static int load(struct bh_cli *cli, const char *path, struct bh_rule_set **ret)
{
	struct bh_error err = { .text = "out of memory" };
	struct bh_rule_set *set;
	int r = bh_rule_set_new(&set);

	if (r < 0)
		return bh_cli_fail(BH_EXIT_FAILURE, &err);
	r = bh_rule_set_add_builtin(set, &err);
	if (r >= 0 && cli)
		r = add_dirs(cli, set, &err);
	if (r >= 0 && path)
		r = cli ? add_path(set, path, &err) : bh_rule_set_add_file(set, path, &err);
	if (r >= 0)
		r = bh_rule_set_finish(set, &err);
	if (r < 0) {
		bh_rule_set_free(set);
		return bh_cli_fail(bh_cli_exit_config(r), &err);
	}
	*ret = set;
	return BH_EXIT_OK;
}

int bh_cli_rules_load_with(struct bh_cli *cli, const char *path, struct bh_rule_set **ret)
{
	int code = bh_cli_config(cli, false);

	return code != BH_EXIT_OK ? code : load(cli, path, ret);
}

int bh_cli_rules_load(struct bh_cli *cli, struct bh_rule_set **ret)
{
	return bh_cli_rules_load_with(cli, NULL, ret);
}

int bh_cli_rules_load_file(const char *path, struct bh_rule_set **ret)
{
	return load(NULL, path, ret);
}

int bh_cli_rules_unknown(const struct bh_rule_set *set, const char *verb, const char *id)
{
	const char *names[BH_RULES_MAX + 1] = { NULL };
	const char *near;

	for (size_t i = 0; i < bh_rule_set_size(set) && i < BH_RULES_MAX; i++) {
		struct bh_rule_info info;

		bh_rule_info(bh_rule_set_at(set, i), &info);
		names[i] = info.id;
	}
	near = bh_suggest(id, names);
	return bh_cli_misuse(verb, "no rule '%.48s': %s%s", id,
			     near ? "did you mean " : "bedside rules list shows them",
			     near ? near : "");
}
