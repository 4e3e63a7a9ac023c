/* SPDX-License-Identifier: MIT */
/* Whoever asks gets one line of JSON, whatever became of the answer. */
#include "hub/daemon/reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* What the client reads; a new reference. */
static json_t *heard(json_t *object)
{
	char line[256];
	json_t *answer;
	ssize_t n;
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	assert_int_equal(bh_reply(fds[0], object), 0);
	n = recv(fds[1], line, sizeof(line), MSG_DONTWAIT);
	close(fds[0]);
	close(fds[1]);
	assert_true(n > 0);
	assert_int_equal(line[n - 1], '\n');
	answer = json_loadb(line, (size_t)n, 0, NULL);
	assert_non_null(answer);
	return answer;
}

static void test_an_answer_is_a_line(void **state)
{
	json_t *answer = heard(json_pack("{s:b, s:i}", "ok", 1, "changed", 3));

	(void)state;
	assert_true(json_is_true(json_object_get(answer, "ok")));
	assert_int_equal(json_integer_value(json_object_get(answer, "changed")), 3);
	json_decref(answer);
	answer = heard(bh_reply_refusal("no such bed"));
	assert_true(json_is_false(json_object_get(answer, "ok")));
	assert_string_equal(json_string_value(json_object_get(answer, "error")), "no such bed");
	json_decref(answer);
}

static void test_nobody_waits_for_an_answer_that_is_none(void **state)
{
	json_t *answer = heard(bh_reply_refusal("half a character: \xc3"));

	(void)state;
	assert_true(json_is_false(json_object_get(answer, "ok")));
	assert_true(strlen(json_string_value(json_object_get(answer, "error"))) > 0);
	json_decref(answer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_answer_is_a_line),
		cmocka_unit_test(test_nobody_waits_for_an_answer_that_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
