/* SPDX-License-Identifier: MIT */
/*
 * The recordings of postures: folders S1, S2 ... of people, each of files 1.txt.gz, 2.txt.gz ... of
 * frames, and postures.csv that says how each file's sleeper lies. A frame is 64 rows from head to
 * foot of 32 columns.
 */
#ifndef BH_TESTS_ACCURACY_POSTURE_DATA_H
#define BH_TESTS_ACCURACY_POSTURE_DATA_H

#include "hub/core/event.h"
#include "hub/detect/posture_features.h"

#define POSTURE_ROWS 64
#define POSTURE_COLS 32
#define POSTURE_CELLS (POSTURE_ROWS * POSTURE_COLS)
#define POSTURE_FULL 1000
#define POSTURE_PEOPLE_MAX 64
#define POSTURE_FILES_MAX 2048
/* The first frames are junk, and at both ends someone is getting on or off. */
#define POSTURE_DROPPED 3

struct posture_file {
	int person, file;
	enum bh_position truth;
	int n;
	int16_t *cells; /* n frames of POSTURE_CELLS */
};

struct posture_data {
	int n, n_people;
	int person[POSTURE_PEOPLE_MAX];
	struct posture_file file[POSTURE_FILES_MAX];
};

/** @brief Read all; exits as figures_open() does if there is nothing. Free it. */
void posture_data_read(const char *folder, struct posture_data *data);
void posture_data_free(struct posture_data *data);

/*
 * How a frame is seen: cells cut to POSTURE_FULL, moved, leaned, smeared, summed in blocks (what is left
 * over at the foot and the right does not count), and a share of the mean zone taken off all of them:
 * mats differ in how far a load is felt beside itself, and in what they make of a peak. The recorded mat is 163 x 81 cm; a bed is
 * longer and wider, and a view of `rows` x `cols` zones has the frame in its middle.
 */
struct posture_view {
	int block_rows, block_cols;
	int down, right;
	int floor_permille; /**< of the mean zone */
	int smear;	    /**< each cell over so many on each side, twice: 3 is a mattress */
	int noise_permille; /**< standard deviation, of the mean zone */
	int rows, cols;	    /**< zones; 0: as many as the frame has whole blocks */
	int lean_permille;  /**< columns to the right, of each row further down */
	int power_permille; /**< of what a cell shows; 0: as it is. Below 1000 peaks are flatter */
	int gain_permille;  /**< standard deviation of what a zone shows of its load */
	uint64_t seed;	    /**< of noise and gain: the same seed, the same numbers */
};
/* Cells of the largest bed. */
#define POSTURE_BED_ROWS 96
#define POSTURE_BED_COLS 48

/** @brief The mat of a view. */
void posture_view_mat(const struct posture_view *view, struct bh_mat *ret);

/** @return false: there is nothing on it. */
bool posture_view_features(const struct posture_view *view, const int16_t *cells,
			   struct bh_posture_features *ret);

#endif
