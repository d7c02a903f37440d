#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "git/child.h"
#include "git/jail.h"
#include "git/repo.h"
#include "git/since.h"

/* Everything happens in this directory, removed at the end. */
static const char *
make_home(struct arena *a)
{
	const char *base = getenv("TMPDIR");
	char *path = arena_cstr(a, arena_fmt(a, "%s/pachup-repo.XXXXXX", base ? base : "/tmp"));

	return mkdtemp(path);
}

/* Runs a line of shell in `home`; git is kept from reading any configuration. */
static bool __attribute__((format(printf, 3, 4)))
sh(struct arena *a, const char *home, const char *fmt, ...)
{
	struct str line, all;
	va_list args;

	va_start(args, fmt);
	line = arena_vfmt(a, fmt, args);
	va_end(args);
	all = arena_fmt(a,
	    "cd '%s' && export HOME='%s' GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null "
	    "GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=c "
	    "GIT_COMMITTER_EMAIL=c@example.org GIT_AUTHOR_DATE='1700000000 +0000' "
	    "GIT_COMMITTER_DATE='1700000000 +0000'; (%s) >/dev/null 2>&1",
	    home, home, line.ptr);
	return system(all.ptr) == 0;
}

/* The first line that a git command prints, in `a`. */
static struct str
git_says(struct arena *a, const char *home, const char *args)
{
	struct str path = arena_fmt(a, "%s/said", home);
	char line[256] = "";
	FILE *f;

	if (!sh(a, home, "git %s >said", args))
		return STR("");
	f = fopen(path.ptr, "r");
	if (f && !fgets(line, sizeof(line), f))
		line[0] = '\0';
	if (f)
		(void)fclose(f);
	return arena_str(a, str_trim(str_of(line)));
}

static const char *
in(struct arena *a, const char *home, const char *name)
{
	return arena_fmt(a, "%s/%s", home, name).ptr;
}

/* "one" and "two" on main, a branch, tags of both kinds, the branch packed. */
static bool
make_repo(struct arena *a, const char *home)
{
	return sh(a, home,
	    "git init -q -b main r && cd r && mkdir sub && echo 1 >sub/f && git add . && "
	    "git commit -q -m 'first subject' -m 'a body' && git tag light && "
	    "git branch feature/x && echo 2 >sub/f && git commit -q -a -m second && "
	    "git tag -a -m note v1 && git tag -a -m outer v1outer v1 && git tag tree HEAD: && "
	    "git branch deadbe && git pack-refs --all");
}

static void
test_repo_head__on_a_branch(struct arena *a, const char *home)
{
	struct err err = { 0 };
	struct repo *r = repo_open(a, in(a, home, "r/sub"), false, &err);
	struct repo_head head;
	struct str wanted = git_says(a, home, "-C r rev-parse HEAD"), bytes;

	ok(r != NULL, "found from a directory below: %s", err.text);
	ok(r && repo_head(r, a, &head, &err) == 0 && str_eq(head.sha, wanted), "HEAD's commit");
	ok(str_is(head.branch, "main") && !head.shallow, "its branch; not shallow");
	ok(str_is(repo_subject(r, a, head.sha), "second"), "its subject");
	ok(str_is(repo_subject(r, a, git_says(a, home, "-C r rev-parse light")), "first subject"),
	    "a subject without the body");
	ok(str_is(repo_message(r, a, git_says(a, home, "-C r rev-parse light")),
	       "first subject\n\na body\n"),
	    "a message with its body");
	ok(repo_blob(r, a, git_says(a, home, "-C r rev-parse HEAD:sub/f"), &bytes)
	        && str_is(bytes, "2\n"),
	    "the bytes of a blob");
	ok(!repo_blob(r, a, head.sha, &bytes)
	        && !repo_blob(r, a, STR("0000000000000000000000000000000000000001"), &bytes),
	    "a commit, and what is not there, are not blobs");
	ok(repo_subject(r, a, STR("0000000000000000000000000000000000000001")).len == 0
	        && repo_subject(r, a, STR("v1")).len == 0,
	    "no subject for what is not there");
	repo_close(r);
}

