"""CreatePipelineV2's JSON: strict reading, RFC 7396 merging, the effective spec."""

import json
import random

from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor as F

import protos
from protos import extra, pps_v2
from versions import INVALID, Fail

BUILT_IN = {
    "transform": {"image": "ubuntu:20.04"},
    "outputBranch": "master",
    "datumTries": "3",
    "reprocessSpec": "until_success",
}
COMMANDS = ("update", "reprocess", "dryRun")  # the request's own fields say these
WELL_KNOWN = "google.protobuf."


def stock_image(version):
    """What a pipeline runs whose spec names no image."""
    return "ubuntu:20.04" if version.line == 2 else "ubuntu:16.04"


class Bad(ValueError):
    """A document that cannot be a pipeline spec: where, and why."""

    def __init__(self, path, why):
        super().__init__(f"{path}: {why}" if path else why)
        self.path, self.why = path, why


def _unique(pairs):
    out = {}
    for key, value in pairs:
        if key in out:
            raise Bad(key, "duplicate key")
        out[key] = value
    return out


def read(text):
    """One strict JSON object."""
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise Bad("", f"syntax error (line {error.lineno}:{error.colno}): {error.msg}") from None
    if not isinstance(value, dict):
        raise Bad("", "the document is not an object")
    return value


def _no_constant(word):
    raise Bad("", f"invalid value {word}")


def _field_named(descriptor, key, version):
    for field in descriptor.fields:
        if key in (field.name, field.json_name) and protos.name_at(field.full_name, version):
            return field
    return None


def canonical(value, descriptor, version, path=""):
    """The same object with every key in lowerCamel; an unknown key or a bad null is refused."""
    out = {}
    for key, inner in value.items():
        where = f"{path}.{key}" if path else key
        field = _field_named(descriptor, key, version)
        if not field:
            raise Bad(where, f'unknown field "{key}"')
        if field.json_name in out:
            raise Bad(where, f'duplicate field "{key}"')
        out[field.json_name] = _canonical_value(inner, field, version, where)
    return out


def _canonical_value(value, field, version, where):
    repeated = field.label == F.LABEL_REPEATED
    if value is None:
        if repeated:
            kind = "map" if protos.is_map(field) else "list"
            raise Bad(where, f"got nil where a {kind} was expected")
        return None
    if field.type != F.TYPE_MESSAGE or protos.is_map(field):
        return value
    if field.message_type.full_name.startswith(WELL_KNOWN):
        return value
    if repeated:
        if not isinstance(value, list):
            raise Bad(where, "a list was expected")
        return [
            _canonical_object(one, field, version, f"{where}[{i}]") for i, one in enumerate(value)
        ]
    return _canonical_object(value, field, version, where)


def _canonical_object(value, field, version, where):
    if not isinstance(value, dict):
        raise Bad(where, "an object was expected")
    return canonical(value, field.message_type, version, where)


def merge(base, patch):
    """RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    out = dict(base) if isinstance(base, dict) else {}
    for key, value in patch.items():
        if value is None:
            out.pop(key, None)
        else:
            out[key] = merge(out.get(key), value)
    return out


def to_message(value, message_class=pps_v2.CreatePipelineRequest):
    """From canonical JSON, as a proto3 reader would hold it."""
    try:
        message = json_format.ParseDict(value, message_class())
    except (json_format.ParseError, ValueError, TypeError) as error:
        raise Bad("", str(error)) from None
    return protos.forget_zeros(message)


def to_json(message):
    """Text with white space that differs from call to call, as the Go library's does."""
    comma, colon = random.choice([(",", ":"), (", ", ":"), (",", ": "), (", ", ": ")])
    return json.dumps(_plain(json_format.MessageToDict(message)), separators=(comma, colon))


def _plain(value):
    """Whole numbers without a point."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def bad_request(error):
    """INVALID_ARGUMENT with the detail that 2.8+ attaches."""
    text = f"could not make effective spec: {error}"
    status = extra.Status(code=INVALID, message=text)
    violation = extra.BadRequest.FieldViolation(field=error.path, description=error.why)
    detail = status.details.add(type_url="type.googleapis.com/google.rpc.BadRequest")
    detail.value = extra.BadRequest(field_violations=[violation]).SerializeToString()
    return Fail(INVALID, text, status.SerializeToString())


class Defaults:
    """The defaults documents of one cluster."""

    def __init__(self, version, cluster, projects):
        self.version = version
        self.cluster, self.projects = cluster or {}, projects or {}

    def _layer(self, document):
        return canonical(
            document.get("createPipelineRequest", document.get("create_pipeline_request", {})),
            pps_v2.CreatePipelineRequest.DESCRIPTOR,
            self.version,
        )

    def effective(self, user_json, update, reprocess):
        """(message, its JSON text, the merged JSON that is stored) of what the server would run."""
        try:
            user = canonical(
                read(user_json), pps_v2.CreatePipelineRequest.DESCRIPTOR, self.version
            )
            to_message({key: value for key, value in user.items() if value is not None})
            name = ((user.get("pipeline") or {}).get("project") or {}).get("name") or "default"
            layers = [self._layer(self.cluster), self._layer(self.projects.get(name, {})), user]
            merged = BUILT_IN
            for layer in layers:
                merged = merge(merged, layer)
            message = to_message(merged)
        except Bad as error:
            raise bad_request(error) from None
        message.ClearField("update")
        message.ClearField("reprocess")
        message.ClearField("dry_run")
        if update:
            message.update = True
        if reprocess:
            message.reprocess = True
        if message.HasField("pipeline") and not message.pipeline.project.name:
            message.pipeline.project.name = "default"
            merged.setdefault("pipeline", {})["project"] = {"name": "default"}
        merged = {key: one for key, one in merged.items() if key not in COMMANDS}
        return message, to_json(message), json.dumps(merged, separators=(",", ":"), sort_keys=True)
