/* SPDX-License-Identifier: MIT */
/* Every verb, declared. */
#ifndef BH_CLI_VERBS_H
#define BH_CLI_VERBS_H

#include "hub/cli/cli.h"

#define VERB(name) extern const struct bh_cli_verb bh_cli_verb_##name;
#include "hub/cli/verbs.def"
#undef VERB

#endif
