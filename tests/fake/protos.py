"""The messages, and reading them as strictly as one release does.

Our .proto files hold both interfaces with every field that ever was; a comment after a field says the
releases that have it. What the chosen release does not have is dropped, as a real server drops an
unknown field, and reported, so that a client that drifts from the interface is caught.
"""

import fcntl
import importlib
import os
import re
import subprocess
import sys
import tempfile
from base64 import b64encode
from pathlib import Path

from google.protobuf.descriptor import FieldDescriptor as F

from versions import parse

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SOURCES = sorted((ROOT / "src/wire/proto").glob("*.proto")) + [HERE / "extra.proto"]


def compiled(directory=ROOT / "build/pyproto"):
    """The directory with one *_pb2.py per source, made anew when a source is newer."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError:
        directory = Path(tempfile.mkdtemp(prefix="pyproto-"))
    with open(directory / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = [directory / (source.stem + "_pb2.py") for source in SOURCES]
        newest = max(source.stat().st_mtime for source in SOURCES)
        if not all(one.exists() and one.stat().st_mtime > newest for one in made):
            subprocess.run(
                ["protoc", f"-I{SOURCES[0].parent}", f"-I{HERE}", f"--python_out={directory}"]
                + [str(source) for source in SOURCES],
                check=True,
            )
            for one in made:
                os.utime(one)
    return directory


sys.path.insert(0, str(compiled()))
pfs, pps, transaction, auth, versionpb, admin, enterprise, extra = (
    importlib.import_module(name + "_pb2")
    for name in ("pfs", "pps", "transaction", "auth", "versionpb", "admin", "enterprise", "extra")
)
pfs_v2, pps_v2, transaction_v2, auth_v2, versionpb_v2, admin_v2, enterprise_v2 = (
    importlib.import_module(name + "_v2_pb2")
    for name in ("pfs", "pps", "transaction", "auth", "versionpb", "admin", "enterprise")
)

metadata = importlib.import_module("metadata_pb2")

_FIELD = re.compile(
    r"\s*(?:optional |repeated )?(?:map<.*?>|[\w.]+) (\w+) = \d+(?: \[[^\]]*\])?;(?:\s*//(.*))?"
)
_VALUE = re.compile(r"\s*([A-Z]\w*) = \d+;(?:\s*//(.*))?")
_RANGE = re.compile(r"\[(?:as (\w+) )?([\d.]*)-([\d.]*)\]")


def _spans(comment, name):
    """[(name, first, last)]: the releases named in one comment; open ends are None."""
    own, other = [], []
    for alias, first, last in _RANGE.findall(comment or ""):
        span = (alias or name, parse(first) if first else None, parse(last) if last else None)
        (other if alias else own).append(span)
    return own + other or [(name, None, None)]


def _read(path, table):
    stack, package = [], ""
    for line in path.read_text(encoding="utf-8").splitlines():
        head = re.match(r"package ([\w.]+);", line)
        if head:
            package = head.group(1)
        opened = re.match(r"\s*(message|enum|oneof) (\w+) \{", line)
        if opened:
            stack.append(opened.group(1, 2))
            continue
        if re.match(r"\s*\}", line):
            stack.pop()
            continue
        if not stack:
            continue
        match = (_VALUE if stack[-1][0] == "enum" else _FIELD).match(line)
        if match:
            owner = ".".join([package] + [name for kind, name in stack if kind != "oneof"])
            table[f"{owner}.{match.group(1)}"] = _spans(match.group(2), match.group(1))


def ranges():
    """{"pps.Transform.user": [("user", (1, 7, 1), None)]} for every field and enum value."""
    table = {}
    for path in SOURCES:
        _read(path, table)
    return table


RANGES = ranges()


def name_at(full_name, version):
    """What the release calls this field or enum value; None when it has none such."""
    for name, first, last in RANGES.get(full_name, [(full_name.rsplit(".", 1)[-1], None, None)]):
        if version.within([(first, last)]):
            return name
    return None


class Malformed(ValueError):
    """Bytes that no protobuf reader would take."""


def _varint(raw, at):
    value = shift = 0
    while True:
        if at >= len(raw) or shift > 63:
            raise Malformed("unexpected EOF")
        byte = raw[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value & 0xFFFFFFFFFFFFFFFF, at


def _skip(raw, at, wire):
    """(start of the payload, end of the field)"""
    if wire == 0:
        return at, _varint(raw, at)[1]
    if wire == 2:
        length, start = _varint(raw, at)
    elif wire in (1, 5):
        length, start = (8 if wire == 1 else 4), at
    else:
        raise Malformed(f"wire type {wire}")
    if start + length > len(raw):
        raise Malformed("unexpected EOF")
    return start, start + length


_WIRE = {F.TYPE_DOUBLE: 1, F.TYPE_FIXED64: 1, F.TYPE_SFIXED64: 1, F.TYPE_FLOAT: 5}
_WIRE.update({F.TYPE_FIXED32: 5, F.TYPE_SFIXED32: 5, F.TYPE_STRING: 2})
_WIRE.update({F.TYPE_BYTES: 2, F.TYPE_MESSAGE: 2})


def _fits(field, wire):
    expected = _WIRE.get(field.type, 0)
    packable = field.label == F.LABEL_REPEATED and expected != 2
    return wire == expected or (packable and wire == 2)


def encode_varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def strict(raw, descriptor, version, path=""):
    """(the bytes that this release understands, [path of each field it does not])"""
    out, unknown, at = bytearray(), [], 0
    while at < len(raw):
        begin = at
        tag, at = _varint(raw, at)
        start, at = _skip(raw, at, tag & 7)
        field = descriptor.fields_by_number.get(tag >> 3)
        name = field and name_at(field.full_name, version)
        if not name or not _fits(field, tag & 7):
            unknown.append(f"{path}{field.name if field else tag >> 3}")
        elif field.type == F.TYPE_MESSAGE:
            inner, lost = strict(raw[start:at], field.message_type, version, f"{path}{name}.")
            unknown += lost
            out += encode_varint(tag) + encode_varint(len(inner)) + inner
        else:
            _check_value(field, raw[start:at], version, f"{path}{name}", unknown)
            out += raw[begin:at]
    return bytes(out), unknown


def _check_value(field, payload, version, path, unknown):
    if field.type == F.TYPE_STRING:
        try:
            payload.decode()
        except UnicodeDecodeError:
            raise Malformed(f"string field {path} contains invalid UTF-8") from None
    elif field.type == F.TYPE_ENUM:
        value = field.enum_type.values_by_number.get(_varint(payload, 0)[0])
        owner = field.enum_type.full_name
        if not value or not name_at(f"{owner}.{value.name}", version):
            unknown.append(f"{path}={_varint(payload, 0)[0]}")


def decode(raw, message_class, version):
    """(message, unknown paths); raises Malformed."""
    kept, unknown = strict(raw, message_class.DESCRIPTOR, version)
    message = message_class()
    try:
        message.ParseFromString(kept)
    except Exception as error:  # the library's own exception class differs by implementation
        raise Malformed(str(error)) from None
    return message, unknown


def encode(message, version):
    """The bytes that a server of this release would send: nothing it does not know."""
    return strict(message.SerializeToString(deterministic=True), message.DESCRIPTOR, version)[0]


def is_map(field):
    return field.type == F.TYPE_MESSAGE and field.message_type.GetOptions().map_entry


def forget_zeros(message):
    """Drops zeros: a proto3 server cannot tell one that was sent from one that was not."""
    for field, value in message.ListFields():
        if is_map(field):
            continue
        if field.type == F.TYPE_MESSAGE:
            for one in value if field.label == F.LABEL_REPEATED else [value]:
                forget_zeros(one)
        elif field.label != F.LABEL_REPEATED and not value and not field.containing_oneof:
            message.ClearField(field.name)
    return message


def _plain(field, value, version):
    if field.type == F.TYPE_MESSAGE:
        return to_dict(value, version)
    if field.type == F.TYPE_BYTES:
        return b64encode(value).decode()
    if field.type == F.TYPE_ENUM:
        known = field.enum_type.values_by_number.get(value)
        return known.name if known else value
    if field.type == F.TYPE_FLOAT:
        return float(f"{value:.7g}")
    return value


def to_dict(message, version):
    """By the field names of this release; integers stay numbers; what is present is shown."""
    out = {}
    for field, value in message.ListFields():
        name = name_at(field.full_name, version) or field.name
        if is_map(field):
            entry = field.message_type.fields_by_name["value"]
            out[name] = {str(k): _plain(entry, v, version) for k, v in value.items()}
        elif field.label == F.LABEL_REPEATED:
            out[name] = [_plain(field, one, version) for one in value]
        else:
            out[name] = _plain(field, value, version)
    return out


def copy_fields(source, target):
    """Copies every field that both messages have by name and type."""
    for field, value in source.ListFields():
        other = target.DESCRIPTOR.fields_by_name.get(field.name)
        if not other or other.type != field.type or other.label != field.label:
            continue
        if is_map(field):
            getattr(target, field.name).update(value)
        elif field.label == F.LABEL_REPEATED:
            getattr(target, field.name).extend(value)
        elif field.type == F.TYPE_MESSAGE:
            getattr(target, field.name).CopyFrom(value)
        else:
            setattr(target, field.name, value)
