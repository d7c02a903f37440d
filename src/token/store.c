#include "token/store.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "forge/forge.h"
#include "secret/audience.h"
#include "secret/secret.h"
#include "session/rest.h"
#include "session/run.h"
#include "token/seal.h"

struct store {
	struct run *run;
	const char *title;
	const char *path;     /* of a sealed file; NULL: standard output */
	bool is_revealed;     /* the token itself is printed, not sealed */
	struct recipients to; /* of the sealed token */
	struct forge *forge;  /* a code host's secret; else NULL */
};

const char *
store_title(const struct store *s)
{
	return s->title;
}

const struct store *
store_at(const struct stores *s, size_t i)
{
	return &s->list[i];
}

/* A secret that a runner's log has shown stays there. */
static int
check_reveal(const struct run *run, struct err *err)
{
	if (!ci_is_runner(&run->ci))
		return 0;
	(void)err_set(
	    err, ERR_USAGE, "--reveal would show the new token in the log of this CI run");
	return err_hint(err, "store it with --store or, sealed, with --out");
}

static int
nowhere(struct err *err)
{
	(void)err_set(err, ERR_USAGE, "no place is given for the new token");
	return err_hint(err,
	    "seal it into a file (--out FILE --recipient pachup-pub1:...), or print it "
	    "with --reveal");
}

/* Checks the file before a token is made for it. */
static int
check_file(struct run *run, const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	struct str dir = slash ? (struct str){ path, (size_t)(slash - path) + 1 } : STR(".");
	struct stat st;

	if (seal_check_place(run, err) < 0)
		return -1;
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		(void)err_set(err, ERR_SYSTEM, "'%s' is not a regular file", path);
		return err_hint(err, "name a file for the sealed token");
	}
	if (access(arena_cstr(run->arena, dir), W_OK | X_OK) == 0)
		return 0;
	(void)err_set(err, ERR_SYSTEM, "cannot write '%s': %s", path, strerror(errno));
	return err_hint(err, "use a file in an existing, writable directory");
}

static int
open_forge(struct run *run, const char *place, struct store *out, struct err *err)
{
	struct str word = str_head(str_of(place), str_find(str_of(place), ':'));
	struct forge_opts opts = {
		.env = &run->env, .rest = token_rest(run), .find_proxy = token_proxy, .ctx = run
	};

	opts.rest.token = run->host_tokens[audience_of_place(word)];
	*out = (struct store){ .run = run, .forge = forge_open(run->arena, place, &opts, err) };
	if (!out->forge)
		return -1;
	out->title = forge_title(out->forge);
	return 0;
}

static int
open_local(struct run *run, struct stores *out, struct err *err)
{
	const char *path = run->opt.out;
	bool is_revealed = run->opt.reveal;
	bool has_keys = run->opt.recipients.count > 0 || run->sealed;
	struct store *one;

	if (is_revealed) {
		one = &out->list[out->count++];
		*one =
		    (struct store){ .run = run, .title = "standard output", .is_revealed = true };
		if (check_reveal(run, err) < 0)
			return -1;
	}
	if (path || (!is_revealed && has_keys && run->opt.store.count == 0)) {
		one = &out->list[out->count++];
		*one = (struct store){
			.run = run, .title = path ? path : "standard output (sealed)", .path = path
		};
		if (seal_recipients(run, &one->to, err) < 0
		    || (path && check_file(run, path, err) < 0))
			return -1;
	}
	return 0;
}

int
stores_open(struct run *run, struct stores *out, struct err *err)
{
	size_t most = 2 + run->opt.store.count;

	*out = (struct stores){ ARENA_ARRAY(run->arena, most, struct store), 0 };
	for (size_t i = 0; i < run->opt.store.count; i++)
		if (open_forge(run, run->opt.store.list[i], &out->list[out->count++], err) < 0)
			return -1;
	if (open_local(run, out, err) < 0)
		return -1;
	return out->count > 0 ? 0 : nowhere(err);
}

int
stores_prepare(struct stores *s, struct err *err)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->list[i].forge && forge_prepare(s->list[i].forge, err) < 0)
			return -1;
	return 0;
}

void
stores_close(struct stores *s)
{
	for (size_t i = 0; i < s->count; i++)
		forge_close(s->list[i].forge);
	s->count = 0;
}

static int
print_token(void *ctx, struct str token)
{
	struct run *run = ctx;

	ci_raw(&run->ci, token);
	ci_raw(&run->ci, STR("\n"));
	return 0;
}

int
stores_write(struct stores *s, size_t i, const struct secret *token,
    const struct sealed_facts *facts, bool *may_be_done, struct err *err)
{
	struct store *one = &s->list[i];

	*may_be_done = false;
	if (one->forge)
		return forge_write(one->forge, token, may_be_done, err);
	if (!one->is_revealed)
		return seal_write(one->run, one->path, token, facts, &one->to, err);
	if (secret_lend(token, print_token, one->run) == 0)
		return 0;
	return err_set(err, ERR_SYSTEM, "the memory of the token cannot be read");
}
