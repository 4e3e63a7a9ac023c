/* SPDX-License-Identifier: MIT */
#include "tests/accuracy/posture_data.h"

#include "tests/accuracy/recordings.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#define PATH_LONGEST 4096
/* Numbers of up to five digits and a blank. */
#define LINE_LONGEST (POSTURE_CELLS * 8)

static _Noreturn void bad(const char *path, int line, const char *what)
{
	fprintf(stderr, "%s:%d: %s\n", path, line, what);
	exit(EXIT_FAILURE);
}

static void read_frames(const char *path, struct posture_file *file)
{
	static char line[LINE_LONGEST];
	gzFile f = gzopen(path, "r");
	int err;

	if (!f)
		bad(path, 0, strerror(errno));
	while (gzgets(f, line, sizeof(line))) {
		char *at = line;
		int16_t *frame;

		if (line[strspn(line, " \t\r\n")] == '\0')
			continue;
		file->cells = realloc(file->cells,
				      sizeof(*file->cells) * POSTURE_CELLS * (size_t)(file->n + 1));
		if (!file->cells)
			bad(path, file->n + 1, strerror(ENOMEM));
		frame = &file->cells[(size_t)file->n * POSTURE_CELLS];
		for (int i = 0; i < POSTURE_CELLS; i++) {
			char *end;
			long value = strtol(at, &end, 10);

			if (end == at)
				bad(path, file->n + 1, "fewer than 2048 numbers");
			frame[i] = (int16_t)(value < 0 ? 0 : value > INT16_MAX ? INT16_MAX : value);
			at = end;
		}
		file->n++;
	}
	gzerror(f, &err);
	if (err != Z_OK && err != Z_STREAM_END)
		bad(path, file->n + 1, "cannot be read to its end: a torn file?");
	gzclose(f);
	if (file->n <= 2 * POSTURE_DROPPED)
		bad(path, file->n + 1, "no frames but those at both ends, which do not count");
}

static void read_person(const char *folder, int person, const enum bh_position *truth, int n_files,
			struct posture_data *data)
{
	bool any = false;

	for (int i = 1; i <= n_files; i++) {
		char name[32], path[PATH_LONGEST];

		snprintf(name, sizeof(name), "S%d/%d.txt.gz", person, i);
		recordings_path(folder, "pressure_map", name, path, sizeof(path));
		if (truth[i] == BH_POSITION_UNKNOWN || access(path, R_OK) != 0)
			continue;
		if (data->n == POSTURE_FILES_MAX)
			bad(path, 0, "more files than this program holds");
		data->file[data->n] =
			(struct posture_file){ .person = person, .file = i, .truth = truth[i] };
		read_frames(path, &data->file[data->n++]);
		any = true;
	}
	if (any)
		data->person[data->n_people++] = person;
}

#define FILES_OF_A_PERSON_MAX 64

void posture_data_read(const char *folder, struct posture_data *data)
{
	static const char *const columns[] = { "file", "posture", NULL };
	static struct recordings_table table;
	enum bh_position truth[FILES_OF_A_PERSON_MAX] = { BH_POSITION_UNKNOWN };

	memset(data, 0, sizeof(*data));
	recordings_open(&table, folder, "pressure_map", "postures.csv", columns);
	while (recordings_next(&table)) {
		long number = recordings_whole(&table, 0);

		if (number < 1 || number >= FILES_OF_A_PERSON_MAX)
			recordings_bad(&table, "no such number of a file");
		if (bh_position_from_name(recordings_text(&table, 1), &truth[number]) < 0)
			recordings_bad(&table, "no such posture");
	}
	for (int person = 1; person < POSTURE_PEOPLE_MAX; person++)
		read_person(folder, person, truth, FILES_OF_A_PERSON_MAX - 1, data);
	if (data->n == 0)
		bad(table.path, table.line, "no folder S1, S2 ... with frames beside it");
}

void posture_data_free(struct posture_data *data)
{
	for (int i = 0; i < data->n; i++)
		free(data->file[i].cells);
	data->n = 0;
}

static int rows_of(const struct posture_view *view)
{
	return view->rows ? view->rows : POSTURE_ROWS / view->block_rows;
}

static int cols_of(const struct posture_view *view)
{
	return view->cols ? view->cols : POSTURE_COLS / view->block_cols;
}

void posture_view_mat(const struct posture_view *view, struct bh_mat *ret)
{
	memset(ret, 0, sizeof(*ret));
	bh_mat_lay_out_matrix(ret, (uint16_t)rows_of(view), (uint16_t)cols_of(view));
}

/* A frame holds whole numbers, and what is left of a smeared one would round to nothing. */
#define FINER 64

