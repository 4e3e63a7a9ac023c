/* SPDX-License-Identifier: MIT */
/* The sections of bedside.yaml, one reader each. All return 0 or -EINVAL with the place in err. */
#ifndef BH_CONFIG_SECTIONS_H
#define BH_CONFIG_SECTIONS_H

#include "hub/config/config.h"

/** The beds: section, a list; config->document is set. */
int bh_config_beds(const struct bh_node *root, struct bh_config *config, struct bh_error *err);

/** The mqtt: section, without the password. */
int bh_config_broker(const struct bh_node *root, struct bh_mqtt_config *mqtt, struct bh_error *err);
/** The password of the mqtt: section. */
int bh_config_password(const struct bh_node *root, struct bh_mqtt_config *mqtt,
		       struct bh_error *err);

/** An id that goes into topics, file names and entity ids: [a-z0-9_]+. */
int bh_config_id(const struct bh_node *mapping, const char *key, char ret[static BH_NAME_MAX],
		 struct bh_error *err);
/** An absolute path. */
int bh_config_path(const struct bh_node *mapping, const char *key, char *ret, size_t size,
		   struct bh_error *err);

#endif
