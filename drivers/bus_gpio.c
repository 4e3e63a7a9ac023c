/* SPDX-License-Identifier: MIT */
/*
 * GPIO lines of the machine: found by name or by chip label, over as many chips as they lie on, and
 * polled by one fd. Which libgpiod is below: bus_gpio_chip.h.
 */
#include "drivers/bus_machine.h"

#include "drivers/bus_errno.h"
#include "drivers/bus_gpio_chip.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

/* A mat on more chips than this is a wiring nobody has: a Pi has two, an expander adds one. */
#define CHIPS_MAX 8
/* Ready fds taken by one system call. */
#define READY_MAX 8

struct chip {
	struct bh_gpio_chip *chip;
	size_t n_lines;
	unsigned int offsets[BH_GPIO_LINES_MAX];
	uint8_t line[BH_GPIO_LINES_MAX]; /* index in the request */
};

struct bh_gpio_request {
	int epoll_fd;
	size_t n_chips;
	struct chip chips[CHIPS_MAX];
};

/* What the search has found so far, for each line of the request. */
struct search {
	const struct bh_gpio_request_config *config;
	bool found[BH_GPIO_LINES_MAX];
	size_t bad;
	bool forbidden; /* a chip could not be opened for want of permission */
};

static int add_line(struct chip *chip, struct search *search, size_t i, int offset)
{
	if (search->found[i]) {
		search->bad = i;
		return -ENOTUNIQ;
	}
	search->found[i] = true;
	chip->offsets[chip->n_lines] = (unsigned int)offset;
	chip->line[chip->n_lines++] = (uint8_t)i;
	return 0;
}

/* Lines of the request that lie on this chip. */
static int match_chip(struct chip *chip, struct search *search)
{
	const char *label = bh_gpio_chip_label(chip->chip);

	for (size_t i = 0; i < search->config->n_lines; i++) {
		const struct bh_gpio_line *line = &search->config->lines[i];
		int offset = line->offset;

		if (line->chip[0] && strcmp(line->chip, label) != 0)
			continue;
		if (offset < 0)
			offset = bh_gpio_chip_find(chip->chip, line->name);
		if (offset == -ENOENT)
			continue;
		if (offset >= 0)
			offset = add_line(chip, search, i, offset);
		if (offset < 0) {
			search->bad = i;
			return offset;
		}
	}
	return 0;
}

/* @return 0, also if the chip has none of the lines or went away meanwhile. */
static int try_chip(struct bh_gpio_request *request, struct search *search, const char *name)
{
	struct chip *chip;
	char path[sizeof("/dev/") + NAME_MAX];
	int r;

	if (request->n_chips == CHIPS_MAX)
		return -ENOSPC;
	chip = &request->chips[request->n_chips];
	memset(chip, 0, sizeof(*chip));
	snprintf(path, sizeof(path), "/dev/%s", name);
	r = bh_gpio_chip_open(path, &chip->chip);
	if (r == -EACCES)
		search->forbidden = true;
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	r = match_chip(chip, search);
	if (r < 0 || chip->n_lines == 0) {
		bh_gpio_chip_close(chip->chip);
		return r;
	}
	request->n_chips++;
	return 0;
}

/* A chip may have links beside its node (/dev/gpiochip4 on a Pi 5): only nodes count. */
static int find_lines(struct bh_gpio_request *request, struct search *search)
{
	DIR *dir = opendir("/dev");
	const struct dirent *entry;
	int r = 0;

	if (!dir)
		return bh_bus_errno();
	while (r == 0 && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "gpiochip", 8) == 0 && entry->d_type != DT_LNK)
			r = try_chip(request, search, entry->d_name);
	}
	closedir(dir);
	for (size_t i = 0; r == 0 && i < search->config->n_lines; i++) {
		if (!search->found[i]) {
			search->bad = i;
			r = search->forbidden ? -EACCES : -ENODEV;
		}
	}
	return r;
}

