"""The promises, one function each: its text is the promise. It ends well, or raises Broken or NotHere."""

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import specs
from wire import Wire

OLD, NEW, THEIRS = (specs.IMAGE, "ubuntu:22.04", "ubuntu:24.04")
COUNT = 4  # of the pipelines that are pushed together
NEXT_SIGNAL_S = 7.5  # that is when GitHub's runner sends SIGTERM after SIGINT
UNCHANGED = "the cluster is unchanged"
ALL = []


class Broken(Exception):
    """The promise does not hold."""


class NotHere(Exception):
    """This release, or this cluster, has nothing that it is about."""


def promise(function):
    ALL.append(function)
    return function


def check(good, what, said=None):
    if not good:
        raise Broken(what + (f"\n{said.all}" if said else ""))


# -- what they share -----------------------------------------------------------------------------


def push(stage, folder, *more, command="push", **options):
    return stage.program.run(command, folder, *stage.project, *more, **options)


def begin(stage, folder, *more, **options):
    return stage.program.start("push", folder, *stage.project, *more, **options)


def written(stage, documents, name="specs"):
    return specs.write(stage.folder / name, documents)


def chained(stage, image=OLD, name="specs", count=COUNT):
    return written(stage, specs.chain(stage.cluster, stage.prefix, count, image), name)


def running(stage):
    return stage.cluster.running(stage.prefix)


def unmoved(now):
    """Without what a server changes by itself: the states that its pipelines go through."""
    return {name: replace(one, state="") for name, one in now.items()}


def images(stage):
    """{name: (image, version)}"""
    return {name: (one.image, one.version) for name, one in running(stage).items()}


def pushed(stage, folder, *more):
    """A push that must go well; what runs then."""
    said = push(stage, folder, *more)
    check(said.code == 0, "a push fails", said)
    now = running(stage)
    missing = sorted({one.stem for one in folder.glob("*.json")} - now.keys())
    check(not missing, f"after a push there is no {', '.join(missing)}", said)
    return now


def check_repaired(stage, folder, image):
    """The next push makes everything right, and the one after it has nothing to do."""
    said = push(stage, folder)
    now = running(stage)
    check(said.code == 0, "the next push fails", said)
    check(len(now) == COUNT and {one.image for one in now.values()} == {image},
          f"after the next push: {now}", said)
    check(all(one.has_branch for one in now.values()),
          "a pipeline's output branch takes nothing from its inputs after the next push: it never"
          f" runs again: {[name for name, one in now.items() if not one.has_branch]}", said)
    said = push(stage, folder)
    check(said.code == 0 and images(stage) == {name: (one.image, one.version)
                                               for name, one in now.items()},
          "the push after the next one changes something", said)


def check_whole(stage, before, after, said=None):
    """From 1.12 on all of the change or none of it."""
    now = images(stage)
    if stage.cluster.since(1, 12):
        check(now in (before, after), f"half of a push runs: {now}", said)
    return now


def check_no_transaction(stage, said):
    left = set(stage.cluster.transactions()) - stage.transactions
    check(not left, f"transactions are left open: {left}", said)


def check_word(now, before, after, said):
    """What a push that was disturbed says is true."""
    if said.code == 0:
        check(now == after, f"it says that all went well, but this runs: {now}", said)
    if UNCHANGED in said.all:
        check(now == before, f"it says that nothing has changed, but this runs: {now}", said)
    if said.code != 0 and now != before:
        words = ("changes were applied", "it is unknown", "superseded")
        check(any(word in said.all for word in words), "it does not say what it has changed", said)


def updated(before, image):
    return {name: (image, version + 1) for name, (_, version) in before.items()}


def took(function):
    """(its result, seconds)"""
    start = time.monotonic()
    return function(), time.monotonic() - start


# -- reading and planning ------------------------------------------------------------------------


@promise
def nothing_is_sent_when_a_spec_is_wrong(stage):
    """When one spec is wrong, nothing is sent, and the place of the error is shown."""
    documents = specs.chain(stage.cluster, stage.prefix, 2)
    documents[1]["imge"] = "a:1"
    said = push(stage, written(stage, documents))
    check(said.code == 1, "it does not end with 1", said)
    check(f"{stage.prefix}-p1.json:" in said.all and "imge" in said.all, "no place is shown", said)
    check(not running(stage), "pipelines were created", said)


@promise
def a_plan_writes_nothing(stage):
    """A plan ends with 2 where a push would change something, changes nothing itself, and ends with 0
    after the push."""
    folder = chained(stage)
    said = push(stage, folder, command="plan")
    check(said.code == 2, "it does not end with 2", said)
    check(not running(stage), "it has created pipelines", said)
    pushed(stage, folder)
    said = push(stage, folder, command="plan")
    check(said.code == 0, "after the push it does not end with 0", said)


@promise
def missing_repos_are_found_before_anything_is_sent(stage):
    """An input repo that does not exist is reported before anything is sent; create-repos creates it."""
    gone = stage.prefix + "-gone"
    documents = specs.chain(stage.cluster, stage.prefix, 1)
    documents.append(specs.spec(stage.prefix + "-p1", specs.source(stage.cluster, gone)))
    folder = written(stage, documents)
    said = push(stage, folder)
    check(said.code == 1 and gone in said.all, "it is not reported", said)
    check(not running(stage), "pipelines were created", said)
    pushed(stage, folder, "--create-repos")
    check(gone in stage.cluster.repos(stage.prefix), "the repo was not created")


