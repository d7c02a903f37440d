#include "net/link.h"

/* Cuts one link off: its address, and its parameters up to the comma that ends it. False: there is none. */
static bool
next_link(struct str *rest, struct str *url, struct str *parameters)
{
	size_t open = str_find(*rest, '<'), close, end = 0;
	bool quoted = false;

	*rest = str_tail(*rest, open + 1);
	close = str_find(*rest, '>');
	if (close == rest->len)
		return false;
	*url = str_head(*rest, close);
	*rest = str_tail(*rest, close + 1);
	for (; end < rest->len && (quoted || rest->ptr[end] != ','); end++)
		quoted = quoted != (rest->ptr[end] == '"');
	*parameters = str_head(*rest, end);
	*rest = str_tail(*rest, end);
	return true;
}

/* ; rel="next"  ; REL = next  ; rel="last next" */
static bool
leads_on(struct str parameters)
{
	struct str one, word;

	while (str_split(&parameters, ';', &one)) {
		size_t equals = str_find(one, '=');
		struct str value = str_trim(str_tail(one, equals + 1));

		if (!str_is_like(str_trim(str_head(one, equals)), "rel"))
			continue;
		if (value.len >= 2 && value.ptr[0] == '"')
			value = str_head(str_tail(value, 1), value.len - 2);
		while (str_split(&value, ' ', &word))
			if (str_is_like(word, "next"))
				return true;
	}
	return false;
}

bool
link_next(struct str header, struct str *url)
{
	struct str parameters;

	while (next_link(&header, url, &parameters))
		if (leads_on(parameters))
			return true;
	return false;
}
