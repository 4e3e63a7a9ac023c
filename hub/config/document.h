/* SPDX-License-Identifier: MIT */
/* The nodes of a document from the inside: how document.c makes what node.c reads. */
#ifndef BH_CONFIG_DOCUMENT_H
#define BH_CONFIG_DOCUMENT_H

#include "hub/config/node.h"

struct bh_node {
	enum bh_node_kind kind;
	int line;
	int column;
	bool quoted;	  /**< scalars: '...' or "..." */
	char *text;	  /**< scalars: NUL-terminated, without NUL inside */
	size_t n;	  /**< items of a sequence, pairs of a mapping */
	size_t capacity;  /**< of both arrays */
	struct bh_node **keys;	 /**< mappings: scalars */
	struct bh_node **values; /**< items of a sequence, values of a mapping */
	struct bh_document *document;
};

struct bh_document {
	char *name;
	struct bh_node *root;
	struct bh_node **nodes; /**< every node, to free it */
	size_t n_nodes;
	size_t capacity;
};

/** @return An empty mapping of the document of @p place that stands where @p place stands, or NULL. */
struct bh_node *bh_document_mapping(const struct bh_node *place);
/** @brief Append a pair (or, with a NULL @p key, an item). @return 0 or -ENOMEM. */
int bh_document_append(struct bh_node *parent, struct bh_node *key, struct bh_node *value);

#endif
