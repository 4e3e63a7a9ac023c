/* SPDX-License-Identifier: MIT */
#include "rigged.h"

#include <sqlite3.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static struct {
	bool armed;
	enum rigged what;
	bool lasting;
	int left;
	bool fired;
} state;

static bool fails(enum rigged what)
{
	if (!state.armed || state.what != what)
		return false;
	state.left--;
	if (state.left > 0 || (state.left < 0 && !state.lasting))
		return false;
	state.fired = true;
	return true;
}

void rig_arm(enum rigged what, int nth, bool lasting)
{
	state.armed = true;
	state.what = what;
	state.lasting = lasting;
	state.left = nth;
	state.fired = false;
}

bool rig_disarm(void)
{
	state.armed = false;
	return state.fired;
}

/* ---- files ---- */

struct file {
	sqlite3_file base;
	sqlite3_file *real; /* behind this one */
};

static sqlite3_file *real_of(sqlite3_file *file)
{
	return ((struct file *)(void *)file)->real;
}

#define CALL(file, method, ...) (real_of(file)->pMethods->method(real_of(file), __VA_ARGS__))

static int file_close(sqlite3_file *file)
{
	return real_of(file)->pMethods->xClose(real_of(file));
}

static int file_read(sqlite3_file *file, void *buf, int size, sqlite3_int64 offset)
{
	return fails(RIGGED_READ) ? SQLITE_IOERR_READ : CALL(file, xRead, buf, size, offset);
}

static int file_write(sqlite3_file *file, const void *buf, int size, sqlite3_int64 offset)
{
	/* A disk that fills up takes half of it. */
	if (fails(RIGGED_WRITE)) {
		CALL(file, xWrite, buf, size / 2, offset);
		return SQLITE_FULL;
	}
	return CALL(file, xWrite, buf, size, offset);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	return fails(RIGGED_WRITE) ? SQLITE_IOERR_TRUNCATE : CALL(file, xTruncate, size);
}

/* No power is cut here, so a sync that succeeds need not reach the disk. */
static int file_sync(sqlite3_file *file, int flags)
{
	(void)file;
	(void)flags;
	return fails(RIGGED_WRITE) ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
	return CALL(file, xFileSize, size);
}

static int file_lock(sqlite3_file *file, int level)
{
	return CALL(file, xLock, level);
}

static int file_unlock(sqlite3_file *file, int level)
{
	return CALL(file, xUnlock, level);
}

static int file_reserved(sqlite3_file *file, int *ret)
{
	return CALL(file, xCheckReservedLock, ret);
}

static int file_control(sqlite3_file *file, int op, void *arg)
{
	return CALL(file, xFileControl, op, arg);
}

static int file_sector(sqlite3_file *file)
{
	return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int file_traits(sqlite3_file *file)
{
	return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int file_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **ret)
{
	return extend && fails(RIGGED_WRITE) ? SQLITE_IOERR_SHMSIZE
					     : CALL(file, xShmMap, page, size, extend, ret);
}

static int file_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
	return CALL(file, xShmLock, offset, n, flags);
}

static void file_shm_barrier(sqlite3_file *file)
{
	real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int file_shm_unmap(sqlite3_file *file, int delete)
{
	return CALL(file, xShmUnmap, delete);
}

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = file_close,
	.xRead = file_read,
	.xWrite = file_write,
	.xTruncate = file_truncate,
	.xSync = file_sync,
	.xFileSize = file_size,
	.xLock = file_lock,
	.xUnlock = file_unlock,
	.xCheckReservedLock = file_reserved,
	.xFileControl = file_control,
	.xSectorSize = file_sector,
	.xDeviceCharacteristics = file_traits,
	.xShmMap = file_shm_map,
	.xShmLock = file_shm_lock,
	.xShmBarrier = file_shm_barrier,
	.xShmUnmap = file_shm_unmap,
};

static sqlite3_vfs *real_vfs;
static sqlite3_vfs rigged_vfs;

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *ret)
{
	struct file *file = (struct file *)(void *)base;
	int rc;

	(void)vfs;
	base->pMethods = NULL;
	if ((flags & SQLITE_OPEN_CREATE) && fails(RIGGED_WRITE))
		return SQLITE_CANTOPEN;
	file->real = (sqlite3_file *)(void *)(file + 1);
	rc = real_vfs->xOpen(real_vfs, name, file->real, flags, ret);
	if (file->real->pMethods)
		base->pMethods = &methods;
	return rc;
}

/* ---- memory ---- */

static sqlite3_mem_methods real_memory;

static void *mem_malloc(int size)
{
	return fails(RIGGED_MALLOC) ? NULL : real_memory.xMalloc(size);
}

static void *mem_realloc(void *old, int size)
{
	return fails(RIGGED_MALLOC) ? NULL : real_memory.xRealloc(old, size);
}

void rig(void)
{
	sqlite3_mem_methods memory;
	int rc = sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_memory);

	memory = real_memory;
	memory.xMalloc = mem_malloc;
	memory.xRealloc = mem_realloc;
	rc |= sqlite3_config(SQLITE_CONFIG_MALLOC, &memory);
	rc |= sqlite3_initialize();
	if (rc != SQLITE_OK)
		abort();
	real_vfs = sqlite3_vfs_find(NULL);
	rigged_vfs = *real_vfs;
	rigged_vfs.zName = "rigged";
	rigged_vfs.szOsFile = (int)sizeof(struct file) + real_vfs->szOsFile;
	rigged_vfs.xOpen = vfs_open;
	if (sqlite3_vfs_register(&rigged_vfs, 1) != SQLITE_OK)
		abort();
}
