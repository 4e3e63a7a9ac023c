/* SPDX-License-Identifier: MIT */
/*
 * The real libsensors, on a /sys/class made for it in a mount namespace of the test's own. Skipped
 * where the system does not let a program have one.
 */
#include "drivers/bus_machine.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define CLASS "/sys/class/hwmon"
/* The device tree, which /sys/class links into. */
#define DEVICES "/sys/class/devices"

static struct bh_bus_hwmon *hwmon;
static bool have_namespace;

/* Attributes of sysfs are lines; libsensors counts on that. */
static void write_line(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || dprintf(fd, "%s\n", text) < 0)
		fail_msg("%s: %s", path, strerror(errno));
	close(fd);
}

static void make_folder(const char *path)
{
	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		fail_msg("%s: %s", path, strerror(errno));
}

static bool write_map(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return good;
}

/* A namespace in which this program is root and may mount. */
static bool become_root(void)
{
	char users[64], groups[64];

	snprintf(users, sizeof(users), "0 %u 1", (unsigned int)getuid());
	snprintf(groups, sizeof(groups), "0 %u 1", (unsigned int)getgid());
	return unshare(CLONE_NEWUSER) == 0 && write_map("/proc/self/setgroups", "deny") &&
	       write_map("/proc/self/uid_map", users) && write_map("/proc/self/gid_map", groups);
}

static bool enter_namespace(void)
{
	if (getuid() != 0 && !become_root())
		return false;
	return unshare(CLONE_NEWNS) == 0 &&
	       mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("tmpfs", "/sys/class", "tmpfs", 0, NULL) == 0;
}

/* Chip @p name at @p device ("1-0048"), as hwmon@p number. */
static void plug(const char *name, const char *device, int number, const char *value)
{
	char path[256], link[128];

	snprintf(path, sizeof(path), DEVICES "/%s", device);
	make_folder(path);
	snprintf(path, sizeof(path), DEVICES "/%s/hwmon%d", device, number);
	make_folder(path);
	snprintf(link, sizeof(link), CLASS "/hwmon%d", number);
	if (symlink(path, link) < 0)
		fail_msg("%s: %s", link, strerror(errno));
	snprintf(path, sizeof(path), "%s/name", link);
	write_line(path, name);
	snprintf(path, sizeof(path), "%s/temp1_input", link);
	write_line(path, value);
	snprintf(path, sizeof(path), "%s/device", link);
	snprintf(link, sizeof(link), DEVICES "/%s", device);
	if (symlink(link, path) < 0)
		fail_msg("%s: %s", path, strerror(errno));
}

static void attribute(int number, const char *name, const char *value)
{
	char path[256];

	snprintf(path, sizeof(path), CLASS "/hwmon%d/%s", number, name);
	write_line(path, value);
}

static void unplug(int number)
{
	char path[128];

	snprintf(path, sizeof(path), CLASS "/hwmon%d", number);
	unlink(path);
}

static int begin(void **state)
{
	(void)state;
	if (!have_namespace)
		return 0;
	make_folder(DEVICES);
	make_folder(CLASS);
	return bh_bus_hwmon_new(&hwmon);
}

static int end(void **state)
{
	(void)state;
	if (!have_namespace)
		return 0;
	bh_bus_hwmon_free(hwmon);
	return system("rm -rf " CLASS " " DEVICES);
}

static int find(const char *chip)
{
	return bh_bus_hwmon.find(hwmon, chip, "temp1");
}

static void check_reads(int handle, int32_t expected)
{
	int32_t mdegc = 0;

	assert_int_equal(bh_bus_hwmon.read(hwmon, handle, &mdegc), 0);
	assert_int_equal(mdegc, expected);
}

static void check_fails(int handle, int error)
{
	int32_t mdegc = 4711;

	assert_int_equal(bh_bus_hwmon.read(hwmon, handle, &mdegc), error);
	assert_int_equal(mdegc, 4711);
}

