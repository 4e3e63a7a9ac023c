/* SPDX-License-Identifier: MIT */
#include "hub/store/private.h"

#include <errno.h>
#include <string.h>

/* Data are aligned for any of the structs that stand in it. */
#define ALIGN 16u

struct head {
	enum bh_op op;
	size_t next;
};

#define HEAD_SIZE ((sizeof(struct head) + ALIGN - 1) / ALIGN * ALIGN)
#define FIRST_SIZE ((size_t)64 << 10)

/* From SQLite's allocator, so that one test can refuse every allocation of the store. */
static int grow(struct bh_pending *pending, size_t need)
{
	size_t size = pending->size ? pending->size : FIRST_SIZE;
	unsigned char *bytes;

	while (size < need)
		size *= 2;
	if (size == pending->size)
		return 0;
	bytes = sqlite3_realloc64(pending->bytes, size);
	if (!bytes)
		return -ENOMEM;
	pending->bytes = bytes;
	pending->size = size;
	return 0;
}

int bh_pending_add(struct bh_pending *pending, enum bh_op op, const void *data, size_t size)
{
	size_t next = pending->used + HEAD_SIZE + (size + ALIGN - 1) / ALIGN * ALIGN;
	struct head head = { .op = op, .next = next };
	int r = grow(pending, next);

	if (r < 0)
		return r;
	memcpy(pending->bytes + pending->used, &head, sizeof(head));
	memcpy(pending->bytes + pending->used + HEAD_SIZE, data, size);
	pending->used = next;
	return 0;
}

size_t bh_pending_next(const struct bh_pending *pending, size_t offset, enum bh_op *ret_op,
		       const void **ret_data)
{
	struct head head;

	if (offset >= pending->used)
		return 0;
	memcpy(&head, pending->bytes + offset, sizeof(head));
	*ret_op = head.op;
	*ret_data = pending->bytes + offset + HEAD_SIZE;
	return head.next;
}

void bh_pending_free(struct bh_pending *pending)
{
	sqlite3_free(pending->bytes);
	*pending = (struct bh_pending){ 0 };
}
