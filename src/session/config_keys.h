/* config_keys.h: keys of a target in pachup.yaml that are not inputs; inside session/ only. */
#ifndef SESSION_CONFIG_KEYS_H
#define SESSION_CONFIG_KEYS_H

#include <stdbool.h>
#include <stddef.h>

enum key_kind { KEY_BOOL, KEY_TEXT, KEY_LIST, KEY_NUMBER, KEY_DURATION, KEY_SOURCES };

struct config_key {
	const char *name;
	enum key_kind kind;
	const char *help; /* one phrase */
	bool is_previews; /* it means something only beside `preview: true` */
};

/* Keys of a member of `inputs`: REPO: {branch, paths}. */
extern const struct config_key source_keys[];
extern const size_t source_key_count;

extern const struct config_key config_keys[];
extern const size_t config_key_count;

#endif
