#include "pipeline/undone.h"

#include <assert.h>

size_t
undone_previous(const size_t *kinds, size_t count)
{
	size_t kept[MOST_PAST_VERSIONS], depth = 0;

	assert(count <= MOST_PAST_VERSIONS);
	for (size_t i = 0; i < count; i++) {
		for (size_t k = depth; k > 0; k--)
			if (kinds[kept[k - 1]] == kinds[i]) {
				depth = k - 1;
				break;
			}
		kept[depth++] = i;
	}
	return depth < 2 ? count : kept[depth - 2];
}
