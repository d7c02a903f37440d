#include "base/elapsed.h"

#include "base/buf.h"

enum { TENTHS_BELOW_S = 10, ELAPSED_MAX = 64 };

struct str
elapsed_text(struct arena *a, int64_t ms)
{
	struct buf text = BUF_INIT(ELAPSED_MAX);
	long long s = ms > 0 ? (long long)(ms / 1000) : 0, tenths = ms > 0 ? ms / 100 % 10 : 0;

	if (s >= 3600)
		buf_fmt(&text, "%lldh", s / 3600);
	if (s / 60 % 60 > 0)
		buf_fmt(&text, "%lldm", s / 60 % 60);
	if (s < TENTHS_BELOW_S && tenths > 0)
		buf_fmt(&text, "%lld.%llds", s, tenths);
	else if (s % 60 > 0 || s == 0)
		buf_fmt(&text, "%llds", s % 60);
	return buf_take(&text, a);
}
