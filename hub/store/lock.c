/* SPDX-License-Identifier: MIT */
/*
 * One writer: a lock on a file beside the database. Never on the database itself: closing any other
 * descriptor of it would drop SQLite's own POSIX locks. An open file description lock, so that two
 * stores of one process exclude each other too, and a reader can ask without taking it.
 */
#include "hub/store/private.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK_MODE 0640

static int lock_path(const char *path, char *ret)
{
	return snprintf(ret, PATH_MAX, "%s.lock", path) < PATH_MAX ? 0 : -ENAMETOOLONG;
}

static const struct flock whole_file = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

static int refuse(int fd, const char *path, struct bh_error *err)
{
	char pid[24] = "";
	ssize_t n = pread(fd, pid, sizeof(pid) - 1, 0);

	pid[n > 0 ? n : 0] = '\0';
	pid[strspn(pid, "0123456789")] = '\0';
	return bh_error_set(err, -EBUSY, path, 0, 0,
			    "process %s writes this history; stop it first (systemctl stop "
			    "bedsided) or name another file with --db",
			    pid[0] ? pid : "of another program");
}

int bh_store_lock(const char *path, struct bh_error *err)
{
	char name[PATH_MAX];
	struct flock lock = whole_file;
	char pid[24];
	int n;
	int fd;
	int r = lock_path(path, name);

	if (r < 0)
		return bh_error_set(err, r, path, 0, 0, "the path is too long");
	fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, LOCK_MODE);
	if (fd < 0) {
		r = -errno;
		return bh_error_set(err, r == -EPERM ? -EACCES : r, name, 0, 0,
				    "cannot make the lock file: %s; the folder must be writable",
				    strerror(-r));
	}
	if (fcntl(fd, F_OFD_SETLK, &lock) < 0) {
		r = -errno;
		if (r == -EAGAIN || r == -EACCES)
			r = refuse(fd, path, err);
		else
			bh_error_set(err, r, name, 0, 0, "cannot lock: %s", strerror(-r));
		close(fd);
		return r;
	}
	/* The umask of a service is stricter than what the group needs; the pid is for the message
	 * above only, so a disk too full for it does no harm. */
	n = snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());
	if (fchmod(fd, LOCK_MODE) < 0 || ftruncate(fd, 0) < 0 || pwrite(fd, pid, (size_t)n, 0) < n)
		errno = 0;
	return fd;
}

bool bh_store_locked(const char *path)
{
	char name[PATH_MAX];
	struct flock lock = whole_file;
	bool locked;
	int fd;

	if (lock_path(path, name) < 0)
		return false;
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return errno != ENOENT;
	locked = fcntl(fd, F_OFD_GETLK, &lock) < 0 || lock.l_type != F_UNLCK;
	close(fd);
	return locked;
}
