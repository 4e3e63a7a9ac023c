/* SPDX-License-Identifier: MIT */
/*
 * A YAML document as nodes that remember where they stand, and readers that check type and range.
 * On top of libyaml; refused are duplicate keys, anchors, aliases, tags, a second document, text
 * that is not UTF-8, and what is too large or nested too deeply to be a configuration.
 * Nodes belong to their document and are not freed one by one.
 */
#ifndef BH_CONFIG_NODE_H
#define BH_CONFIG_NODE_H

#include "hub/core/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum bh_node_kind { BH_NODE_SCALAR, BH_NODE_SEQUENCE, BH_NODE_MAPPING };

struct bh_node;
struct bh_document;

enum bh_node_kind bh_node_kind(const struct bh_node *node);
int bh_node_line(const struct bh_node *node);
int bh_node_column(const struct bh_node *node);
const char *bh_node_file(const struct bh_node *node);

/** @return The value of @p key in a mapping, or NULL (also for a NULL mapping). */
const struct bh_node *bh_node_get(const struct bh_node *mapping, const char *key);
/** @return Length of a sequence, 0 for NULL. */
size_t bh_node_length(const struct bh_node *sequence);
const struct bh_node *bh_node_at(const struct bh_node *sequence, size_t i);
/** @return The text of a scalar. */
const char *bh_node_text(const struct bh_node *scalar);

/*
 * Readers of a mapping's keys. Each returns 1 if the key was there and right, 0 if it is absent
 * (@p ret untouched: set the default before), -EINVAL with the place and the remedy in @p err.
 */
/** Decimal or 0x hexadecimal. */
int bh_node_int(const struct bh_node *mapping, const char *key, int64_t min, int64_t max,
		int64_t *ret, struct bh_error *err);
/** true or false, nothing else: YAML's yes, no, on and off surprise people. */
int bh_node_bool(const struct bh_node *mapping, const char *key, bool *ret, struct bh_error *err);
/** One line of text, not empty, that fits @p size with its NUL. */
int bh_node_string(const struct bh_node *mapping, const char *key, char *ret, size_t size,
		   struct bh_error *err);
/** A duration such as 300s, 15min, 2h, 500ms; a bare number is an error, so nobody guesses units. */
int bh_node_duration(const struct bh_node *mapping, const char *key, int64_t min_ns, int64_t max_ns,
		     int64_t *ret_ns, struct bh_error *err);
/** One of @p names (NULL-terminated); *ret is its index. */
int bh_node_choice(const struct bh_node *mapping, const char *key, const char *const *names,
		   int *ret, struct bh_error *err);
/** @return 0, or -EINVAL naming the first key of @p mapping that is not in @p known (NULL-terminated),
 *  with the nearest known key as a suggestion. */
int bh_node_only(const struct bh_node *mapping, const char *const *known, struct bh_error *err);
/** @brief The value of @p key, of kind @p kind. @return 1, 0 if absent, -EINVAL. */
int bh_node_child(const struct bh_node *mapping, const char *key, enum bh_node_kind kind,
		  const struct bh_node **ret, struct bh_error *err);
/** Fill @p err with the place of @p node. @return @p code. */
int bh_node_error(const struct bh_node *node, struct bh_error *err, int code, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/** @return 0; -EINVAL with the place in @p err; -ENOMEM. @p text need not end with NUL. */
int bh_document_parse(const char *name, const char *text, size_t length, struct bh_document **ret,
		      struct bh_error *err);
const struct bh_node *bh_document_root(const struct bh_document *document);
/** Accepts NULL. */
void bh_document_free(struct bh_document *document);

#endif
