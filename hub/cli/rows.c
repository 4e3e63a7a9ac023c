/* SPDX-License-Identifier: MIT */
#include "hub/cli/rows.h"

#include "hub/cli/csv.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

/* As many as SQLite itself writes: 33.562, not 33.561999999999998. */
#define DIGITS 15

void bh_row_csv_head(FILE *file, const struct bh_store_row *row)
{
	for (int i = 0; i < row->n; i++)
		bh_csv_write(file, row->names[i], i == row->n - 1);
}

int bh_row_csv(FILE *file, const struct bh_store_row *row)
{
	for (int i = 0; i < row->n; i++)
		bh_csv_write(file, row->values[i], i == row->n - 1);
	return 0;
}

static json_t *value_of(const char *value, int type)
{
	switch (type) {
	case BH_ROW_INTEGER:
		return json_integer(strtoll(value, NULL, 10));
	case BH_ROW_FLOAT:
		return json_real(strtod(value, NULL));
	case BH_ROW_NULL:
		return json_null();
	}
	return json_string(value);
}

int bh_row_json(FILE *file, const struct bh_store_row *row)
{
	json_t *object = json_object();
	int r;

	for (int i = 0; i < row->n; i++) {
		json_t *value = value_of(row->values[i], row->types[i]);

		/* A blob that is not text. */
		json_object_set_new(object, row->names[i], value ? value : json_null());
	}
	if (!object)
		return -ENOMEM;
	r = json_dumpf(object, file, JSON_COMPACT | JSON_REAL_PRECISION(DIGITS));
	json_decref(object);
	return r < 0 || putc('\n', file) == EOF ? -EIO : 0;
}
