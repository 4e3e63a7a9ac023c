/* SPDX-License-Identifier: MIT */
/*
 * Contact pads: one GPIO line a zone, by edges with the kernel's own time stamps.
 *
 * Edges go through a debounce per pad; each accepted change makes one frame that is dated to its
 * first edge. Edges may be lost (a FIFO overflows, a chip goes), levels cannot: they are read before
 * a change is accepted, after a gap, and every ten seconds.
 */
#include "drivers/contact.h"

#include "drivers/debounce.h"

#include <errno.h>
#include <string.h>

/* Room for what one system call brings: the kernel keeps 16 edges a line with libgpiod 1.6. */
#define EDGES_MAX 64
/* The kernel's FIFO per line with libgpiod 1.6: when that many come at once, more may have been
 * dropped, and nothing tells. */
#define FIFO_EDGES 16
/* A chip that vanished without waking us, and an edge that was lost without a trace, are found
 * within this time: one system call, far below the two wake-ups a second an idle hub may make. */
#define VERIFY_NS (10 * BH_NS_PER_S)
/* Edges that keep coming between two system calls are a burst, which has a time limit of its own. */
#define VERIFY_TRIES 3

struct contact_state {
	struct bh_contact_config config;
	uint8_t sensor;
	const struct bh_gpio_ops *gpio;
	struct bh_gpio_request *request; /* NULL: closed */
	struct bh_debounce pad[BH_GPIO_LINES_MAX];
	uint32_t seqno[BH_GPIO_LINES_MAX]; /* of the last edge, 0: none yet */
	uint8_t drained
		[BH_GPIO_LINES_MAX]; /* edges since the FIFO was last empty, at most FIFO_EDGES */
	struct bh_gpio_edge edges[EDGES_MAX];
	size_t n_edges;
	size_t next_edge;
	uint64_t taken;	   /* edges of this opening so far */
	bool fresh;	   /* the first frame, from the levels at open, is still to be given */
	bool doubtful;	   /* edges were lost: read the levels */
	uint32_t lost;	   /* edges lost since the last frame */
	int64_t verify_ns; /* when the levels are read next though nothing happens */
	int64_t frame_ns;  /* time of the last frame */
};

static int configure(void *state, const struct bh_sensor_config *config, uint8_t sensor,
		     struct bh_driver_setup *setup, struct bh_error *err)
{
	struct contact_state *contact = state;
	int r;

	r = bh_contact_configure(&contact->config, config->options, setup->mat, err);
	if (r < 0)
		return r;
	contact->sensor = sensor;
	setup->capabilities = bh_mat_capabilities(setup->mat);
	return 0;
}

static int read_levels(struct contact_state *contact, bool *ret)
{
	return contact->gpio->levels(contact->request, ret, contact->config.lines.n_lines);
}

static void close_request(void *state)
{
	struct contact_state *contact = state;

	if (contact->request)
		contact->gpio->release(contact->request);
	contact->request = NULL;
}

static int request_failed(const struct contact_state *contact, int code, size_t i,
			  struct bh_error *err)
{
	const struct bh_gpio_line *line = &contact->config.lines.lines[i];
	const char *zone = contact->config.zone_name[i];
	char what[2 * BH_NAME_MAX + 16];

	bh_contact_line_print(line, what, sizeof(what));
	switch (-code) {
	case ENODEV:
		return bh_error_set(err, code, NULL, 0, 0,
				    "zone '%s': there is no GPIO %s; gpioinfo lists what there is",
				    zone, what);
	case ENOTUNIQ:
		return bh_error_set(err, code, NULL, 0, 0,
				    "zone '%s': GPIO %s is there more than once; name its chip",
				    zone, what);
	case EBUSY:
		return bh_error_set(
			err, code, NULL, 0, 0,
			"zone '%s': GPIO %s is in use by another program; gpioinfo says "
			"by which",
			zone, what);
	case EACCES:
		return bh_error_set(err, code, NULL, 0, 0,
				    "zone '%s': no permission for GPIO %s; run in group gpio", zone,
				    what);
	default:
		return bh_error_set(err, code, NULL, 0, 0, "zone '%s': GPIO %s: %s", zone, what,
				    strerror(-code));
	}
}

