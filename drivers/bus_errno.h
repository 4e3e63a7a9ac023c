/* SPDX-License-Identifier: MIT */
/* Names and errors that the real buses share. */
#ifndef BH_DRIVERS_BUS_ERRNO_H
#define BH_DRIVERS_BUS_ERRNO_H

#include <errno.h>

/** What gpioinfo shows as the user of a line. */
#define BH_GPIO_CONSUMER "bedside"

/**
 * @brief errno of a device node as a bus tells it.
 * @return A negative errno: a node or bus that is not there, however the kernel words it, is -ENODEV;
 * a missing permission is -EACCES.
 */
static inline int bh_bus_errno(void)
{
	switch (errno) {
	case 0:
		return -EIO;
	case ENOENT:
	case ENOTDIR:
	case ENOTTY:
		return -ENODEV;
	case EPERM:
		return -EACCES;
	default:
		return -errno;
	}
}

#endif
