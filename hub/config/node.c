/* SPDX-License-Identifier: MIT */
#include "hub/config/document.h"

#include "hub/core/suggest.h"
#include "hub/core/time_types.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How much of a wrong value an error repeats: enough to find it, not enough to hide the remedy. */
#define SHOWN_MAX 48

enum bh_node_kind bh_node_kind(const struct bh_node *node)
{
	return node->kind;
}

int bh_node_line(const struct bh_node *node)
{
	return node->line;
}

int bh_node_column(const struct bh_node *node)
{
	return node->column;
}

const char *bh_node_file(const struct bh_node *node)
{
	return node->document->name;
}

static const struct bh_node *find(const struct bh_node *mapping, const char *key)
{
	if (!mapping || mapping->kind != BH_NODE_MAPPING)
		return NULL;
	for (size_t i = 0; i < mapping->n; i++)
		if (strcmp(mapping->keys[i]->text, key) == 0)
			return mapping->values[i];
	return NULL;
}

const struct bh_node *bh_node_get(const struct bh_node *mapping, const char *key)
{
	return find(mapping, key);
}

size_t bh_node_length(const struct bh_node *sequence)
{
	return sequence && sequence->kind == BH_NODE_SEQUENCE ? sequence->n : 0;
}

const struct bh_node *bh_node_at(const struct bh_node *sequence, size_t i)
{
	return sequence->values[i];
}

const char *bh_node_text(const struct bh_node *scalar)
{
	return scalar->kind == BH_NODE_SCALAR ? scalar->text : "";
}

/* What a person wrote goes back to a terminal: cut, and without control characters. */
static const char *shown(const char *text, char buf[static SHOWN_MAX + 4])
{
	size_t n = 0;

	for (; text[n] && n < SHOWN_MAX; n++)
		buf[n] = iscntrl((unsigned char)text[n]) ? '?' : text[n];
	strcpy(buf + n, text[n] ? "..." : "");
	return buf;
}

int bh_node_error(const struct bh_node *node, struct bh_error *err, int code, const char *format, ...)
{
	char text[BH_ERROR_TEXT_MAX];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	return bh_error_set(err, code, node->document->name, node->line, node->column, "%s", text);
}

static const char *const kind_texts[] = {
	[BH_NODE_SCALAR] = "one value",
	[BH_NODE_SEQUENCE] = "a list: lines that begin with \"- \", or [a, b]",
	[BH_NODE_MAPPING] = "a section: indented lines of \"key: value\"",
};

int bh_node_child(const struct bh_node *mapping, const char *key, enum bh_node_kind kind,
		  const struct bh_node **ret, struct bh_error *err)
{
	const struct bh_node *node = find(mapping, key);

	if (!node)
		return 0;
	if (node->kind == BH_NODE_SCALAR && !node->quoted && node->text[0] == '\0')
		return bh_node_error(node, err, -EINVAL,
				     "'%s' has no value: write %s, or remove the key", key,
				     kind_texts[kind]);
	if (node->kind != kind)
		return bh_node_error(node, err, -EINVAL, "'%s' must be %s", key, kind_texts[kind]);
	*ret = node;
	return 1;
}

int bh_node_int(const struct bh_node *mapping, const char *key, int64_t min, int64_t max,
		int64_t *ret, struct bh_error *err)
{
	char buf[SHOWN_MAX + 4];
	const struct bh_node *node;
	const char *digits;
	int64_t value;
	char *end;
	int base;
	int r = bh_node_child(mapping, key, BH_NODE_SCALAR, &node, err);

	if (r <= 0)
		return r;
	digits = node->text + (node->text[0] == '-' ? 1 : 0);
	base = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X') ? 16 : 10;
	errno = 0;
	value = strtoll(node->text, &end, base);
	if (!isdigit((unsigned char)digits[0]) || *end != '\0')
		return bh_node_error(node, err, -EINVAL,
				     "'%s' must be a whole number, not '%s'", key,
				     shown(node->text, buf));
	if (errno == ERANGE || value < min || value > max)
		return bh_node_error(node, err, -EINVAL,
				     "'%s' must be between %" PRId64 " and %" PRId64 ", not %s",
				     key, min, max, shown(node->text, buf));
	*ret = value;
	return 1;
}

int bh_node_bool(const struct bh_node *mapping, const char *key, bool *ret, struct bh_error *err)
{
	char buf[SHOWN_MAX + 4];
	const struct bh_node *node;
	int r = bh_node_child(mapping, key, BH_NODE_SCALAR, &node, err);

	if (r <= 0)
		return r;
	if (strcmp(node->text, "true") != 0 && strcmp(node->text, "false") != 0)
		return bh_node_error(node, err, -EINVAL, "'%s' must be true or false, not '%s'",
				     key, shown(node->text, buf));
	*ret = node->text[0] == 't';
	return 1;
}

int bh_node_string(const struct bh_node *mapping, const char *key, char *ret, size_t size,
		   struct bh_error *err)
{
	const struct bh_node *node;
	int r = bh_node_child(mapping, key, BH_NODE_SCALAR, &node, err);

