/* SPDX-License-Identifier: MIT */
/*
 * The least that replaying a capture must do: read it and turn its numbers into integers.
 * usage: bench_read_floor CAPTURE : prints rows, numbers and nanoseconds.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define CHUNK 65536

int main(int argc, char **argv)
{
	static char chunk[CHUNK];
	struct timespec from, to;
	uint64_t rows = 0, numbers = 0, sum = 0, value = 0;
	int in_number = 0;
	size_t size;
	FILE *file;

	if (argc != 2)
		return 2;
	clock_gettime(CLOCK_MONOTONIC, &from);
	file = fopen(argv[1], "rb");
	if (!file) {
		perror(argv[1]);
		return 1;
	}
	while ((size = fread(chunk, 1, CHUNK, file)) > 0) {
		for (size_t i = 0; i < size; i++) {
			if (chunk[i] >= '0' && chunk[i] <= '9') {
				value = value * 10 + (uint64_t)(chunk[i] - '0');
				in_number = 1;
				continue;
			}
			numbers += (uint64_t)in_number;
			sum += value;
			value = 0;
			in_number = 0;
			rows += chunk[i] == '\n';
		}
	}
	clock_gettime(CLOCK_MONOTONIC, &to);
	fclose(file);
	printf("rows %llu\nnumbers %llu\nsum %llu\nns %lld\n", (unsigned long long)rows,
	       (unsigned long long)numbers, (unsigned long long)sum,
	       (long long)(to.tv_sec - from.tv_sec) * 1000000000 + to.tv_nsec - from.tv_nsec);
	return 0;
}
