// SPDX-License-Identifier: GPL-2.0
/*
 * i2c-rig: an I2C bus in memory, for the tests of Bedside. Its chips have 16-bit registers, high
 * byte first (lm75, tmp102, ads1115 and their kin); some follow the model of an ADS1115. Transfers
 * can be made to fail, and chips come and go while the bus is in use.
 *
 *   modprobe i2c-rig nr=1              /dev/i2c-1, as on a Raspberry Pi
 *   cd /sys/kernel/debug/i2c-rig
 *   echo "0x48 plain" > add            a chip of plain registers
 *   echo "0x4a ads1115" > add          a converter; 0x4a/ain0..3 are its inputs in microvolts
 *   echo 0x48 > remove                 unplug it: every transfer gives ENXIO
 *   echo "0 0x1900" > 0x48/regs        set register 0, any number of pairs
 *   echo 121 > 0x48/err                every transfer fails with this errno; 0: none does
 *   cat 0x48/xfers                     transfers so far
 *
 * The kernel's own i2c-stub answers SMBus calls only and can neither fail nor lose a chip.
 */
#include <linux/debugfs.h>
#include <linux/i2c.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#define ADDRESSES 128
#define ADDRESS_MIN 0x03
#define ADDRESS_MAX 0x77

/* ADS1115: registers and the bits of its configuration (data sheet SBAS444). */
#define ADS_CONVERSION 0
#define ADS_CONFIG 1
#define ADS_LO_THRESH 2
#define ADS_HI_THRESH 3
#define ADS_INPUTS 4
#define ADS_START_OR_READY 0x8000
#define ADS_SINGLE_SHOT 0x0100
#define ADS_CONFIG_RESET 0x8583

struct rig_chip {
	u8 pointer;
	bool is_ads;
	u16 reg[256];
	u32 err;
	u32 xfers;
	s32 ain_uv[ADS_INPUTS];
	u64 ready_ns;
	struct dentry *dir;
};

static int nr = -1;
module_param(nr, int, 0444);
MODULE_PARM_DESC(nr, "number of the bus; the next free one if negative");

static struct rig_chip *chips[ADDRESSES];
static DEFINE_MUTEX(lock);
static struct dentry *root;

static u16 ads_code(const struct rig_chip *chip, u16 config)
{
	static const u32 full_scale_uv[8] = { 6144000, 4096000, 2048000, 1024000,
					      512000,  256000,	256000,	 256000 };
	static const u8 positive[4] = { 0, 0, 1, 2 };
	static const u8 negative[4] = { 1, 3, 3, 3 };
	unsigned int mux = (config >> 12) & 7;
	s64 uv, code;

	if (mux & 4)
		uv = chip->ain_uv[mux & 3];
	else
		uv = (s64)chip->ain_uv[positive[mux]] - chip->ain_uv[negative[mux]];
	code = div_s64(uv * 32768, full_scale_uv[(config >> 9) & 7]);
	return (u16)(s16)clamp_t(s64, code, -32768, 32767);
}

static void ads_configure(struct rig_chip *chip, u16 config)
{
	static const u16 samples_per_s[8] = { 8, 16, 32, 64, 128, 250, 475, 860 };

	if ((config & ADS_START_OR_READY) || !(config & ADS_SINGLE_SHOT)) {
		chip->ready_ns = ktime_get_ns() +
				 div_u64(1000000000ULL, samples_per_s[(config >> 5) & 7]);
		chip->reg[ADS_CONFIG] = config & ~ADS_START_OR_READY;
	} else {
		chip->reg[ADS_CONFIG] = config | ADS_START_OR_READY;
	}
}

static u16 chip_read(struct rig_chip *chip, u8 reg)
{
	if (chip->is_ads && reg <= ADS_CONFIG && ktime_get_ns() >= chip->ready_ns) {
		u16 config = chip->reg[ADS_CONFIG];

		if (!(config & ADS_START_OR_READY) || !(config & ADS_SINGLE_SHOT))
			chip->reg[ADS_CONVERSION] = ads_code(chip, config);
		chip->reg[ADS_CONFIG] |= ADS_START_OR_READY;
	}
	return chip->reg[reg];
}

static void chip_write(struct rig_chip *chip, u8 reg, u16 value)
{
	if (chip->is_ads && reg == ADS_CONFIG)
		ads_configure(chip, value);
	else if (!chip->is_ads || reg != ADS_CONVERSION)
		chip->reg[reg] = value;
}

static int message(struct rig_chip *chip, struct i2c_msg *msg)
{
	int i;

	if (chip->err)
		return -(int)chip->err;
	if (msg->flags & I2C_M_RD) {
		for (i = 0; i < msg->len; i++) {
			u16 value = chip_read(chip, chip->pointer + i / 2);

			msg->buf[i] = i & 1 ? value & 0xff : value >> 8;
		}
	} else if (msg->len > 0) {
		chip->pointer = msg->buf[0];
		for (i = 1; i + 1 < msg->len; i += 2)
			chip_write(chip, chip->pointer + (i - 1) / 2,
				   msg->buf[i] << 8 | msg->buf[i + 1]);
		if (msg->len == 2)
			chip->reg[chip->pointer] = msg->buf[1] << 8;
	}
	return 0;
}

static int rig_xfer(struct i2c_adapter *adapter, struct i2c_msg *msgs, int n)
{
	int i, r = 0;

	mutex_lock(&lock);
	for (i = 0; i < n && r == 0; i++) {
		struct rig_chip *chip = msgs[i].addr < ADDRESSES ? chips[msgs[i].addr] : NULL;

		if (!chip) {
			r = -ENXIO;
			break;
		}
		if (i == 0)
			chip->xfers++;
		r = message(chip, &msgs[i]);
	}
	mutex_unlock(&lock);
	return r ? r : n;
}

