/* SPDX-License-Identifier: MIT */
/* A set of rules: texts in, files in, and what can only be said of all of them together. */
#include "rules/set.h"

#include "hub/core/suggest.h"
#include "rules/builtin.h"
#include "rules/parse.h"
#include "rules/words.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A parsed rule takes some tens of kilobytes; this bounds what a hostile text can take. */
#define ARENA_MAX ((size_t)16 * 1024 * 1024)

int bh_rule_set_new(struct bh_rule_set **ret)
{
	struct bh_rule_set *set = calloc(1, sizeof(*set));

	if (!set)
		return -ENOMEM;
	*ret = set;
	return 0;
}

void bh_rule_set_free(struct bh_rule_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->n_arenas; i++)
		bh_arena_free(&set->arenas[i]);
	free(set->arenas);
	free(set);
}

int bh_rule_set_index(const struct bh_rule_set *set, const char *id)
{
	for (size_t i = 0; i < set->n; i++)
		if (strcmp(set->rules[i]->id, id) == 0)
			return (int)i;
	return -ENOENT;
}

/* Take over the rules of a text that parsed. */
static int take_rules(struct bh_rule_set *set, struct bh_rule *const *rules, int n,
		      const char *name, struct bh_error *err)
{
	size_t added = 0;

	for (int i = 0; i < n; i++)
		added += bh_rule_set_index(set, rules[i]->id) < 0 ? 1 : 0;
	if (set->n + added > BH_RULES_MAX)
		return bh_error_set(err, -EINVAL, name, rules[0]->at.line, rules[0]->at.column,
				    "with this file there are more than %d rules", BH_RULES_MAX);
	for (int i = 0; i < n; i++) {
		int index = bh_rule_set_index(set, rules[i]->id);

		if (index < 0)
			index = (int)set->n++;
		set->rules[index] = rules[i];
	}
	set->finished = false;
	return 0;
}

int bh_rule_set_add_text(struct bh_rule_set *set, const char *name, const char *text, size_t length,
			 struct bh_error *err)
{
	struct bh_arena arena = { .limit = ARENA_MAX };
	struct bh_rule *rules[BH_RULES_MAX];
	struct bh_arena *arenas;
	int n, r;

	if (length > BH_RULE_TEXT_MAX)
		return bh_error_set(err, -EINVAL, name, 0, 0, "larger than %d KB: not a rule file",
				    BH_RULE_TEXT_MAX / 1024);
	arenas = realloc(set->arenas, (set->n_arenas + 1) * sizeof(*arenas));
	if (!arenas)
		return -ENOMEM;
	set->arenas = arenas;
	n = bh_parse_text(name, text, length, &arena, rules, BH_RULES_MAX, err);
	r = n < 0 ? n : take_rules(set, rules, n, name, err);
	if (r < 0) {
		bh_arena_free(&arena);
		return r;
	}
	set->arenas[set->n_arenas++] = arena;
	return 0;
}

int bh_rule_set_add_file(struct bh_rule_set *set, const char *path, struct bh_error *err)
{
	/* O_NONBLOCK: a FIFO in a rule's place must not hold the hub. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	char *text = NULL;
	struct stat st;
	size_t length;
	int r;

	if (!file) {
		r = -errno;
		if (fd >= 0)
			close(fd);
		return bh_error_set(err, r, path, 0, 0, "cannot be read: %s", strerror(-r));
	}
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		fclose(file);
		return bh_error_set(err, -EINVAL, path, 0, 0, "is not a regular file");
	}
	/* One byte more than allowed tells a file that is too large. */
	text = malloc(BH_RULE_TEXT_MAX + 1);
	if (!text) {
		fclose(file);
		return -ENOMEM;
	}
	length = fread(text, 1, BH_RULE_TEXT_MAX + 1, file);
	if (ferror(file))
		r = bh_error_set(err, -EIO, path, 0, 0, "cannot be read");
	else
		r = bh_rule_set_add_text(set, path, text, length, err);
	fclose(file);
	free(text);
	return r;
}

static int is_rule_file(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return length > 5 && entry->d_name[0] != '.' &&
	       strcmp(entry->d_name + length - 5, ".rule") == 0;
}

int bh_rule_set_add_dir(struct bh_rule_set *set, const char *dir, struct bh_error *err)
{
	struct dirent **entries;
	size_t before = set->n_arenas;
	int n = scandir(dir, &entries, is_rule_file, alphasort), r = 0;

	if (n < 0 && errno == ENOENT)
		return 0;
	if (n < 0) {
		r = -errno;
		return bh_error_set(err, r, dir, 0, 0, "cannot be read: %s", strerror(-r));
	}
	for (int i = 0; i < n; i++) {
		char *path = NULL;

		if (r == 0 && asprintf(&path, "%s/%s", dir, entries[i]->d_name) < 0)
			r = -ENOMEM;
		else if (r == 0)
			r = bh_rule_set_add_file(set, path, err);
		free(path);
		free(entries[i]);
	}
	free(entries);
	return r < 0 ? r : (int)(set->n_arenas - before);
}

int bh_rule_set_add_builtin(struct bh_rule_set *set, struct bh_error *err)
{
	size_t before = set->n;
	int r = 0;

	for (size_t i = 0; r == 0 && i < bh_builtin_rules_n; i++)
		r = bh_rule_set_add_text(set, bh_builtin_rules[i].name,
					 (const char *)bh_builtin_rules[i].text,
					 bh_builtin_rules[i].length, err);
	return r < 0 ? r : (int)(set->n - before);
}

/* ---- all of them together ---- */

