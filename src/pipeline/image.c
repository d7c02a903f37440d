#include "pipeline/image.h"

#include "base/arena.h"

enum {
	MAX_TAG_LEN = 128,
	MAX_NAME_LEN = 255, /* the distribution specification's limit for host and path together */
};

struct image
image_split(struct str text)
{
	struct image im = { .repo = text };
	size_t at = str_find(text, '@');
	size_t colon, slash;

	if (at < text.len) {
		im.digest = str_tail(text, at + 1);
		im.repo = str_head(text, at);
	}
	colon = str_rfind(im.repo, ':');
	slash = str_rfind(im.repo, '/');
	if (colon < im.repo.len && (slash == im.repo.len || colon > slash)) {
		im.tag = str_tail(im.repo, colon + 1);
		im.repo = str_head(im.repo, colon);
	}
	return im;
}

static bool
is_alnum(char c)
{
	return str_is_of((struct str){ &c, 1 }, CHARS_ALNUM);
}

const char *
image_tag_fault(struct str tag)
{
	if (tag.len == 0)
		return "the tag is empty";
	if (tag.len > MAX_TAG_LEN)
		return "the tag is longer than 128 characters";
	if (str_span(tag, CHARS_ALNUM "_") == 0)
		return "the tag must begin with a letter, a digit or '_'";
	if (!str_is_of(tag, CHARS_ALNUM "_.-"))
		return "the tag may only contain letters, digits, '_', '.' and '-'";
	return NULL;
}

static const char *
image_digest_fault(struct str digest)
{
	size_t colon = str_find(digest, ':');
	struct str algorithm = str_head(digest, colon), hex = str_tail(digest, colon + 1);

	if (colon == 0 || colon == digest.len)
		return "the digest is not ALGORITHM:HEX";
	if (!str_is_of(algorithm, CHARS_LOWER CHARS_DIGIT "+._-"))
		return "the digest algorithm must be lower-case letters and digits";
	if (!str_is_of(hex, CHARS_HEX))
		return "the digest must be lower-case hex digits";
	if (str_is(algorithm, "sha256") && hex.len != 64)
		return "a sha256 digest needs 64 hex digits";
	if (str_is(algorithm, "sha512") && hex.len != 128)
		return "a sha512 digest needs 128 hex digits";
	return hex.len < 32 ? "the digest is shorter than 32 hex digits" : NULL;
}

/* Whether `c` may stand at `i` between two runs of letters and digits: '.', '_', '__', or any number of
 * '-'. */
static bool
is_joint(struct str part, size_t i)
{
	char c = part.ptr[i], before = part.ptr[i - 1];

	if (c == '-')
		return before == '-' || is_alnum(before);
	if (c == '_' && before == '_')
		return i >= 2 && is_alnum(part.ptr[i - 2]);
	return (c == '.' || c == '_') && is_alnum(before);
}

static bool
is_path_part(struct str part)
{
	for (size_t i = 0; i < part.len; i++) {
		if (str_span(str_tail(part, i), CHARS_LOWER CHARS_DIGIT) > 0)
			continue;
		if (i == 0 || i + 1 == part.len || !is_joint(part, i))
			return false;
	}
	return part.len > 0;
}

/* The length of the host part with its '/', or 0: it has a '.', a ':', is "localhost", or has capitals. */
static size_t
host_len(struct str repo)
{
	size_t slash = str_find(repo, '/');
	struct str first = str_head(repo, slash);

	if (slash == repo.len)
		return 0;
	return str_is(first, "localhost") || str_cspan(first, CHARS_UPPER ".:") < first.len
	           ? slash + 1
	           : 0;
}

/* "reg.example", "localhost", "10.0.0.1": letters and digits, '-' within, joined by single '.'. */
static bool
is_host_name(struct str name)
{
	struct str part;

	while (str_split(&name, '.', &part)) {
		if (!str_is_of(part, CHARS_ALNUM "-") || part.ptr[0] == '-'
		    || part.ptr[part.len - 1] == '-')
			return false;
	}
	return true;
}