static int request_chip(struct bh_gpio_request *request, size_t c, struct search *search)
{
	struct chip *chip = &request->chips[c];
	size_t bad = 0;
	int r = bh_gpio_chip_request(chip->chip, chip->offsets, chip->n_lines, search->config,
				     &bad);

	if (r < 0) {
		search->bad = chip->line[bad];
		return r;
	}
	for (size_t i = 0; i < bh_gpio_chip_n_fds(chip->chip); i++) {
		struct epoll_event event = { .events = EPOLLIN, .data.u64 = c << 32 | i };

		if (epoll_ctl(request->epoll_fd, EPOLL_CTL_ADD, bh_gpio_chip_fd(chip->chip, i),
			      &event) < 0)
			return bh_bus_errno();
	}
	return 0;
}

static void release_lines(struct bh_gpio_request *request)
{
	if (!request)
		return;
	for (size_t c = 0; c < request->n_chips; c++)
		bh_gpio_chip_close(request->chips[c].chip);
	if (request->epoll_fd >= 0)
		close(request->epoll_fd);
	free(request);
}

static int request_lines(void *ctx, const struct bh_gpio_request_config *config,
			 struct bh_gpio_request **ret, size_t *ret_line)
{
	struct bh_gpio_request *request = calloc(1, sizeof(*request));
	struct search search = { .config = config };
	int r;

	(void)ctx;
	if (!request)
		return -ENOMEM;
	request->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	r = request->epoll_fd < 0 ? bh_bus_errno() : find_lines(request, &search);
	for (size_t c = 0; r == 0 && c < request->n_chips; c++)
		r = request_chip(request, c, &search);
	if (r < 0) {
		release_lines(request);
		if (ret_line)
			*ret_line = search.bad;
		return r;
	}
	*ret = request;
	return 0;
}

static int get_fd(struct bh_gpio_request *request)
{
	return request->epoll_fd;
}

/* Few edges, almost in order already. */
static void sort_by_time(struct bh_gpio_edge *edges, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct bh_gpio_edge edge = edges[i];
		size_t k = i;

		for (; k > 0 && edges[k - 1].mono_ns > edge.mono_ns; k--)
			edges[k] = edges[k - 1];
		edges[k] = edge;
	}
}

static int read_edges(struct bh_gpio_request *request, struct bh_gpio_edge *ret, size_t cap)
{
	struct epoll_event ready[READY_MAX];
	int n_ready = epoll_wait(request->epoll_fd, ready, READY_MAX, 0);
	size_t n = 0;

	if (n_ready < 0)
		return errno == EINTR ? 0 : bh_bus_errno();
	for (int k = 0; k < n_ready && n < cap; k++) {
		struct chip *chip = &request->chips[ready[k].data.u64 >> 32];
		size_t i = (size_t)(ready[k].data.u64 & UINT32_MAX);
		int r;

		/* An unplugged chip is readable for ever, and says only so. */
		if (ready[k].events & (EPOLLHUP | EPOLLERR))
			return -ENODEV;
		r = bh_gpio_chip_read(chip->chip, i, ret + n, cap - n);
		if (r < 0)
			return r;
		for (size_t e = n; e < n + (size_t)r; e++)
			ret[e].line = chip->line[ret[e].line];
		n += (size_t)r;
	}
	sort_by_time(ret, n);
	return (int)n;
}

static int read_levels(struct bh_gpio_request *request, bool *ret, size_t n)
{
	bool levels[BH_GPIO_LINES_MAX];

	for (size_t c = 0; c < request->n_chips; c++) {
		const struct chip *chip = &request->chips[c];
		int r = bh_gpio_chip_levels(chip->chip, levels);

		if (r < 0)
			return r;
		for (size_t i = 0; i < chip->n_lines; i++) {
			if (chip->line[i] < n)
				ret[chip->line[i]] = levels[i];
		}
	}
	return 0;
}

const struct bh_gpio_ops bh_bus_gpio = {
	.request = request_lines,
	.fd = get_fd,
	.read = read_edges,
	.levels = read_levels,
	.release = release_lines,
};
