/* SPDX-License-Identifier: MIT */
/* I2C by /dev/i2c-N: SMBus word transfers, which every adapter of a Pi can do. The handle is an fd. */
#include "drivers/bus_machine.h"

#include "drivers/bus_errno.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int set_up(int fd, uint8_t address)
{
	unsigned long functions = 0;

	if (ioctl(fd, I2C_FUNCS, &functions) < 0)
		return bh_bus_errno();
	if ((functions & I2C_FUNC_SMBUS_WORD_DATA) != I2C_FUNC_SMBUS_WORD_DATA)
		return -EOPNOTSUPP;
	/* EBUSY: a kernel driver serves this address, and two masters would mix their registers. */
	if (ioctl(fd, I2C_SLAVE, (unsigned long)address) < 0)
		return bh_bus_errno();
	return 0;
}

static int open_device(void *ctx, int bus, uint8_t address)
{
	char path[32];
	int fd, r;

	(void)ctx;
	snprintf(path, sizeof(path), "/dev/i2c-%d", bus);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return bh_bus_errno();
	r = set_up(fd, address);
	if (r < 0) {
		close(fd);
		return r;
	}
	return fd;
}

/* SMBus sends the low byte first, the chips of this house the high byte. */
static uint16_t swap(uint16_t word)
{
	return (uint16_t)(word << 8 | word >> 8);
}

static int transfer(int fd, uint8_t direction, uint8_t reg, union i2c_smbus_data *data)
{
	struct i2c_smbus_ioctl_data args = {
		.read_write = direction,
		.command = reg,
		.size = I2C_SMBUS_WORD_DATA,
		.data = data,
	};

	return ioctl(fd, I2C_SMBUS, &args) < 0 ? bh_bus_errno() : 0;
}

static int read_word(void *ctx, int handle, uint8_t reg)
{
	union i2c_smbus_data data = { .word = 0 };
	int r = transfer(handle, I2C_SMBUS_READ, reg, &data);

	(void)ctx;
	return r < 0 ? r : swap(data.word);
}

static int write_word(void *ctx, int handle, uint8_t reg, uint16_t value)
{
	union i2c_smbus_data data = { .word = swap(value) };

	(void)ctx;
	return transfer(handle, I2C_SMBUS_WRITE, reg, &data);
}

static void close_device(void *ctx, int handle)
{
	(void)ctx;
	close(handle);
}

const struct bh_i2c_ops bh_bus_i2c_dev = {
	.open = open_device,
	.read_word = read_word,
	.write_word = write_word,
	.close = close_device,
};
