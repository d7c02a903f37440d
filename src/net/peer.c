#include "net/peer.h"

#include <time.h>

#include "base/arena.h"
#include "net/call.h"
#include "net/setopt.h"

void
peer_watch(struct stream *s, CURLcode *code)
{
	if (s->opts->peer && s->opts->url.tls)
		SETOPT(code, s->easy, CURLOPT_CERTINFO, 1L);
}

/* libcurl reads all forms of dates that servers and OpenSSL write; 0 for any other text. */
static int64_t
read_date(struct arena *a, struct str text)
{
	time_t when = text.len < 100 ? curl_getdate(arena_cstr(a, text), NULL) : -1;

	return when > 0 ? (int64_t)when : 0;
}

static void
read_line(struct arena *a, struct certificate *one, struct str line)
{
	size_t colon = str_find(line, ':');
	struct str name = str_head(line, colon), value = str_trim(str_tail(line, colon + 1));

	if (str_is(name, "Subject"))
		one->subject = arena_str(a, value);
	else if (str_is(name, "Issuer"))
		one->issuer = arena_str(a, value);
	else if (str_is(name, "Start date"))
		one->from = read_date(a, value);
	else if (str_is(name, "Expire date"))
		one->until = read_date(a, value);
}

void
peer_note_chain(struct stream *s)
{
	struct peer *peer = s->opts->peer;
	struct curl_certinfo *info = NULL;

	if (!peer || peer->count > 0 || !s->opts->url.tls
	    || curl_easy_getinfo(s->easy, CURLINFO_CERTINFO, &info) != CURLE_OK || !info)
		return;
	for (int i = 0; i < info->num_of_certs && peer->count < MAX_CERTIFICATES; i++) {
		struct certificate *one = &peer->chain[peer->count++];

		*one = (struct certificate){ .from = 0 };
		for (const struct curl_slist *line = info->certinfo[i]; line; line = line->next)
			read_line(peer->arena, one, str_of(line->data));
	}
}

void
peer_note_date(struct stream *s, struct str value)
{
	struct peer *peer = s->opts->peer;

	if (!peer)
		return;
	peer->server_s = read_date(peer->arena, value);
	peer->our_s = (int64_t)time(NULL);
}
