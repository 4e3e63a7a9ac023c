/* SPDX-License-Identifier: MIT */
/*
 * The outbox: which events the broker has, and handing it those it missed. The history itself is
 * the outbox (each event row counts its acknowledged messages); this keeps what is on its way.
 *
 * Delivery is at least once: an event whose acknowledgement was lost is sent again, late, under the
 * same id.
 */
#ifndef BH_LINE_OUTBOX_H
#define BH_LINE_OUTBOX_H

#include "hub/mqtt/mqtt.h"
#include "hub/store/store.h"

struct bh_outbox;

/** @param run The run whose events are being sent live. */
int bh_outbox_new(struct bh_store *store, int64_t run, struct bh_outbox **ret);
void bh_outbox_free(struct bh_outbox *outbox);
void bh_outbox_set_mqtt(struct bh_outbox *outbox, struct bh_mqtt *mqtt);

/* From the broker session's thread; each returns whether the historian should be woken. */
bool bh_outbox_acked(struct bh_outbox *outbox, int64_t run, uint8_t bed, uint64_t seq);
bool bh_outbox_late_acked(struct bh_outbox *outbox, int64_t row);
void bh_outbox_late_refused(struct bh_outbox *outbox, int64_t row);
void bh_outbox_want_late(struct bh_outbox *outbox);

/** @brief From the historian's thread: book acknowledgements, hand over late events. @return 0 or -errno. */
int bh_outbox_pump(struct bh_outbox *outbox, int64_t now_ns);

#endif