	if (r <= 0)
		return r;
	if (node->text[0] == '\0')
		return bh_node_error(node, err, -EINVAL,
				     "'%s' is empty: give it a value or remove the key", key);
	if (strlen(node->text) >= size)
		return bh_node_error(node, err, -EINVAL,
				     "'%s' is too long: at most %zu characters", key, size - 1);
	for (const char *c = node->text; *c; c++)
		if (iscntrl((unsigned char)*c))
			return bh_node_error(node, err, -EINVAL,
					     "'%s' holds a control character: one line of plain text",
					     key);
	strcpy(ret, node->text);
	return 1;
}

static const struct {
	const char *name;
	int64_t ns;
} units[] = {
	{ "ms", BH_NS_PER_MS }, { "s", BH_NS_PER_S }, { "min", BH_NS_PER_MIN }, { "h", BH_NS_PER_H },
};

#define N_UNITS (sizeof(units) / sizeof(units[0]))

/* "90s", "15min", "2h", "500ms" in the largest unit that holds it whole. */
static const char *duration_text(int64_t ns, char *buf, size_t size)
{
	size_t i = N_UNITS - 1;

	while (i > 0 && (ns % units[i].ns != 0 || ns == 0))
		i--;
	snprintf(buf, size, "%" PRId64 "%s", ns / units[i].ns, ns == 0 ? "s" : units[i].name);
	return buf;
}

static int64_t unit_ns(const char *name)
{
	for (size_t i = 0; i < N_UNITS; i++)
		if (strcmp(units[i].name, name) == 0)
			return units[i].ns;
	return 0;
}

int bh_node_duration(const struct bh_node *mapping, const char *key, int64_t min_ns, int64_t max_ns,
		     int64_t *ret_ns, struct bh_error *err)
{
	char buf[SHOWN_MAX + 4], least[32], most[32];
	const struct bh_node *node;
	int64_t value, unit;
	char *end;
	int r = bh_node_child(mapping, key, BH_NODE_SCALAR, &node, err);

	if (r <= 0)
		return r;
	errno = 0;
	value = isdigit((unsigned char)node->text[0]) ? strtoll(node->text, &end, 10) : -1;
	unit = value >= 0 ? unit_ns(end) : 0;
	if (value < 0 || unit == 0)
		return bh_node_error(node, err, -EINVAL,
				     "'%s' must be a whole number with a unit, such as 500ms, "
				     "90s, 15min or 2h, not '%s'",
				     key, shown(node->text, buf));
	if (errno == ERANGE || value > INT64_MAX / unit || value * unit < min_ns ||
	    value * unit > max_ns)
		return bh_node_error(node, err, -EINVAL, "'%s' must be between %s and %s, not %s",
				     key, duration_text(min_ns, least, sizeof(least)),
				     duration_text(max_ns, most, sizeof(most)),
				     shown(node->text, buf));
	*ret_ns = value * unit;
	return 1;
}

/* "a, b or c" of a NULL-terminated list, cut to fit. */
static const char *listed(const char *const *names, char *buf, size_t size)
{
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; names[i]; i++) {
		const char *before = i == 0 ? "" : names[i + 1] ? ", " : " or ";
		size_t need = strlen(before) + strlen(names[i]);

		if (used + need + 1 > size)
			break;
		strcat(buf, before);
		strcat(buf, names[i]);
		used += need;
	}
	return buf;
}

int bh_node_choice(const struct bh_node *mapping, const char *key, const char *const *names,
		   int *ret, struct bh_error *err)
{
	char buf[SHOWN_MAX + 4], list[BH_ERROR_TEXT_MAX / 2];
	const struct bh_node *node;
	int r = bh_node_child(mapping, key, BH_NODE_SCALAR, &node, err);

	if (r <= 0)
		return r;
	for (int i = 0; names[i]; i++) {
		if (strcmp(node->text, names[i]) == 0) {
			*ret = i;
			return 1;
		}
	}
	return bh_node_error(node, err, -EINVAL, "'%s' must be %s, not '%s'", key,
			     listed(names, list, sizeof(list)), shown(node->text, buf));
}

static bool contains(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

int bh_node_only(const struct bh_node *mapping, const char *const *known, struct bh_error *err)
{
	for (size_t i = 0; i < mapping->n; i++) {
		const struct bh_node *key = mapping->keys[i];
		char buf[SHOWN_MAX + 4], list[BH_ERROR_TEXT_MAX / 2];
		const char *near;

		if (contains(known, key->text))
			continue;
		near = bh_suggest(key->text, known);
		if (near)
			return bh_node_error(key, err, -EINVAL,
					     "unknown key '%s': did you mean '%s'?",
					     shown(key->text, buf), near);
		return bh_node_error(key, err, -EINVAL, "unknown key '%s': known here are %s",
				     shown(key->text, buf), listed(known, list, sizeof(list)));
	}
	return 0;
}
