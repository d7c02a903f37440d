"""The harness against small programs that behave, and that do not.

Run with python3 tests/harness/test_harness.py."""

import os
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS))

from harness import runner  # noqa: E402
from harness.expect import difference, with_wild_lines  # noqa: E402
from harness.place import Holders, python_with_grpc  # noqa: E402

CALLER = f"""#!{python_with_grpc()}
import sys
sys.path.insert(0, "{TESTS}/fake")
import grpc
from protos import pps_v2
def call(method, raw=b"", **md):
    with grpc.insecure_channel(sys.argv[1]) as channel:
        one = channel.unary_stream(method)
        try:
            list(one(raw, metadata=tuple((k.replace("_", "-"), v) for k, v in md.items())))
        except grpc.RpcError as error:
            print(error.code().value[0])
def spec(name):
    one = pps_v2.CreatePipelineRequest()
    one.pipeline.name, one.transform.image = name, "a:" + sys.argv[2]
    one.pipeline.project.name = one.input.pfs.project = "default"
    one.input.pfs.repo, one.input.pfs.glob = "images", "/"
    return one.SerializeToString()
"""


class Harness(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.base = Path(self.temporary.name)
        self.case = self.base / "cases/command/promise"

    def program(self, text):
        path = self.base / "program"
        path.write_text(text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def files(self, **files):
        self.case.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            path = self.case / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def run_cases(self, *words):
        env = {**os.environ, "PACHUP": str(self.base / "program")}
        done = subprocess.run(
            [sys.executable, str(TESTS / "cases.py"), *words, str(self.base / "cases")], env=env,
            capture_output=True, text=True, check=False, timeout=120,
        )
        return done.returncode, done.stdout + done.stderr

    def passes(self, *words):
        code, text = self.run_cases(*words)
        self.assertEqual(code, 0, text)
        self.assertIn("cases: 1 passed, 0 failed, 0 skipped", text)
        return text

    def fails(self, fragment):
        code, text = self.run_cases()
        self.assertEqual(code, 1, text)
        self.assertIn("cases: 0 passed, 1 failed, 0 skipped", text)
        self.assertIn(fragment, text)

    def test_streams_exit_and_environment__as_written(self):
        self.program('#!/bin/sh\necho "out $*"\necho "err $WORD ${PATH+path}$HOME" >&2\nexit 3\n')
        self.files(cmd="# a remark\npush 'a b'\nplan\n", env="WORD=x y\n", exit="3\n3\n",
                   stdout="$ pachup push 'a b'\nout push a b\n$ pachup plan\nout plan\n")
        self.fails("stderr")
        self.passes("--update")
        text = (self.case / "stderr").read_text()
        self.assertIn("err x y", text)
        self.assertIn("{dir}/home", text)
        self.passes()

    def test_an_update_keeps_wild_lines(self):
        self.assertEqual(with_wild_lines("a\ntook {*} s\n", "b\ntook 12 s\nc\n"),
                         "b\ntook {*} s\nc\n")
        self.assertEqual(with_wild_lines("took {*} s", "took 12 m"), "took 12 m")

    def test_how_long_a_run_took__is_not_compared(self):
        for line, hidden in (("all are running, after 1m12s", "all are running, after {time}"),
                             ("all are running, after 0.3s", "all are running, after {time}"),
                             ("waiting: a (starting), 2m of 10m", "waiting: a (starting), {time} of 10m"),
                             ("timed out after 2s, waiting for 'a'",) * 2, ("x, after 2s of work",) * 2):
            self.assertEqual(Holders(None).hide(line), hidden)

    def test_wildcard_and_missing_newline(self):
        self.assertEqual(difference("x", "took {*} s\n", "took 12 s\n"), [])
        self.assertTrue(difference("x", "took {*} s\n", "took 12 m\n"))
        for have in ("a\nb\n", "a\n1\n2\nb\n"):
            self.assertEqual(difference("x", "a\n{**}\nb\n", have), [])
        for have in ("a\n", "b\na\n", "a\nb\nc\n"):
            self.assertTrue(difference("x", "a\n{**}\nb\n", have))
        self.assertTrue(difference("x", "a\n", "a"))
        self.assertTrue(difference("x", "a\nb\n", "a\n"))

    def test_a_crash__fails_even_when_expected(self):
        self.program("#!/bin/sh\nkill -SEGV $$\n")
        self.files(cmd="push\n", exit="-11\n")
        self.fails("died of signal 11")

    def test_a_sanitizer__fails_even_when_expected(self):
        self.program("#!/bin/sh\nexit 99\n")
        self.files(cmd="push\n", exit="99\n")
        self.fails("the sanitizer reports")

    def test_files__written_must_be_expected(self):
        self.program("#!/bin/sh\necho new >a\n")
        self.files(cmd="push\n", in__a="old\n")
        self.fails("a was written (not in out/)")
        self.files(out__a="other\n")
        self.fails("-other")
        self.files(out__a="new\n")
        self.passes()

    def test_a_pipe_and_a_dangling_link__are_not_opened(self):
        self.program("#!/bin/sh\n")
        self.files(cmd="push\n", git="! mkfifo pipe\n! ln -s nowhere link\n")
        self.passes()
        self.program("#!/bin/sh\n/bin/rm pipe\n")
        self.fails("pipe vanished")

    def test_git__is_the_same_every_time(self):
        self.program('#!/bin/sh\n/bin/cat .git/refs/heads/main\necho "$*"\n')
        self.files(cmd="{sha} {short}\n", in__a="x\n",
                   git="tag v1\n! echo more >b\ngit add b\ngit commit -qm two\n")
        self.passes("--update")
        self.assertEqual((self.case / "stdout").read_text(), "{sha}\n{sha} {short}\n")
        self.program("#!/bin/sh\n/bin/cat .git/refs/tags/v1\n")
        self.passes("--update")
        first = (self.case / "stdout").read_text()
        self.assertRegex(first, "^[0-9a-f]{40}\n$")
        self.passes()

    def test_server__calls_state_and_tokens(self):
        self.program(CALLER + """
header = {"authn_token": sys.argv[3]}
call("/versionpb_v2.API/GetVersion", **header)
call("/pps_v2.API/ListPipeline", **header)
call("/pps_v2.API/CreatePipeline", spec("edges"), **header)
call("/pps_v2.API/CreatePipelineV2", **header)
""")
        self.files(cmd="{addr} 1 {token:ci}\n", stdout="12\n", state="", server="""
{"version": "2.6.11", "repos": ["images"],
 "auth": {"tokens": {"{token:ci}": {"user": "robot:ci", "admin": true}}}}""")
        self.passes("--update")
        calls = (self.case / "calls").read_text().splitlines()
        self.assertEqual(calls[0], "read /pps_v2.API/ListPipeline {} authn-token=<token:robot:ci>"
                                   " -> 0")
        self.assertTrue(calls[2].startswith('WRITE /pps_v2.API/CreatePipeline {"input":'), calls[2])
        self.assertIn('pipeline {"image":"a:1","name":"edges"', (self.case / "state").read_text())
        self.passes()
        self.program(CALLER)
        self.fails("-WRITE")

    def test_two_runs__share_the_server(self):
        self.program(CALLER + 'call("/pps_v2.API/CreatePipeline", spec(sys.argv[3]))\n')
        self.files(cmd="{addr} 1 a\n! true\n{addr} 2 a\n{addr} 2 b\n", state="",
                   server='{"version": "2.6.11", "repos": ["images"]}',
                   stdout="$ pachup {addr} 2 a\n6\n")
        self.passes("--update")
        calls = (self.case / "calls").read_text().splitlines()
        self.assertEqual([line for line in calls if line.startswith("$")],
                         ["$ pachup {addr} 1 a", "$ pachup {addr} 2 a", "$ pachup {addr} 2 b"])
        self.passes()

    def test_a_token_in_the_output__fails_but_for_the_mask(self):
        self.program('#!/bin/sh\necho "::add-mask::$TOKEN"\n')
        self.files(cmd="push\n", env="TOKEN={token:x}\n", stdout="::add-mask::{token:x}\n")
        self.passes()
        self.program('#!/bin/sh\necho "::add-mask::$TOKEN"\necho "token $TOKEN" >&2\n')
        self.files(stderr="token {token:x}\n")
        self.fails("shows {token:x}")

    def test_a_signal__is_sent_when_the_call_arrives(self):
        self.program("""#!%s
import signal, sys
signal.signal(signal.SIGINT, lambda *_: sys.exit(130))
""" % python_with_grpc() + CALLER.split("\n", 1)[1] + 'call("/pps_v2.API/ListPipeline")\n')
        self.files(cmd="{addr}\n", exit="130\n", stderr="", calls="", server="""
{"version": "2.11.6",
 "faults": [{"method": "/pps_v2.API/ListPipeline", "do": "signal", "seconds": 1}]}
""")
        self.passes("--update")
        self.assertIn("ListPipeline", (self.case / "calls").read_text())
        self.assertEqual((self.case / "exit").read_text(), "130\n")

    def test_github__outputs_summary_and_variables(self):
        self.program("""#!/bin/sh
printf 'a=1\\nb<<X\\none\\ntwo\\nX\\n' >>"$GITHUB_OUTPUT"
echo "# done $GITHUB_SHA" >>"$GITHUB_STEP_SUMMARY"
/bin/cat "$GITHUB_EVENT_PATH"
""")
        self.files(cmd="-\n", runner="github\n", git="", outputs="", summary="",
                   **{"event.json": '{"after":"{sha}"}\n'})
        self.passes("--update")
        self.assertEqual((self.case / "outputs").read_text(), 'a=1\nb="one\\ntwo"\n')
        self.assertEqual((self.case / "summary").read_text(), "# done {sha}\n")
        self.assertEqual((self.case / "stdout").read_text(), '{"after":"{sha}"}\n')
        self.program("""#!/bin/sh\nprintf 'b<<X\\none\\n' >>"$GITHUB_OUTPUT"\n""")
        self.fails("no end delimiter")

    def test_azure__variables_and_summary(self):
        self.program("""#!/bin/sh
echo s >"$AGENT_TEMPDIRECTORY/s.md"
echo "x ##vso[task.setvariable variable=sha;isoutput=true]a%AZP25b%0Ac%5D"
echo "##vso[task.uploadsummary]$AGENT_TEMPDIRECTORY/s.md"
""")
        self.files(cmd="-\n", runner="azure\n", git="", outputs="", summary="")
        self.passes("--update")
        self.assertEqual((self.case / "outputs").read_text(), 'sha="a%b\\nc]"\n')
        self.assertEqual((self.case / "summary").read_text(), "s\n")

    def test_file_commands__as_the_runner_reads_them(self):
        self.assertEqual(runner.file_commands("a=b<<c\n\nd<<=\nx\n=\n"), {"a": "b<<c", "d": "x"})
        for bad in ("novalue\n", "a<<\n", "a<<X\nX", "=x\n"):
            with self.assertRaises(runner.Unreadable):
                runner.file_commands(bad)

    def test_an_unknown_placeholder_and_no_case__fail(self):
        self.program("#!/bin/sh\n")
        self.files(cmd="{sha}\n")
        self.fails("{sha} is not known")
        code, text = self.run_cases("-k", "nothing-like-it")
        self.assertEqual(code, 1, text)

    def test_tls__the_certificates_fit(self):
        self.program(f"""#!{python_with_grpc()}
import grpc, sys
for path in sys.argv[2:]:
    credentials = grpc.ssl_channel_credentials(open(path, "rb").read())
    with grpc.secure_channel(sys.argv[1], credentials) as channel:
        try:
            channel.unary_unary("/versionpb_v2.API/GetVersion")(b"", timeout=5)
            print("ok")
        except grpc.RpcError as error:
            print(error.code().value[0])
""")
        self.files(cmd="{addr} {ca} {badca}\n", server='{"version":"2.11.6","tls":true}',
                   stdout="ok\n14\n", calls="read /versionpb_v2.API/GetVersion {} -> 0\n",
                   stderr="")
        code, text = self.run_cases("--update")
        self.assertEqual((self.case / "stdout").read_text(), "ok\n14\n", text)
        self.assertEqual((self.case / "calls").read_text(),
                         "read /versionpb_v2.API/GetVersion {} -> 0\n")


if __name__ == "__main__":
    unittest.main()
