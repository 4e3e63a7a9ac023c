/* SPDX-License-Identifier: MIT */
#include "hub/detect/epochs.h"

#include <string.h>

#define EPOCH_S 30
/* A second with movement counts five: a minute of nothing but movement is 300, the top of the scale
 * of science.md section 2.4. */
#define ACTIVITY_PER_S 5
#define EMPTY_KEPT_NS (30 * BH_NS_PER_MIN)

static void begin(struct bh_epochs *epochs, int64_t start_ns)
{
	epochs->start_ns = start_ns;
	epochs->covered_s = 0;
	epochs->occupied_s = 0;
	epochs->moved_s = 0;
	epochs->load_s = 0;
	epochs->load_sum = 0;
	epochs->leg_movements = 0;
	memset(epochs->position_s, 0, sizeof(epochs->position_s));
}

void bh_epochs_init(struct bh_epochs *epochs, uint8_t bed, uint32_t can, const struct bh_sink *sink)
{
	memset(epochs, 0, sizeof(*epochs));
	epochs->sink = *sink;
	epochs->bed = bed;
	epochs->can = can;
	epochs->last_eventful_ns = BH_MONO_NONE;
	begin(epochs, BH_MONO_NONE);
}

void bh_epochs_leg_movement(struct bh_epochs *epochs)
{
	epochs->leg_movements++;
}

static enum bh_position longest(const struct bh_epochs *epochs)
{
	enum bh_position best = BH_POSITION_UNKNOWN;

	for (int i = 0; i < BH_POSITION_END; i++)
		if (epochs->position_s[i] > epochs->position_s[best])
			best = (enum bh_position)i;
	return best;
}

static void fill(const struct bh_epochs *epochs, const struct bh_leg_warmth *warmth,
		 struct bh_epoch *ret)
{
	bool covered = epochs->covered_s > 0;
	bool moves = covered && (epochs->can & BH_CAN_MOVEMENT);

	*ret = (struct bh_epoch){
		.start_ns = epochs->start_ns,
		.bed = epochs->bed,
		.contact = bh_leg_warmth_contact(warmth),
		.position = longest(epochs),
		.coverage_permille = epochs->covered_s * 1000 / EPOCH_S,
		.occupied_permille =
			covered ? epochs->occupied_s * 1000 / epochs->covered_s : BH_EPOCH_UNKNOWN,
		.moving_permille =
			moves ? epochs->moved_s * 1000 / epochs->covered_s : BH_EPOCH_UNKNOWN,
		.activity = moves ? epochs->moved_s * ACTIVITY_PER_S : BH_EPOCH_UNKNOWN,
		.leg_movements = covered && (epochs->can & BH_CAN_LEG_MOVEMENT)
					 ? epochs->leg_movements
					 : BH_EPOCH_UNKNOWN,
		.load_permille = epochs->load_s ? (int32_t)(epochs->load_sum / epochs->load_s)
						: BH_EPOCH_UNKNOWN,
	};
	for (int i = 0; i < BH_TEMP_SLOTS; i++)
		ret->temp_mdegc[i] = warmth->at[i].level;
}

static void put(struct bh_epochs *epochs, const struct bh_leg_warmth *warmth)
{
	struct bh_record record = { .kind = BH_RECORD_EPOCH };

	fill(epochs, warmth, &record.u.epoch);
	epochs->sink.put(epochs->sink.ctx, &record);
}

bool bh_epochs_idle(const struct bh_epochs *epochs, int64_t now_ns)
{
	return epochs->last_eventful_ns == BH_MONO_NONE ||
	       now_ns - epochs->last_eventful_ns >= EMPTY_KEPT_NS;
}

void bh_epochs_seconds(struct bh_epochs *epochs, const struct bh_epoch_second *second,
		       const struct bh_leg_warmth *warmth, int64_t from_ns, int64_t now_ns)
{
	int64_t start_ns = (now_ns - BH_NS_PER_S) / BH_EPOCH_NS * BH_EPOCH_NS;
	int32_t n;

	if (epochs->start_ns != start_ns)
		begin(epochs, start_ns);
	n = (int32_t)((now_ns - (from_ns > start_ns ? from_ns : start_ns)) / BH_NS_PER_S);
	epochs->covered_s += second->covered ? n : 0;
	epochs->occupied_s += second->occupied ? n : 0;
	epochs->moved_s += second->moved ? n : 0;
	epochs->position_s[second->position] += n;
	if (second->load_permille != BH_EPOCH_UNKNOWN) {
		epochs->load_sum += (int64_t)second->load_permille * n;
		epochs->load_s += n;
	}
	if (second->occupied)
		epochs->last_eventful_ns = now_ns;
	if (now_ns - start_ns < BH_EPOCH_NS)
		return;
	if (!bh_epochs_idle(epochs, now_ns))
		put(epochs, warmth);
	begin(epochs, BH_MONO_NONE);
}

void bh_epochs_end(struct bh_epochs *epochs, const struct bh_leg_warmth *warmth)
{
	if (epochs->start_ns != BH_MONO_NONE && epochs->covered_s > 0 &&
	    !bh_epochs_idle(epochs, epochs->start_ns))
		put(epochs, warmth);
	begin(epochs, BH_MONO_NONE);
}
