/* SPDX-License-Identifier: MIT */
/*
 * YAML text to nodes, from libyaml's events. Events, not libyaml's own document loader: the loader
 * resolves aliases and drops tags and anchors, so they could no longer be refused, and its depth
 * could not be bounded while it reads.
 */
#include "hub/config/document.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* Four beds with every option written out take about 10 KiB and 400 nodes, six levels deep. */
#define TEXT_MAX (256u * 1024u)
#define NODES_MAX 8192u
#define DEPTH_MAX 12

struct loader {
	yaml_parser_t parser;
	struct bh_document *document;
	struct bh_error *err;
};

/* ---- nodes ---- */

static struct bh_node *node_new(struct bh_document *document, enum bh_node_kind kind)
{
	struct bh_node *node;

	if (document->n_nodes == document->capacity) {
		size_t capacity = document->capacity ? document->capacity * 2 : 64;
		struct bh_node **nodes = reallocarray(document->nodes, capacity, sizeof(*nodes));

		if (!nodes)
			return NULL;
		document->nodes = nodes;
		document->capacity = capacity;
	}
	node = calloc(1, sizeof(*node));
	if (!node)
		return NULL;
	node->kind = kind;
	node->document = document;
	document->nodes[document->n_nodes++] = node;
	return node;
}

int bh_document_append(struct bh_node *parent, struct bh_node *key, struct bh_node *value)
{
	if (parent->n == parent->capacity) {
		size_t capacity = parent->capacity ? parent->capacity * 2 : 8;
		struct bh_node **keys = reallocarray(parent->keys, capacity, sizeof(*keys));
		struct bh_node **values;

		if (!keys)
			return -ENOMEM;
		parent->keys = keys;
		values = reallocarray(parent->values, capacity, sizeof(*values));
		if (!values)
			return -ENOMEM;
		parent->values = values;
		parent->capacity = capacity;
	}
	parent->keys[parent->n] = key;
	parent->values[parent->n] = value;
	parent->n++;
	return 0;
}

struct bh_node *bh_document_mapping(const struct bh_node *place)
{
	struct bh_node *node = node_new(place->document, BH_NODE_MAPPING);

	if (node) {
		node->line = place->line;
		node->column = place->column;
	}
	return node;
}

/* ---- errors ---- */

static int refuse(struct loader *loader, const yaml_mark_t *mark, const char *text)
{
	return bh_error_set(loader->err, -EINVAL, loader->document->name, (int)mark->line + 1,
			    (int)mark->column + 1, "%s", text);
}

/* libyaml gives the place of a bad byte only as an offset. */
static yaml_mark_t mark_of_offset(const char *text, size_t offset)
{
	yaml_mark_t mark = { 0 };

	for (size_t i = 0; i < offset; i++) {
		mark.column++;
		if (text[i] == '\n') {
			mark.line++;
			mark.column = 0;
		}
	}
	return mark;
}

static int refuse_syntax(struct loader *loader, const char *text, size_t length)
{
	const yaml_parser_t *parser = &loader->parser;
	yaml_mark_t mark = parser->problem_mark;
	const char *problem = parser->problem ? parser->problem : "not YAML";

	switch (parser->error) {
	case YAML_MEMORY_ERROR:
		return -ENOMEM;
	case YAML_READER_ERROR:
		mark = mark_of_offset(text,
				      parser->problem_offset < length ? parser->problem_offset : length);
		return bh_error_set(loader->err, -EINVAL, loader->document->name,
				    (int)mark.line + 1, (int)mark.column + 1,
				    "this byte is not UTF-8 text (%s): save the file as UTF-8",
				    problem);
	case YAML_NO_ERROR:
	case YAML_SCANNER_ERROR:
	case YAML_PARSER_ERROR:
	case YAML_COMPOSER_ERROR:
	case YAML_WRITER_ERROR:
	case YAML_EMITTER_ERROR:
		break;
	}
	return bh_error_set(loader->err, -EINVAL, loader->document->name, (int)mark.line + 1,
			    (int)mark.column + 1,
			    "not valid YAML: %s: check the indentation (spaces only) and the "
			    "quotes just before this place",
			    problem);
}

