/* SPDX-License-Identifier: MIT */
/*
 * GPIO lines for tests, behind bh_gpio_ops: levels, edges with times, the kernel's FIFOs with their
 * losses, chips that are unplugged and plugged in again.
 */
#ifndef BH_TESTS_FAKE_GPIO_H
#define BH_TESTS_FAKE_GPIO_H

#include "drivers/bus.h"

/** Which kernel line ABI to behave like. */
enum bh_fake_gpio_abi {
	BH_FAKE_GPIO_V1, /**< 16 edges a line, newest dropped, no sequence numbers */
	BH_FAKE_GPIO_V2, /**< one buffer, oldest dropped, sequence numbers by line */
};

#define BH_FAKE_GPIO_FIFO_V1 16
#define BH_FAKE_GPIO_BUFFER_V2 64
#define BH_FAKE_GPIO_EDGES 1024

struct bh_fake_gpio_line {
	char chip[BH_NAME_MAX];
	char name[BH_NAME_MAX];
	int offset;
	bool high;     /**< physical level */
	bool busy;     /**< held by another program */
	int requested; /**< index in the request, -1: not */
	uint32_t seqno;
};

struct bh_fake_gpio {
	enum bh_fake_gpio_abi abi;
	size_t n_lines;
	struct bh_fake_gpio_line lines[BH_GPIO_LINES_MAX * 2];
	char unplugged[BH_NAME_MAX]; /**< label of a chip that is not there; empty: all are */
	bool hung_up;		     /**< a requested chip went */
	bool active_low;
	size_t n_edges;
	struct bh_gpio_edge edges[BH_FAKE_GPIO_EDGES];
	int event_fd;
	unsigned int n_requests; /**< how often lines were taken */
	unsigned int n_reads;	 /**< calls of read() and levels() */
	/** What happens just before and just after levels are read. May be NULL. */
	void (*before_levels)(struct bh_fake_gpio *gpio);
	void (*after_levels)(struct bh_fake_gpio *gpio);
};

void bh_fake_gpio_init(struct bh_fake_gpio *gpio, enum bh_fake_gpio_abi abi, struct bh_bus *bus);
void bh_fake_gpio_close(struct bh_fake_gpio *gpio);
void bh_fake_gpio_add(struct bh_fake_gpio *gpio, const char *chip, int offset, const char *name,
		      bool high);
/** @brief The line called @p name goes to a level at @p mono_ns: an edge, if it is another one. */
void bh_fake_gpio_set(struct bh_fake_gpio *gpio, const char *name, int64_t mono_ns, bool high);
/** @brief The same, and the kernel misses it. */
void bh_fake_gpio_set_unseen(struct bh_fake_gpio *gpio, const char *name, bool high);
/** @brief Unplug the chip with that label: requests that hold one of its lines hang up. */
void bh_fake_gpio_unplug(struct bh_fake_gpio *gpio, const char *chip);
void bh_fake_gpio_plug(struct bh_fake_gpio *gpio);

#endif
