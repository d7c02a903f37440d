/* config_keys.h: keys of a target in pachup.yaml that are not inputs; inside session/ only. */
#ifndef SESSION_CONFIG_KEYS_H
#define SESSION_CONFIG_KEYS_H

#include <stddef.h>

enum key_kind { KEY_BOOL, KEY_TEXT, KEY_LIST };

struct config_key {
	const char *name;
	enum key_kind kind;
	const char *help; /* one phrase */
};

extern const struct config_key config_keys[];
extern const size_t config_key_count;

#endif
