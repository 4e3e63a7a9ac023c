/* SPDX-License-Identifier: MIT */
/* What the fuzz targets share: what holds for every refusal, whatever bytes came in. */
#ifndef BH_TESTS_FUZZ_FUZZ_H
#define BH_TESTS_FUZZ_FUZZ_H

#include "hub/core/error.h"

#include <stddef.h>
#include <stdint.h>

/** The name that texts go under in errors. */
#define BH_FUZZ_NAME "fuzz"

/** libFuzzer's entry point, also called by replay.c. @return 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/**
 * @brief Abort unless this is how a refusal looks: a negative errno, and one clear line with the
 * place, without a control character in it.
 */
void bh_fuzz_refused(int r, const struct bh_error *err);

/** @brief Abort with @p what unless @p holds: like assert(), in every build type. */
void bh_fuzz_require(int holds, const char *what);

#endif