@promise
def a_plan_in_a_file_is_pushed_or_refused(stage):
    """A plan in a file is what is pushed; when something else runs by then, the push ends with 5 and
    changes nothing."""
    folder, plan = chained(stage), stage.folder / "plan.json"
    said = push(stage, folder, "--out", plan, command="plan")
    check(said.code == 2, "the plan does not end with 2", said)
    said = stage.program.run("push", "--plan", plan)
    check(said.code == 0 and len(running(stage)) == COUNT, "the plan is not pushed", said)
    plan.unlink()
    chained(stage, NEW)
    check(push(stage, folder, "--out", plan, command="plan").code == 2, "no second plan", said)
    pushed(stage, chained(stage, THEIRS, "theirs"))
    before = images(stage)
    said = stage.program.run("push", "--plan", plan)
    check(said.code == 5, "a plan that is not about what runs is not refused with 5", said)
    check(images(stage) == before, "it has changed something", said)


# -- pushing -------------------------------------------------------------------------------------


@promise
def what_runs_is_what_the_files_say(stage):
    """After a push exactly the pipelines of the files run, with their images."""
    now = pushed(stage, chained(stage))
    wanted = {f"{stage.prefix}-p{i}": (OLD, 1) for i in range(COUNT)}
    check(images(stage) == wanted, f"what runs: {now}")
    check(all(one.has_branch for one in now.values()), f"branches without provenance: {now}")


@promise
def the_same_push_changes_nothing(stage):
    """The same push twice changes nothing the second time, whatever the kind of pipeline."""
    documents = specs.kinds(stage.cluster, stage.prefix)
    folder = written(stage, documents)
    before = pushed(stage, folder)
    said = push(stage, folder)
    check(said.code == 0, "the second push fails", said)
    check({name: one.version for name, one in running(stage).items()}
          == {name: one.version for name, one in before.items()}, "it has changed some", said)
    check(push(stage, folder, command="plan").code == 0, "a plan still sees changes", said)


@promise
def an_update_touches_what_differs(stage):
    """A push updates the pipelines whose specs differ, and no other."""
    folder = chained(stage)
    pushed(stage, folder)
    documents = specs.chain(stage.cluster, stage.prefix, COUNT)
    documents[1]["transform"]["image"] = NEW
    pushed(stage, written(stage, documents))
    versions = [one.version for _, one in sorted(running(stage).items())]
    check(versions == [1, 2] + [1] * (COUNT - 2), f"the versions are {versions}")


@promise
def data_is_processed_again_only_when_asked(stage):
    """Data is processed again only where `reprocess` asks for it."""
    before = pushed(stage, chained(stage))
    after = pushed(stage, chained(stage, NEW))
    check(all(after[name].salt == before[name].salt for name in before), "an update asks for it")
    pushed(stage, chained(stage, NEW), "--reprocess", "always")
    again = running(stage)
    check(all(again[name].salt != after[name].salt for name in after), "always does not ask for it")


@promise
def a_paused_pipeline_stays_paused(stage):
    """A paused pipeline stays paused when it is updated."""
    folder, name = chained(stage), stage.prefix + "-p1"
    pushed(stage, folder)
    stage.cluster.stop(name)
    stage.cluster.wait_until(lambda: running(stage)[name].stopped, 20)
    pushed(stage, chained(stage, NEW))
    now = running(stage)[name]
    check(now.stopped and now.image == NEW, f"what runs: {now}")


@promise
def a_refusal_in_the_middle_changes_nothing(stage):
    """When the server refuses one of several pipelines, the cluster is as it was (1.12 and later), or what
    was changed is reported."""
    folder = chained(stage)
    pushed(stage, folder)
    before = images(stage)
    documents = specs.chain(stage.cluster, stage.prefix, COUNT, NEW)
    next(iter(documents[2]["input"].values()))["glob"] = ""
    said = push(stage, written(stage, documents), "--ignore", "PU055")
    check(said.code == 1, "it does not end with 1", said)
    now = images(stage)
    if stage.cluster.since(1, 12):
        check(now == before, f"it has changed something: {now}", said)
        check(UNCHANGED in said.all, "it does not say so", said)
    check_word(now, before, None, said)
    check_no_transaction(stage, said)
    check_repaired(stage, chained(stage, NEW), NEW)


@promise
def a_late_refusal_is_told_as_it_is(stage):
    """A refusal in the middle of an update (statistics that cannot be turned off) is reported as it
    is, and the next push makes it right."""
    if not stage.cluster.since(1, 8, 7) or stage.cluster.since(2):
        raise NotHere("no release but 1.8.7 to 1.13 refuses so late")
    documents = specs.chain(stage.cluster, stage.prefix, COUNT)
    documents[1]["enable_stats"] = True
    pushed(stage, written(stage, documents))
    before = running(stage)
    said = push(stage, chained(stage, count=2))
    check(said.code == 1 and "stats" in said.all, "it is not refused", said)
    now = running(stage)
    if UNCHANGED in said.all:
        check(unmoved(now) == unmoved(before), f"it says that nothing has changed, but this runs: {now}", said)
    for one in documents:
        one["transform"]["image"] = NEW
    check_repaired(stage, written(stage, documents), NEW)


