"""Sealed tokens and keys after src/secret/sealed.h and key.h, with PyNaCl: another implementation, for the tests.

It shares nothing with the program but the description of the format.
"""

import base64
import hashlib

from nacl import pwhash
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox
from nacl.utils import random

PREFIX = b"pachup1:"


def _encode(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _key_text(prefix, raw):
    checksum = hashlib.blake2b(prefix.encode() + raw, digest_size=16).digest()[:4]
    return prefix + _encode(raw + checksum)


def _key_bytes(prefix, text):
    raw = _decode(text.removeprefix(prefix))[:32]
    if not text.startswith(prefix) or _key_text(prefix, raw) != text:
        raise ValueError("no key")
    return raw


def make_key():
    """(secret key, public key), as text"""
    return key_texts(PrivateKey.generate())


def key_texts(key):
    return _key_text("pachup-key1:", bytes(key)), _key_text("pachup-pub1:", bytes(key.public_key))


def key_from_phrase(phrase, salt):
    """The same pair as "pachup token keygen --passphrase-file" makes."""
    seed = pwhash.argon2id.kdf(32, phrase.encode(), hashlib.blake2b(salt.encode(), digest_size=16).digest(),
                               opslimit=3, memlimit=64 << 20)
    return key_texts(PrivateKey.from_seed(seed))


def _box(content_key, header):
    return SecretBox(hashlib.blake2b(PREFIX + header, key=content_key, digest_size=32).digest())


def seal(token, publics, cluster, label="", principal="", expires=0, target="", project=""):
    content_key, header = random(32), bytes([len(publics)])
    for text in publics:
        raw = _key_bytes("pachup-pub1:", text)
        header += raw + SealedBox(PublicKey(raw)).encrypt(content_key)
    facts = {"cluster": cluster, "target": target, "project": project, "label": label, "principal": principal, "expires": expires, "token": token}
    payload = "".join(f"{name} {value}\n" for name, value in facts.items() if value).encode()
    return PREFIX.decode() + _encode(header + bytes(_box(content_key, header).encrypt(payload)))


def unseal(text, secret):
    """{"cluster", "token", …}; raises when it is damaged or for another key."""
    key = PrivateKey(_key_bytes("pachup-key1:", secret))
    raw = _decode(text.removeprefix(PREFIX.decode()))
    stanzas = [raw[1 + 112 * i : 1 + 112 * (i + 1)] for i in range(raw[0])]
    header, rest = raw[: 1 + 112 * raw[0]], raw[1 + 112 * raw[0] :]
    mine = next(one for one in stanzas if one[:32] == bytes(key.public_key))
    payload = _box(SealedBox(key).decrypt(mine[32:]), header).decrypt(rest).decode()
    return dict(line.split(" ", 1) for line in payload.splitlines())
