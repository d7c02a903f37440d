/* What set-image asks registries: digests of tags (--pin) and highest versions (--latest). */
#include "base/arena.h"
#include "edit/edit.h"
#include "session/registries.h"

int
edit_pin(struct run *run, struct rules *rules, struct err *err)
{
	struct str *images = ARENA_ARRAY(run->arena, rules->count, struct str);
	const struct err **faults = ARENA_ARRAY(run->arena, rules->count, const struct err *);
	size_t count = 0;

	if (!run->opt.pin)
		return 0;
	for (size_t i = 0; i < rules->count; i++)
		if (!rules->list[i].keeps) /* its tags are in the files */
			images[count++] = rules->list[i].image;
	if (registries_pin(run, images, faults, count, err) < 0)
		return -1;
	for (size_t i = 0, k = 0; i < rules->count; i++) {
		struct rule *rule = &rules->list[i];

		if (rule->keeps)
			continue;
		if (faults[k]) {
			*err = *faults[k];
			return err_wrap(err, "cannot pin image '%.*s'", STR_FMT(rule->image));
		}
		rule->image = images[k++];
	}
	return 0;
}

int
edit_latest(struct run *run, const char **lines, size_t *count, struct err *err)
{
	const struct items *repos = &run->opt.latest;
	struct str range = str_of(run->opt.semver), image;

	if (repos->count > 0 && !run->opt.semver) {
		(void)err_set(err, ERR_USAGE, "--latest needs --semver");
		return err_hint(err, "add for example --semver '^1.2', or --semver '*' for any");
	}
	if (repos->count == 0 && run->opt.semver) {
		(void)err_set(err, ERR_USAGE, "--semver needs --latest");
		return err_hint(err, "add --latest REPO for each repository");
	}
	for (size_t i = 0; i < repos->count; i++) {
		if (registries_newest(run, str_of(repos->list[i]), range, &image, err) < 0)
			return -1;
		lines[(*count)++] = arena_cstr(run->arena, image);
	}
	return 0;
}
