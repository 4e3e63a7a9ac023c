/* SPDX-License-Identifier: MIT */
#include "hub/mqtt/window.h"

#include <string.h>

struct bh_flight *bh_window_take(struct bh_window *window)
{
	for (unsigned int i = 0; i < BH_INFLIGHT_MAX; i++) {
		struct bh_flight *flight = &window->flights[i];

		if (flight->used)
			continue;
		*flight = (struct bh_flight){ .used = true };
		window->n_flights++;
		return flight;
	}
	return NULL;
}

void bh_window_put_back(struct bh_window *window, struct bh_flight *flight)
{
	flight->used = false;
	window->n_flights--;
}

bool bh_window_answered(struct bh_window *window, int mid, struct bh_flight *ret)
{
	for (unsigned int i = 0; i < BH_INFLIGHT_MAX; i++) {
		struct bh_flight *flight = &window->flights[i];

		if (!flight->used || flight->mid != mid)
			continue;
		*ret = *flight;
		bh_window_put_back(window, flight);
		return true;
	}
	return false;
}

void bh_window_clear(struct bh_window *window)
{
	memset(window, 0, sizeof(*window));
}
