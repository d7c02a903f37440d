#include "token/keygen.h"

#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "files/write.h"
#include "secret/key.h"
#include "secret/secret.h"
#include "session/run.h"
#include "session/secret_file.h"

/* The passphrase without line ends behind it, which editors add. */
static int
take_phrase(void *ctx, struct str bytes)
{
	struct secret **out = ctx;
	struct err err;

	while (str_ends(bytes, "\n") || str_ends(bytes, "\r"))
		bytes.len--;
	*out = bytes.len > 0 ? secret_of_bytes(bytes, "the passphrase", &err) : NULL;
	return 0;
}

static struct secret *
read_phrase(const struct run *run, struct err *err)
{
	const char *path = run->opt.passphrase_file;
	const char *what = "flag --passphrase-file";
	struct secret *raw = strcmp(path, "-") == 0 ? secret_read_fd_bytes(STDIN_FILENO, what, err)
	                                            : secret_file_read(run, path, what, err);
	struct secret *phrase = NULL;

	if (!raw)
		return NULL;
	if (secret_lend(raw, take_phrase, &phrase) < 0 || !phrase)
		(void)err_set(err, ERR_USAGE, "%s is empty", what);
	secret_free(raw);
	return phrase;
}

static struct key *
derive_key(const struct run *run, struct err *err)
{
	const char *salt = run->opt.salt;
	struct secret *phrase;
	struct key *key = NULL;

	if (!salt) {
		(void)err_set(err, ERR_USAGE, "a key from a passphrase needs a salt");
		(void)err_hint(err,
		    "add --salt with a text of your own, for example the name of your "
		    "organisation; the same phrase and salt give the same key");
		return NULL;
	}
	phrase = read_phrase(run, err);
	if (phrase)
		key = key_from_phrase(phrase, str_of(salt), err);
	secret_free(phrase);
	return key;
}

static struct key *
make_key(const struct run *run, struct err *err)
{
	if (run->opt.passphrase_file)
		return derive_key(run, err);
	if (!run->opt.salt)
		return key_make(err);
	(void)err_set(err, ERR_USAGE, "--salt is of no use without --passphrase-file");
	(void)err_hint(err, "leave it out: a random key needs none");
	return NULL;
}

struct writing {
	struct run *run;
	struct str public;
	const char *path; /* NULL: standard output */
	struct err *err;
};

static int
write_key(void *ctx, struct str secret)
{
	static const char head[] = "# public key: ";
	const struct writing *w = ctx;
	char text[200];
	size_t len = 0;
	int rc = 0;

	memcpy(text, head, sizeof(head) - 1);
	len = sizeof(head) - 1;
	memcpy(text + len, w->public.ptr, w->public.len);
	len += w->public.len;
	text[len++] = '\n';
	memcpy(text + len, secret.ptr, secret.len);
	len += secret.len;
	text[len++] = '\n';
	if (w->path)
		rc = file_create(w->run->arena, w->path, secret_file_fence(w->run, w->path),
		    (struct str){ text, len }, w->err);
	else
		ci_raw(&w->run->ci, (struct str){ text, len });
	secret_wipe(text, sizeof(text));
	return rc;
}

/* The file of the public key, "ci.key.pub"; NULL: the key goes to standard output. */
static const char *
public_path(const struct run *run)
{
	return run->opt.out ? arena_fmt(run->arena, "%s.pub", run->opt.out).ptr : NULL;
}

/* The file of the public key is never replaced, nor is that of the key, which file_create() checks. */
static int
check_public_path(const struct run *run, struct err *err)
{
	const char *path = public_path(run);

	if (!path || access(run->opt.out, F_OK) == 0 || access(path, F_OK) != 0)
		return 0;
	(void)err_set(err, ERR_SYSTEM, "'%s' exists already", path);
	return err_hint(err, "name another file with --out, or remove this one");
}

static int
write_public(const struct writing *w, struct err *err)
{
	const char *path = public_path(w->run);

	return file_put(w->run->arena, path, secret_file_fence(w->run, path),
	    arena_fmt(w->run->arena, "%.*s\n", STR_FMT(w->public)), err);
}

/* A secret that a runner's log has shown stays there. */
static int
check_log(const struct run *run, struct err *err)
{
	if (run->opt.out || !ci_is_runner(&run->ci))
		return 0;
	(void)err_set(err, ERR_USAGE, "the secret key would stand in the log of this CI run");
	return err_hint(err, "make the key on your own machine, or write it to a file with --out");
}

int
token_keygen(struct run *run, struct err *err)
{
	struct writing w = { .run = run, .path = run->opt.out, .err = err };
	struct secret *text;
	struct key *key;
	int rc = -1;

	if (check_log(run, err) < 0 || check_public_path(run, err) < 0
	    || !(key = make_key(run, err)))
		return -1;
	w.public = public_key_text(run->arena, key_public(key));
	text = key_text(key, err);
	if (text)
		rc = secret_lend(text, write_key, &w);
	if (rc == 0 && w.path)
		rc = write_public(&w, err);
	if (rc == 0 && w.path)
		ci_out(&run->ci, "%.*s", STR_FMT(w.public));
	if (rc == 0)
		ci_log(&run->ci, "keep the secret key where only CI sees it (PACHUP_KEY); whoever "
		                 "has the public key can seal tokens for it");
	secret_free(text);
	key_free(key);
	return rc;
}