static int open_request(void *state, const struct bh_bus *bus, struct bh_error *err)
{
	struct contact_state *contact = state;
	bool levels[BH_GPIO_LINES_MAX];
	size_t bad = 0;
	int r;

	if (!bus->gpio)
		return bh_error_set(err, -ENODEV, NULL, 0, 0, "this machine has no GPIO");
	contact->gpio = bus->gpio;
	r = bus->gpio->request(bus->gpio_ctx, &contact->config.lines, &contact->request, &bad);
	if (r < 0)
		return request_failed(contact, r, bad, err);
	r = read_levels(contact, levels);
	if (r < 0) {
		close_request(contact);
		return bh_error_set(err, r, NULL, 0, 0, "the GPIO lines cannot be read: %s",
				    strerror(-r));
	}
	for (size_t i = 0; i < contact->config.lines.n_lines; i++)
		bh_debounce_reset(&contact->pad[i], levels[i]);
	memset(contact->seqno, 0, sizeof(contact->seqno));
	memset(contact->drained, 0, sizeof(contact->drained));
	contact->n_edges = contact->next_edge = 0;
	contact->taken = 0;
	contact->fresh = true;
	contact->doubtful = false;
	return 0;
}

static int get_fd(const void *state)
{
	const struct contact_state *contact = state;

	return contact->gpio->fd(contact->request);
}

/* The pad whose burst is over at @p mono_ns, the earliest first; -1 if none is. */
static int next_settling(const struct contact_state *contact, int64_t mono_ns)
{
	int64_t first_ns = INT64_MAX;
	int found = -1;

	for (size_t i = 0; i < contact->config.lines.n_lines; i++) {
		const struct bh_debounce *pad = &contact->pad[i];

		if (bh_debounce_due(pad, contact->config.quiet_ns) <= mono_ns &&
		    pad->first_ns < first_ns) {
			first_ns = pad->first_ns;
			found = (int)i;
		}
	}
	return found;
}

/* Settle what is over at @p mono_ns, up to the first change. */
static bool settle(struct contact_state *contact, int64_t mono_ns, int64_t *ret_ns)
{
	int i;

	while ((i = next_settling(contact, mono_ns)) >= 0) {
		if (bh_debounce_settle(&contact->pad[i], contact->config.quiet_ns, mono_ns, ret_ns))
			return true;
	}
	return false;
}

static void take_edge(struct contact_state *contact, const struct bh_gpio_edge *edge)
{
	uint32_t *seqno = &contact->seqno[edge->line];
	uint8_t *drained = &contact->drained[edge->line];

	if (edge->seqno != 0) {
		uint32_t gap = edge->seqno - *seqno - 1;

		if (gap != 0) {
			contact->lost += gap;
			contact->doubtful = true;
		}
		*seqno = edge->seqno;
	} else if (*drained < FIFO_EDGES && ++*drained == FIFO_EDGES) {
		/* How many is not known: at least one is what can be said. */
		contact->lost++;
		contact->doubtful = true;
	}
	contact->taken++;
	bh_debounce_edge(&contact->pad[edge->line], edge->mono_ns, edge->rising);
}

/* Edges up to the first change they bring. @return 1 a change; 0 no more edges; a negative errno. */
static int take_edges(struct contact_state *contact, int64_t *ret_ns)
{
	for (;;) {
		int n;

		while (contact->next_edge < contact->n_edges) {
			const struct bh_gpio_edge *edge = &contact->edges[contact->next_edge];

			/* Time passes up to the edge before the edge counts. */
			if (settle(contact, edge->mono_ns, ret_ns))
				return 1;
			take_edge(contact, edge);
			contact->next_edge++;
		}
		contact->n_edges = contact->next_edge = 0;
		n = contact->gpio->read(contact->request, contact->edges, EDGES_MAX);
		if (n < 0)
			return n;
		contact->n_edges = (size_t)n;
		if (n == 0) {
			memset(contact->drained, 0, sizeof(contact->drained));
			return 0;
		}
	}
}

