/* SPDX-License-Identifier: MIT */
#include "tests/fakes/fake_gpio.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct bh_gpio_request {
	struct bh_fake_gpio *gpio;
};

static struct bh_fake_gpio_line *find(struct bh_fake_gpio *gpio, const char *name)
{
	for (size_t i = 0; i < gpio->n_lines; i++) {
		if (strcmp(gpio->lines[i].name, name) == 0)
			return &gpio->lines[i];
	}
	abort(); /* the test names a line that it has not added */
}

static bool active(const struct bh_fake_gpio *gpio, const struct bh_fake_gpio_line *line)
{
	return line->high != gpio->active_low;
}

static void wake(struct bh_fake_gpio *gpio)
{
	uint64_t one = 1;

	if (write(gpio->event_fd, &one, sizeof(one)) != sizeof(one))
		abort();
}

static bool matches(const struct bh_fake_gpio *gpio, const struct bh_fake_gpio_line *line,
		    const struct bh_gpio_line *wanted)
{
	if (strcmp(line->chip, gpio->unplugged) == 0)
		return false;
	if (wanted->chip[0] && strcmp(line->chip, wanted->chip) != 0)
		return false;
	return wanted->offset >= 0 ? line->offset == wanted->offset
				   : strcmp(line->name, wanted->name) == 0;
}

static int take(struct bh_fake_gpio *gpio, const struct bh_gpio_line *wanted, size_t index)
{
	struct bh_fake_gpio_line *found = NULL;

	for (size_t i = 0; i < gpio->n_lines; i++) {
		if (!matches(gpio, &gpio->lines[i], wanted))
			continue;
		if (found)
			return -ENOTUNIQ;
		found = &gpio->lines[i];
	}
	if (!found)
		return -ENODEV;
	if (found->busy || found->requested >= 0)
		return -EBUSY;
	found->requested = (int)index;
	found->seqno = 0;
	return 0;
}

static void release(struct bh_gpio_request *request)
{
	uint64_t drained;

	if (!request)
		return;
	for (size_t i = 0; i < request->gpio->n_lines; i++)
		request->gpio->lines[i].requested = -1;
	request->gpio->n_edges = 0;
	request->gpio->hung_up = false;
	(void)!read(request->gpio->event_fd, &drained, sizeof(drained));
	free(request);
}

static int request(void *ctx, const struct bh_gpio_request_config *config,
		   struct bh_gpio_request **ret, size_t *ret_line)
{
	struct bh_fake_gpio *gpio = ctx;
	struct bh_gpio_request *taken = calloc(1, sizeof(*taken));

	if (!taken)
		return -ENOMEM;
	taken->gpio = gpio;
	gpio->active_low = config->active_low;
	for (size_t i = 0; i < config->n_lines; i++) {
		int r = take(gpio, &config->lines[i], i);

		if (r < 0) {
			release(taken);
			*ret_line = i;
			return r;
		}
	}
	gpio->n_requests++;
	*ret = taken;
	return 0;
}

static int get_fd(struct bh_gpio_request *request)
{
	return request->gpio->event_fd;
}

static int read_edges(struct bh_gpio_request *request, struct bh_gpio_edge *ret, size_t cap)
{
	struct bh_fake_gpio *gpio = request->gpio;
	size_t n = gpio->n_edges < cap ? gpio->n_edges : cap;
	uint64_t drained;

	gpio->n_reads++;
	if (gpio->hung_up)
		return -ENODEV;
	memcpy(ret, gpio->edges, n * sizeof(ret[0]));
	memmove(gpio->edges, gpio->edges + n, (gpio->n_edges - n) * sizeof(ret[0]));
	gpio->n_edges -= n;
	if (gpio->n_edges == 0)
		(void)!read(gpio->event_fd, &drained, sizeof(drained));
	return (int)n;
}

