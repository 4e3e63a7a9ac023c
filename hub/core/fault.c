/* SPDX-License-Identifier: MIT */
#include "hub/core/frame.h"

#include <stddef.h>

const char *bh_fault_name(enum bh_fault fault)
{
	switch (fault) {
#define BH_FAULT(id, ENUM, name, text)                                                             \
	case BH_FAULT_##ENUM:                                                                      \
		return name;
#include "hub/core/fault.def"
#undef BH_FAULT
	}
	return NULL;
}

const char *bh_fault_text(enum bh_fault fault)
{
	switch (fault) {
#define BH_FAULT(id, ENUM, name, text)                                                             \
	case BH_FAULT_##ENUM:                                                                      \
		return text;
#include "hub/core/fault.def"
#undef BH_FAULT
	}
	return NULL;
}
