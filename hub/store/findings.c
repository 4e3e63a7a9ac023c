/* SPDX-License-Identifier: MIT */
/* Findings with their evidence. */
#include "hub/store/private.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

static int delete_old(struct bh_store *store, const struct bh_finding *finding)
{
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_FINDING_DELETE, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, finding->night);
	sqlite3_bind_int(stmt, 2, bh_bed_number(store, finding->bed));
	bh_bind_text(stmt, 3, finding->rule);
	return bh_stmt_run(stmt);
}

/* A finding is as real as the least real night of its window. */
static int origin_of_window(struct bh_store *store, const struct bh_finding *finding, int *ret)
{
	int r = 0;
	int rc;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_WINDOW_ORIGIN, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, bh_night_add(finding->night, 1 - finding->nights_window));
	sqlite3_bind_int(stmt, 2, finding->night);
	sqlite3_bind_int(stmt, 3, bh_bed_number(store, finding->bed));
	*ret = (int)store->origin;
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW && sqlite3_column_type(stmt, 0) != SQLITE_NULL)
		*ret = sqlite3_column_int(stmt, 0);
	return bh_stmt_done(stmt, rc);
}

static int insert_finding(struct bh_store *store, const struct bh_finding *finding, int origin,
			  int64_t *ret)
{
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_FINDING_PUT, &r);

	if (!stmt)
		return r;
	bh_bind_text(stmt, 1, finding->rule);
	sqlite3_bind_int(stmt, 2, (int)finding->class);
	sqlite3_bind_int(stmt, 3, (int)finding->band);
	sqlite3_bind_int(stmt, 4, finding->held);
	sqlite3_bind_int(stmt, 5, finding->red_flag);
	sqlite3_bind_int(stmt, 6, bh_bed_number(store, finding->bed));
	sqlite3_bind_int(stmt, 7, finding->score_milli);
	sqlite3_bind_int(stmt, 8, finding->night);
	sqlite3_bind_int(stmt, 9, finding->nights_used);
	sqlite3_bind_int(stmt, 10, finding->nights_window);
	sqlite3_bind_int(stmt, 11, finding->coverage_permille);
	bh_bind_text(stmt, 12, finding->says);
	bh_bind_text(stmt, 13, finding->no_data_reason);
	bh_bind_text(stmt, 14, finding->rule_hash);
	sqlite3_bind_int(stmt, 15, origin);
	r = bh_stmt_run(stmt);
	if (r == 0)
		*ret = sqlite3_last_insert_rowid(store->db);
	return r;
}

static int insert_evidence(struct bh_store *store, int64_t finding, int line,
			   const struct bh_evidence *evidence)
{
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_EVIDENCE_PUT, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int64(stmt, 1, finding);
	sqlite3_bind_int(stmt, 2, line);
	sqlite3_bind_int(stmt, 3, (int)evidence->truth);
	sqlite3_bind_int(stmt, 4, evidence->weight_milli);
	sqlite3_bind_int(stmt, 5, evidence->counted);
	bh_bind_text(stmt, 6, evidence->text);
	bh_bind_text(stmt, 7, evidence->missing);
	return bh_stmt_run(stmt);
}

/* Once raised it stays on record, whatever a later look at the night says. */
static int keep_red_flag(struct bh_store *store, const struct bh_finding *finding, const char *says,
			 int origin)
{
	int64_t raised_ms = bh_anchors_wall(&store->anchors, store->life_ns);
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_RED_FLAG_PUT, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, finding->night);
	sqlite3_bind_int(stmt, 2, bh_bed_number(store, finding->bed));
	bh_bind_text(stmt, 3, finding->rule);
	bh_bind_text(stmt, 4, says);
	bh_bind_wall(stmt, 5, raised_ms);
	if (raised_ms != BH_WALL_UNKNOWN)
		sqlite3_bind_int(stmt, 6, bh_utc_offset_s(raised_ms));
	sqlite3_bind_int(stmt, 7, origin);
	return bh_stmt_run(stmt);
}

int bh_store_apply_finding(struct bh_store *store, const struct bh_finding *finding)
{
	int64_t id = 0;
	const char *says;
	int origin = 0;
	int r = delete_old(store, finding);

	if (r == 0)
		r = origin_of_window(store, finding, &origin);
	if (r == 0)
		r = insert_finding(store, finding, origin, &id);
	for (int i = 0; i < finding->n_evidence && r == 0; i++)
		r = insert_evidence(store, id, i, &finding->evidence[i]);
	for (int i = 0; r == 0 && (says = bh_finding_red_flag(finding, i)); i++)
		r = keep_red_flag(store, finding, says, origin);
	return r;
}