static int fault(struct bh_error *err, const struct bh_rule *rule, struct bh_place at,
		 const char *what, const char *name, const char *near)
{
	return bh_error_set(err, -EINVAL, rule->file, at.line, at.column, "%s '%s'%s%s%s", what,
			    name, near ? "; did you mean '" : "", near ? near : "",
			    near ? "'?" : "");
}

static int unknown_rule(const struct bh_rule_set *set, const struct bh_rule *rule,
			struct bh_place at, const char *id, struct bh_error *err)
{
	struct bh_words words = { .n = 0 };

	for (size_t i = 0; i < set->n; i++)
		bh_words_add(&words, set->rules[i]->id);
	return fault(err, rule, at, "there is no rule", id, bh_suggest(id, words.names));
}

static int resolve_measure(const struct bh_rule_set *set, const struct bh_rule *rule,
			   struct bh_expr *expr, struct bh_error *err)
{
	struct bh_words words = { .n = 0 };
	const struct bh_rule *of;

	expr->index = bh_rule_set_index(set, expr->word);
	if (expr->index < 0)
		return unknown_rule(set, rule, expr->at, expr->word, err);
	of = set->rules[expr->index];
	for (int i = 0; i < of->n_measures; i++) {
		bh_words_add(&words, of->measures[i].name);
		if (strcmp(of->measures[i].name, expr->measure) != 0)
			continue;
		expr->value = i;
		expr->quantity = of->measures[i].expr->quantity;
		return 0;
	}
	return fault(err, rule, expr->at, "that rule has no measure", expr->measure,
		     bh_suggest(expr->measure, words.names));
}

static int resolve_expr(const struct bh_rule_set *set, const struct bh_rule *rule,
			struct bh_expr *expr, struct bh_error *err)
{
	int r;

	if (!expr)
		return 0;
	if (expr->kind == BH_EXPR_RULE)
		return resolve_measure(set, rule, expr, err);
	r = resolve_expr(set, rule, expr->a, err);
	if (r == 0)
		r = resolve_expr(set, rule, expr->b, err);
	if (r == 0 && expr->kind == BH_EXPR_ABS)
		expr->quantity = expr->a->quantity;
	if (r == 0 && expr->kind == BH_EXPR_COMPARE && expr->b->kind != BH_EXPR_WORD &&
	    expr->a->quantity != expr->b->quantity)
		return bh_error_set(err, -EINVAL, rule->file, expr->b->at.line, expr->b->at.column,
				    "this is %s, but it is compared with %s",
				    bh_quantity_name(expr->b->quantity),
				    bh_quantity_name(expr->a->quantity));
	return r;
}

static int resolve_rule(const struct bh_rule_set *set, struct bh_rule *rule, struct bh_error *err)
{
	int r = 0;

	rule->parent_index = rule->parent ? bh_rule_set_index(set, rule->parent) : -1;
	if (rule->parent && rule->parent_index < 0)
		return unknown_rule(set, rule, rule->parent_at, rule->parent, err);
	for (int i = 0; r == 0 && i < rule->n_measures; i++)
		r = resolve_expr(set, rule, rule->measures[i].expr, err);
	for (struct bh_evidence_line *line = rule->evidence; r == 0 && line; line = line->next) {
		r = resolve_expr(set, rule, line->when, err);
		if (r == 0)
			r = resolve_expr(set, rule, line->unless, err);
	}
	for (struct bh_redflag *flag = rule->redflags; r == 0 && flag; flag = flag->next)
		r = resolve_expr(set, rule, flag->when, err);
	return r;
}

/* ---- cycles ---- */

enum colour { WHITE, GREY, BLACK };

struct walk {
	const struct bh_rule_set *set;
	enum colour colour[BH_RULES_MAX];
	struct bh_error *err;
};

static int visit(struct walk *walk, int index);

static int follow(struct walk *walk, const struct bh_rule *from, struct bh_place at, int index)
{
	if (walk->colour[index] == GREY)
		return bh_error_set(walk->err, -EINVAL, from->file, at.line, at.column,
				    "rules '%s' and '%s' depend on each other in a circle",
				    from->id, walk->set->rules[index]->id);
	return visit(walk, index);
}

static int follow_expr(struct walk *walk, const struct bh_rule *from, const struct bh_expr *expr)
{
	int r;

	if (!expr)
		return 0;
	if (expr->kind == BH_EXPR_RULE)
		return follow(walk, from, expr->at, expr->index);
	r = follow_expr(walk, from, expr->a);
	return r < 0 ? r : follow_expr(walk, from, expr->b);
}

static int visit(struct walk *walk, int index)
{
	const struct bh_rule *rule = walk->set->rules[index];
	int r = 0;

	if (walk->colour[index] == BLACK)
		return 0;
	walk->colour[index] = GREY;
	if (rule->parent_index >= 0)
		r = follow(walk, rule, rule->parent_at, rule->parent_index);
	for (int i = 0; r == 0 && i < rule->n_measures; i++)
		r = follow_expr(walk, rule, rule->measures[i].expr);
	for (const struct bh_evidence_line *line = rule->evidence; r == 0 && line;
	     line = line->next) {
		r = follow_expr(walk, rule, line->when);
		if (r == 0)
			r = follow_expr(walk, rule, line->unless);
	}
	for (const struct bh_redflag *flag = rule->redflags; r == 0 && flag; flag = flag->next)
		r = follow_expr(walk, rule, flag->when);
	walk->colour[index] = BLACK;
	return r;
}

int bh_rule_set_finish(struct bh_rule_set *set, struct bh_error *err)
{
	struct walk walk = { .set = set, .err = err };
	int r = 0;

	for (size_t i = 0; r == 0 && i < set->n; i++)
		r = resolve_rule(set, set->rules[i], err);
	for (size_t i = 0; r == 0 && i < set->n; i++)
		r = visit(&walk, (int)i);
	set->finished = r == 0;
	return r;
}
