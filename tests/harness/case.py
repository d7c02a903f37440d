"""One case: its place, its server, its runs, and everything that came of them."""

import json
import os
import shlex
import shutil
import signal
import socket
import stat
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from harness import runner, show
from harness.forges import make_forge
from harness.github import GitHub
from harness.hosts import Hosts
from harness.image import Image
from harness.place import Holders, Skip
from harness.registry import Registry
from harness.server import Server

TIMEOUT = 60
LEAKS = Path(__file__).parent / "leaks"
GIT = {
    "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_COUNT": "1",  # as in a runner, a work directory may belong to somebody else
    "GIT_CONFIG_KEY_0": "safe.directory",
    "GIT_CONFIG_VALUE_0": "*",
    "LC_ALL": "C",
    **{f"GIT_{who}_NAME": "Ada" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "ada@example.org" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_DATE": "2024-01-01T00:00:00Z" for who in ("AUTHOR", "COMMITTER")},
}
SANITIZERS = ("AddressSanitizer", "LeakSanitizer", "runtime error:", "UndefinedBehavior")
MASKS = ("::add-mask::", "##vso[task.setsecret]")


@dataclass
class Got:
    """The results of a case, with placeholders put back."""

    stdout: str = ""
    stderr: str = ""
    exit: str = ""
    calls: str = ""
    requests: str = ""
    state: str = None
    outputs: str = None
    summary: str = None
    comments: str = None
    forged: str = None
    files: dict = field(default_factory=dict)  # path -> bytes, or None when it vanished
    read: object = None  # path -> the bytes it has now, or None
    broken: list = field(default_factory=list)  # what fails a case whatever is expected


def read_lines(path):
    if not path.exists():
        return []
    return [line for line in path.read_text().splitlines() if line and not line.startswith("#")]


class Case:
    def __init__(self, path, tools, where):
        self.path, self.tools, self.where = path, tools, where
        self.dir, self.runner_dir = where / "work", where / "runner"
        self.holders = Holders(tools)
        self.got = Got(read=self._read)
        self.server = self.child = self.github = self.hosts = self.forge = self.registry = None
        kind = path / "runner"
        self.runner = kind.read_text().strip() if kind.exists() else None

    def run(self):
        for program in " ".join(read_lines(self.path / "needs")).split():
            if not shutil.which(program):
                raise Skip(f"no {program} here")
        if self.tools.image and (self.path / "not-in-image").exists():
            raise Skip("in an image " + read_lines(self.path / "not-in-image")[0])
        self.where.mkdir(parents=True)
        self._fill_dir()
        try:
            self._start_github()
            self._start_server()
            lines = read_lines(self.path / "cmd")
            for i, line in enumerate(lines):
                self._line(line, lines, i)
        finally:
            self._stop_server(read_lines(self.path / "cmd"))
        self._read_runner()
        for name in ("stdout", "stderr", "calls", "requests", "state", "outputs", "summary", "comments",
                     "forged"):
            text = getattr(self.got, name)
            if text and self.image:
                text = self.image.as_outside(text)
            setattr(self.got, name, text and self.holders.hide(text))
        return self.got

    # -- the place -------------------------------------------------------------------------------

    def _fill_dir(self):
        source = self.path / "in"
        if source.exists():
            shutil.copytree(source, self.dir, symlinks=True)
        else:
            self.dir.mkdir()
        self.image = Image(self) if self.tools.image else None
        self._places = {"dir": str(self.dir), "runner": str(self.runner_dir)}  # for our own shell
        self.holders.values.update(self._places)
        if self.image:
            self.holders.values.update(self.image.places())
        if (self.path / "git").exists():
            self._shell("git init -q -b main && git add -A && git commit -q --allow-empty -m one")
            for line in read_lines(self.path / "git"):
                line = self.holders.fill(line, self._places)
                self._shell(line if line.startswith(("git ", "! ")) else "git " + line)
        (self.dir / "home").mkdir(exist_ok=True)
        self._note_head()
        event = self.path / "event.json"
        runner.prepare(self.runner_dir, self.holders.fill(event.read_text()) if event.exists()
                       else "{}")

    def _shell(self, line):
        """A line of ours, not of the binary: git, or "! any shell"."""
        done = subprocess.run(
            ["sh", "-c", line.removeprefix("! ")], cwd=self.dir, capture_output=True, text=True,
            env={**GIT, "HOME": "/nonexistent"}, check=False, timeout=TIMEOUT,
        )
        if done.returncode:
            raise RuntimeError(f"'{line}' failed: {done.stderr.strip()}")

    def _note_head(self):
        if not (self.dir / ".git").exists():
            return
        head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=self.dir, env=GIT, text=True,
                              capture_output=True, check=False).stdout.strip()
        if head:
            self.holders.values.update({"sha": head, "short": head[:7]})

    def _start_server(self):
        hosts = self.path / "hosts"
        if hosts.exists():
            self.tools.sealing()  # skips the case where PyNaCl is not there
            self.hosts = Hosts(json.loads(self.holders.fill(hosts.read_text())), self.tools)
            self.holders.values["hosts"] = f"127.0.0.1:{self.hosts.port}"
        registry = self.path / "registry"
        if registry.exists():
            self.registry = Registry(json.loads(self.holders.fill(registry.read_text())), self.tools)
            self.holders.values["registry"] = self.registry.address
        config = self.path / "server"
        if config.exists():
            text = self.holders.fill(config.read_text())
            self.server = Server(json.loads(text), self.where, self.tools)
            self.server.on_signal = self._send_signal
            self._address(self.server.port)
        else:  # an address where nobody listens
            self.nobody = socket.socket()  # bound, so that no other case's server listens there meanwhile
            self.nobody.bind(("127.0.0.1", 0))
            self._address(str(self.nobody.getsockname()[1]))

    def _start_github(self):
        config = self.path / "github"
        if config.exists():
            self.github = GitHub(json.loads(self.holders.fill(config.read_text())))
            self.holders.values["api"] = self.github.url
        config = self.path / "forge"
        if config.exists():
            self.forge = make_forge(json.loads(self.holders.fill(config.read_text())), self.dir, self.where / "forge.git")
            self.forge.on_signal = self._send_signal
            self.holders.values["api"] = self.forge.url
            self._places["forge"] = str(self.forge.dir)

    def _address(self, port):
        self.holders.values.update({"port": port, "addr": f"127.0.0.1:{port}"})

    def _stop_server(self, lines):
        if self.hosts:
            self.got.requests = self.hosts.stop()
        if self.registry:
            self.got.requests = self.registry.stop()
        if self.github:
            self.got.comments = self.github.stop()
        if self.forge:
            self.got.forged = self.forge.stop()
            self.got.broken += self.forge.broken
        if not self.server:
            return
        runs, state, said = self.server.stop()
        if said.strip():
            self.got.broken.append(f"the stand-in failed:\n{said.strip()}")
        shown = [line for line in lines if not line.startswith("! ")]
        for line, entries in zip(shown, runs):
            calls = show.call_lines(entries, self.holders.hide)
            self.got.calls += self._titled(line, "".join(one + "\n" for one in calls), len(shown))
        if state:
            text = show.state_lines(state, self.holders.hide)
            self.got.state = "".join(one + "\n" for one in text)

    @staticmethod
    def _titled(line, text, count):
        return f"$ pachup {line}\n{text}" if text and count > 1 else text

    # -- the runs --------------------------------------------------------------------------------

    def _environment(self):
        env = runner.variables(self.runner) if self.runner else {}
        env["INPUT_CHECK_IMAGES"] = "off"  # no case asks the internet; those with registries say -INPUT_CHECK_IMAGES
        for line in read_lines(self.path / "env"):
            name, equals, value = line.partition("=")
            if equals:
                env[name] = value
            else:
                env.pop(name.removeprefix("-"), None)
        env.setdefault("HOME", self.image.HOME if self.image else "{dir}/home")
        env = {name: self.holders.fill(value) for name, value in env.items()}
        env["ASAN_OPTIONS"] = "exitcode=99:detect_leaks=1:abort_on_error=0"
        env["LSAN_OPTIONS"] = f"suppressions={LEAKS}:print_suppressions=0"
        env["UBSAN_OPTIONS"] = "halt_on_error=1:exitcode=99:print_stacktrace=1"
        return env

    def _line(self, line, lines, index):
        if line.startswith("! "):
            self._shell(self.holders.fill(line, self._places))
            self._note_head()
            return
        before = self._snapshot()
        out, err, code = self._execute(shlex.split(line))
        count = sum(not one.startswith("! ") for one in lines)
        self.got.stdout += self._titled(line, out, count)
        self.got.stderr += self._titled(line, err, count)
        self.got.exit += f"{code}\n"
        after = self._snapshot()
        for name in before.keys() | after.keys():
            if before.get(name) != after.get(name):
                self.got.files[name] = after.get(name)
        if self.server and any(not one.startswith("! ") for one in lines[index + 1 :]):
            self.server.mark()

    def _execute(self, words):
        command = [str(self.tools.binary)] + [self.holders.fill(word) for word in words]
        if self.tools.under:
            command.insert(0, self.tools.under)
        env = self._environment()
        if self.image:
            command[:1], env = self.image.command(env)
        if self.tools.valgrind:
            log = self.where / "valgrind.%p"
            # Debian's "valgrind" is a shell script, and a shell drops variables such as INPUT_DRY-RUN
            program = shutil.which("valgrind.bin") or shutil.which("valgrind")
            quiet = Path(__file__).with_name("valgrind.supp")
            command = [program, "-q", "--error-exitcode=99", "--leak-check=full",
                       f"--suppressions={quiet}", f"--log-file={log}"] + command
        is_closed = self._stdin_is() == "closed"
        with self._stdin() as stdin:
            self.child = subprocess.Popen(command, cwd=self.dir, env=env,
                                          stdin=stdin, stdout=self._stdout(),
                                          stderr=subprocess.PIPE,
                                          preexec_fn=_close_stdin if is_closed else self._close_stdout())
            within = read_lines(self.path / "within")
            try:
                limit = int(within[0]) if within else TIMEOUT
                limit *= 5 if self.tools.valgrind or self.tools.under else 1
                out, err = self.child.communicate(timeout=limit)
            except subprocess.TimeoutExpired:
                self.child.kill()
                out, err = self.child.communicate()
                self.got.broken.append(f"'{shlex.join(words)}' did not end in {limit} seconds")
        texts = [part.decode(errors="backslashreplace") for part in (out or b"", err)]
        self._judge(words, texts, self.child.returncode)
        return *texts, self.child.returncode

    def _stdin_is(self):
        return "".join(read_lines(self.path / "stdin-is"))

    @contextmanager
    def _stdin(self):
        given, filled = self.path / "stdin", self.where / "stdin"
        if self._stdin_is() == "silent":  # a pipe that nobody writes to or closes
            ends = os.pipe()
            yield ends[0]
            for one in ends:
                os.close(one)
            return
        if given.exists():
            filled.write_text(self.holders.fill(given.read_text()))
        with open(filled if given.exists() else os.devnull, "rb") as stdin:
            yield stdin

    def _close_stdout(self):
        closed = "".join(read_lines(self.path / "stdout-is")) == "closed"
        return (lambda: os.close(1)) if closed else None

    def _stdout(self):
        """A pipe, one that nobody reads, or a device that takes nothing: the child keeps it."""
        if "".join(read_lines(self.path / "stdout-is")) == "unread":
            reader, writer = os.pipe()
            os.close(reader)
            return writer
        if "".join(read_lines(self.path / "stdout-is")) == "full":
            return os.open("/dev/full", os.O_WRONLY)
        return subprocess.PIPE

    def _send_signal(self, name):
        if self.child:
            self.child.send_signal(getattr(signal, "SIG" + name))

    def _judge(self, words, texts, code):
        """What no case may do, whatever it expects."""
        what = shlex.join(words)
        if code < 0:
            self.got.broken.append(f"'{what}' died of signal {-code}")
        if code == 99 or any(word in texts[1] for word in SANITIZERS):
            logs = "".join(log.read_text() for log in sorted(self.where.glob("valgrind.*")))
            self.got.broken.append(f"'{what}': the sanitizer reports:\n{texts[1]}{logs}")
        for name, forms in self.holders.token_forms().items():
            for line in "\n".join(texts).splitlines():
                if any(form in line for form in forms) and not line.startswith(MASKS):
                    self.got.broken.append(f"'{what}' shows {{{name}}}: {self.holders.hide(line)}")

    # -- afterwards ------------------------------------------------------------------------------

    def _on_host(self, path):
        return self.image.on_host(path) if self.image else Path(path)

    def _read(self, name):
        path = self.dir / name
        return path.read_bytes() if path.is_file() else None

    def _snapshot(self):
        """{path: bytes} of the work directory, but for what git and HOME keep."""
        out = {}
        for folder, folders, files in os.walk(self.dir):
            folders[:] = [one for one in folders if one not in (".git", "home")]
            for name in files:
                path = Path(folder) / name
                key = str(path.relative_to(self.dir))
                out[key] = _content(path)
        return out

    def _read_runner(self):
        if not self.runner:
            return
        summary = (self.runner_dir / "summary").read_text()
        if self.runner == "github":
            text = (self.runner_dir / "output").read_text()
            try:
                values = runner.file_commands(text)
            except runner.Unreadable as error:
                self.got.broken.append(f"the runner cannot read the outputs: {error}")
                values = {}
        else:
            values, paths = runner.azure_commands(self.got.stdout + self.got.stderr)
            summary = "".join(self._on_host(one).read_text() for one in paths)
        lines = runner.output_lines(values)
        self.got.outputs, self.got.summary = "".join(one + "\n" for one in lines), summary
        for name, forms in self.holders.token_forms().items():
            if any(form in self.got.outputs + summary for form in forms):
                self.got.broken.append(f"an output or the summary shows {{{name}}}")


def _close_stdin():
    os.close(0)


def _content(path):
    """Something that differs when the file does; a pipe or a socket is never opened."""
    if path.is_symlink():
        return b"-> " + os.readlink(path).encode()
    if path.is_file():
        return path.read_bytes()
    return b"kind %o" % stat.S_IFMT(path.lstat().st_mode)
