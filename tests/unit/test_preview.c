/* Previews: names of projects, labels, and whose a project is. */
#include "tap.h"

#include "base/arena.h"
#include "deploy/preview/guard.h"

static const struct preview_template plain = { { "pr-{pr}", 7 }, { "3f9a", 4 } };
static const struct preview_template shared = { { "pr-{repo}-{pr}", 14 }, { "3f9a", 4 } };

static void
test_preview_names__whole_and_short(struct arena *a)
{
	static const struct {
		const char *text, *number, *whole, *shorter;
	} rows[] = {
		{ "pr-{pr}", "123", "pr-123", "p123" },
		{ "{pr}", "1", "1", "p1" },
		{ "preview_{repo}_{pr}", "12", "preview_3f9a_12", "p3f12" },
		{ "a{pr}b{pr}", "7", "a7b7", "p7" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct preview_template t = { str_of(rows[i].text), STR("3f9a") };
		struct preview_names names = preview_names(a, &t, str_of(rows[i].number));

		ok(str_is(names.whole, rows[i].whole), "%s is whole", rows[i].text);
		ok(str_is(names.shorter, rows[i].shorter), "%s is short", rows[i].text);
	}
	ok(preview_name_room(51) == 7, "a pipeline of 51 leaves 7");
	ok(preview_name_room(58) == 0 && preview_name_room(500) == 0, "and a longer one nothing");
}

static void
test_preview_name_fault__as_pachd_has_it(void)
{
	ok(!preview_name_fault(STR("pr-123")) && !preview_name_fault(STR("0_a-B")), "these pass");
	ok(preview_name_fault(STR("")) && preview_name_fault(STR("-a")), "a bad first character");
	ok(preview_name_fault(STR("a/b")) && preview_name_fault(STR("a.b")), "other characters");
	ok(preview_name_fault(STR("p123456789012345678901234567890123456789012345678901")),
	    "52 characters");
}

static void
test_preview_name_fits__only_its_own(void)
{
	static const struct {
		const char *name;
		const struct preview_template *t;
		const char *number; /* NULL: it does not fit */
	} rows[] = {
		{ "pr-123", &plain, "123" },
		{ "p123", &plain, "123" },
		{ "pr-", &plain, NULL },
		{ "pr-0", &plain, NULL },
		{ "pr-012", &plain, NULL },
		{ "pr-12a", &plain, NULL },
		{ "xpr-12", &plain, NULL },
		{ "pr-1234567890123456789", &plain, NULL },
		{ "prod", &plain, NULL },
		{ "p", &plain, NULL },
		{ "", &plain, NULL },
		{ "pr-3f9a-7", &shared, "7" },
		{ "p3f7", &shared, "7" },
		{ "pr-3f9b-7", &shared, NULL },
		{ "pr-7", &shared, NULL },
		{ "p7", &shared, NULL },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str number;
		bool fits = preview_name_fits(rows[i].t, str_of(rows[i].name), &number);

		ok(fits == (rows[i].number != NULL), "'%s' %s", rows[i].name,
		    rows[i].number ? "fits" : "does not fit");
		if (fits && rows[i].number)
			ok(str_is(number, rows[i].number), "its number");
	}
}

static void
test_preview_label__what_is_written_is_read(struct arena *a)
{
	const struct preview_label whole = { STR("team/specs"), STR("preview"), STR("7"),
		1796637600 };
	struct str text = preview_label_text(a, &whole);
	struct preview_label out;

	ok(str_is(
	       text, "pachup preview of team/specs#7 (target preview) until 2026-12-07 10:00 UTC"),
	    "its text");
	ok(preview_label_read(text, &out) && preview_label_is_same(a, &whole, &out), "is read");
	ok(out.until_s == whole.until_s, "with its end");
}

static void
test_preview_label_read__takes_nothing_else(void)
{
	static const char *const bad[] = { "", "pachup preview of ", "pachup preview of a",
		"pachup preview of a#7", "pachup preview of a#7 (target p",
		"pachup preview of #7 (target p)", "pachup preview of a#x (target p)",
		"pachup preview of a# (target p)", "a pachup preview of a#7 (target p)",
		"pachup preview of a#7 (target p) until",
		"pachup preview of a#7 (target p) until soon",
		"pachup preview of a#7 (target p) until 2026-13-07 10:00 UTC",
		"pachup preview of a#7 (target p) and more" };
	struct preview_label out;

	for (size_t i = 0; i < COUNT_OF(bad); i++)
		ok(!preview_label_read(str_of(bad[i]), &out), "'%s'", bad[i]);
}

static void
test_preview_label_is_same__however_the_repository_is_named(struct arena *a)
{
	static const struct {
		const char *repository, *target, *number;
		bool is_same;
	} rows[] = {
		{ "team/specs", "preview", "7", true },
		{ "Team/Specs", "preview", "7", true },
		{ "https://github.com/team/specs.git", "preview", "7", true },
		{ "git@github.com:team/specs.git", "preview", "7", true },
		{ "team/other", "preview", "7", false },
		{ "team/specs", "try", "7", false },
		{ "team/specs", "preview", "8", false },
		{ "specs", "preview", "7", false },
	};
	const struct preview_label own = { STR("team/specs"), STR("preview"), STR("7"), 0 };

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct preview_label other = { str_of(rows[i].repository),
			str_of(rows[i].target), str_of(rows[i].number), 0 };

		ok(preview_label_is_same(a, &own, &other) == rows[i].is_same, "%s %s %s",
		    rows[i].repository, rows[i].target, rows[i].number);
	}
}

