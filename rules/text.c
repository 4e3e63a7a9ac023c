/* SPDX-License-Identifier: MIT */
#include "rules/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* From here on a decimal says nothing more. */
#define WHOLE_FROM_MILLI 10000
#define MS_PER_MIN INT64_C(60000)

/* One decimal below ten, none from there on; "3", not "3.0". */
static int print_number(char *buf, size_t size, int64_t milli)
{
	const char *sign = milli < 0 ? "-" : "";
	int64_t tenths = (llabs(milli) + 50) / 100;

	if (llabs(milli) >= WHOLE_FROM_MILLI || tenths % 10 == 0)
		return snprintf(buf, size, "%s%lld", tenths ? sign : "",
				(long long)((llabs(milli) + 500) / 1000));
	return snprintf(buf, size, "%s%lld.%lld", sign, (long long)(tenths / 10),
			(long long)(tenths % 10));
}

static int print_value(char *buf, size_t size, enum bh_quantity quantity,
		       const struct bh_value *value)
{
	int n;

	switch (quantity) {
	case BH_QUANTITY_SHARE: /* people count nights, not percent */
		return snprintf(buf, size, "%lld of %lld", (long long)value->num,
				(long long)value->den);
	case BH_QUANTITY_CELSIUS:
		n = print_number(buf, size, value->milli);
		return n + snprintf((size_t)n < size ? buf + n : NULL,
				    (size_t)n < size ? size - (size_t)n : 0, " \u00b0C");
	case BH_QUANTITY_TIME:
		return snprintf(buf, size, "%lld min", (long long)(value->milli / MS_PER_MIN));
	case BH_QUANTITY_NUMBER:
	case BH_QUANTITY_NIGHTS:
		break;
	}
	return print_number(buf, size, value->milli);
}

static const struct bh_measure *measure_named(const struct bh_rule *rule, const char *name,
					      size_t length)
{
	for (int i = 0; i < rule->n_measures; i++)
		if (strlen(rule->measures[i].name) == length &&
		    memcmp(rule->measures[i].name, name, length) == 0)
			return &rule->measures[i];
	return NULL;
}

/* The measure that begins at @p text ("{name}") and its value. @return False: there is none. */
static bool measure_at(struct bh_window *window, const char *text, size_t *ret_length,
		       const struct bh_measure **ret, struct bh_value *ret_value)
{
	struct bh_scope scope = bh_window_scope(window);

	if (*text != '{')
		return false;
	*ret_length = strcspn(text, "}");
	*ret = measure_named(scope.rule, text + 1, *ret_length - 1);
	if (!*ret)
		return false;
	bh_scope_value(&scope, (*ret)->expr, ret_value);
	*ret_length += 1;
	return true;
}

/* @return Bytes of " (...)" at @p text if a measure in it is not known, else 0. */
static size_t unknown_aside(struct bh_window *window, const char *text)
{
	const struct bh_measure *measure;
	struct bh_value value;
	const char *end;
	size_t length;

	if (strncmp(text, " (", 2) != 0 || !(end = strchr(text, ')')))
		return 0;
	for (const char *at = text; at < end; at++)
		if (measure_at(window, at, &length, &measure, &value) && !value.known)
			return (size_t)(end - text) + 1;
	return 0;
}

void bh_text_fill(struct bh_window *window, const char *text, const char *unknown, char *ret,
		  size_t size)
{
	size_t n = 0;

	while (*text && n + 1 < size) {
		const struct bh_measure *measure;
		struct bh_value value;
		size_t length = unknown_aside(window, text);
		int printed;

		if (length > 0) {
			text += length;
			continue;
		}
		if (!measure_at(window, text, &length, &measure, &value)) {
			ret[n++] = *text++;
			continue;
		}
		if (value.known)
			printed = print_value(ret + n, size - n, measure->expr->quantity, &value);
		else
			printed = snprintf(ret + n, size - n, "%s", unknown);
		n = n + (size_t)printed < size ? n + (size_t)printed : size - 1;
		text += length;
	}
	ret[n] = '\0';
}
