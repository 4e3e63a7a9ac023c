/* SPDX-License-Identifier: MIT */
#include "tests/fakes/fake_i2c.h"

#include <errno.h>
#include <string.h>

/* Data sheet, table 8-3: reset value, and the fields that the driver uses. */
#define CONFIG_AT_RESET 0x8583u
#define OS_BIT 0x8000u
#define SINGLE_SHOT 0x0100u
#define CODE_TOP 32767
#define CODE_BOTTOM (-32768)

static struct bh_fake_ads1115 *chip_at(struct bh_fake_i2c *i2c, int handle)
{
	return &i2c->chips[handle];
}

static int open_chip(void *ctx, int bus, uint8_t address)
{
	struct bh_fake_i2c *i2c = ctx;

	if (bus != BH_FAKE_I2C_BUS)
		return -ENODEV;
	for (size_t i = 0; i < i2c->n_chips; i++) {
		if (i2c->chips[i].address != address)
			continue;
		if (i2c->chips[i].busy_holder)
			return -i2c->chips[i].busy_holder;
		i2c->n_open++;
		return (int)i;
	}
	return -EINVAL;
}

static int transfer(struct bh_fake_i2c *i2c, struct bh_fake_ads1115 *chip)
{
	i2c->n_transfers++;
	if (chip->removed)
		return -ENXIO;
	if (chip->error)
		return -chip->error;
	if (chip->fail_next > 0) {
		chip->fail_next--;
		return -EREMOTEIO;
	}
	return 0;
}

/* Input of the multiplexer in microvolts: single-ended above 3, pairs below. */
static int64_t mux_uv(const struct bh_fake_ads1115 *chip)
{
	static const int plus[] = { 0, 0, 1, 2 }, minus[] = { 1, 3, 3, 3 };
	unsigned int mux = (unsigned int)chip->config >> 12 & 7;

	if (mux & 4)
		return chip->input_uv[mux & 3];
	return (int64_t)chip->input_uv[plus[mux]] - chip->input_uv[minus[mux]];
}

static uint16_t convert(const struct bh_fake_ads1115 *chip)
{
	static const int64_t full_scale_uv[] = { 6144000, 4096000, 2048000, 1024000,
						 512000,  256000,  256000,  256000 };
	int64_t code = mux_uv(chip) * 32768 / full_scale_uv[(unsigned int)chip->config >> 9 & 7];

	if (code > CODE_TOP)
		code = CODE_TOP;
	if (code < CODE_BOTTOM)
		code = CODE_BOTTOM;
	return (uint16_t)code;
}

static void finish(struct bh_fake_i2c *i2c, struct bh_fake_ads1115 *chip)
{
	if ((chip->config & OS_BIT) || chip->stopped || i2c->now_ns < chip->ready_ns)
		return;
	chip->conversion = convert(chip);
	chip->config |= OS_BIT;
	chip->n_conversions++;
}

static int read_word(void *ctx, int handle, uint8_t reg)
{
	struct bh_fake_i2c *i2c = ctx;
	struct bh_fake_ads1115 *chip = chip_at(i2c, handle);
	int r = transfer(i2c, chip);

	if (r < 0)
		return r;
	if (chip->corrupt)
		return 0xffff;
	finish(i2c, chip);
	return reg == 0 ? chip->conversion : reg == 1 ? chip->config : 0;
}

static int write_word(void *ctx, int handle, uint8_t reg, uint16_t value)
{
	static const int64_t rate_sps[] = { 8, 16, 32, 64, 128, 250, 475, 860 };
	struct bh_fake_i2c *i2c = ctx;
	struct bh_fake_ads1115 *chip = chip_at(i2c, handle);
	int r = transfer(i2c, chip);
	int64_t nominal_ns;

	if (r < 0 || reg != 1)
		return r;
	finish(i2c, chip);
	nominal_ns = 1000000000 / rate_sps[(unsigned int)value >> 5 & 7];
	if (value & SINGLE_SHOT && value & OS_BIT && chip->config & OS_BIT)
		chip->ready_ns = i2c->now_ns + nominal_ns * (100 + i2c->slow_percent) / 100;
	chip->config = (uint16_t)(value & ~OS_BIT);
	return 0;
}

static void close_chip(void *ctx, int handle)
{
	struct bh_fake_i2c *i2c = ctx;

	(void)handle;
	i2c->n_open--;
}

static const struct bh_i2c_ops ops = {
	.open = open_chip,
	.read_word = read_word,
	.write_word = write_word,
	.close = close_chip,
};

void bh_fake_ads1115_reset(struct bh_fake_ads1115 *chip)
{
	chip->config = CONFIG_AT_RESET;
	chip->conversion = 0;
}

void bh_fake_i2c_init(struct bh_fake_i2c *i2c, struct bh_bus *bus)
{
	memset(i2c, 0, sizeof(*i2c));
	bus->i2c = &ops;
	bus->i2c_ctx = i2c;
}

struct bh_fake_ads1115 *bh_fake_i2c_add(struct bh_fake_i2c *i2c, uint8_t address)
{
	struct bh_fake_ads1115 *chip = &i2c->chips[i2c->n_chips++];

	memset(chip, 0, sizeof(*chip));
	chip->address = address;
	bh_fake_ads1115_reset(chip);
	return chip;
}