/* Names of projects, what they say of themselves, and who made them. Only where all agree something may be deleted. */
static void
test_guard_judge__forged_marks_names_and_creators(struct arena *a)
{
	static const struct {
		const char *text;
		bool is_ours;
	} labels[] = {
		{ "pachup preview of team/specs#7 (target preview) until 2026-12-07 10:00 UTC",
		    true },
		{ "pachup preview of team/specs#7 (target preview)", true },
		{ "pachup preview of team/other#7 (target preview)", false },
		{ "pachup preview of team/specs#8 (target preview)", false },
		{ "pachup preview of team/specs#7 (target prod)", false },
		{ "the data of team/specs#7", false },
		{ "", false },
	};
	static const struct {
		const char *name;
		bool is_ours;
	} names[] = { { "pr-7", true }, { "p7", true }, { "pr-07", false }, { "default", false },
		{ "prod", false }, { "pr-5", false }, { "vision", false } };
	static const struct {
		bool says_creator;
		const char *creator;
		bool says_rights, may_delete, is_ours;
	} makers[] = {
		{ true, "robot:ci", true, true, true },
		{ false, "", true, true, true },
		{ false, "", false, false, true },
		{ false, "robot:ci", true, false, false },
		{ true, "user:ann", true, true, false },
		{ true, "", true, true, false },
		{ true, "robot:ci2", false, false, false },
		{ true, "robot:ci", true, false, false },
	};
	static const char *list[] = { "default", "prod", "pr-5" };
	static const struct items taken = { list, 3 };
	const struct guard_asker asker = { &plain, &taken, STR("robot:ci"), STR("team/specs"),
		STR("preview") };
	size_t allowed = 0;

	for (size_t n = 0; n < COUNT_OF(names); n++)
		for (size_t l = 0; l < COUNT_OF(labels); l++)
			for (size_t m = 0; m < COUNT_OF(makers); m++) {
				const struct pfs_project project = { str_of(names[n].name),
					str_of(labels[l].text), makers[m].says_creator,
					str_of(makers[m].creator), makers[m].says_rights,
					makers[m].may_delete };
				struct preview_label label;
				enum guard_verdict v = guard_judge(a, &asker, &project, &label);
				bool wanted =
				    names[n].is_ours && labels[l].is_ours && makers[m].is_ours;

				ok((v == GUARD_OURS) == wanted, "'%s' that says '%s', by '%s'%s",
				    names[n].name, labels[l].text, makers[m].creator,
				    makers[m].says_rights
				        ? makers[m].may_delete ? ", owned" : ", not owned"
				        : "");
				ok(v == GUARD_OURS || guard_reason(a, v, &project, &label).len > 0,
				    "with a reason");
				allowed += v == GUARD_OURS;
			}
	ok(allowed == 12, "12 of all are ours");
}