static void
test_repo_head__other_shapes(struct arena *a, const char *home)
{
	static const struct {
		const char *make, *path, *branch;
		bool shallow;
	} rows[] = {
		{ "git clone -q r d && git -C d checkout -q --detach", "d", "", false },
		{ "git -C r worktree add -q ../w feature/x", "w", "feature/x", false },
		{ "git clone -q --bare r b.git", "b.git", "main", false },
		{ "git clone -q --depth 1 \"file://$PWD/r\" s", "s", "main", true },
		{ "git clone -q --filter=blob:none --no-checkout \"file://$PWD/r\" p", "p", "main",
		    false },
		{ "git clone -q r wc && git -C wc config core.repositoryformatversion 1 && "
		  "git -C wc config extensions.worktreeConfig true",
		    "wc", "main", false },
		{ "git clone -q r g && printf 'gitdir: g/.git' >.x && mkdir gl && "
		  "printf 'gitdir: ../g/.git\\n' >gl/.git",
		    "gl", "main", false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		struct repo_head head = { .shallow = false };
		bool made = sh(a, home, "%s", rows[i].make);
		struct repo *r = made ? repo_open(a, in(a, home, rows[i].path), false, &err) : NULL;
		struct str wanted =
		    git_says(a, home, arena_fmt(a, "-C %s rev-parse HEAD", rows[i].path).ptr);

		bool read = r && repo_head(r, a, &head, &err) == 0;

		ok(read && wanted.len == 40 && str_eq(head.sha, wanted)
		        && str_is(head.branch, rows[i].branch) && head.shallow == rows[i].shallow,
		    "%s: %.*s on '%.*s'; %s", rows[i].path, STR_FMT(head.sha), STR_FMT(head.branch),
		    err.text);
		repo_close(r);
	}
}

static void
test_repo_peel__every_way_to_name_a_commit(struct arena *a, const char *home)
{
	static const struct {
		const char *rev, *same;
	} rows[] = {
		{ "HEAD", "HEAD" }, { "HEAD~1", "light" }, { "main", "HEAD" },
		{ "feature/x", "light" }, { "refs/tags/light", "light" }, { "v1", "HEAD" },
		{ "v1outer", "HEAD" }, { "deadbe", "HEAD" }, /* six hex digits, but a branch */
	};
	struct err err = { 0 };
	struct repo *r = repo_open(a, in(a, home, "r"), false, &err);
	struct str head = git_says(a, home, "-C r rev-parse HEAD"), tag, sha;

	if (!r) {
		ok(false, "opened: %s", err.text);
		return;
	}
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str wanted =
		    git_says(a, home, arena_fmt(a, "-C r rev-parse %s", rows[i].same).ptr);

		sha = STR("");
		ok(repo_peel(r, a, str_of(rows[i].rev), &sha, &err) == 0 && str_eq(sha, wanted),
		    "%s is %s", rows[i].rev, rows[i].same);
	}
	tag = git_says(a, home, "-C r rev-parse v1");
	ok(!str_eq(tag, head) && repo_peel(r, a, tag, &sha, &err) == 0 && str_eq(sha, head),
	    "the SHA of a tag object becomes the commit's");
	ok(repo_peel(r, a, str_head(head, 7), &sha, &err) == 0 && str_eq(sha, head), "7 digits");
	repo_close(r);
}

static void
test_repo_distance__to_head(struct arena *a, const char *home)
{
	struct repo_distance d = { 0 };
	struct err err;
	bool made = sh(a, home,
	    "git clone -q r far && cd far && git checkout -q -b side && git commit -q "
	    "--allow-empty "
	    "-m aside && git branch aside && git checkout -q main && git commit -q --allow-empty "
	    "-m "
	    "one && git commit -q --allow-empty -m two");
	struct repo *r = repo_open(a, in(a, home, "far"), false, &err);

	ok(made && r, "a clone with two more commits");
	if (!r)
		return;
	ok(repo_distance(r, a, git_says(a, home, "-C far rev-parse HEAD"), &d, &err) == 0
	        && d.behind == 0 && !d.is_aside,
	    "HEAD itself");
	ok(repo_distance(r, a, git_says(a, home, "-C far rev-parse HEAD~2"), &d, &err) == 0
	        && d.behind == 2 && !d.is_aside,
	    "two behind");
	ok(repo_distance(r, a, git_says(a, home, "-C far rev-parse aside"), &d, &err) == 0
	        && d.behind == 2 && d.is_aside,
	    "on another branch");
	ok(repo_distance(r, a, STR("00000000000000000000000000000000000000aa"), &d, &err) < 0
	        && err.kind == ERR_SYSTEM,
	    "a commit that is not there");
	ok(repo_distance(r, a, STR("HEAD"), &d, &err) < 0, "a name is not a commit");
	repo_close(r);
}