#define need_namespace()                                                                           \
	do {                                                                                       \
		if (!have_namespace)                                                               \
			skip();                                                                    \
	} while (0)

static void test_reads_the_chip_that_is_named(void **state)
{
	int left, right;

	(void)state;
	need_namespace();
	plug("lm75", "1-0048", 0, "31250");
	plug("tmp102", "1-0049", 1, "-1500");
	left = find("lm75-i2c-1-48");
	right = find("tmp102-i2c-*-49");
	check_reads(left, 31250);
	check_reads(right, -1500);
	attribute(0, "temp1_input", "31500");
	check_reads(left, 31500);
	assert_int_equal(find("lm75-i2c-1-48"), left);
	assert_int_equal(find("lm75-i2c-1-4a"), -ENODEV);
	assert_int_equal(bh_bus_hwmon.find(hwmon, "lm75-i2c-1-48", "temp2"), -ENODEV);
	assert_int_equal(find("lm75-i2c-1-48-"), -EINVAL);
	check_reads(right, -1500);
}

static void test_ambiguous_name_is_refused(void **state)
{
	(void)state;
	need_namespace();
	plug("lm75", "1-0048", 0, "31250");
	plug("lm75", "1-0049", 1, "30000");
	assert_int_equal(find("lm75-*"), -ENOTUNIQ);
	check_reads(find("lm75-i2c-1-49"), 30000);
}

static void test_fault_attribute(void **state)
{
	int handle;

	(void)state;
	need_namespace();
	plug("lm75", "1-0048", 0, "31250");
	attribute(0, "temp1_fault", "0");
	handle = find("lm75-i2c-1-48");
	check_reads(handle, 31250);
	attribute(0, "temp1_fault", "1");
	check_fails(handle, -EREMOTEIO);
	attribute(0, "temp1_fault", "0");
	attribute(0, "temp1_input", "");
	check_fails(handle, -EIO);
	attribute(0, "temp1_input", "nan");
	check_fails(handle, -EIO);
}

static void test_chip_that_comes_later_and_goes_and_returns(void **state)
{
	int handle;

	(void)state;
	need_namespace();
	assert_int_equal(find("lm75-i2c-1-48"), -ENODEV);
	plug("lm75", "1-0048", 0, "31250");
	handle = find("lm75-i2c-1-48");
	check_reads(handle, 31250);
	unplug(0);
	check_fails(handle, -ENODEV);
	assert_int_equal(find("lm75-i2c-1-48"), -ENODEV);
	plug("lm75", "1-0048", 7, "29000");
	assert_int_equal(find("lm75-i2c-1-48"), handle);
	check_reads(handle, 29000);
}

static void test_chips_that_trade_numbers_are_not_mixed_up(void **state)
{
	int left, right;

	(void)state;
	need_namespace();
	plug("lm75", "1-0048", 0, "31000");
	plug("lm75", "1-0049", 1, "24000");
	left = find("lm75-i2c-1-48");
	right = find("lm75-i2c-1-49");
	unplug(0);
	unplug(1);
	/* Both legs come loose, and come back the other way round. */
	plug("lm75", "1-0049", 0, "24500");
	plug("lm75", "1-0048", 1, "31500");
	check_fails(left, -ENODEV);
	check_fails(right, -ENODEV);
	assert_int_equal(find("lm75-i2c-1-48"), left);
	check_reads(left, 31500);
	assert_int_equal(find("lm75-i2c-1-49"), right);
	check_reads(right, 24500);
	check_reads(left, 31500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_reads_the_chip_that_is_named, begin, end),
		cmocka_unit_test_setup_teardown(test_ambiguous_name_is_refused, begin, end),
		cmocka_unit_test_setup_teardown(test_fault_attribute, begin, end),
		cmocka_unit_test_setup_teardown(test_chip_that_comes_later_and_goes_and_returns,
						begin, end),
		cmocka_unit_test_setup_teardown(test_chips_that_trade_numbers_are_not_mixed_up,
						begin, end),
	};

	have_namespace = enter_namespace();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
