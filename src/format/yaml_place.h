/* yaml_place.h: where libyaml's marks stand in the bytes of the text. */
#ifndef FORMAT_YAML_PLACE_H
#define FORMAT_YAML_PLACE_H

#include <yaml.h>

#include "base/base.h"
#include "diag/diag.h"
#include "format/scan.h"

/* A mark counts characters, so the way to it is walked; what was passed is remembered here and there, and
 * going back is cheap, too. */
struct yaml_places {
	struct scan at;      /* the last mark's place; at first where libyaml's text begins */
	size_t index;        /* that place in characters */
	struct scan *passed; /* of every so many characters from 0 on; in the scan's arena */
	size_t passed_count, passed_room;
};

/* The place of `mark`, valid until the next call. */
struct scan *yaml_place(struct yaml_places *p, yaml_mark_t mark);

struct span yaml_span(struct yaml_places *p, yaml_mark_t start, yaml_mark_t end);

#endif
