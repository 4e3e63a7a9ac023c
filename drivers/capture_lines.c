/* SPDX-License-Identifier: MIT */
#include "drivers/capture_lines.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

/* Several lines of the longest kind a read. */
#define BUFFER_SIZE (4 * BH_LINE_MAX)

struct bh_lines {
	char *name;
	gzFile file;	     /* NULL: memory */
	const char *memory;
	size_t memory_size;
	size_t memory_at;
	int64_t file_size;
	bool at_end;	     /* nothing more to read into the buffer */
	int number;
	size_t start, end;   /* what the buffer holds and was not given yet */
	char buffer[BUFFER_SIZE + 1]; /* one more for the NUL of a last line without an end */
};

static struct bh_lines *lines_new(const char *name)
{
	/* Not calloc: clearing the buffer would touch pages a short capture never needs. */
	struct bh_lines *lines = malloc(sizeof(*lines));

	if (!lines)
		return NULL;
	memset(lines, 0, offsetof(struct bh_lines, buffer));
	lines->name = strdup(name);
	if (!lines->name) {
		free(lines);
		return NULL;
	}
	return lines;
}

int bh_lines_open(const char *path, struct bh_lines **ret, struct bh_error *err)
{
	struct bh_lines *lines;
	struct stat st;
	gzFile file;

	if (stat(path, &st) < 0) {
		int code = -errno;

		return bh_error_set(err, code, path, 0, 0, "cannot open the capture: %s",
				    strerror(-code));
	}
	if (S_ISDIR(st.st_mode))
		return bh_error_set(err, -EISDIR, path, 0, 0,
				    "this is a folder; give the capture file in it");
	file = gzopen(path, "rbe");
	if (!file) {
		int code = errno ? -errno : -ENOMEM;

		return bh_error_set(err, code, path, 0, 0, "cannot open the capture: %s",
				    strerror(-code));
	}
	gzbuffer(file, BH_LINE_MAX);
	lines = lines_new(path);
	if (!lines) {
		gzclose_r(file);
		return bh_error_set(err, -ENOMEM, path, 0, 0, "out of memory");
	}
	lines->file = file;
	lines->file_size = st.st_size;
	*ret = lines;
	return 0;
}

int bh_lines_open_memory(const char *name, const void *text, size_t size, struct bh_lines **ret)
{
	struct bh_lines *lines = lines_new(name);

	if (!lines)
		return -ENOMEM;
	lines->memory = text;
	lines->memory_size = size;
	lines->file_size = (int64_t)size;
	*ret = lines;
	return 0;
}

/* Move what is left to the front and read behind it. */
static int fill(struct bh_lines *lines, struct bh_error *err)
{
	size_t room;

	memmove(lines->buffer, lines->buffer + lines->start, lines->end - lines->start);
	lines->end -= lines->start;
	lines->start = 0;
	room = BUFFER_SIZE - lines->end;
	if (lines->file) {
		int n = gzread(lines->file, lines->buffer + lines->end, (unsigned int)room), code;

		gzerror(lines->file, &code);
		if (n < 0 || code == Z_BUF_ERROR || code == Z_DATA_ERROR)
			return bh_error_set(err, -EIO, lines->name, lines->number + 1, 0,
					    "the compressed file is damaged or cut short; copy it again");
		lines->at_end = (size_t)n < room;
		lines->end += (size_t)n;
		return 0;
	}
	if (room > lines->memory_size - lines->memory_at)
		room = lines->memory_size - lines->memory_at;
	if (room) /* a text of no bytes may be NULL */
		memcpy(lines->buffer + lines->end, lines->memory + lines->memory_at, room);
	lines->memory_at += room;
	lines->end += room;
	lines->at_end = lines->memory_at == lines->memory_size;
	return 0;
}

static int too_long(struct bh_lines *lines, struct bh_error *err)
{
	return bh_error_set(err, -EINVAL, lines->name, lines->number + 1, 0,
			    "the line is longer than %d bytes; this is no capture", BH_LINE_MAX);
}

int bh_lines_next(struct bh_lines *lines, char **ret, size_t *ret_length, struct bh_error *err)
{
	char *line, *end;
	size_t length;

	assert(lines && ret && ret_length);
	for (;;) {
		line = lines->buffer + lines->start;
		end = memchr(line, '\n', lines->end - lines->start);
		if (end || lines->at_end)
			break;
		if (lines->end - lines->start > BH_LINE_MAX)
			return too_long(lines, err);
		int r = fill(lines, err);
		if (r < 0)
			return r;
	}
	if (!end && lines->start == lines->end)
		return 0;
	length = end ? (size_t)(end - line) : lines->end - lines->start;
	if (length > BH_LINE_MAX)
		return too_long(lines, err);
	if (memchr(line, '\0', length))
		return bh_error_set(err, -EINVAL, lines->name, lines->number + 1, 0,
				    "the line holds binary data; a capture is text or gzip of text");
	lines->start += length + (end ? 1 : 0);
	if (lines->number < INT_MAX)
		lines->number++;
	if (length > 0 && line[length - 1] == '\r')
		length--;
	line[length] = '\0';
	*ret = line;
	*ret_length = length;
	return 1;
}

const char *bh_lines_name(const struct bh_lines *lines)
{
	return lines->name;
}

int bh_lines_number(const struct bh_lines *lines)
{
	return lines->number;
}

void bh_lines_progress(const struct bh_lines *lines, int64_t *ret_done, int64_t *ret_size)
{
	*ret_done = lines->file ? gzoffset(lines->file) : (int64_t)lines->memory_at;
	*ret_size = lines->file_size;
}

void bh_lines_close(struct bh_lines *lines)
{
	if (!lines)
		return;
	if (lines->file)
		gzclose_r(lines->file);
	free(lines->name);
	free(lines);
}