@promise
def what_was_left_half_done_is_done(stage):
    """A pipeline whose output branch lost its provenance in the middle of an update is updated by the next
    push, which says why."""
    if stage.cluster.since(1, 12):
        raise NotHere("from 1.12 on an update is one transaction")
    folder, name = chained(stage), stage.prefix + "-p1"
    pushed(stage, folder)
    stage.cluster.cut_branch(name, "master")
    check(not running(stage)[name].has_branch, "the branch cannot be cut")
    said = push(stage, folder, command="plan")
    check(said.code == 2 and "provenance" in said.all, "a plan does not see it", said)
    check_repaired(stage, folder, OLD)


# -- waiting, and going back ---------------------------------------------------------------------


@promise
def waiting_proves_that_the_pipelines_run(stage):
    """With wait: pipelines a push ends with 0 only when all pipelines run or stand by."""
    said = push(stage, chained(stage), "--wait", "pipelines", "--timeout", "3m")
    if said.code == 4:
        raise NotHere("no workers came up within three minutes")
    check(said.code == 0, "it fails", said)
    states = {name: one.state for name, one in running(stage).items()}
    check(len(states) == COUNT and set(states.values()) <= {"running", "standby"},
          f"the states are {states}", said)


@promise
def a_failure_is_put_back(stage):
    """With on-failure: rollback a push whose image cannot be pulled ends with 1 or 4, and what ran before
    runs again."""
    pushed(stage, chained(stage))
    documents = specs.chain(stage.cluster, stage.prefix, COUNT)
    documents[1]["transform"]["image"] = specs.NEVER
    said = push(stage, written(stage, documents), "--wait", "pipelines", "--wait-grace", "5s",
                "--timeout", "2m", "--on-failure", "rollback")
    if said.code == 0 and not stage.cluster.since(1, 11):
        raise NotHere("this release does not tell that an image cannot be pulled")
    check(said.code in (1, 4), "it does not end with 1 or 4", said)
    now = images(stage)
    check({image for image, _ in now.values()} == {OLD}, f"what runs: {now}", said)


@promise
def a_rollback_brings_back_the_version_before(stage):
    """A rollback makes the version before a new version, for all pipelines named; what it has taken back is not a version to
    go back to by itself, but one that can be named."""
    if not stage.cluster.since(1, 8):
        raise NotHere("1.7 gives no earlier versions")
    pushed(stage, chained(stage))
    pushed(stage, chained(stage, NEW))
    names = [f"{stage.prefix}-p1", f"{stage.prefix}-p2"]
    for number, image, words in ((3, OLD, ()), (4, NEW, ("--to", "2"))):
        said = stage.program.run("rollback", *names, *stage.project, *words)
        now = images(stage)
        check(said.code == 0, "it fails", said)
        check([now[name] for name in names] == [(image, number)] * 2, f"what runs: {now}", said)
        check(now[f"{stage.prefix}-p0"] == (NEW, 2), f"it has changed others: {now}", said)


@promise
def a_rollback_never_brings_back_what_was_put_back(stage):
    """After a push that on-failure: rollback has taken back, a rollback brings back the version before the good one, not
    the one that failed."""
    if not stage.cluster.since(1, 8):
        raise NotHere("1.7 gives no earlier versions")
    pushed(stage, chained(stage))
    pushed(stage, chained(stage, NEW))
    said = push(stage, chained(stage, specs.NEVER), "--wait", "pipelines", "--wait-grace", "5s", "--timeout", "2m",
                "--on-failure", "rollback")
    if said.code == 0 and not stage.cluster.since(1, 11):
        raise NotHere("this release does not tell that an image cannot be pulled")
    check({one.image for one in running(stage).values()} == {NEW}, "the failed push is not taken back", said)
    name = f"{stage.prefix}-p1"
    said = stage.program.run("rollback", name, *stage.project)
    now = running(stage)[name]
    check(said.code == 0 and now.image == OLD, f"what runs: {now}", said)


# -- what left git ---------------------------------------------------------------------------------