static void
test_guard_judge__who_does_not_know_itself_deletes_nothing(struct arena *a)
{
	const struct pfs_project project = { STR("pr-7"),
		STR("pachup preview of #7 (target preview)"), false, STR(""), false, false };
	static const struct items none = { NULL, 0 };
	const struct guard_asker nobody = { &plain, &none, STR(""), STR(""), STR("preview") };
	struct preview_label label;

	ok(guard_judge(a, &nobody, &project, &label) != GUARD_OURS,
	    "no repository is not an owner");
}

/* What is in the project: marks, descriptions and makers. */
static void
test_guard_owns__forged_marks_descriptions_and_makers(struct arena *a)
{
	static const struct {
		const char *repository, *target; /* NULL: no mark */
		bool is_ours;
	} marks[] = {
		{ NULL, NULL, false },
		{ "team/specs", "preview", true },
		{ "git@host:team/specs.git", "preview", true },
		{ "team/specs", "prod", false },
		{ "team/other", "preview", false },
	};
	static const struct {
		const char *text;
		bool is_ours;
	} descriptions[] = {
		{ "", false },
		{ "pachup preview of team/specs#7 (target preview)", true },
		{ "pachup preview of team/specs#8 (target preview)", false },
		{ "pachup preview of team/other#7 (target preview)", false },
		{ "Output repo for pipeline pr-7/edges.", false },
	};
	static const char *const makers[] = { "", "robot:ci", "user:ann" };
	const struct preview_label own = { STR("team/specs"), STR("preview"), STR("7"), 0 };
	size_t owned = 0;

	for (size_t m = 0; m < COUNT_OF(marks); m++)
		for (size_t d = 0; d < COUNT_OF(descriptions); d++)
			for (size_t k = 0; k < COUNT_OF(makers); k++)
				for (int is_pipeline = 0; is_pipeline < 2; is_pipeline++) {
					const struct guard_thing thing = { is_pipeline,
						{ .repository = str_of(marks[m].repository),
						    .target = str_of(marks[m].target) },
						str_of(descriptions[d].text), str_of(makers[k]) };
					bool by_text = !is_pipeline && descriptions[d].is_ours;
					bool wanted =
					    k < 2
					    && (marks[m].repository ? marks[m].is_ours : by_text);
					bool got = guard_owns(a, &thing, &own, STR("robot:ci"));

					ok(got == wanted, "%s marked %s of '%s' by '%s'",
					    is_pipeline ? "pipeline" : "repo",
					    marks[m].repository ? marks[m].repository : "not",
					    descriptions[d].text, makers[k]);
					owned += got;
				}
	ok(owned == 42, "42 of all are the preview's");
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_preview_names__whole_and_short(a);
	test_preview_name_fault__as_pachd_has_it();
	test_preview_name_fits__only_its_own();
	test_preview_label__what_is_written_is_read(a);
	test_preview_label_read__takes_nothing_else();
	test_preview_label_is_same__however_the_repository_is_named(a);
	test_guard_judge__forged_marks_names_and_creators(a);
	test_guard_judge__who_does_not_know_itself_deletes_nothing(a);
	test_guard_owns__forged_marks_descriptions_and_makers(a);
	arena_free(a);
	return done();
}
