/* SPDX-License-Identifier: MIT */
/* What anybody on the broker can send to set/KEY: the first line is the key, the rest the payload. */
#include "tests/fuzz/fuzz.h"

#include "hub/mqtt/command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define KEY_MAX 64

/* What is passed on to the history is what the tables take. */
static void require_said(const struct bh_remark *said)
{
	const struct bh_answer_info *info;

	switch (said->kind) {
	case BH_SAID_PROFILE:
		info = bh_profile_info(said->u.profile.key);
		bh_fuzz_require(info && (said->u.profile.value[0] == '\0' ||
					 bh_answer_check(info, said->u.profile.value) == 0),
				"an answer of the profile");
		break;
	case BH_SAID_DIARY:
		info = bh_diary_info(said->u.diary.key);
		bh_fuzz_require(info && bh_answer_check(info, said->u.diary.value) == 0,
				"an entry of the diary");
		bh_fuzz_require(!said->u.diary.site[0] ||
					bh_answer_is_word(bh_answer_sites(), said->u.diary.site),
				"a site of a leg");
		break;
	case BH_SAID_UNSAID:
		bh_fuzz_require(said->u.diary.key[0] == '\0', "the last entry");
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
	size_t length = end ? (size_t)(end - data) : size;
	size_t skip = end ? length + 1 : length;
	struct bh_command command;
	const char *error = NULL;
	char key[KEY_MAX];
	int r;

	snprintf(key, sizeof(key), "%.*s", (int)(length < KEY_MAX ? length : KEY_MAX - 1),
		 (const char *)(data ? data : (const uint8_t *)""));
	r = bh_command_parse(key, data ? data + skip : NULL, size - skip, &command, &error);
	bh_fuzz_require(r <= 0, "0 or a negative errno");
	if (r == -EINVAL)
		bh_fuzz_require(error && error[0], "a refusal says why");
	if (r < 0)
		return 0;
	if (command.kind == BH_COMMAND_SAY) {
		require_said(&command.said);
		return 0;
	}
	bh_fuzz_require(strcmp(key, bh_command_key(command.kind)) == 0, "the command of this key");
	bh_fuzz_require(memchr(command.text, '\0', sizeof(command.text)) != NULL, "the text ends");
	return 0;
}