/* Pads that are not at the level their edges say have lost one. */
static unsigned int take_levels(struct contact_state *contact, const bool *levels, int64_t now_ns,
				bool count_only)
{
	unsigned int n = 0;

	for (size_t i = 0; i < contact->config.lines.n_lines; i++) {
		if (levels[i] == contact->pad[i].level)
			continue;
		n++;
		if (!count_only)
			bh_debounce_edge(&contact->pad[i], now_ns, levels[i]);
	}
	return n;
}

/*
 * Compare the levels with what the edges said. An edge that came while the levels were read makes
 * them differ too, so a difference counts only if no edge is waiting.
 *
 * @return 0 done; 1 an edge was waiting and brought a change, at *ret_ns; a negative errno.
 */
static int verify(struct contact_state *contact, int64_t now_ns, int64_t *ret_ns)
{
	bool levels[BH_GPIO_LINES_MAX];

	for (int tries = 0; tries < VERIFY_TRIES; tries++) {
		uint64_t taken = contact->taken;
		int r = read_levels(contact, levels);

		if (r < 0)
			return r;
		if (take_levels(contact, levels, now_ns, true) > 0) {
			r = take_edges(contact, ret_ns);
			if (r != 0)
				return r;
		}
		if (contact->taken == taken) {
			unsigned int n = take_levels(contact, levels, now_ns, false);

			if (!contact->doubtful)
				contact->lost += n;
			contact->doubtful = false;
			contact->verify_ns = now_ns + VERIFY_NS;
			return 0;
		}
	}
	return 0;
}

static int give_frame(struct contact_state *contact, int64_t mono_ns, struct bh_frame *frame)
{
	/* Two pads that bounce into each other may settle in another order than they began. */
	if (mono_ns < contact->frame_ns)
		mono_ns = contact->frame_ns;
	contact->frame_ns = mono_ns;
	frame->n_zones = (uint16_t)contact->config.lines.n_lines;
	for (size_t i = 0; i < contact->config.lines.n_lines; i++)
		frame->load[i] = contact->pad[i].settled ? BH_LOAD_FULL : 0;
	frame->mat_fault = BH_FAULT_NONE;
	frame->mat_sensor = contact->sensor;
	frame->changed |= BH_PART_MAT;
	frame->mono_ns = mono_ns;
	frame->lost += contact->lost;
	contact->lost = 0;
	return 1;
}

static int read_frame(void *state, int64_t now_mono_ns, struct bh_frame *frame)
{
	struct contact_state *contact = state;
	int64_t change_ns = 0;
	int r;

	if (contact->fresh) {
		contact->fresh = false;
		contact->verify_ns = now_mono_ns + VERIFY_NS;
		return give_frame(contact, now_mono_ns, frame);
	}
	r = take_edges(contact, &change_ns);
	if (r == 0 && (contact->doubtful || contact->verify_ns <= now_mono_ns ||
		       next_settling(contact, now_mono_ns) >= 0))
		r = verify(contact, now_mono_ns, &change_ns);
	if (r < 0)
		return r;
	if (r == 0 && !settle(contact, now_mono_ns, &change_ns))
		return 0;
	return give_frame(contact, change_ns, frame);
}

static int64_t get_due(const void *state)
{
	const struct contact_state *contact = state;
	int64_t due_ns = contact->verify_ns;

	/* Edges that were taken from the kernel no longer make the fd readable. */
	if (contact->fresh || contact->doubtful || contact->next_edge < contact->n_edges)
		return INT64_MIN;
	for (size_t i = 0; i < contact->config.lines.n_lines; i++) {
		int64_t pad_due_ns = bh_debounce_due(&contact->pad[i], contact->config.quiet_ns);

		if (pad_due_ns < due_ns)
			due_ns = pad_due_ns;
	}
	return due_ns;
}

const struct bh_driver bh_driver_contact = {
	.name = "contact",
	.summary = "contact pads on GPIO lines, one line a zone",
	.part = BH_PART_MAT,
	.options = bh_contact_options,
	.zone_options = bh_contact_zone_options,
	.state_size = sizeof(struct contact_state),
	.configure = configure,
	.open = open_request,
	.fd = get_fd,
	.read = read_frame,
	.due = get_due,
	.close = close_request,
};
