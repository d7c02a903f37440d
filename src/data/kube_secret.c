#include "data/kube_secret.h"

#include <string.h>

#include "base/arena.h"
#include "data/arguments.h"
#include "secret/join.h"
#include "secret/secret.h"
#include "session/run.h"
#include "session/secret_file.h"

#define EXAMPLE "secret set dbaccess host=env:PG_HOST ca.crt=file:ca.pem"

enum { MAX_NAME = 253, MAX_VALUES = 1000 };

/* What Kubernetes takes for names (DNS subdomains), keys and types. */
#define NAME_CHARS CHARS_LOWER CHARS_DIGIT "-."
#define KEY_CHARS  NAME_CHARS CHARS_UPPER "_"
#define TYPE_CHARS NAME_CHARS CHARS_UPPER "/"

static bool
is_name(struct str text, const char *chars)
{
	return text.len <= MAX_NAME && str_is_of(text, chars);
}

static int
bad_value(struct str key, struct err *err)
{
	(void)err_set(err, ERR_USAGE,
	    "the value of '%.*s' comes neither from env: nor from file:", STR_FMT(key));
	return err_hint(err,
	    "a value on the command line can be seen by others: write "
	    "%.*s=env:VARIABLE or %.*s=file:PATH",
	    STR_FMT(key), STR_FMT(key));
}

static struct secret *
from_environment(struct run *run, struct str key, const char *variable, struct err *err)
{
	const char *text = env_get(&run->env, variable);

	if (!text) {
		(void)err_set(err, ERR_USAGE, "variable '%.100s', for '%.*s', is not set or empty",
		    variable, STR_FMT(key));
		(void)err_hint(err, "give it to the step's environment: in CI from its secrets");
		return NULL;
	}
	return secret_of_bytes(
	    str_of(text), arena_fmt(run->arena, "variable '%.100s'", variable).ptr, err);
}

static int
add_value(struct run *run, const char *word, struct kube_secret *out, struct err *err)
{
	struct str whole = str_of(word), key = str_head(whole, str_find(whole, '='));
	struct str value = str_tail(whole, key.len + 1);
	struct kube_value *v = &out->values[out->count];

	if (!is_name(key, KEY_CHARS) || key.len == whole.len) {
		(void)err_set(
		    err, ERR_USAGE, "a word behind the name is no KEY=env:… or KEY=file:…");
		return err_hint(err, "write for example: pachup " EXAMPLE);
	}
	for (size_t i = 0; i < out->count; i++)
		if (str_eq(out->values[i].key, key))
			return err_set(err, ERR_USAGE, "key '%.*s' is given twice", STR_FMT(key));
	v->key = key;
	if (str_starts(value, "env:") && value.len > 4)
		v->value = from_environment(run, key, value.ptr + 4, err);
	else if (str_starts(value, "file:") && value.len > 5)
		v->value = secret_file_read(run, value.ptr + 5,
		    arena_fmt(run->arena, "the value of key '%.*s'", STR_FMT(key)).ptr, err);
	else
		return bad_value(key, err);
	if (!v->value)
		return -1;
	out->count++;
	return 0;
}

/* Variables are wiped at the end, as several keys may name the same one. */
static void
wipe_variables(struct run *run, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *value = strchr(words[i], '=');

		if (value && strncmp(value, "=env:", 5) == 0)
			env_wipe(&run->env, value + 5);
	}
}

int
kube_secret_read(struct run *run, const char *const *words, size_t count, struct kube_secret *out,
    struct err *err)
{
	*out = (struct kube_secret){ .type = str_of(run->opt.type) };
	if (count < 2 || count > MAX_VALUES)
		return usage_error(err,
		    count < 2 ? "a secret needs a name and at least one key"
		              : "there are too many keys",
		    EXAMPLE);
	out->name = str_of(words[0]);
	if (!is_name(out->name, NAME_CHARS)) {
		(void)err_set(err, ERR_USAGE, "'%.100s' is not a name of a secret", words[0]);
		return err_hint(err, "write small letters, digits, '-' and '.'");
	}
	if (!is_name(out->type, TYPE_CHARS)) {
		(void)err_set(err, ERR_USAGE, "input 'type' is not a type of a secret");
		return err_hint(err, "write for example: pachup " EXAMPLE);
	}
	out->values = ARENA_ARRAY(run->arena, count, struct kube_value);
	for (size_t i = 1; i < count; i++)
		if (add_value(run, words[i], out, err) < 0)
			return -1;
	wipe_variables(run, words + 1, count - 1);
	return 0;
}

void
kube_secret_wipe(struct kube_secret *s)
{
	for (size_t i = 0; i < s->count; i++)
		secret_free(s->values[i].value);
	s->count = 0;
}

/* Field 1, bytes: its tag and length. */
static struct str
field_head(struct arena *a, size_t len)
{
	char head[12];
	size_t n = 0;

	head[n++] = 0x0a;
	for (; len > 0x7f; len >>= 7)
		head[n++] = (char)(0x80 | (len & 0x7f));
	head[n++] = (char)len;
	return arena_str(a, (struct str){ head, n });
}

struct secret *
kube_secret_request(struct run *run, const struct kube_secret *s, struct err *err)
{
	struct arena *a = run->arena;
	struct secret_part *parts = ARENA_ARRAY(a, 3 + 2 * s->count, struct secret_part);
	size_t count = 1; /* the first one is the field's head */

	parts[count++].text = arena_fmt(a,
	    "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"type\":\"%.*s\",\"metadata\":{\"name\":"
	    "\"%.*s\"},\"data\":{",
	    STR_FMT(s->type), STR_FMT(s->name));
	for (size_t i = 0; i < s->count; i++) { /* names and keys need no escapes */
		parts[count++].text =
		    arena_fmt(a, "%s\"%.*s\":\"", i ? "\"," : "", STR_FMT(s->values[i].key));
		parts[count++].secret = s->values[i].value;
	}
	parts[count++].text = STR("\"}}");
	parts[0].text = field_head(a, secret_join_len(parts + 1, count - 1));
	return secret_join(parts, count, arena_fmt(a, "secret '%.*s'", STR_FMT(s->name)).ptr, err);
}