/* ---- events to nodes ---- */

static int load_node(struct loader *loader, const yaml_event_t *event, int depth,
		     struct bh_node **ret);

/* What YAML can do and a configuration does not need: it hides what is configured. */
static int check_plain(struct loader *loader, const yaml_event_t *event, const yaml_char_t *anchor,
		       const yaml_char_t *tag)
{
	if (anchor)
		return refuse(loader, &event->start_mark,
			      "anchors (&name) are not allowed here: write the value out");
	if (tag)
		return refuse(loader, &event->start_mark,
			      "tags (!name) are not allowed here: write the plain value");
	return 0;
}

static int load_scalar(struct loader *loader, const yaml_event_t *event, struct bh_node *node)
{
	const char *value = (const char *)event->data.scalar.value;
	size_t length = event->data.scalar.length;

	if (memchr(value, '\0', length))
		return refuse(loader, &event->start_mark,
			      "a value cannot hold a NUL character: remove it");
	node->quoted = event->data.scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
		       event->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
	node->text = strndup(value, length);
	return node->text ? 0 : -ENOMEM;
}

/* The next event, which the caller deletes. */
static int next_event(struct loader *loader, yaml_event_t *event)
{
	const char *text = (const char *)loader->parser.input.string.start;
	size_t length = (size_t)(loader->parser.input.string.end - loader->parser.input.string.start);

	if (!yaml_parser_parse(&loader->parser, event))
		return refuse_syntax(loader, text, length);
	return 0;
}

static int load_sequence(struct loader *loader, struct bh_node *node, int depth)
{
	for (;;) {
		yaml_event_t event;
		struct bh_node *item;
		int r = next_event(loader, &event);

		if (r < 0)
			return r;
		if (event.type == YAML_SEQUENCE_END_EVENT) {
			yaml_event_delete(&event);
			return 0;
		}
		r = load_node(loader, &event, depth + 1, &item);
		yaml_event_delete(&event);
		if (r == 0)
			r = bh_document_append(node, NULL, item);
		if (r < 0)
			return r;
	}
}

/* A key must be a scalar that the mapping does not have yet: YAML parsers keep the last of two, and
 * a person believes the first. */
static int check_key(struct loader *loader, const struct bh_node *mapping, const struct bh_node *key)
{
	if (key->kind != BH_NODE_SCALAR || key->text[0] == '\0')
		return bh_node_error(key, loader->err, -EINVAL,
				     "a key must be a plain word followed by \": \"");
	for (size_t i = 0; i < mapping->n; i++)
		if (strcmp(mapping->keys[i]->text, key->text) == 0)
			return bh_node_error(key, loader->err, -EINVAL,
					     "duplicate key '%.40s', first given in line %d: "
					     "keep one of them",
					     key->text, mapping->keys[i]->line);
	return 0;
}

static int load_mapping(struct loader *loader, struct bh_node *node, int depth)
{
	for (;;) {
		yaml_event_t event;
		struct bh_node *key, *value;
		int r = next_event(loader, &event);

		if (r < 0)
			return r;
		if (event.type == YAML_MAPPING_END_EVENT) {
			yaml_event_delete(&event);
			return 0;
		}
		r = load_node(loader, &event, depth + 1, &key);
		yaml_event_delete(&event);
		if (r == 0)
			r = check_key(loader, node, key);
		if (r == 0)
			r = next_event(loader, &event);
		if (r < 0)
			return r;
		r = load_node(loader, &event, depth + 1, &value);
		yaml_event_delete(&event);
		if (r == 0)
			r = bh_document_append(node, key, value);
		if (r < 0)
			return r;
	}
}

static int load_kind(struct loader *loader, const yaml_event_t *event, int depth,
		     struct bh_node *node)
{
	int r;

