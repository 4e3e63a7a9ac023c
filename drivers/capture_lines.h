/* SPDX-License-Identifier: MIT */
/*
 * The lines of a text file, plain or gzip, or of a text in memory, without a copy and without an
 * allocation per line.
 */
#ifndef BH_DRIVERS_CAPTURE_LINES_H
#define BH_DRIVERS_CAPTURE_LINES_H

#include "hub/core/error.h"

#include <stddef.h>
#include <stdint.h>

/* A row of the largest matrix with 10-digit numbers and its separators is 22 KiB. */
#define BH_LINE_MAX (64 * 1024)

struct bh_lines;

/** @return 0, an error of the file system with @p err filled, or -ENOMEM. */
int bh_lines_open(const char *path, struct bh_lines **ret, struct bh_error *err);
/** @p text must outlive the lines. */
int bh_lines_open_memory(const char *name, const void *text, size_t size, struct bh_lines **ret);
/**
 * @brief The next line, NUL-terminated in place of its end, valid until the next call.
 * @return 1; 0 at the end; -EINVAL (binary, too long) or -EIO (truncated gzip) with the place.
 */
int bh_lines_next(struct bh_lines *lines, char **ret, size_t *ret_length, struct bh_error *err);
const char *bh_lines_name(const struct bh_lines *lines);
/** @return Number of the line that was given last, from 1. */
int bh_lines_number(const struct bh_lines *lines);
void bh_lines_progress(const struct bh_lines *lines, int64_t *ret_done, int64_t *ret_size);
/** Accepts NULL. */
void bh_lines_close(struct bh_lines *lines);

#endif