static u32 rig_functionality(struct i2c_adapter *adapter)
{
	return I2C_FUNC_I2C | I2C_FUNC_SMBUS_EMUL;
}

static const struct i2c_algorithm rig_algorithm = {
	.master_xfer = rig_xfer,
	.functionality = rig_functionality,
};

static struct i2c_adapter rig_adapter = {
	.owner = THIS_MODULE,
	.class = I2C_CLASS_HWMON,
	.algo = &rig_algorithm,
	.name = "i2c-rig",
};

/* Text of a write to one of our files; it must fit. */
static int get_text(char *buf, size_t size, const char __user *from, size_t len)
{
	if (len >= size)
		return -EINVAL;
	if (copy_from_user(buf, from, len))
		return -EFAULT;
	buf[len] = '\0';
	return 0;
}

static ssize_t regs_write(struct file *file, const char __user *from, size_t len, loff_t *pos)
{
	struct rig_chip *chip = file->private_data;
	char text[256], *next = text, *token;
	unsigned int pair[2];
	int r, n = 0;

	r = get_text(text, sizeof(text), from, len);
	if (r)
		return r;
	mutex_lock(&lock);
	while ((token = strsep(&next, " \t\n"))) {
		if (!*token)
			continue;
		r = kstrtouint(token, 0, &pair[n & 1]);
		if (r)
			break;
		if (n & 1)
			chip->reg[pair[0] & 0xff] = pair[1];
		n++;
	}
	mutex_unlock(&lock);
	return r ? r : len;
}

static const struct file_operations regs_ops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = regs_write,
};

static int ain_set(void *data, u64 value)
{
	*(s32 *)data = (s32)value;
	return 0;
}

static int ain_get(void *data, u64 *value)
{
	*value = (u64)(s64) * (s32 *)data;
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE_SIGNED(ain_ops, ain_get, ain_set, "%lld\n");

static struct rig_chip *chip_new(int address, bool is_ads)
{
	struct rig_chip *chip = kzalloc(sizeof(*chip), GFP_KERNEL);
	char name[8];
	int i;

	if (!chip)
		return NULL;
	snprintf(name, sizeof(name), "0x%02x", address);
	chip->dir = debugfs_create_dir(name, root);
	debugfs_create_file("regs", 0200, chip->dir, chip, &regs_ops);
	debugfs_create_u32("err", 0600, chip->dir, &chip->err);
	debugfs_create_u32("xfers", 0400, chip->dir, &chip->xfers);
	chip->is_ads = is_ads;
	if (!is_ads)
		return chip;
	chip->reg[ADS_CONFIG] = ADS_CONFIG_RESET;
	chip->reg[ADS_LO_THRESH] = 0x8000;
	chip->reg[ADS_HI_THRESH] = 0x7fff;
	for (i = 0; i < ADS_INPUTS; i++) {
		snprintf(name, sizeof(name), "ain%d", i);
		debugfs_create_file_unsafe(name, 0600, chip->dir, &chip->ain_uv[i], &ain_ops);
	}
	return chip;
}

static ssize_t add_write(struct file *file, const char __user *from, size_t len, loff_t *pos)
{
	char text[64], kind[16];
	struct rig_chip *chip;
	int r, address;

	r = get_text(text, sizeof(text), from, len);
	if (r)
		return r;
	if (sscanf(text, "%i %15s", &address, kind) != 2 || address < ADDRESS_MIN ||
	    address > ADDRESS_MAX || (strcmp(kind, "plain") && strcmp(kind, "ads1115")))
		return -EINVAL;
	if (chips[address])
		return -EEXIST;
	chip = chip_new(address, strcmp(kind, "ads1115") == 0);
	if (!chip)
		return -ENOMEM;
	mutex_lock(&lock);
	chips[address] = chip;
	mutex_unlock(&lock);
	return len;
}

static void drop(int address)
{
	struct rig_chip *chip;

	mutex_lock(&lock);
	chip = chips[address];
	chips[address] = NULL;
	mutex_unlock(&lock);
	if (!chip)
		return;
	debugfs_remove_recursive(chip->dir);
	kfree(chip);
}

static ssize_t remove_write(struct file *file, const char __user *from, size_t len, loff_t *pos)
{
	int address, r = kstrtoint_from_user(from, len, 0, &address);

	if (r)
		return r;
	if (address < 0 || address >= ADDRESSES || !chips[address])
		return -ENODEV;
	drop(address);
	return len;
}

static const struct file_operations add_ops = { .owner = THIS_MODULE, .write = add_write };
static const struct file_operations remove_ops = { .owner = THIS_MODULE, .write = remove_write };

static int __init rig_init(void)
{
	int r;

	root = debugfs_create_dir("i2c-rig", NULL);
	debugfs_create_file("add", 0200, root, NULL, &add_ops);
	debugfs_create_file("remove", 0200, root, NULL, &remove_ops);
	rig_adapter.nr = nr;
	r = nr >= 0 ? i2c_add_numbered_adapter(&rig_adapter) : i2c_add_adapter(&rig_adapter);
	if (r)
		debugfs_remove_recursive(root);
	return r;
}

static void __exit rig_exit(void)
{
	int address;

	i2c_del_adapter(&rig_adapter);
	for (address = 0; address < ADDRESSES; address++)
		drop(address);
	debugfs_remove_recursive(root);
}

module_init(rig_init);
module_exit(rig_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Simulated I2C bus with an ADS1115 model and fault injection");