static int read_levels(struct bh_gpio_request *request, bool *ret, size_t n)
{
	struct bh_fake_gpio *gpio = request->gpio;

	gpio->n_reads++;
	if (gpio->before_levels)
		gpio->before_levels(gpio);
	if (gpio->hung_up)
		return -ENODEV;
	for (size_t i = 0; i < gpio->n_lines; i++) {
		const struct bh_fake_gpio_line *line = &gpio->lines[i];

		if (line->requested >= 0 && (size_t)line->requested < n)
			ret[line->requested] = active(gpio, line);
	}
	if (gpio->after_levels)
		gpio->after_levels(gpio);
	return 0;
}

static const struct bh_gpio_ops ops = {
	.request = request,
	.fd = get_fd,
	.read = read_edges,
	.levels = read_levels,
	.release = release,
};

void bh_fake_gpio_init(struct bh_fake_gpio *gpio, enum bh_fake_gpio_abi abi, struct bh_bus *bus)
{
	memset(gpio, 0, sizeof(*gpio));
	gpio->abi = abi;
	gpio->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (gpio->event_fd < 0)
		abort();
	bus->gpio = &ops;
	bus->gpio_ctx = gpio;
}

void bh_fake_gpio_close(struct bh_fake_gpio *gpio)
{
	close(gpio->event_fd);
}

void bh_fake_gpio_add(struct bh_fake_gpio *gpio, const char *chip, int offset, const char *name,
		      bool high)
{
	struct bh_fake_gpio_line *line = &gpio->lines[gpio->n_lines++];

	*line = (struct bh_fake_gpio_line){ .offset = offset, .high = high, .requested = -1 };
	snprintf(line->chip, sizeof(line->chip), "%s", chip);
	snprintf(line->name, sizeof(line->name), "%s", name);
}

static size_t waiting(const struct bh_fake_gpio *gpio, int line)
{
	size_t n = 0;

	for (size_t i = 0; i < gpio->n_edges; i++)
		n += gpio->edges[i].line == line;
	return n;
}

static void queue(struct bh_fake_gpio *gpio, struct bh_fake_gpio_line *line, int64_t mono_ns)
{
	struct bh_gpio_edge edge = {
		.mono_ns = mono_ns,
		.line = (uint8_t)line->requested,
		.rising = active(gpio, line),
	};

	if (gpio->abi == BH_FAKE_GPIO_V1) {
		if (waiting(gpio, line->requested) == BH_FAKE_GPIO_FIFO_V1)
			return;
	} else {
		edge.seqno = ++line->seqno;
		if (gpio->n_edges == BH_FAKE_GPIO_BUFFER_V2) {
			gpio->n_edges--;
			memmove(gpio->edges, gpio->edges + 1, gpio->n_edges * sizeof(edge));
		}
	}
	gpio->edges[gpio->n_edges++] = edge;
	wake(gpio);
}

void bh_fake_gpio_set(struct bh_fake_gpio *gpio, const char *name, int64_t mono_ns, bool high)
{
	struct bh_fake_gpio_line *line = find(gpio, name);
	bool edge = line->high != high;

	line->high = high;
	if (edge && line->requested >= 0)
		queue(gpio, line, mono_ns);
}

void bh_fake_gpio_set_unseen(struct bh_fake_gpio *gpio, const char *name, bool high)
{
	find(gpio, name)->high = high;
}

void bh_fake_gpio_unplug(struct bh_fake_gpio *gpio, const char *chip)
{
	snprintf(gpio->unplugged, sizeof(gpio->unplugged), "%s", chip);
	for (size_t i = 0; i < gpio->n_lines; i++) {
		if (gpio->lines[i].requested >= 0 && strcmp(gpio->lines[i].chip, chip) == 0) {
			gpio->hung_up = true;
			wake(gpio);
		}
	}
}

void bh_fake_gpio_plug(struct bh_fake_gpio *gpio)
{
	gpio->unplugged[0] = '\0';
}
