/* SPDX-License-Identifier: MIT */
/*
 * The weights of the posture classifier as C files:
 *
 *   posture_train [FOLDER] > hub/detect/posture_weights.c
 *   posture_train --few [FOLDER] > hub/detect/posture_weights_few.c
 *
 * FOLDER holds postures.csv and the people's folders; by default $BEDSIDE_DATA/pressure_map.
 */
#include "tests/accuracy/posture_fit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS 96

static void print_numbers(const char *name, const int16_t *weights, int n)
{
	int at = 0;

	printf("\t.%s = {", name);
	for (int i = 0; i < n; i++) {
		char text[16];
		int length = snprintf(text, sizeof(text), "%d,", weights[i]);

		if (i == 0 || at + length > COLUMNS) {
			printf("\n\t\t");
			at = 16;
		}
		fputs(text, stdout);
		at += length;
	}
	printf("\n\t},\n");
}

static void print_weights(const char *name, const struct bh_posture_weights *weights)
{
	printf("const struct bh_posture_weights %s = {\n", name);
	print_numbers("supine", weights->supine, BH_POSTURE_SUPINE_TERMS);
	print_numbers("side", weights->side, BH_POSTURE_SIDE_TERMS);
	printf("};\n");
}

static void print_head(const struct posture_data *data, const char *command, const char *mats)
{
	printf("/* SPDX-License-Identifier: MIT */\n"
	       "/*\n"
	       " * Generated, not written: from the frames of a 64 x 32 pressure mat (PhysioNet "
	       "\"pmd\",\n"
	       " * experiment I, Pouyan et al. 2017) by\n"
	       " *\n"
	       " *   %s\n"
	       " *\n"
	       " * Fitted on %d files of %d people: %d weights for %s.\n"
	       " */\n"
	       "#include \"hub/detect/posture.h\"\n\n"
	       "/* clang-format off */\n",
	       command, data->n, data->n_people, BH_POSTURE_SUPINE_TERMS + BH_POSTURE_SIDE_TERMS,
	       mats);
}

static void fit(const struct posture_data *data, enum posture_mats mats,
		struct bh_posture_weights *ret)
{
	struct posture_sums sums;

	posture_sums_make(data, mats, &sums);
	posture_fit(data, &sums, 0, ret);
	posture_sums_free(&sums);
}

static void print_finer(const struct posture_data *data)
{
	static struct bh_posture_weights fine, coarse;

	fit(data, POSTURE_FINE, &fine);
	fit(data, POSTURE_COARSE, &coarse);
	print_head(data,
		   "posture_train \"$BEDSIDE_DATA/pressure_map\" > hub/detect/posture_weights.c",
		   "fine mats, as many for coarse ones");
	print_weights("bh_posture_fine", &fine);
	print_weights("bh_posture_coarse", &coarse);
}

static void print_few(const struct posture_data *data)
{
	static struct bh_posture_weights few;

	fit(data, POSTURE_FEW, &few);
	print_head(data,
		   "posture_train --few \"$BEDSIDE_DATA/pressure_map\" > "
		   "hub/detect/posture_weights_few.c",
		   "mats of few zones");
	print_weights("bh_posture_few", &few);
}

int main(int argc, char **argv)
{
	static struct posture_data data;
	bool few = argc > 1 && strcmp(argv[1], "--few") == 0;
	int folder = few ? 2 : 1;

	posture_data_read(argc > folder ? argv[folder] : NULL, &data);
	if (few)
		print_few(&data);
	else
		print_finer(&data);
	printf("/* clang-format on */\n");
	posture_data_free(&data);
	return EXIT_SUCCESS;
}
