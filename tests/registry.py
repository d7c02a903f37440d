#!/usr/bin/env python3
"""pachup against Debian's docker-registry on loopback, with TLS and htpasswd. PACHUP is the program, DOCKER_REGISTRY the
registry where it is not in PATH. The images are pushed by the few lines below, over the same API."""

import base64
import hashlib
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACHUP = Path(os.environ.get("PACHUP", ROOT / "build/pachup")).resolve()
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
TAGS = ["1.2.0", "1.10.0", "2.0.0-rc.1", "latest"] + [f"0.0.{i}" for i in range(120)]

tally = {True: 0, False: 0}


def check(good, what, said=""):
    tally[good] += 1
    if not good:
        print(f"not ok - {what}\n{said}")


def skip(why):
    print(f"registry: 0 passed, 0 failed, 1 skipped: {why}")
    sys.exit(0)


def hash_of(password):
    """bcrypt, the only form that docker-registry takes."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import crypt
        return crypt.crypt(password, crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=16))
    except (ImportError, AttributeError, ValueError):
        done = subprocess.run(["htpasswd", "-nbB", "x", password], capture_output=True, text=True, check=False) \
            if shutil.which("htpasswd") else skip("neither python's crypt nor htpasswd makes bcrypt hashes")
        return done.stdout.strip().partition(":")[2]


class Registry:
    def __init__(self, program, where):
        with socket.create_server(("127.0.0.1", 0)) as one:
            self.host = f"127.0.0.1:{one.getsockname()[1]}"
        self.ca = where / "cert.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-days", "2", "-subj", "/CN=registry", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
                        where / "key.pem", "-out", self.ca], check=True, stderr=subprocess.DEVNULL)
        (where / "htpasswd").write_text(f"ada:{hash_of('correct')}\n")
        (where / "config.yml").write_text(json.dumps({
            "version": "0.1", "log": {"level": "error"},
            "storage": {"filesystem": {"rootdirectory": str(where / "data")}},
            "http": {"addr": self.host, "tls": {"certificate": str(self.ca), "key": str(where / "key.pem")}},
            "auth": {"htpasswd": {"realm": "test", "path": str(where / "htpasswd")}}}))
        self.context = ssl.create_default_context(cafile=self.ca)
        self.child = subprocess.Popen([program, "serve", where / "config.yml"], stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL)

    def ask(self, method, path, body=None, kind="application/octet-stream"):
        url = path if path.startswith("https") else f"https://{self.host}{path}"
        headers = {"Authorization": "Basic " + base64.b64encode(b"ada:correct").decode(), "Content-Type": kind}
        request = urllib.request.Request(url, data=body, method=method, headers=headers)
        return urllib.request.urlopen(request, context=self.context, timeout=30)

    def wait(self):
        for _ in range(300):
            try:
                self.ask("GET", "/v2/")
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        sys.exit("registry: docker-registry does not answer")

    def push(self, repo, tags, word):
        """Its manifest's digest."""
        config = json.dumps({"architecture": "amd64", "os": "linux", "config": {"Labels": {"word": word}},
                             "rootfs": {"type": "layers", "diff_ids": []}}).encode()
        digest = "sha256:" + hashlib.sha256(config).hexdigest()
        place = self.ask("POST", f"/v2/{repo}/blobs/uploads/", b"").headers["Location"]
        self.ask("PUT", f"{place}&digest={digest}", config)
        manifest = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "layers": [], "config": {
            "mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest, "size": len(config)}}).encode()
        for tag in tags:
            self.ask("PUT", f"/v2/{repo}/manifests/{tag}", manifest, MANIFEST)
        return "sha256:" + hashlib.sha256(manifest).hexdigest()


def spec(image):
    return json.dumps({"pipeline": {"name": "edges"}, "transform": {"image": image, "cmd": ["run"]},
                       "input": {"pfs": {"repo": "images", "glob": "/"}}})


def run(where, registry, *words, password="correct"):
    login = [] if password is None else ["--registry", registry.host, "--registry-username", "ada"]
    env = {"SSL_CERT_FILE": str(registry.ca), "HOME": str(where)}
    if password is not None:
        env["PACHUP_REGISTRY_PASSWORD"] = password
    done = subprocess.run([PACHUP, *words, *login], cwd=where, env=env, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    check("correct" not in said.replace("correct its name", ""), f"no password in the log of {words}", said)
    return done.returncode, said


def prove(where, registry):
    digest = registry.push("team/edges", TAGS, "one")
    image = f"{registry.host}/team/edges"
    (where / "edges.json").write_text(spec(f"{image}:1.2.0"))
    plan = ["plan", "edges.json", "--check-images", "all"]
    code, said = run(where, registry, *plan)
    check(code == 0 and "note:" not in said and "warning" not in said, "an image that is there", said)
    code, said = run(where, registry, *plan, "--image", f"{image}:1.3.0")
    check(code == 1 and f"edges.json:1:56: error: image not found: {image}:1.3.0 [PU092]" in said, "one that is not", said)
    code, said = run(where, registry, *plan, "--image", f"{image}@{digest}")
    check(code == 0 and "note:" not in said, "by its digest", said)
    code, said = run(where, registry, *plan, "--image", f"{image}@sha256:{'0' * 64}")
    check(code == 1 and "[PU092]" in said, "by another digest", said)
    code, said = run(where, registry, *plan, password="wrong")
    check(code == 0 and "[PU093]" in said, "a wrong password", said)
    code, said = run(where, registry, *plan, password=None)
    check(code == 0 and "note: 1 image was not checked" in said, "no login", said)
    code, said = run(where, registry, *plan, "--strict", password=None)
    check(code == 1 and "[PU094]" in said, "no login, strict", said)
    code, said = run(where, registry, "set-image", "--pin", f"{image}:1.10.0", "--in", "edges.json")
    check(code == 0 and f"{image}:1.10.0@{digest}" in (where / "edges.json").read_text(), "a pin", said)
    code, said = run(where, registry, "set-image", "--latest", image, "--semver", "^1", "--in", "edges.json", "--stdout")
    check(code == 0 and f'"{image}:1.10.0"' in said, "the highest version of a list in pages", said)
    other = registry.push("team/edges", ["1.10.0"], "two")
    code, said = run(where, registry, *plan, "--pin")
    check(other != digest and code == 1 and f"is {other} [PU096]" in said, "a tag that has moved", said)


def main():
    program = os.environ.get("DOCKER_REGISTRY") or shutil.which("docker-registry")
    if not program:
        skip("no docker-registry here")
    with tempfile.TemporaryDirectory() as name:
        where = Path(name)
        registry = Registry(program, where)
        try:
            registry.wait()
            prove(where, registry)
        finally:
            registry.child.kill()
            registry.child.wait()
    print(f"registry: {tally[True]} passed, {tally[False]} failed, 0 skipped")
    sys.exit(tally[False] > 0)


main()