/* One bed, cell by cell. */
struct bed {
	int rows, cols;
	int32_t cell[POSTURE_BED_ROWS * POSTURE_BED_COLS];
};

static void smear_lines(int32_t *cell, int lines, int line_step, int n, int step, int reach)
{
	for (int l = 0; l < lines; l++) {
		int32_t was[POSTURE_BED_ROWS];

		for (int i = 0; i < n; i++)
			was[i] = cell[l * line_step + i * step];
		for (int i = 0; i < n; i++) {
			int64_t sum = 0;

			for (int k = i - reach; k <= i + reach; k++)
				sum += k < 0 || k >= n ? 0 : was[k];
			cell[l * line_step + i * step] = (int32_t)(sum / (2 * reach + 1));
		}
	}
}

/* What a sensor of another curve shows of a cell. */
static int32_t shown(const struct posture_view *view, int32_t cell)
{
	static double curve[POSTURE_FULL + 1];
	static int of_permille;

	if (view->power_permille == 0)
		return FINER * cell;
	for (int i = 0; of_permille != view->power_permille && i <= POSTURE_FULL; i++)
		curve[i] = FINER * POSTURE_FULL *
			   pow((double)i / POSTURE_FULL, view->power_permille / 1000.0);
	of_permille = view->power_permille;
	return (int32_t)curve[cell];
}

/* The frame in a bed, or on the recorded mat itself. */
static void lay(const struct posture_view *view, const int16_t *cells, struct bed *bed)
{
	int down = view->down, right = view->right;

	memset(bed, 0, sizeof(*bed));
	bed->rows = view->rows ? view->rows * view->block_rows : POSTURE_ROWS;
	bed->cols = view->cols ? view->cols * view->block_cols : POSTURE_COLS;
	down += (bed->rows - POSTURE_ROWS) / 2;
	right += (bed->cols - POSTURE_COLS) / 2;
	for (int r = 0; r < POSTURE_ROWS; r++) {
		int row = r + down;
		int lean = (r - POSTURE_ROWS / 2) * view->lean_permille / 1000;

		for (int c = 0; row >= 0 && row < bed->rows && c < POSTURE_COLS; c++) {
			int col = c + right + lean;
			int16_t cell = cells[r * POSTURE_COLS + c];

			if (col >= 0 && col < bed->cols)
				bed->cell[row * bed->cols + col] =
					shown(view, cell > POSTURE_FULL ? POSTURE_FULL : cell);
		}
	}
	for (int twice = 0; twice < 2 && view->smear > 0; twice++) {
		smear_lines(bed->cell, bed->rows, bed->cols, bed->cols, 1, view->smear);
		smear_lines(bed->cell, bed->cols, 1, bed->rows, bed->cols, view->smear);
	}
}

/* Twelve even numbers make one that is near enough to normal, of deviation 1000. */
static int32_t normal_permille(uint64_t *state)
{
	int32_t sum = -6000;

	for (int i = 0; i < 12; i++) {
		*state = *state * 6364136223846793005U + 1442695040888963407U;
		sum += (int32_t)((*state >> 33) % 1001);
	}
	return sum;
}

/* What the sensors make of the loads of their zones. */
static void sense(const struct posture_view *view, int n, int32_t *load)
{
	int64_t total = 0, mean;
	uint64_t chance = view->seed + 1;

	for (int i = 0; i < n; i++)
		total += load[i];
	mean = total / n;
	for (int i = 0; i < n; i++) {
		int64_t gain = 1000;

		if (view->gain_permille > 0)
			gain += view->gain_permille * (int64_t)normal_permille(&chance) / 1000;
		load[i] = (int32_t)(load[i] * gain / 1000);
		load[i] -= (int32_t)(mean * view->floor_permille / 1000);
		if (view->noise_permille > 0)
			load[i] += (int32_t)(mean * view->noise_permille / 1000 *
					     normal_permille(&chance) / 1000);
	}
}

bool posture_view_features(const struct posture_view *view, const int16_t *cells,
			   struct bh_posture_features *ret)
{
	static struct bed bed;
	struct bh_mat mat = { .kind = BH_MAT_MATRIX };
	int32_t load[POSTURE_CELLS] = { 0 };

	lay(view, cells, &bed);
	mat.rows = (uint16_t)rows_of(view);
	mat.cols = (uint16_t)cols_of(view);
	for (int r = 0; r < mat.rows * view->block_rows; r++)
		for (int c = 0; c < mat.cols * view->block_cols; c++)
			load[r / view->block_rows * mat.cols + c / view->block_cols] +=
				bed.cell[r * bed.cols + c];
	sense(view, mat.rows * mat.cols, load);
	return bh_posture_features_make(&mat, load, NULL, ret);
}