/* HOST, HOST:PORT, [IPv6]:PORT */
static bool
is_host(struct str host)
{
	bool bracket = str_take(&host, "[");
	size_t end = str_find(host, bracket ? ']' : ':');
	struct str name = str_head(host, end), rest = str_tail(host, bracket ? end + 1 : end);

	if (bracket ? end == host.len || !str_is_of(name, CHARS_HEX "ABCDEF:")
	            : !is_host_name(name))
		return false;
	return rest.len == 0
	       || (str_take(&rest, ":") && str_is_of(rest, CHARS_DIGIT) && rest.len <= 5);
}

static const char *
repo_fault(struct str repo)
{
	size_t host = host_len(repo);
	struct str rest = str_tail(repo, host), part;

	if (repo.len == 0)
		return "the repository is empty";
	if (repo.len > MAX_NAME_LEN)
		return "the repository is longer than 255 characters";
	if (host > 0 && !is_host(str_head(repo, host - 1)))
		return "the registry is not HOST or HOST:PORT";
	while (str_split(&rest, '/', &part))
		if (!is_path_part(part))
			return "the repository path must be lower-case letters and digits, joined "
			       "by '.', '_', '__' or '-'";
	return NULL;
}

const char *
image_fault(const struct image *im)
{
	const char *fault = repo_fault(im->repo);

	if (!fault && im->tag.ptr)
		fault = image_tag_fault(im->tag);
	if (!fault && im->digest.ptr)
		fault = image_digest_fault(im->digest);
	return fault;
}

struct name {
	struct str host, path;
	bool library; /* "library/" is before the path unwritten */
};

static struct name
normalise(struct str repo)
{
	size_t host = host_len(repo);
	struct name n = { .host = STR("docker.io"), .path = str_tail(repo, host) };

	if (host > 0)
		n.host = str_head(repo, host - 1);
	if (str_is(n.host, "index.docker.io"))
		n.host = STR("docker.io");
	n.library = str_is(n.host, "docker.io") && str_find(n.path, '/') == n.path.len;
	if (str_is(n.host, "docker.io") && str_starts(n.path, "library/")
	    && str_rfind(n.path, '/') == sizeof("library") - 1) {
		n.path = str_tail(n.path, sizeof("library/") - 1);
		n.library = true;
	}
	return n;
}

/* Whether what follows the last '/' is the same: all that may be unwritten is before it. */
static bool
same_last_part(struct str a, struct str b)
{
	size_t i = 1;

	for (; i <= a.len && i <= b.len; i++) {
		char c = a.ptr[a.len - i];

		if (c != b.ptr[b.len - i])
			return false;
		if (c == '/')
			return true;
	}
	return (i > a.len || a.ptr[a.len - i] == '/') && (i > b.len || b.ptr[b.len - i] == '/');
}

bool
image_same_repo(struct str a, struct str b)
{
	struct name x, y;

	if (!same_last_part(a, b)) /* spares the rest for most of many rules */
		return false;
	x = normalise(a);
	y = normalise(b);
	return str_eq(x.host, y.host) && str_eq(x.path, y.path) && x.library == y.library;
}

struct image_home
image_home(struct arena *a, struct str repo)
{
	struct name n = normalise(repo);

	return (struct image_home){ arena_lower(a, n.host),
		arena_fmt(a, "%s%.*s", n.library ? "library/" : "", STR_FMT(n.path)) };
}

struct str
image_text(struct arena *a, const struct image *im)
{
	return arena_fmt(a, "%.*s%s%.*s%s%.*s", STR_FMT(im->repo), im->tag.ptr ? ":" : "",
	    STR_FMT(im->tag), im->digest.ptr ? "@" : "", STR_FMT(im->digest));
}

bool
image_is_filled_in(const struct image *im)
{
	static const char marks[] = "${<%";

	return str_cspan(im->tag, marks) < im->tag.len
	       || str_cspan(im->digest, marks) < im->digest.len;
}
