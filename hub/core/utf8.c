/* SPDX-License-Identifier: MIT */
#include "hub/core/utf8.h"

size_t bh_utf8_character(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t n = s[0] == 0			 ? 0
		   : s[0] < 0x80		 ? 1
		   : s[0] >= 0xc2 && s[0] < 0xe0 ? 2
		   : s[0] >= 0xe0 && s[0] < 0xf0 ? 3
		   : s[0] >= 0xf0 && s[0] < 0xf5 ? 4
						 : 0;

	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

bool bh_utf8_is(const char *s)
{
	while (*s) {
		size_t n = bh_utf8_character(s);

		if (n == 0)
			return false;
		s += n;
	}
	return true;
}
