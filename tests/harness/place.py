"""What all cases share: programs, certificates, placeholders."""

import base64
import importlib
import os
import re
import secrets
import subprocess
import sys
import threading
import urllib.parse

from harness.nursery import Nursery

HOLDER = re.compile(r"\{(addr|hosts|registry|port|api|forge|dir|runner|sha|short|ca|badca|(?:token|key|pub|sealed|literal):[\w.:,-]+)\}")
SECRETS = ("token:", "key:")
# how long a run took differs with the machine: "…, after 1m12s" at the end of a line, "…, 2m30s of 10m"
SPAN = r"(?=\d)(?:\d+h)?(?:\d+m)?(?:\d+(?:\.\d)?s)?"
ELAPSED = re.compile(rf"(?<=, after ){SPAN}$|(?<=, ){SPAN}(?= of \d+[hms])", re.M)


class Skip(Exception):
    """The case cannot be run here: why."""


def python_with_grpc():
    """The first python that can run the stand-in."""
    for python in (os.environ.get("PYTHON"), sys.executable, "/usr/bin/python3"):
        if python and not subprocess.run(
            [python, "-c", "import grpc, google.protobuf"], stderr=subprocess.DEVNULL, check=False
        ).returncode:
            return python
    raise FileNotFoundError("no python has the module grpc: install Debian's python3-grpcio and"
                            " python3-protobuf")


class Tools:
    """The binary, and what is made once per run when the first case needs it."""

    def __init__(self, binary, base, valgrind, image=None, under=None):
        self.binary, self.base, self.valgrind = binary, base, valgrind
        self.image, self.under = image, under
        self.lock, self.made = threading.Lock(), {}

    def once(self, name, make):
        with self.lock:
            if name not in self.made:
                self.made[name] = make()
            return self.made[name]

    def python(self):
        return self.once("python", python_with_grpc)

    def nursery(self):
        return self.once("nursery", lambda: Nursery(python_with_grpc(), self.base))

    def close(self):
        if "nursery" in self.made:
            self.made["nursery"].stop()

    def sealing(self):
        """The module that seals as the program does; the case is skipped where PyNaCl is not there."""
        try:
            return self.once("sealing", lambda: importlib.import_module("harness.sealed"))
        except ModuleNotFoundError as error:
            raise Skip(f"no python3-nacl here ({error})") from None

    def certificates(self):
        """{"ca", "badca", "cert", "key", "othercert", "otherkey"}: paths."""
        return self.once("certificates", self._make_certificates)

    def _make_certificates(self):
        where = self.base / "tls"
        where.mkdir()
        for name in ("ca", "badca"):
            self._openssl(
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-days", "2", "-subj", f"/CN={name} of a test run", "-keyout",
                where / f"{name}.key", "-out", where / f"{name}.pem",
            )
        for name, alternatives in (("own", "IP:127.0.0.1,DNS:localhost"), ("other", "DNS:x.test")):
            (where / f"{name}.ext").write_text(f"subjectAltName={alternatives}\n")
            self._openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                          "-nodes", "-subj", "/CN=pachd", "-keyout", where / f"{name}.key", "-out",
                          where / f"{name}.csr")
            self._openssl("x509", "-req", "-in", where / f"{name}.csr", "-CA", where / "ca.pem",
                          "-CAkey", where / "ca.key", "-CAcreateserial", "-days", "2", "-extfile",
                          where / f"{name}.ext", "-out", where / f"{name}.pem")
        return {"ca": where / "ca.pem", "badca": where / "badca.pem", "cert": where / "own.pem",
                "key": where / "own.key", "othercert": where / "other.pem",
                "otherkey": where / "other.key"}

    @staticmethod
    def _openssl(*words):
        subprocess.run(["openssl", *map(str, words)], check=True, stderr=subprocess.DEVNULL)


class Holders:
    """The values that differ from run to run, and the way there and back."""

    def __init__(self, tools):
        self.tools, self.values = tools, {}

    def value(self, name):
        if name.startswith("token:") and name not in self.values:
            self.values[name] = secrets.token_hex(20)
        if name in ("ca", "badca") and name not in self.values:
            self.values[name] = str(self.tools.certificates()[name])
        kind, _, rest = name.partition(":")
        if kind == "literal":
            return f"{{{rest}}}"
        if kind in ("key", "pub", "sealed") and name not in self.values:
            self._make_sealed(kind, rest)
        if name not in self.values:
            raise KeyError(f"{{{name}}} is not known in this case")
        return self.values[name]

    def _make_sealed(self, kind, rest):
        """{key:K} and {pub:K}: a pair; {sealed:T:K,L}: {token:T} sealed for some keys and for {addr}."""
        sealed = self.tools.sealing()
        if kind == "sealed":
            token, _, keys = rest.partition(":")
            publics = [self.value(f"pub:{one}") for one in keys.split(",")]
            self.values[f"sealed:{rest}"] = sealed.seal(
                self.value(f"token:{token}"), publics, f"grpc://{self.values['addr']}", "test",
                f"robot:{token}", 4102444800)
        else:
            self.values[f"key:{rest}"], self.values[f"pub:{rest}"] = sealed.make_key()

    def fill(self, text, others=None):
        """With the values of `others` before those of the case."""
        others = others or {}
        return HOLDER.sub(lambda match: others.get(match.group(1)) or self.value(match.group(1)), text)

    def tokens(self):
        return {name: one for name, one in self.values.items() if name.startswith(SECRETS)}

    def token_forms(self):
        """{name: every way to write the token}"""
        return {name: _encoded(one).values() for name, one in self.tokens().items()}

    def hide(self, text):
        """Puts the placeholders back."""
        pairs = []
        for name, value in self.values.items():
            if name.startswith(SECRETS):
                pairs += _forms(name, value)
            elif name in ("short", "port"):
                edge = "0-9a-f" if name == "short" else "0-9a-zA-Z"  # a port may stand in a digest
                pairs.append((rf"(?<![{edge}]){re.escape(value)}(?![{edge}])", name, len(value)))
            elif value:
                pairs.append((re.escape(value), name, len(value)))
        for pattern, name, _ in sorted(pairs, key=lambda pair: -pair[2]):
            text = re.sub(pattern, "{" + name + "}", text)
        return ELAPSED.sub("{time}", text)


def _encoded(token):
    """{"": the token as it is, "base64": …}: as an encoder would have it."""
    raw = token.encode()
    url = base64.urlsafe_b64encode(raw).decode()
    return {"": token, "base64": base64.b64encode(raw).decode(), "base64url": url, "base64url-bare": url.rstrip("="),
            "percent": urllib.parse.quote(token, safe=""), "hex": raw.hex()}


def _forms(name, token):
    """[(pattern, placeholder, length)] of each."""
    return [(re.escape(form), f"{name}|{label}" if label else name, len(form))
            for label, form in _encoded(token).items()]
