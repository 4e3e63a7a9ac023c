/* SPDX-License-Identifier: MIT */
#include "hub/core/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

/* A line of the journal that people still read; longer ones are cut. */
#define LINE_MAX_BYTES 1024

static enum bh_log_level max_level = BH_LOG_INFO;
static bool journal_prefix;

void bh_log_init(enum bh_log_level max, bool journal)
{
	max_level = max;
	journal_prefix = journal;
}

void bh_log(enum bh_log_level level, const char *format, ...)
{
	char line[LINE_MAX_BYTES];
	int length = 0;
	va_list ap;

	if (level > max_level)
		return;
	if (journal_prefix)
		length = snprintf(line, sizeof(line), "<%d>", level);
	va_start(ap, format);
	length += vsnprintf(line + length, sizeof(line) - (size_t)length, format, ap);
	va_end(ap);
	if (length > (int)sizeof(line) - 2)
		length = (int)sizeof(line) - 2;
	for (int i = 0; i < length; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = ' ';
	line[length++] = '\n';
	/* One write: lines of two threads never mix. Nothing can be done if stderr is gone. */
	if (write(STDERR_FILENO, line, (size_t)length) < 0)
		return;
}
