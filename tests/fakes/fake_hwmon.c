/* SPDX-License-Identifier: MIT */
#include "tests/fakes/fake_hwmon.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>

static int find(void *ctx, const char *chip, const char *feature)
{
	struct bh_fake_hwmon *hwmon = ctx;
	int found = -ENODEV;

	for (size_t i = 0; i < hwmon->n_inputs; i++) {
		const struct bh_fake_hwmon_input *input = &hwmon->inputs[i];

		if (input->removed || fnmatch(chip, input->chip, 0) != 0 ||
		    strcmp(feature, input->feature) != 0)
			continue;
		if (found >= 0)
			return -ENOTUNIQ;
		found = (int)i;
	}
	return found;
}

static int read_input(void *ctx, int handle, int32_t *ret_mdegc)
{
	struct bh_fake_hwmon_input *input = &((struct bh_fake_hwmon *)ctx)->inputs[handle];

	input->n_reads++;
	if (input->removed)
		return -ENODEV;
	if (input->error)
		return input->error;
	*ret_mdegc = input->mdegc;
	return 0;
}

static const struct bh_hwmon_ops ops = { .find = find, .read = read_input };

void bh_fake_hwmon_init(struct bh_fake_hwmon *hwmon, struct bh_bus *bus)
{
	memset(hwmon, 0, sizeof(*hwmon));
	bus->hwmon = &ops;
	bus->hwmon_ctx = hwmon;
}

struct bh_fake_hwmon_input *bh_fake_hwmon_add(struct bh_fake_hwmon *hwmon, const char *chip,
					      const char *feature, int32_t mdegc)
{
	struct bh_fake_hwmon_input *input = &hwmon->inputs[hwmon->n_inputs++];

	*input = (struct bh_fake_hwmon_input){ .chip = chip, .feature = feature, .mdegc = mdegc };
	return input;
}
