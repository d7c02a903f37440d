"""One stand-in per case, as a process of its own (forked by nursery.py)."""

import json
import queue
import subprocess
import threading


class Server:
    """Runs the stand-in with the case's configuration until stop()."""

    def __init__(self, config, where, tools):
        self.calls_file, self.state_file = where / "calls", where / "state"
        config_file = where / "config.json"
        config_file.write_text(json.dumps(self._with_tls(config, tools)))
        self.on_signal = None
        self.answers = queue.Queue()
        self.log = open(where / "server.log", "w+", encoding="utf-8")
        self.child = tools.nursery().start(
            ["--config", str(config_file), "--calls", str(self.calls_file), "--state",
             str(self.state_file), "--stdin-guard"],
            self.log,
        )
        threading.Thread(target=self._listen, daemon=True).start()
        self.port = self._answer()

    @staticmethod
    def _with_tls(config, tools):
        kind = config.get("tls")
        if kind in (True, "other-name"):
            files, prefix = tools.certificates(), "" if kind is True else "other"
            config["tls"] = {"cert": str(files[prefix + "cert"]), "key": str(files[prefix + "key"])}
        return config

    def _listen(self):
        for line in self.child.stdout:
            word, _, rest = line.strip().partition(" ")
            if word == "signal":
                if self.on_signal:
                    self.on_signal(rest)
            else:
                self.answers.put(word)
        self.answers.put(None)

    def _answer(self):
        try:
            answer = self.answers.get(timeout=30)
        except queue.Empty:
            answer = None
        if answer is None:
            self.log.seek(0)
            raise RuntimeError(f"the stand-in did not answer: {self.log.read().strip()}")
        return answer

    def mark(self):
        """The calls from here on belong to the next run of the binary."""
        self.child.stdin.write("\n")
        self.child.stdin.flush()
        self._answer()

    def stop(self):
        """(the calls of each run: a list of lists; the state; what it said on stderr)"""
        self.child.stdin.close()
        try:
            self.child.wait(20)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        self.log.seek(0)
        said = self.log.read()
        self.log.close()
        entries = [json.loads(line) for line in self.calls_file.read_text().splitlines()]
        runs = [[] for _ in range(1 + sum("mark" in entry for entry in entries))]
        for entry in sorted(entries, key=lambda one: one["n"]):
            if "mark" not in entry:
                runs[entry["run"]].append(entry)
        state = json.loads(self.state_file.read_text()) if self.state_file.exists() else None
        return runs, state, said