def tree_of(stage, documents):
    """A git work tree with a pachup.yaml, and a function that runs git in it."""
    if not shutil.which("git"):
        raise NotHere("there is no git here")
    if not stage.cluster.since(1, 10):
        raise NotHere("this release cannot say which repository owns a pipeline")
    tree = stage.folder / "tree"
    names = {f"GIT_{who}_{what}": "suite@x.test" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    env = {**names, "GIT_CONFIG_GLOBAL": os.devnull, "PATH": os.environ.get("PATH", "")}

    def git(*words):
        subprocess.run(["git", *words], cwd=tree, env=env, check=True, capture_output=True)

    shutil.rmtree(tree, ignore_errors=True)
    specs.write(tree / "specs", documents)
    (tree / "pachup.yaml").write_text("targets: {prod: {specs: [specs/]}}\n", encoding="utf-8")
    git("init", "-q", "-b", "main")
    git("remote", "add", "origin", "https://git.x.test/team/specs.git")
    git("add", ".")
    git("commit", "-qm", "all")
    return tree, git


def prune(stage, tree, how, command="push", *more):
    return stage.program.run(command, "--target", "prod", *stage.project, "--prune", how, *more, folder=tree)


@promise
def what_left_git_is_stopped_then_deleted(stage):
    """With `prune` a push stops what left git, and nothing else; later it deletes it and keeps its repo. Each is done
    once. When it comes back, 2.0 and later refuse it, and the plan says so; before, it takes its repo over."""
    tree, git = tree_of(stage, specs.chain(stage.cluster, stage.prefix, COUNT))
    last = f"{stage.prefix}-p{COUNT - 1}"
    said = prune(stage, tree, "stop")
    check(said.code == 0 and len(running(stage)) == COUNT, "a push fails", said)
    before = unmoved(running(stage))
    git("rm", "-q", f"specs/{last}.json")
    git("commit", "-qm", "the last one goes")
    said = prune(stage, tree, "stop", "plan")
    check(said.code == 2 and unmoved(running(stage)) == before, "the plan does not end with 2, or writes", said)
    said = prune(stage, tree, "stop")
    now = unmoved(running(stage))
    check(said.code == 0 and now[last].stopped, f"it is not stopped: {now}", said)
    rest = {name: one for name, one in now.items() if name != last}
    check(rest == {name: one for name, one in before.items() if name != last}, f"others have changed: {now}", said)
    check(prune(stage, tree, "stop", "plan").code == 0, "a second time there is something to do")
    said = prune(stage, tree, "delete")
    check(said.code == 0 and last not in running(stage), "it is not deleted", said)
    check(last in stage.cluster.repos(stage.prefix), "its repo is gone", said)
    check(prune(stage, tree, "delete", "plan").code == 0, "a second time there is something to do")
    git("revert", "--no-edit", "HEAD")
    said = prune(stage, tree, "delete")
    if stage.cluster.since(2, 0):
        check(said.code == 1 and f"{last}.json:" in said.all, "it is not refused at its place", said)
        check(unmoved(running(stage)) == rest, "something was sent", said)
    else:
        check(said.code == 0 and running(stage)[last].version == 1, "it does not come back", said)


@promise
def what_left_git_is_kept_below_a_reader(stage):
    """What somebody reads that stays is kept, by the target's own pipelines and by those of others; its data with it."""
    tree, git = tree_of(stage, specs.chain(stage.cluster, stage.prefix, COUNT))
    first, last = f"{stage.prefix}-p0", f"{stage.prefix}-p{COUNT - 1}"
    check(prune(stage, tree, "with-data").code == 0, "a push fails")
    other = specs.spec(stage.prefix + "-theirs", specs.source(stage.cluster, last))
    pushed(stage, written(stage, [other], "theirs"))
    before = unmoved(running(stage))
    git("rm", "-q", f"specs/{first}.json", f"specs/{last}.json")
    git("commit", "-qm", "two go")
    said = prune(stage, tree, "with-data", "push", "--prune-limit", "2")
    check(said.code == 0 and unmoved(running(stage)) == before, f"what runs: {running(stage)}", said)
    check(all(f"'{name}'" in said.all or f"/{name}'" in said.all for name in (first, last)), "it does not say so", said)


@promise
def good_updates_pass_one_after_the_other(stage):
    """Updates of good pipelines pass with wait: pipelines, also where the server restarts one pipeline after the other."""
    said = push(stage, chained(stage, count=8), "--wait", "pipelines", "--timeout", "3m")
    if said.code == 4:
        raise NotHere("no workers came up within three minutes")
    check(said.code == 0, "the first push fails", said)
    for i in range(min(stage.trials, 15)):
        said = push(stage, chained(stage, OLD if i % 2 else NEW, count=8), "--wait", "pipelines",
                    "--timeout", "5m", "--on-failure", "rollback")
        check(said.code == 0, f"update {i + 1} fails", said)
        check({one.image for one in running(stage).values()} == {OLD if i % 2 else NEW}, f"what runs: {running(stage)}", said)


def errors(said):
    return "\n".join(line for line in said.all.splitlines() if line.startswith("error:"))


def with_data(stage, number):
    """Puts a file into the repo that the first pipeline reads."""
    folder = stage.folder / "jobs"
    folder.mkdir(exist_ok=True)
    (folder / "number").write_text(str(number))
    return folder


@promise
def the_job_that_failed_is_named(stage):
    """With wait: jobs a push, and a put that starts jobs, end with 1 and name the job that failed by itself, not the one that
    lacks its output."""
    folder = with_data(stage, 1)
    said = data(stage, "put", "data@master", f"{folder}/")
    check(said.code == 0, "a put fails", said)
    documents = specs.chain(stage.cluster, stage.prefix, 2)
    documents[0]["transform"]["cmd"] = ["false"]
    said = push(stage, written(stage, documents), "--wait", "jobs", "--timeout", "5m")
    if said.code == 4:
        raise NotHere("no job ended within five minutes")
    check(said.code == 1 and f"'{data_title(stage, 'p0')}'" in errors(said), "the push does not name it", said)
    said = data(stage, "put", "data@master", f"{with_data(stage, 2)}/", "--wait", "jobs", "--timeout", "5m")
    check(said.code == 1 and f"'{data_title(stage, 'p0')}'" in errors(said), "the put does not name it", said)


@promise
def why_a_pipeline_has_no_jobs_is_told(stage):
    """With wait: jobs a push of an image that cannot be pulled ends with the pipeline's state (1.11 and later), and so does
    rerun (2.8 and later): a job that pachd kills was not killed by a user."""
    if not stage.cluster.since(1, 11):
        raise NotHere("this release does not tell that an image cannot be pulled")
    said = data(stage, "put", "data@master", f"{with_data(stage, 1)}/")
    check(said.code == 0, "a put fails", said)
    words = ("--wait", "jobs", "--wait-grace", "5s", "--timeout", "3m")
    said = push(stage, chained(stage, specs.NEVER, count=1), *words)
    check(said.code == 1 and "is in state" in errors(said), "the push does not say so", said)
    if stage.cluster.since(2, 8):
        said = stage.program.run("rerun", f"{stage.prefix}-p0", *stage.project, "--reprocess", "always", *words)
        check(said.code == 1 and "is in state" in errors(said), "rerun does not say so", said)


@promise
def a_run_waits_for_its_own_job(stage):
    """Run with wait: jobs waits for the job that it has started (1.9 to 1.13); where the server runs only cron pipelines, it is
    refused with what to do instead (2.x)."""
    if not stage.cluster.since(1, 9):
        raise NotHere("before 1.9 a pipeline cannot be run by itself")
    said = data(stage, "put", "data@master", f"{with_data(stage, 1)}/")
    check(said.code == 0, "a put fails", said)
    pushed(stage, chained(stage, count=1))
    said = stage.program.run("run", f"{stage.prefix}-p0", *stage.project, "--wait", "jobs", "--timeout", "5m")
    if stage.cluster.since(2):
        check(said.code == 1 and "reprocess" in said.all, "it does not name what to do", said)
        return
    if said.code == 4:
        raise NotHere("no job ended within five minutes")
    check(said.code == 0 and "success" in said.all, "it fails", said)


@promise
def many_pushes_never_fail_by_chance(stage):
    """Pushes and rollbacks of several pipelines, one after the other, never fail by chance."""
    if not stage.cluster.since(1, 8):
        raise NotHere("1.7 gives no earlier versions")
    names = [f"{stage.prefix}-p{i}" for i in range(COUNT)]
    pushed(stage, chained(stage))
    for i in range(stage.trials):
        pushed(stage, chained(stage, f"ubuntu:{i}.04"))
        said = stage.program.run("rollback", *names, *stage.project)
        check(said.code == 0, f"rollback {i + 1} fails", said)


# -- what the server stores ------------------------------------------------------------------------


@promise
def a_spec_is_stored_as_the_server_itself_stores_it(stage):
    """From 2.8 on several updates in one push store the same effective specs as one by itself: no command, and every value
    as it was written, so that a change of the cluster's defaults touches none of them."""
    if not stage.cluster.since(2, 8):
        raise NotHere("before 2.8 the server stores no effective spec")
    kinds = specs.kinds(stage.cluster, stage.prefix)
    together, alone = [one for one in kinds if one["pipeline"]["name"].endswith(("-kcross", "-kenv"))], {}
    for one in together:
        one["datum_tries"], one["parallelism_spec"] = 2, {"constant": 1}
    for one in together:
        for number in (1, 2):
            one["description"] = f"version {number}"
            pushed(stage, written(stage, [one]))
    effective = {one.pipeline.name: json.loads(one.effective_spec_json) for one in stage.cluster.infos()
                 if one.pipeline.name.startswith(stage.prefix)}
    alone.update(effective)
    for one in together:
        one["description"] = "version 3"
    pushed(stage, written(stage, together), "--reprocess", "always")
    for info in stage.cluster.infos():
        if info.pipeline.name not in alone:
            continue
        now, wanted = json.loads(info.effective_spec_json), alone[info.pipeline.name]
        check(not {"update", "reprocess", "dryRun"} & now.keys(), f"it holds commands: {sorted(now)}")
        wanted["description"] = "version 3"
        check(now == wanted, f"it stores\n{now}\nbut by itself\n{wanted}")


@promise
def the_limits_of_the_community_edition_are_told(stage):
    """Without a license a new pipeline that the server would refuse is an error of the plan, and one that it takes only in
    a transaction a warning."""
    if not stage.cluster.since(1, 13):
        raise NotHere("before 1.13 there are no limits that hold for every pipeline")
    if stage.cluster.is_licensed():
        raise NotHere("an enterprise license is active")
    wide = specs.spec(f"{stage.prefix}-wide", specs.source(stage.cluster, f"{stage.prefix}-data"),
                      parallelism_spec={"constant": 9})
    folder = written(stage, [wide])
    said = push(stage, folder, command="plan")
    check(said.code == 1 and "PU090" in said.all, "the plan does not see that 9 workers are too many", said)
    said = push(stage, folder, "--ignore", "PU090")
    check(said.code == 1 and not running(stage), "the server takes it", said)
    if stage.cluster.since(2):
        said = push(stage, written(stage, [wide, *specs.chain(stage.cluster, stage.prefix, 1)]))
        check(said.code == 0 and "PU090" in said.all and len(running(stage)) == 2, "two are not taken", said)
    room = 16 - stage.cluster.count()
    if room > 0:
        pushed(stage, chained(stage, count=room + 1))
    more = written(stage, [specs.spec(f"{stage.prefix}-more", specs.source(stage.cluster, f"{stage.prefix}-data"))], "more")
    said = push(stage, more, command="plan")
    check(said.code == 1 and "PU090" in said.all, "the plan does not see that there are too many", said)


# -- rights ----------------------------------------------------------------------------------------


GRANTS = (re.compile(r"pachctl auth set (?P<kind>repo|project) (?P<name>\S+) (?P<role>\w+) robot:(?P<who>[\w-]+)"),
          re.compile(r"pachctl auth set robot:(?P<who>[\w-]+) (?P<role>\w+) (?P<name>\S+)"))


def grant_what_it_asks(stage, said):
    """Types what the hints say; how many there were."""
    count = 0
    for pattern in GRANTS:
        for found in pattern.finditer(said.all):
            is_project = found.groupdict().get("kind") == "project"
            stage.cluster.grant(found["who"], found["role"], "" if is_project else found["name"])
            count += 1
    return count


@promise
def a_robot_needs_what_it_is_told(stage):
    """A robot without rights is refused before anything is sent; with exactly the rights that the hints name it may update,
    and what doctor says is so."""
    if not stage.program.token:
        raise NotHere("no token was given")
    name = f"{stage.base}-robot-{stage.scenes}"
    try:
        token = stage.cluster.robot(name)
    except Exception as reason:  # noqa: BLE001  it takes an administrator
        raise NotHere(f"the token is not an administrator's: {reason}") from None
    pushed(stage, chained(stage, count=2))
    folder = chained(stage, NEW, count=2)
    before = images(stage)
    for _ in range(4):  # what it may not even look at is found after the rest
        said = push(stage, folder, command="plan", token=token)
        if said.code == 2 or not grant_what_it_asks(stage, said):
            break
    check(said.code == 2, "with all that the hints name the plan still fails", said)
    check(images(stage) == before, "a plan has changed something", said)
    said = push(stage, folder, token=token)
    check(said.code == 0 and {one.image for one in running(stage).values()} == {NEW}, "it may not update", said)
    said = stage.program.run("doctor", folder, *stage.project, token=token)
    check(not [line for line in said.out.splitlines() if line.startswith("failed") and "rights" in line],
          "doctor misses rights", said)


# -- data ------------------------------------------------------------------------------------------


def data(stage, command, place, *more, **options):
    return stage.program.run(command, f"{stage.prefix}-{place}", *more, *stage.project, **options)


def data_title(stage, name):
    """As messages write it."""
    project = f"{stage.base}/" if stage.cluster.since(2, 5) else ""
    return f"{project}{stage.prefix}-{name}"


@promise
def what_was_put_is_there_at_once(stage):
    """A put right after a put, and ls and get right after it, wait for the commit and see its files; the same put with
    if-changed makes no commit."""
    folder, out = stage.folder / "data", stage.folder / "out"
    folder.mkdir(exist_ok=True)
    for i in range(max(2, stage.trials // 2)):
        (folder / "numbers.csv").write_text(f"{i},{i * i}\n" * 1000)
        (folder / f"file{i}").write_text(str(i))
        said = data(stage, "put", "data@master", f"{folder}/")
        check(said.code == 0, f"put {i + 1} fails", said)
        said = data(stage, "ls", "data@master:/")
        check(said.code == 0 and f"/file{i}" in said.out, "ls right after it does not show the file", said)
        said = data(stage, "get", "data@master:/numbers.csv", f"{out}{i}")
        check(said.code == 0, "get right after it fails", said)
        check(Path(f"{out}{i}").read_bytes() == (folder / "numbers.csv").read_bytes(), "it gets other bytes", said)
    said = data(stage, "put", "data@master", f"{folder}/", "--if-changed")
    check(said.code == 0 and "commit" not in said.out.splitlines()[-1], "the same put makes a commit", said)


# -- previews ------------------------------------------------------------------------------------

GIT = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
       **{f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
          for what, value in (("NAME", "Ada"), ("EMAIL", "ada@example.org"))}}


def git(folder, *words):
    done = subprocess.run(["git", *words], cwd=folder, env=GIT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def pull_request(stage, folder, image):
    """A checkout of a pull request that gives the first pipeline another image; the variables of its job."""
    (folder / "pachup.yaml").write_text(json.dumps({"targets": {
        "prod": {"specs": ["specs/"], "project": stage.base},
        "preview": {"from": "prod", "preview": True, "project": stage.base + "-{pr}", "downstream": True}}}))
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "one")
    base = git(folder, "rev-parse", "HEAD")
    git(folder, "checkout", "-q", "-b", "topic")
    first = folder / "specs" / f"{stage.prefix}-p0.json"
    first.write_text(first.read_text().replace(OLD, image))
    git(folder, "commit", "-qam", "two")
    head, repo = git(folder, "rev-parse", "HEAD"), {"full_name": "o/r", "fork": False}
    event = folder.with_suffix(".event")
    event.write_text(json.dumps({"pull_request": {
        "number": stage.scenes, "head": {"sha": head, "ref": "topic", "repo": repo},
        "base": {"sha": base, "ref": "main", "repo": repo}}, "repository": {"full_name": "o/r"}}))
    return {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": str(event),
            "GITHUB_REPOSITORY": "o/r", "GITHUB_REF": f"refs/pull/{stage.scenes}/merge", "GITHUB_SHA": head,
            "GITHUB_WORKSPACE": str(folder), "NO_COLOR": "1"}


def preview(stage, command, folder, env, *more):
    return stage.program.run(command, "--target", "preview", *more, folder=folder, env=env)


def put_number(stage, number):
    said = data(stage, "put", "data@master", f"{with_data(stage, number)}/")
    check(said.code == 0, "a put fails", said)


@promise
def a_preview_runs_beside_production(stage):
    """A preview copies production's data into a project of its own and runs there, follows at the next push, and is removed
    without a trace; nothing of production changes."""
    if not stage.cluster.since(2, 5):
        raise NotHere("there are no projects")
    folder, project = stage.folder / f"preview-{stage.scenes}", f"{stage.base}-{stage.scenes}"
    folder.mkdir()
    specs.write(folder / "specs", specs.chain(stage.cluster, stage.prefix, 2))
    put_number(stage, 1)
    production = unmoved(pushed(stage, folder / "specs", "--wait", "jobs"))
    env = pull_request(stage, folder, NEW)
    try:
        said = preview(stage, "push", folder, env)
        check(said.code == 0 and f"create project  {project}" in said.all, "no preview is made", said)
        check("not tested" not in said.all, "there was nothing to process", said)
        said = preview(stage, "push", folder, env)
        check(said.code == 0 and "no changes" in said.all, "the same push changes something", said)
        put_number(stage, 2)
        said = preview(stage, "push", folder, env)
        check(said.code == 0 and "copy again" in said.all, "it does not follow production", said)
    finally:
        said = preview(stage, "down", folder, env, "--confirm", project)
    check(said.code == 0, "it is not removed", said)
    said = preview(stage, "down", folder, env, "--confirm", project)
    check(said.code == 0 and "does not exist" in said.all, "something of it is left", said)
    check(unmoved(running(stage)) == production, "production is not as it was", said)


# -- disturbed -----------------------------------------------------------------------------------


def disturbed(stage, disturb):
    """Updates everything `stage.trials` times, each disturbed by `disturb(child)`, and repairs it."""
    folder = chained(stage)
    pushed(stage, folder)
    _, seconds = took(lambda: pushed(stage, chained(stage, NEW)))
    image = NEW
    for _ in range(stage.trials):
        image = OLD if image == NEW else NEW
        before = images(stage)
        after = updated(before, image)
        chained(stage, image)
        child = begin(stage, folder)
        time.sleep(stage.random.random() * seconds)
        said = disturb(child)
        stage.cluster.wait_until(lambda: images(stage) in (before, after), 1)
        now = check_whole(stage, before, after, said)
        yield said, now, before, after
        check_repaired(stage, folder, image)


@promise
def a_killed_push_leaves_all_or_nothing(stage):
    """A push that is killed at any moment leaves all of its change or none of it (1.12 and later), and the
    next push makes everything right."""

    def kill(child):
        child.kill()
        return stage.program.finish(child)

    for _ in disturbed(stage, kill):
        pass
    for one in set(stage.cluster.transactions()) - stage.transactions:
        stage.transactions.add(one)  # a killed one may stay open; it is nobody's


@promise
def an_ended_push_says_what_it_did(stage):
    """SIGTERM ends a push before a runner sends the next signal (below 1.12 after the write under way);
    nothing is half done, and what it says is true."""

    def terminate(child):
        child.send_signal(signal.SIGTERM)
        said, seconds = took(lambda: stage.program.finish(child))
        early = said.code == -signal.SIGTERM and not said.out + said.err  # before it has begun
        check(early or said.code in (0, 143), "it ends with neither 0 nor 143", said)
        check(seconds < NEXT_SIGNAL_S or not stage.cluster.since(1, 12), f"it takes {seconds:.1f} s", said)
        return said

    for said, now, before, after in disturbed(stage, terminate):
        check_word(now, before, after, said)
        check_no_transaction(stage, said)


@promise
def a_push_that_is_cut_off_says_what_it_did(stage):
    """When the connection is cut at any byte, a push ends well or says what is known, and the next push
    makes everything right."""
    cluster, folder = stage.cluster, chained(stage)
    pushed(stage, folder)
    scheme = "grpcs" if cluster.tls else "grpc"

    def through(**limits):
        with Wire(cluster.host, cluster.port, **limits) as wire:
            said = push(stage, folder, "--timeout", "60s", host=cluster.host if cluster.tls else None,
                        where=f"{scheme}://127.0.0.1:{wire.port}")
            return said, wire.counts

    chained(stage, NEW)
    said, counts = through()
    check(said.code == 0, "a push through a proxy fails", said)
    image = NEW
    for _ in range(stage.trials):
        image = OLD if image == NEW else NEW
        before = images(stage)
        after = updated(before, image)
        chained(stage, image)
        way = stage.random.randrange(2)
        said, _ = through(**{("up", "down")[way]: stage.random.randint(1, max(1, counts[way]))})
        cluster.wait_until(lambda: images(stage) in (before, after), 1)
        now = check_whole(stage, before, after, said)
        check_word(now, before, after, said)
        check_no_transaction(stage, said)
        check_repaired(stage, folder, image)


@promise
def of_two_pushes_at_once_one_runs(stage):
    """Two pushes at the same time never mix (1.12 and later); one that the server refuses for the other ends with 5."""
    if not stage.cluster.since(1, 12):
        raise NotHere("below 1.12 pipelines change one by one")
    for _ in range(max(1, stage.trials // 4)):
        stage.fresh()
        pushed(stage, chained(stage))
        children = [begin(stage, chained(stage, image, name))
                    for name, image in (("new", NEW), ("theirs", THEIRS))]
        one, other = [stage.program.finish(child) for child in children]
        left = {image for image, _ in images(stage).values()}
        check(len(left) == 1, f"a mixture runs: {images(stage)}\n{one.all}", other)
        check(left <= {NEW, THEIRS}, f"neither runs: {left}\n{one.all}", other)
        check({one.code, other.code} <= {0, 5} and 0 in (one.code, other.code),
              f"they end with {one.code} and {other.code}\n{one.all}", other)
        if 5 in (one.code, other.code):
            check(left == {NEW if one.code == 0 else THEIRS}, f"{left} runs\n{one.all}", other)


# -- telling -------------------------------------------------------------------------------------


@promise
def status_and_doctor_tell_what_there_is(stage):
    """Status lists what runs with versions and images; doctor finds nothing wrong."""
    folder = chained(stage)
    pushed(stage, folder)
    said = stage.program.run("status", folder, *stage.project)
    check(said.code == 0, "status fails", said)
    for name in running(stage):
        lines = [line for line in said.out.splitlines() if name in line]
        check(len(lines) == 1 and OLD in lines[0], f"{name} is not in it", said)
    said = stage.program.run("doctor")
    check(said.code == 0, "doctor finds something", said)


# -- who owns what, and who moved ----------------------------------------------------------------


def repository(stage, name):
    """A git repository of its own, which says where it is from."""
    if not shutil.which("git"):
        raise NotHere("there is no git program")
    folder = stage.folder / name
    folder.mkdir(parents=True)
    git(folder, "init", "-q")
    git(folder, "remote", "add", "origin", f"https://git.example/conformance/{name}.git")
    return folder


def committed(folder, documents):
    specs.write(folder / "specs", documents)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "specs")


def of(stage, folder, command, *more):
    return stage.program.run(command, "specs", *stage.project, *more, folder=folder)


def owners(stage, folder):
    """{name: the repository that owns the pipeline, or None}"""
    said = of(stage, folder, "status", "--json")
    check(said.code == 0, "status fails", said)
    return {one["name"]: one["owner"] and one["owner"]["repository"] for one in json.loads(said.out)}


@promise
def another_repository_gets_a_warning(stage):
    """A second repository that pushes the same pipelines gets a warning before anything is sent, and is refused with
    strict (1.10 and later)."""
    one, two = repository(stage, "one"), repository(stage, "two")
    committed(one, specs.chain(stage.cluster, stage.prefix, COUNT))
    committed(two, specs.chain(stage.cluster, stage.prefix, COUNT, NEW))
    said = of(stage, one, "push")
    check(said.code == 0, "a push fails", said)
    before = images(stage)
    if not stage.cluster.since(1, 10):
        check("cannot say which repository" in said.all, "it does not say that nobody knows", said)
        return
    check(set(owners(stage, one).values()) == {"https://git.example/conformance/one.git"}, "nobody owns them")
    said = of(stage, two, "plan")
    check(said.code == 2 and "owned by https://git.example/conformance/one.git" in said.all, "a plan does not tell", said)
    said = of(stage, two, "push", "--strict")
    check(said.code == 1 and "PU097" in said.all, "strict does not refuse it", said)
    check(images(stage) == before, "it has changed something", said)
    said = of(stage, two, "push")
    check(said.code == 0 and "PU097" in said.all, "a push does not tell", said)
    check(set(owners(stage, two).values()) == {"https://git.example/conformance/two.git"}, "it does not take them over")


@promise
def marks_that_are_missing_are_written(stage):
    """A push of nothing new marks the pipelines that have no mark (2.10 and later), and a new commit alone changes nothing."""
    if not stage.cluster.since(2, 10):
        raise NotHere("before 2.10 a mark is a part of the spec")
    pushed(stage, chained(stage))
    before = images(stage)
    one = repository(stage, "one")
    committed(one, specs.chain(stage.cluster, stage.prefix, COUNT))
    check(set(owners(stage, one).values()) == {None}, "somebody owns them")
    said = of(stage, one, "push")
    check(said.code == 0 and set(owners(stage, one).values()) == {"https://git.example/conformance/one.git"},
          "nobody owns them", said)
    committed(one, specs.chain(stage.cluster, stage.prefix, COUNT))
    said = of(stage, one, "push")
    check(said.code == 0 and images(stage) == before, "a new commit changes something", said)


@promise
def drift_says_who_moved(stage):
    """Drift says whether git or the cluster moved (1.10 and later), and that they differ before; it writes nothing."""
    one = repository(stage, "one")
    documents = specs.chain(stage.cluster, stage.prefix, COUNT)
    committed(one, documents)
    said = of(stage, one, "push")
    check(said.code == 0, "a push fails", said)
    said = of(stage, one, "drift")
    check(said.code == 0, "drift after a push", said)
    # by somebody who has no git: one pipeline moves in the cluster, two others in git
    by_hand = specs.chain(stage.cluster, stage.prefix, COUNT, NEW)[:2]
    by_hand[0]["transform"]["image"] = OLD
    pushed(stage, written(stage, by_hand))
    before = images(stage)
    for document in documents[2:]:
        document["transform"]["image"] = THEIRS
    committed(one, documents)
    said = of(stage, one, "drift", "--json")
    check(said.code == 2, "drift does not end with 2", said)
    found = [one["drift"] for one in sorted(json.loads(said.out)["pipelines"], key=lambda one: one["name"])]
    # below 2.10 who pushes without a mark takes the one that was there away
    edited = "edited" if stage.cluster.since(2, 10) else "differs"
    moved = "not_pushed" if stage.cluster.since(1, 10) else "differs"
    check(found == ["in_sync", edited] + [moved] * (COUNT - 2), f"drift: {found}", said)
    check(images(stage) == before, "drift has changed something", said)


@promise
def the_token_is_shown_nowhere(stage):
    """The token is in no output of all these runs, in no encoding."""
    token = stage.program.token
    if not token:
        raise NotHere("no token was given")
    forms = [token, base64.b64encode(token.encode()).decode().rstrip("="), token.encode().hex()]
    for text in stage.program.heard:
        check(not any(form in text for form in forms), "it is in the output of a run")
