/* SPDX-License-Identifier: MIT */
#include "hub/store/private.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The group reads (bedside sql, Datasette) and never writes. */
#define FILE_MODE 0640
/* New files get the folder's group. */
#define FOLDER_MODE 02750

/* The WAL is written back after 1000 pages, some 4 MB: as seldom as a reader's search in it allows.
 * It stays on the disk when the last writer leaves, so that the group can open the file without
 * leave to write in the folder; after a bulk replay it is cut to 16 MiB again.
 * A migration may copy and sort millions of rows: what it sorts goes to the disk while it runs. */
static const char writer_pragmas[] = "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; "
				     "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000; "
				     "PRAGMA journal_size_limit = 16777216; "
				     "PRAGMA foreign_keys = ON; PRAGMA temp_store = FILE";
/* What is sorted afterwards is a night's or a page's, and an SD card wears. */
static const char migrated_pragmas[] = "PRAGMA temp_store = MEMORY";

static int no_folder(const char *folder, struct bh_error *err)
{
	int r = -errno;

	if (r == -EACCES || r == -EPERM || r == -EROFS)
		return bh_error_set(err, -EACCES, folder, 0, 0,
				    "cannot write in this folder: %s; run as the user that owns it "
				    "or name another file with --db",
				    strerror(-r));
	return bh_error_set(err, r, folder, 0, 0, "cannot be made: %s: name another file with --db",
			    strerror(-r));
}

/* Makes the last folder of the path only: a misspelt path should not leave a tree behind. */
static int make_folder(const char *path, struct bh_error *err)
{
	char folder[PATH_MAX];
	char *slash;

	if (snprintf(folder, sizeof(folder), "%s", path) >= PATH_MAX)
		return bh_error_set(err, -ENAMETOOLONG, path, 0, 0, "the path is too long");
	slash = strrchr(folder, '/');
	if (!slash || slash == folder)
		return 0;
	*slash = '\0';
	if (mkdir(folder, FOLDER_MODE & 0777) < 0)
		return errno == EEXIST ? 0 : no_folder(folder, err);
	/* mkdir() heeds the umask and drops the setgid bit. */
	return chmod(folder, FOLDER_MODE) < 0 ? no_folder(folder, err) : 0;
}

/* An empty file is an empty database. Made by us for its mode; closed before SQLite opens it, so no
 * lock of SQLite's can be lost by the close. */
static int make_file(const char *path, struct bh_error *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
	int r = 0;

	if (fd < 0)
		return errno == EEXIST ? 0 : no_folder(path, err);
	if (fchmod(fd, FILE_MODE) < 0)
		r = no_folder(path, err);
	close(fd);
	return r;
}

static int check_access(const char *path, enum bh_store_mode mode, struct bh_error *err)
{
	struct stat st;

	if (stat(path, &st) < 0) {
		if (errno == ENOENT || errno == ENOTDIR)
			return bh_error_set(err, -ENOENT, path, 0, 0,
					    "no history yet: bedsided makes it when it starts, and "
					    "`bedside demo` one of its own; name it with --db");
		return bh_error_set(err, -EACCES, path, 0, 0,
				    "cannot look at it: %s; join the group bedside or run as its "
				    "owner",
				    strerror(errno));
	}
	if (!S_ISREG(st.st_mode))
		return bh_error_set(err, -EUCLEAN, path, 0, 0,
				    "not a file; name the history with --db");
	if (mode == BH_STORE_READ && st.st_size == 0)
		return bh_error_set(err, -ENOENT, path, 0, 0,
				    "an empty file; run bedsided or `bedside demo` first");
	if (mode == BH_STORE_READ && access(path, R_OK) < 0)
		return bh_error_set(err, -EACCES, path, 0, 0,
				    "may not be read; join the group bedside or run as its owner");
	if (mode == BH_STORE_WRITE && access(path, W_OK) < 0)
		return bh_error_set(err, -EACCES, path, 0, 0,
				    "may not be written; run as its owner or name another file "
				    "with --db");
	return 0;
}

static int sqlite_error(sqlite3 *db, int rc, const char *path, struct bh_error *err)
{
	int r = bh_store_errno(rc);

	if (r == -EUCLEAN)
		return bh_error_set(err, r, path, 0, 0,
				    "not a Bedside history, or damaged (%s); move it aside, or "
				    "restore a copy",
				    sqlite3_errmsg(db));
	return bh_error_set(err, r, path, 0, 0, "%s; check the disk and the file's permissions",
			    db ? sqlite3_errmsg(db) : sqlite3_errstr(rc));
}

static int open_db(struct bh_store *store, const char *name, const char *path, int flags,
		   struct bh_error *err)
{
	int rc = sqlite3_open_v2(name, &store->db, flags | SQLITE_OPEN_NOMUTEX, NULL);

	if (rc != SQLITE_OK)
		return sqlite_error(store->db, sqlite3_extended_errcode(store->db), path, err);
	sqlite3_extended_result_codes(store->db, 1);
	sqlite3_busy_timeout(store->db, BH_STORE_BUSY_MS);
	return 0;
}

void bh_store_hurry(struct bh_store *store)
{
	sqlite3_busy_timeout(store->db, BH_STORE_HURRY_MS);
}

