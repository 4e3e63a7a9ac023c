/* SPDX-License-Identifier: MIT */
#include "hub/cli/answers.h"

#include "hub/cli/output.h"
#include "hub/cli/table.h"

static const struct bh_answer_info *row_at(size_t i, bool profile)
{
	return profile ? bh_profile_info_at(i) : bh_diary_info_at(i);
}

static int list_json(const struct bh_answer_info *info)
{
	char takes[BH_ANSWER_TAKES_MAX];

	return bh_json_line(json_pack("{s:s, s:s, s:b, s:s}", "key", info->key, "takes",
				      bh_answer_takes(info, takes), "leg", info->of != BH_OF_BODY, "means",
				      info->text));
}

int bh_cli_list_answers(const struct bh_cli *cli, bool profile)
{
	static const struct bh_table_column columns[] = { { "KEY", false, false },
							  { "TAKES", false, true },
							  { "MEANS", false, true },
							  { NULL, false, false } };
	struct bh_table *table = cli->json ? NULL : bh_table_new(&cli->terminal, columns);
	const struct bh_answer_info *info;

	for (size_t i = 0; (info = row_at(i, profile)) != NULL; i++) {
		char takes[BH_ANSWER_TAKES_MAX];
		const char *const cells[] = { info->key, bh_answer_takes(info, takes), info->text };

		if (cli->json)
			list_json(info);
		else if (table)
			bh_table_add(table, cells);
	}
	if (cli->json)
		return BH_EXIT_OK;
	return table && bh_table_finish(table) >= 0 ? BH_EXIT_OK : BH_EXIT_FAILURE;
}