static void
test_repo_peel__says_what_is_wrong(struct arena *a, const char *home)
{
	static const struct {
		const char *repo, *rev, *text, *hint;
	} rows[] = {
		{ "r", "nowhere", "commit 'nowhere' is not in the git repository at",
		    "git rev-parse" },
		{ "r", "00000000000000000000000000000000000000aa", "commit '0000000000", "fetch" },
		{ "s", "HEAD~1", "which is a shallow clone", "fetch-depth: 0" },
		{ "s", "HEAD~1", "which is a shallow clone", "fetchDepth: 0" },
		{ "s", "00000000000000000000000000000000000000aa", "shallow clone",
		    "fetch-depth: 0" },
		{ "r", "tree", "'tree' is a tree, not a commit", "" },
		{ "r", "HEAD:sub/f", "is a blob, not a commit", "" },
		{ "r", "", "'' is not a git revision", "use a SHA" },
		{ "r", "HEAD^{", "is not a git revision", "use a SHA" },
		{ "r", "abc123", "'abc123' is too short", "at least 7 digits" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		struct repo *r = repo_open(a, in(a, home, rows[i].repo), false, &err);
		struct str sha = STR("untouched");

		ok(r && repo_peel(r, a, str_of(rows[i].rev), &sha, &err) == -1
		        && err.kind == ERR_SYSTEM && strstr(err.text, rows[i].text)
		        && strstr(err.hint, rows[i].hint) && str_is(sha, "untouched"),
		    "'%s': %s; %s", rows[i].rev, err.text, err.hint);
		repo_close(r);
	}
}

static void
test_repo_peel__nul_inside(struct arena *a, const char *home)
{
	struct err err = { 0 };
	struct repo *r = repo_open(a, in(a, home, "r"), false, &err);
	struct str sha;

	ok(r && repo_peel(r, a, STR("HEAD\0x"), &sha, &err) == -1, "a NUL inside: %s", err.text);
	repo_close(r);
}

static void
test_repo_open__says_what_is_wrong(struct arena *a, const char *home)
{
	static const struct {
		const char *make, *path, *text, *hint;
	} rows[] = {
		{ "mkdir none", "none", "no git repository at or above '", "--sha" },
		{ ":", "missing/dir", "no git repository at or above '", "--sha" },
		{ "git init -q --object-format=sha256 n", "n", "has SHA-256 object names",
		    "--sha" },
		{ "git init -q x && cd x && git config core.repositoryformatversion 1 && "
		  "git config extensions.refStorage reftable",
		    "x", "extensions.refstorage", "--sha" },
		{ "git init -q y && echo '[core' >y/.git/config", "y",
		    "cannot open the git repository", "git fsck" },
		{ "git init -q z && git -C z config core.repositoryformatversion 7", "z",
		    "cannot open the git repository", "--sha" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		bool made = sh(a, home, "%s", rows[i].make);
		struct repo *r = repo_open(a, in(a, home, rows[i].path), true, &err);

		ok(made && !r && err.kind == ERR_SYSTEM && strstr(err.text, rows[i].text)
		        && strstr(err.hint, rows[i].hint),
		    "%s; %s", err.text, err.hint);
		repo_close(r);
	}
}

static void
test_repo_head__says_what_is_wrong(struct arena *a, const char *home)
{
	static const struct {
		const char *make, *path, *text;
	} rows[] = {
		{ "git init -q e", "e", "has no commit yet" },
		{ "git clone -q r m && rm -rf m/.git/objects && mkdir -p m/.git/objects/pack", "m",
		    "cannot read HEAD of the git repository" },
		{ "git clone -q r k && echo junk >k/.git/HEAD", "k", "" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		struct repo_head head;
		bool made = sh(a, home, "%s", rows[i].make);
		struct repo *r = repo_open(a, in(a, home, rows[i].path), true, &err);
		bool failed = !r || repo_head(r, a, &head, &err) == -1;

		ok(made && failed && err.kind == ERR_SYSTEM && strstr(err.text, rows[i].text)
		        && err.hint[0],
		    "%s; %s", err.text, err.hint);
		repo_close(r);
	}
}

/* As on a hosted runner: the workspace belongs to the runner's user, the container runs as root. */
static void
test_repo_open__owner_counts_unless_trusted(struct arena *a, const char *home)
{
	struct err err = { 0 };
	struct repo *r;

	if (geteuid() != 0) {
		skip("only root can give a tree away");
		return;
	}
	if (!sh(a, home, "git clone -q r o && chown -R 1001 o")) {
		skip("chown is not allowed here");
		return;
	}
	r = repo_open(a, in(a, home, "o"), true, &err);
	ok(r != NULL, "trusted: opened all the same; %s", err.text);
	repo_close(r);
	r = repo_open(a, in(a, home, "o"), false, &err);
	ok(!r && strstr(err.text, "belongs to another user") && strstr(err.hint, "-C"),
	    "untrusted, after a trusted one: %s; %s", err.text, err.hint);
	repo_close(r);
}

/* What surrounds the process must not choose the repository or switch the checks off. */
static void
test_repo_open__environment_does_not_count(struct arena *a, const char *home)
{
	struct err err = { 0 };
	struct repo_head head;
	struct repo *r;
	struct str wanted = git_says(a, home, "-C r rev-parse HEAD");

	(void)sh(a, home, "git init -q other && printf '[safe]\\n directory = *\\n' >.gitconfig");
	(void)setenv("GIT_DIR", in(a, home, "other/.git"), 1);
	(void)setenv("GIT_WORK_TREE", in(a, home, "other"), 1);
	(void)setenv("GIT_OBJECT_DIRECTORY", "/nonexistent", 1);
	r = repo_open(a, in(a, home, "r"), false, &err);
	ok(r && repo_head(r, a, &head, &err) == 0 && str_eq(head.sha, wanted),
	    "GIT_DIR and others");
	repo_close(r);
	(void)unsetenv("GIT_DIR");
	(void)unsetenv("GIT_WORK_TREE");
	(void)unsetenv("GIT_OBJECT_DIRECTORY");

	(void)sh(a, home, "printf '[broken' >.gitconfig");
	(void)setenv("HOME", home, 1);
	r = repo_open(a, in(a, home, "r"), false, &err);
	ok(r && repo_head(r, a, &head, &err) == 0, "a broken ~/.gitconfig: %s", err.text);
	repo_close(r);
	(void)unsetenv("HOME");
	r = repo_open(a, in(a, home, "r"), false, &err);
	ok(r && repo_head(r, a, &head, &err) == 0, "no HOME at all: %s", err.text);
	repo_close(r);
	repo_close(NULL);
}

/* Pipes where git has files, broken and huge files: nothing of it may hang or end this process. */
static void
test_repo_open__hostile(struct arena *a, const char *home)
{
	static const struct {
		const char *name, *make;
		bool pipe; /* the answer is known to be no */
	} rows[] = {
		{ "the branch is a pipe",
		    "rm -f .git/refs/heads/main && mkfifo .git/refs/heads/main", true },
		{ "HEAD is a pipe", "rm .git/HEAD && mkfifo .git/HEAD", true },
		{ "the configuration includes a pipe",
		    "mkfifo p && printf '[include]\n\tpath = %s/p\n' \"$PWD\" >>.git/config",
		    true },
		{ "the configuration includes itself",
		    "printf '[include]\n\tpath = %s/.git/config\n' \"$PWD\" >>.git/config", false },
		{ "a broken index", "head -c 4000 /dev/zero >.git/index", false },
		{ "a configuration of 3 GB", "truncate -s 3G .git/config", false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		struct repo_head head;
		struct repo *r;
		bool good;

		if (!sh(a, home,
		        "rm -rf evil && cp -r r evil && cd evil && git checkout -qf main && %s",
		        rows[i].make)) {
			ok(false, "%s: cannot be made", rows[i].name);
			continue;
		}
		r = repo_open(a, in(a, home, "evil"), true, &err);
		good = r && repo_head(r, a, &head, &err) == 0;
		ok(good ? !rows[i].pipe : err.text[0] != '\0', "%s: %s", rows[i].name,
		    good ? "it is read all the same" : err.text);
		repo_close(r);
	}
}

/* A reader that dies is an error of its repository, and is no more asked. */
static void
test_child_ask__dead(struct arena *a)
{
	struct message question = { .code = ASK_HEAD }, answer;
	struct child c;
	struct err err = { 0 };
	int rc;

	if (child_start(&c, &err) < 0) {
		ok(false, "%s", err.text);
		return;
	}
	(void)kill(c.pid, SIGABRT);
	question.words[0] = question.words[1] = STR("");
	rc = child_ask(&c, "x", &question, a, &answer, &err);
	ok(rc < 0 && c.pid == 0, "a reader that dies: %s", err.text);
	rc = child_ask(&c, "x", &question, a, &answer, &err);
	ok(rc < 0, "and is asked again: %s", err.text);
	child_end(&c);
}

/* Tokens of the job may be in variables. */
static void
test_child_start__has_no_variables(struct arena *a)
{
	char path[64], held[1 << 16];
	struct message question = { .code = ASK_OPEN }, answer;
	struct child c;
	struct err err = { 0 };
	ssize_t len = -1;
	int fd;

	if (child_start(&c, &err) < 0) {
		ok(false, "%s", err.text);
		return;
	}
	question.words[0] = STR("/nowhere");
	question.words[1] = STR("");
	(void)!child_ask(&c, "/nowhere", &question, a, &answer, &err); /* it has begun */
	(void)snprintf(path, sizeof(path), "/proc/%ld/environ", (long)c.pid);
	fd = open(path, O_RDONLY);
	if (fd >= 0) {
		len = read(fd, held, sizeof(held));
		(void)close(fd);
	}
	if (len <= 0)
		skip("the kernel does not show a process's variables");
	else
		ok(!str_holds((struct str){ held, (size_t)len }, STR("PATH=")),
		    "the reader has no variables");
	child_end(&c);
}

/* In the jail: what fails with EPERM as a bit each. */
static int
try_everything(void)
{
	char name[] = "true", *words[] = { name, NULL };
	int fd, refused = 0;

	jail_enter();
	refused |= (execv("/bin/true", words) < 0 && errno == EPERM) << 0;
	refused |= (socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EPERM) << 1;
	refused |= (open("/dev/null", O_WRONLY) < 0 && errno == EPERM) << 2;
	refused |= (unlink("/nowhere/at/all") < 0 && errno == EPERM) << 3;
	refused |= (kill(getppid(), 0) < 0 && errno == EPERM) << 4;
	fd = open("/dev/null", O_RDONLY);
	return refused | (fd >= 0) << 5;
}

static void
test_jail_enter(void)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(try_everything());
	(void)waitpid(pid, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 1 << 5)
		skip("this kernel or processor has no filter of system calls");
	else
		ok(WIFEXITED(status) && WEXITSTATUS(status) == 63,
		    "in the jail files can be read, and nothing else: %x",
		    WIFEXITED(status) ? (unsigned)WEXITSTATUS(status) : 0xffU);
}

/* What comes from a reader that somebody else has taken over. */
static void
test_message_receive__lies(struct arena *a)
{
	struct message sent, got;
	int ends[2];
	char junk[4000];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		return;
	memset(&sent, 0, sizeof(sent));
	memset(sent.err.text, 'x', sizeof(sent.err.text));
	memset(sent.err.hint, 'y', sizeof(sent.err.hint));
	sent.code = -1;
	sent.words[0] = STR("one");
	sent.words[1] = STR("");
	ok(message_send(ends[0], &sent) == 0 && message_receive(ends[1], a, &got) == 0
	        && strlen(got.err.text) == sizeof(got.err.text) - 1 && got.err.kind == ERR_SYSTEM
	        && str_is(got.words[0], "one"),
	    "texts without an end get one");
	sent.err.hint_about.count = MENTIONS_MAX + 1;
	ok(message_send(ends[0], &sent) == 0 && message_receive(ends[1], a, &got) < 0,
	    "more places of inputs than an error has are refused");
	memset(junk, 0xff, sizeof(junk));
	ok(write(ends[0], junk, sizeof(junk)) == (ssize_t)sizeof(junk)
	        && message_receive(ends[1], a, &got) < 0,
	    "words of 4 GB are refused");
	(void)close(ends[0]);
	(void)close(ends[1]);
}

static void
test_repo_remote__which(struct arena *a, const char *home)
{
	static const struct {
		const char *make, *url;
	} rows[] = {
		{ "git -C remote init -q", "" },
		{ "git -C remote remote add up https://t0ken@host.example/up",
		    "https://host.example/up" },
		{ "git -C remote remote add other https://host.example/other", "" },
		{ "git -C remote remote add origin git@host.example:o/r", "git@host.example:o/r" },
		{ "git -C remote config remote.origin.url 'https://host.example/\033[31m'", "" },
	};

	(void)sh(a, home, "mkdir remote");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		struct repo *r;

		(void)sh(a, home, "%s", rows[i].make);
		r = repo_open(a, in(a, home, "remote"), false, &err);
		ok(r && str_is(repo_remote(r, a), rows[i].url), "%s", rows[i].make);
		repo_close(r);
	}
}

/* The names of the files at `path` of a commit, each with a blank behind it; "failed" when they cannot be read. */
static struct str
names_at(struct arena *a, struct repo *r, const char *rev, const char *path, size_t *count)
{
	struct err err = { 0 };
	struct since_files files = { 0 };
	struct str sha, names = STR("");
	struct since *s = NULL;

	if (repo_peel(r, a, str_of(rev), &sha, &err) == 0)
		s = since_open(r, sha, &err);
	if (!s || since_files(s, a, str_of(path), &files, &err) < 0)
		names = STR("failed");
	for (size_t i = 0; i < files.count && files.count < 20; i++)
		names = arena_fmt(a, "%.*s%.*s ", STR_FMT(names), STR_FMT(files.list[i].name));
	*count = files.count;
	since_close(s);
	return names;
}

static void
test_since_files__what_a_commit_held(struct arena *a, const char *home)
{
	static const struct {
		const char *path, *names;
	} rows[] = {
		{ "", "a.json d/b.json d/e/c.yaml d/x.sh " },
		{ "d", "d/b.json d/e/c.yaml d/x.sh " },
		{ "d/e", "d/e/c.yaml " },
		{ "a.json", "a.json " },
		{ "link.json", "" },
		{ "not there", "" },
		{ "a.json/below", "" },
	};
	struct err err = { 0 };
	struct repo *r;
	size_t count;

	ok(sh(a, home,
	       "git init -q -b main ls && cd ls && mkdir -p d/e && echo 1 >a.json && echo 2 "
	       ">d/b.json && "
	       "echo 3 >d/e/c.yaml && echo 4 >d/x.sh && chmod +x d/x.sh && ln -s a.json link.json "
	       "&& "
	       "git add . && git commit -q -m one && git rm -q -r d && git commit -q -m two"),
	    "a repository with files");
	r = repo_open(a, in(a, home, "ls"), false, &err);
	for (size_t i = 0; r && i < COUNT_OF(rows); i++) {
		struct str names = names_at(a, r, "HEAD~1", rows[i].path, &count);

		ok(str_is(names, rows[i].names), "'%s': %.*s", rows[i].path, STR_FMT(names));
	}
	ok(r && str_is(names_at(a, r, "HEAD", "", &count), "a.json "), "of another commit");
	repo_close(r);
}

static void
test_since_files__more_than_one_answer_holds(struct arena *a, const char *home)
{
	struct err err = { 0 };
	struct repo *r;
	size_t count = 0;

	ok(sh(a, home,
	       "git init -q -b main many && cd many && echo 1 >f && id=$(git hash-object -w f) && "
	       "awk -v id=$id 'BEGIN { for (i = 0; i < 70000; i++) "
	       "printf \"100644 blob %%s\\tfile-with-a-name-of-some-length-%%06d.json\\n\", id, i "
	       "}' "
	       "| git mktree >tree && git update-ref HEAD $(git commit-tree -m one $(cat tree))"),
	    "a commit of 70,000 files");
	r = repo_open(a, in(a, home, "many"), false, &err);
	ok(r && names_at(a, r, "HEAD", "", &count).len == 0 && count == 70000, "%zu files", count);
	repo_close(r);
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);
	const char *home = make_home(a);

	if (!home || !sh(a, home, "git --version")) {
		skip("no git program, or no temporary directory");
	} else if (!make_repo(a, home)) {
		ok(false, "the repository for the tests could not be made");
	} else {
		test_repo_head__on_a_branch(a, home);
		test_repo_head__other_shapes(a, home);
		test_repo_peel__every_way_to_name_a_commit(a, home);
		test_repo_distance__to_head(a, home);
		test_repo_peel__says_what_is_wrong(a, home);
		test_repo_peel__nul_inside(a, home);
		test_repo_open__says_what_is_wrong(a, home);
		test_repo_head__says_what_is_wrong(a, home);
		test_repo_open__owner_counts_unless_trusted(a, home);
		test_repo_open__environment_does_not_count(a, home);
		test_repo_open__hostile(a, home);
		test_repo_remote__which(a, home);
		test_since_files__what_a_commit_held(a, home);
		test_since_files__more_than_one_answer_holds(a, home);
		test_child_ask__dead(a);
		test_child_start__has_no_variables(a);
		test_jail_enter();
		test_message_receive__lies(a);
	}
	if (home)
		(void)sh(a, home, "rm -rf '%s'", home);
	arena_free(a);
	return done();
}