int bh_store_put_finding(struct bh_store *store, const struct bh_finding *finding)
{
	if (finding->n_evidence > BH_EVIDENCE_MAX || finding->rule[0] == '\0' ||
	    finding->night == 0 || bh_bed_number(store, finding->bed) == BH_BED_NONE)
		return -EINVAL;
	return bh_store_do(store, BH_OP_FINDING, finding,
			   offsetof(struct bh_finding, evidence) +
				   finding->n_evidence * sizeof(finding->evidence[0]));
}

static int read_evidence(struct bh_store *store, int64_t id, struct bh_finding *finding)
{
	int r = 0;
	int rc;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_EVIDENCE_LIST, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int64(stmt, 1, id);
	finding->n_evidence = 0;
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW && finding->n_evidence < BH_EVIDENCE_MAX) {
		struct bh_evidence *evidence = &finding->evidence[finding->n_evidence++];

		evidence->truth = (enum bh_truth)sqlite3_column_int(stmt, 0);
		evidence->weight_milli = sqlite3_column_int(stmt, 1);
		evidence->counted = sqlite3_column_int(stmt, 2) != 0;
		bh_column_text(stmt, 3, evidence->text, sizeof(evidence->text));
		bh_column_text(stmt, 4, evidence->missing, sizeof(evidence->missing));
	}
	return bh_stmt_done(stmt, rc);
}

static int read_finding(struct bh_store *store, sqlite3_stmt *stmt, struct bh_finding *ret)
{
	memset(ret, 0, offsetof(struct bh_finding, evidence));
	bh_column_text(stmt, 1, ret->rule, sizeof(ret->rule));
	ret->class = (enum bh_rule_class)sqlite3_column_int(stmt, 2);
	ret->band = (enum bh_band)sqlite3_column_int(stmt, 3);
	ret->held = sqlite3_column_int(stmt, 4) != 0;
	ret->red_flag = sqlite3_column_int(stmt, 5) != 0;
	ret->bed = bh_bed_index(store, sqlite3_column_int(stmt, 6));
	ret->score_milli = sqlite3_column_int(stmt, 7);
	ret->night = sqlite3_column_int(stmt, 8);
	ret->nights_used = sqlite3_column_int(stmt, 9);
	ret->nights_window = sqlite3_column_int(stmt, 10);
	ret->coverage_permille = sqlite3_column_int(stmt, 11);
	bh_column_text(stmt, 12, ret->says, sizeof(ret->says));
	bh_column_text(stmt, 13, ret->no_data_reason, sizeof(ret->no_data_reason));
	bh_column_text(stmt, 14, ret->rule_hash, sizeof(ret->rule_hash));
	return read_evidence(store, sqlite3_column_int64(stmt, 0), ret);
}

int bh_store_findings(struct bh_store *store, int bed, int32_t night,
		      int (*each)(void *ctx, const struct bh_finding *finding), void *ctx)
{
	struct bh_finding finding;
	int stop = 0;
	int rc = SQLITE_DONE;
	int r = 0;
	sqlite3_stmt *stmt =
		bh_stmt(store, night ? BH_STMT_FINDING_LIST : BH_STMT_FINDING_NEWEST, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, night);
	sqlite3_bind_int(stmt, 2, bh_bed_number(store, bed));
	while (stop == 0 && r == 0 && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		r = read_finding(store, stmt, &finding);
		if (r == 0 && finding.bed != BH_BED_NONE)
			stop = each(ctx, &finding);
	}
	rc = bh_stmt_done(stmt, rc);
	if (r == 0)
		r = rc;
	return r < 0 ? r : stop;
}

static void read_red_flag(const struct bh_store *store, sqlite3_stmt *stmt,
			  struct bh_store_red_flag *ret)
{
	bool known = sqlite3_column_type(stmt, 4) != SQLITE_NULL;

	*ret = (struct bh_store_red_flag){
		.night = sqlite3_column_int(stmt, 0),
		.bed = bh_bed_index(store, sqlite3_column_int(stmt, 1)),
		.raised_ms = known ? sqlite3_column_int64(stmt, 4) : BH_WALL_UNKNOWN,
		.utc_offset_s = sqlite3_column_int(stmt, 5),
		.stands = sqlite3_column_int(stmt, 6) != 0,
	};
	bh_column_text(stmt, 2, ret->rule, sizeof(ret->rule));
	bh_column_text(stmt, 3, ret->says, sizeof(ret->says));
}

int bh_store_red_flags(struct bh_store *store, int bed, int32_t night,
		       int (*each)(void *ctx, const struct bh_store_red_flag *flag), void *ctx)
{
	struct bh_store_red_flag flag;
	int stop = 0, r = 0, rc = SQLITE_DONE;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_RED_FLAG_LIST, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, night);
	sqlite3_bind_int(stmt, 2, bh_bed_number(store, bed));
	sqlite3_bind_int(stmt, 3, BH_TRUTH_TRUE);
	while (stop == 0 && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		read_red_flag(store, stmt, &flag);
		stop = each(ctx, &flag);
	}
	r = bh_stmt_done(stmt, rc);
	return r < 0 ? r : stop;
}
