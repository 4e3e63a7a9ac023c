/* SPDX-License-Identifier: MIT */
/*
 * A disk and a memory that fail on command: SQLite's default VFS and allocator with a counter in
 * front. Everything that the store writes, reads or allocates goes through them.
 */
#ifndef TESTS_STORE_RIGGED_H
#define TESTS_STORE_RIGGED_H

#include <stdbool.h>

enum rigged {
	RIGGED_WRITE, /**< write, sync, truncate: a full or failing disk */
	RIGGED_READ,
	RIGGED_MALLOC,
};

/** @brief Install, before SQLite is used for the first time. */
void rig(void);
/** @brief Call number @p nth (from 1) of this kind fails; if @p lasting, all after it too. */
void rig_arm(enum rigged what, int nth, bool lasting);
/** @brief Everything works again. @return Whether anything failed since rig_arm(). */
bool rig_disarm(void);

#endif
