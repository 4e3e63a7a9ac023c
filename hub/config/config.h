/* SPDX-License-Identifier: MIT */
/*
 * bedside.yaml as one typed, checked struct. Every mistake is refused with file:line:column.
 * A reload reads a second struct; the old one stays in force until the new one is whole.
 */
#ifndef BH_CONFIG_CONFIG_H
#define BH_CONFIG_CONFIG_H

#include "hub/config/node.h"
#include "hub/core/error.h"
#include "hub/core/log.h"
#include "hub/core/mat.h"

#include <stdbool.h>
#include <stdint.h>

#define BH_PATH_MAX 512
#define BH_HOST_MAX 256
#define BH_RULE_DIRS_MAX 8

/** One sensor: a mat or a thermometer. Its options stay a node: the driver reads and checks them. */
struct bh_sensor_config {
	char name[BH_NAME_MAX];	  /**< unique in the bed: "mat", "left-leg" */
	char driver[BH_NAME_MAX]; /**< a name of drivers/registry.def */
	bool is_mat;
	bool required;		  /**< READY waits for it */
	enum bh_temp_slot slot;	  /**< thermometers only */
	/** A mapping, owned by the config: what stands beside driver, name, leg and required. The driver
	 *  refuses what it does not know with bh_node_only(). */
	const struct bh_node *options;
};

struct bh_bed_config {
	char id[BH_NAME_MAX];	/**< [a-z0-9_]+: topics and entity ids; never changes */
	char name[BH_NAME_MAX]; /**< for people: "Bedroom" */
	int64_t not_returned_ns;
	uint8_t n_sensors;
	struct bh_sensor_config sensors[BH_SENSORS_MAX]; /**< the mat first, if there is one */
};

struct bh_mqtt_config {
	bool enabled;		/**< an mqtt: section with a host */
	char host[BH_HOST_MAX];
	uint16_t port;		/**< 1883, 8883 with tls */
	char username[BH_NAME_MAX * 4];
	char password[256];	/**< read from password_file; never printed */
	bool tls;
	char ca_file[BH_PATH_MAX];
	char cert_file[BH_PATH_MAX];
	char key_file[BH_PATH_MAX];
	char prefix[BH_NAME_MAX];	    /**< "bedside" */
	char discovery_prefix[BH_NAME_MAX]; /**< "homeassistant"; empty: no discovery */
	uint16_t keepalive_s;
};

struct bh_config {
	char path[BH_PATH_MAX];
	bool built_in;			 /**< bh_config_default(): its bed is simulated */
	char hash[17];			 /**< of the text, hex: which configuration a run had */
	char hub_id[BH_NAME_MAX];	 /**< [a-z0-9_]+, from hub.id or the machine id */
	char database[BH_PATH_MAX];
	char socket[BH_PATH_MAX];	 /**< /run/bedside/bedside.sock */
	enum bh_log_level log_level;
	/** Wall time is right without a time server (a Pi with a clock battery). Otherwise it counts as
	 *  unknown until the kernel says that it is synchronised. */
	bool clock_trusted;
	bool show_cause_names;		 /**< disease names in explain views and pages */
	uint32_t commit_s;		 /**< longest time an ordinary event waits for the disk */
	/** Besides the built-in library; later ones override earlier ones, and it, by rule id. */
	char rule_dirs[BH_RULE_DIRS_MAX][BH_PATH_MAX];
	uint8_t n_rule_dirs;
	uint8_t n_beds;
	struct bh_bed_config beds[BH_BEDS_MAX];
	struct bh_mqtt_config mqtt;
	struct bh_document *document;	 /**< owns the nodes */
};

/**
 * @brief Read and check a configuration file.
 * @return 0; -ENOENT, -EACCES; -EINVAL with the place in @p err; -ENOMEM. @p ret is owned by the
 * caller: bh_config_free().
 */
int bh_config_read(const char *path, struct bh_config **ret, struct bh_error *err);

/**
 * @brief The same without the broker's password, for programs that only look things up: they may
 * run as somebody who must not read the password file. mqtt.password is empty.
 */
int bh_config_read_public(const char *path, struct bh_config **ret, struct bh_error *err);

/** @brief The same as bh_config_read() from memory; @p name stands for the path in errors. */
int bh_config_parse(const char *name, const char *text, size_t length, struct bh_config **ret,
		    struct bh_error *err);

/**
 * @brief The embedded default: one simulated bed, no broker, a database below the user's state
 * directory. What `bedside demo` and a daemon without a file run on.
 * @return 0; -ENOENT if neither $XDG_STATE_HOME nor $HOME is set; -ENOMEM.
 */
int bh_config_default(struct bh_config **ret, struct bh_error *err);
/**
 * @brief Make the folders above that of the file @p path, for the user alone: a state directory that
 * is not there is made (XDG base directory specification); the last one is the store's. What cannot
 * be made is said by who wants to write there.
 */
void bh_config_make_folders(const char *path);

/** Accepts NULL. */
void bh_config_free(struct bh_config *config);

#endif