	switch (event->type) {
	case YAML_SCALAR_EVENT:
		r = check_plain(loader, event, event->data.scalar.anchor, event->data.scalar.tag);
		return r < 0 ? r : load_scalar(loader, event, node);
	case YAML_SEQUENCE_START_EVENT:
		node->kind = BH_NODE_SEQUENCE;
		r = check_plain(loader, event, event->data.sequence_start.anchor,
				event->data.sequence_start.tag);
		return r < 0 ? r : load_sequence(loader, node, depth);
	case YAML_MAPPING_START_EVENT:
		node->kind = BH_NODE_MAPPING;
		r = check_plain(loader, event, event->data.mapping_start.anchor,
				event->data.mapping_start.tag);
		return r < 0 ? r : load_mapping(loader, node, depth);
	case YAML_ALIAS_EVENT:
		return refuse(loader, &event->start_mark,
			      "aliases (*name) are not allowed here: write the value out");
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		break;
	}
	return refuse(loader, &event->start_mark, "the file ends in the middle of something");
}

static int load_node(struct loader *loader, const yaml_event_t *event, int depth,
		     struct bh_node **ret)
{
	struct bh_node *node;
	int r;

	if (depth > DEPTH_MAX)
		return refuse(loader, &event->start_mark, "nested too deeply: check the indentation");
	if (loader->document->n_nodes == NODES_MAX)
		return refuse(loader, &event->start_mark,
			      "the file holds too many values: is it a configuration?");
	node = node_new(loader->document, BH_NODE_SCALAR);
	if (!node)
		return -ENOMEM;
	node->line = (int)event->start_mark.line + 1;
	node->column = (int)event->start_mark.column + 1;
	r = load_kind(loader, event, depth, node);
	if (r == 0)
		*ret = node;
	return r;
}

/* One document and nothing after it. */
static int load_stream(struct loader *loader)
{
	for (;;) {
		yaml_event_t event;
		yaml_event_type_t type;
		int r = next_event(loader, &event);

		if (r < 0)
			return r;
		type = event.type;
		if (type == YAML_DOCUMENT_START_EVENT && loader->document->root)
			r = refuse(loader, &event.start_mark,
				   "a second YAML document begins here: keep one, remove the \"---\"");
		else if (type != YAML_STREAM_START_EVENT && type != YAML_DOCUMENT_START_EVENT &&
			 type != YAML_DOCUMENT_END_EVENT && type != YAML_STREAM_END_EVENT)
			r = load_node(loader, &event, 0, &loader->document->root);
		yaml_event_delete(&event);
		if (r < 0 || type == YAML_STREAM_END_EVENT)
			return r;
	}
}

int bh_document_parse(const char *name, const char *text, size_t length, struct bh_document **ret,
		      struct bh_error *err)
{
	struct loader loader = { .err = err };
	struct bh_document *document;
	int r = -ENOMEM;

	if (length > TEXT_MAX)
		return bh_error_set(err, -EINVAL, name, 0, 0,
				    "larger than %u KiB: is it a configuration?", TEXT_MAX / 1024);
	document = calloc(1, sizeof(*document));
	if (!document)
		return -ENOMEM;
	document->name = strdup(name);
	if (!document->name || !yaml_parser_initialize(&loader.parser))
		goto err_free;
	loader.document = document;
	yaml_parser_set_encoding(&loader.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&loader.parser, (const unsigned char *)text, length);
	r = load_stream(&loader);
	yaml_parser_delete(&loader.parser);
	if (r < 0)
		goto err_free;
	if (!document->root) {
		r = bh_error_set(err, -EINVAL, name, 0, 0,
				 "the file is empty: begin with a section, such as \"beds:\"");
		goto err_free;
	}
	*ret = document;
	return 0;

err_free:
	bh_document_free(document);
	return r;
}

const struct bh_node *bh_document_root(const struct bh_document *document)
{
	return document->root;
}

void bh_document_free(struct bh_document *document)
{
	if (!document)
		return;
	for (size_t i = 0; i < document->n_nodes; i++) {
		free(document->nodes[i]->text);
		free(document->nodes[i]->keys);
		free(document->nodes[i]->values);
		free(document->nodes[i]);
	}
	free(document->nodes);
	free(document->name);
	free(document);
}
