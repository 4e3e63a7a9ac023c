/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target on files instead of under libFuzzer: the corpus is a test in every build. */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>

/* As run gives it to libFuzzer: long enough for every rule file and example of the house. */
#define INPUT_MAX 65536

static int run(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data;
	size_t size;

	if (!file) {
		perror(path);
		return -1;
	}
	data = malloc(INPUT_MAX);
	if (!data)
		abort();
	size = fread(data, 1, INPUT_MAX, file);
	fclose(file);
	/* Exactly as large as the input, so that a sanitizer sees one byte read too many. */
	data = realloc(data, size ? size : 1);
	printf("%s: %zu bytes\n", path, size);
	fflush(stdout);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "no input\n");
		return 1;
	}
	for (int i = 1; i < argc; i++) {
		if (run(argv[i]) < 0)
			return 1;
	}
	return 0;
}