static int open_writer(struct bh_store *store, const char *path, struct bh_error *err)
{
	int keep_wal = 1;
	int rc;
	int r;

	store->lock_fd = bh_store_lock(path, err);
	if (store->lock_fd < 0)
		return store->lock_fd;
	r = open_db(store, path, path, SQLITE_OPEN_READWRITE, err);
	if (r < 0)
		return r;
	/* Before anything is written: a file that is not ours stays as it is. */
	r = bh_schema_version(store->db, bh_n_migrations, path, err);
	if (r < 0)
		return r;
	rc = sqlite3_exec(store->db, writer_pragmas, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_file_control(store->db, "main", SQLITE_FCNTL_PERSIST_WAL, &keep_wal);
	if (rc != SQLITE_OK)
		return sqlite_error(store->db, rc, path, err);
	r = bh_store_functions(store->db);
	if (r < 0)
		return sqlite_error(store->db, SQLITE_NOMEM, path, err);
	r = bh_schema_migrate(store->db, bh_migrations, bh_n_migrations, path, err);
	if (r == 0)
		r = bh_schema_fill(store->db, path, err);
	if (r < 0)
		return r;
	rc = sqlite3_exec(store->db, migrated_pragmas, NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		return sqlite_error(store->db, rc, path, err);
	store->writable = true;
	r = bh_store_begin(store);
	if (r == 0)
		r = bh_store_close_dead(store);
	if (r == 0)
		r = bh_store_end(store);
	return r < 0 ? sqlite_error(store->db, sqlite3_extended_errcode(store->db), path, err) : 0;
}

/* "file:" names need these escaped. */
static int uri_of(const char *path, const char *query, char *ret, size_t size)
{
	size_t n = (size_t)snprintf(ret, size, "file:");

	for (; *path; path++) {
		if (n + 4 > size)
			return -ENAMETOOLONG;
		if (strchr("?#%", *path))
			n += (size_t)snprintf(ret + n, size - n, "%%%02x", (unsigned char)*path);
		else
			ret[n++] = *path;
	}
	if ((size_t)snprintf(ret + n, size - n, "%s", query) >= size - n)
		return -ENAMETOOLONG;
	return 0;
}

/* A WAL database wants its -wal and -shm; without them a reader that may not write in the folder
 * cannot open it. Nobody writes and no WAL waits: then the file alone is the whole history. */
static bool is_whole(const char *path)
{
	char wal[PATH_MAX];
	struct stat st;

	if (snprintf(wal, sizeof(wal), "%s-wal", path) >= PATH_MAX)
		return false;
	return !bh_store_locked(path) && (stat(wal, &st) < 0 ? errno == ENOENT : st.st_size == 0);
}

static int open_reader(struct bh_store *store, const char *path, struct bh_error *err)
{
	char uri[PATH_MAX * 3];
	int r = open_db(store, path, path, SQLITE_OPEN_READONLY, err);

	if (r == 0)
		r = bh_schema_version(store->db, bh_n_migrations, path, err);
	if ((r == -EACCES || r == -EROFS) && is_whole(path) &&
	    uri_of(path, "?immutable=1", uri, sizeof(uri)) == 0) {
		sqlite3_close(store->db);
		store->db = NULL;
		r = open_db(store, uri, path, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, err);
		if (r == 0)
			r = bh_schema_version(store->db, bh_n_migrations, path, err);
	}
	if (r < 0)
		return r;
	if (r == 0)
		return bh_error_set(err, -ENOENT, path, 0, 0,
				    "an empty history; run bedsided or `bedside demo` first");
	if (r < bh_n_migrations)
		return bh_error_set(err, -EPROTO, path, 0, 0,
				    "written by an older Bedside (format %d, this program reads "
				    "%d); start bedsided once to bring it up to date",
				    r, bh_n_migrations);
	return 0;
}

int bh_store_open(const char *path, enum bh_store_mode mode, struct bh_store **ret,
		  struct bh_error *err)
{
	struct bh_store *store;
	char *real;
	int r = 0;

	if (mode == BH_STORE_WRITE)
		r = make_folder(path, err);
	if (r == 0 && mode == BH_STORE_WRITE)
		r = make_file(path, err);
	if (r == 0)
		r = check_access(path, mode, err);
	if (r < 0)
		return r;
	/* Through a symbolic link too, one database has one lock. */
	real = realpath(path, NULL);
	if (!real)
		return bh_error_set(err, -errno, path, 0, 0, "cannot be found: %s",
				    strerror(errno));
	store = sqlite3_malloc(sizeof(*store));
	if (!store) {
		free(real);
		return bh_error_set(err, -ENOMEM, path, 0, 0, "out of memory");
	}
	*store = (struct bh_store){ .lock_fd = -1 };
	r = mode == BH_STORE_WRITE ? open_writer(store, real, err) : open_reader(store, real, err);
	free(real);
	if (r < 0) {
		store->run = 0;
		bh_store_close(store);
		return r;
	}
	*ret = store;
	return 0;
}

/* If this cannot be written, the next start finds the run dead, and no record is lost. */
static void end_run(struct bh_store *store)
{
	int r = bh_store_begin(store);

	if (r == 0)
		r = bh_store_run_ended(store);
	if (r == 0)
		store->dirty = true;
	bh_store_commit(store);
}

void bh_store_close(struct bh_store *store)
{
	if (!store)
		return;
	if (store->writable && store->run != 0)
		end_run(store);
	bh_stmt_finalize_all(store);
	bh_pending_free(&store->pending);
	sqlite3_close(store->db);
	if (store->lock_fd >= 0)
		close(store->lock_fd);
	sqlite3_free(store);
}
