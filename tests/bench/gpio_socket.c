/* SPDX-License-Identifier: MIT */
/*
 * The machine's buses, as bedsided asks for them, with GPIO edges from a socket: this machine's kernel
 * need not have a GPIO chip. Linked in place of drivers/bus_machine.c; the rest is the real daemon.
 */
#include "drivers/bus.h"
#include "tests/bench/edge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct bh_gpio_request {
	int fd;
	size_t n_lines;
	bool level[BH_GPIO_LINES_MAX];
};

static int request(void *ctx, const struct bh_gpio_request_config *config,
		   struct bh_gpio_request **ret, size_t *ret_line)
{
	struct bh_gpio_request *new = calloc(1, sizeof(*new));

	(void)ctx;
	(void)ret_line;
	if (!new)
		return -ENOMEM;
	new->fd = bh_bench_bind();
	if (new->fd < 0) {
		int r = new->fd;

		free(new);
		return r;
	}
	new->n_lines = config->n_lines;
	*ret = new;
	return 0;
}

static int get_fd(struct bh_gpio_request *request)
{
	return request->fd;
}

static int read_edges(struct bh_gpio_request *request, struct bh_gpio_edge *ret, size_t cap)
{
	struct bh_bench_edge edge;
	size_t n = 0;

	while (n < cap && recv(request->fd, &edge, sizeof(edge), 0) == sizeof(edge)) {
		if (edge.line >= request->n_lines)
			continue;
		request->level[edge.line] = edge.rising;
		ret[n++] = (struct bh_gpio_edge){ .mono_ns = edge.mono_ns,
						  .line = edge.line,
						  .rising = edge.rising };
	}
	return (int)n;
}

static int levels(struct bh_gpio_request *request, bool *ret, size_t n)
{
	memcpy(ret, request->level, n * sizeof(*ret));
	return 0;
}

static void release(struct bh_gpio_request *request)
{
	if (!request)
		return;
	close(request->fd);
	free(request);
}

static const struct bh_gpio_ops ops = {
	.request = request,
	.fd = get_fd,
	.read = read_edges,
	.levels = levels,
	.release = release,
};

void bh_bus_machine(struct bh_bus *ret)
{
	*ret = (struct bh_bus){ .gpio = &ops };
}

void bh_bus_machine_close(struct bh_bus *bus)
{
	(void)bus;
}
