"""What a server of each release refuses in a spec (the table of checks in the design notes)."""

import json
import re

from google.protobuf.descriptor import FieldDescriptor as F

from versions import INVALID, UNKNOWN, Fail

NAME = re.compile(r"[a-zA-Z0-9_-]+")
OLD_NAME = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
QUANTITY = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+|[EPTGMk]i?|Ki|[mun])?")
CRON_FIELD = re.compile(r"[A-Za-z0-9*?,/-]+")
CRON_WORDS = "@yearly @annually @monthly @weekly @daily @midnight @hourly".split()
GO_DURATION = re.compile(r"[+-]?((\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h))+")
SERVICE_TYPES = ("ClusterIP", "LoadBalancer", "NodePort")


def refuse(text):
    raise Fail(UNKNOWN, text)


def has(message, name):
    """True when the line has this field and it is set (not empty, not zero)."""
    field = message.DESCRIPTOR.fields_by_name.get(name)
    if not field:
        return False
    if field.label == F.LABEL_REPEATED:
        return len(getattr(message, name)) > 0
    return message.HasField(name) and (field.type == F.TYPE_MESSAGE or bool(getattr(message, name)))


def request(req, v):
    """The checks before anything is filled in."""
    if not has(req, "pipeline") or not req.pipeline.name:
        if v.since("2.8.0") and not has(req, "pipeline"):
            raise Fail(INVALID, "validate request: CreatePipelineRequest.Pipeline: value is"
                                " required")
        refuse("invalid pipeline spec: request.Pipeline.Name cannot be empty")
    if not has(req, "transform"):
        if not v.since("1.9.8"):
            raise Fail(14, "transport is closing: the server fell over an absent transform")
        refuse("invalid pipeline spec: pipeline must specify a transform")
    if has(req, "tf_job"):
        refuse("invalid pipeline spec: embedding TFJobs in pipelines is not supported")
    if has(req, "s3_out") and (has(req, "service") or has(req, "spout")):
        refuse("invalid pipeline spec: s3 output is not supported in services and spouts")
    if has(req, "s3_out") and has(req, "enable_stats"):
        refuse("invalid pipeline spec: s3 output is not supported with enable_stats")
    if has(req, "reprocess_spec") and req.reprocess_spec not in ("until_success", "every_job"):
        refuse(f"invalid pipeline spec: invalid reprocess_spec {req.reprocess_spec!r}")
    if v.line == 2 and has(req, "spout") and has(req, "autoscaling"):
        refuse("invalid pipeline spec: autoscaling cannot be used with spouts")
    for toleration in getattr(req, "tolerations", []):
        if toleration.operator not in (1, 2):
            refuse("invalid pipeline spec: toleration: unsupported operator")
    if has(req, "update") and has(req, "spec_commit"):
        refuse("invalid pipeline spec: cannot set spec_commit with update")


def name(text, project, v):
    """The rules for a pipeline's name, and for its project's."""
    if not v.since("1.8.3"):
        if not NAME.fullmatch(text):
            refuse(f"repo name ({text}) invalid: only alphanumeric characters, _ and - are allowed")
        return
    if not v.since("1.9.8"):
        if not OLD_NAME.fullmatch(text) or not NAME.fullmatch(text):
            refuse(f"pipeline name {text} is invalid")
        return
    if not NAME.fullmatch(text) or not text[0].isalnum():
        refuse(f'pipeline name "{text}" may only contain alphanumerics, _ and -, and must begin'
               " with an alphanumeric")
    if len(text) > (51 if v.has_projects else 63):
        refuse(f"pipeline name is {len(text)} characters longer than the allowed maximum")
    if v.has_projects and len(f"{project or 'pipeline'}-{text}-v99") > 63:
        refuse(f"project and pipeline name {project}/{text} make a label longer than 63 characters")
    if v.has_projects and project not in ("", "default"):
        if not NAME.fullmatch(project) or not project[0].isalnum() or len(project) > 51:
            refuse(f'project name "{project}" is invalid')


def pipeline(req, v):
    """The checks after the defaults are filled in."""
    name(req.pipeline.name, req.pipeline.project.name if v.has_projects else "", v)
    _parallelism(req)
    for field in ("pod_spec", "pod_patch"):
        if has(req, field):
            _json_text(field, getattr(req, field))
    if has(req, "hashtree_spec") and req.hashtree_spec.constant == 0 and v.since("1.8.0"):
        refuse("invalid pipeline spec: invalid pipeline hashtree constant")
    if has(req, "cache_size") and not QUANTITY.fullmatch(req.cache_size):
        refuse(f"invalid pipeline spec: could not parse cacheSize '{req.cache_size}'")
    if has(req, "service") and v.since("1.9.0") and req.service.type not in SERVICE_TYPES:
        refuse(f"invalid pipeline spec: service type {req.service.type} is not allowed")
    _spout(req, v)
    if has(req, "egress") and has(req.egress, "sql_database"):
        _sql(req.egress.sql_database)
    if req.HasField("input"):
        inputs(req.input, v)


def _parallelism(req):
    spec = req.parallelism_spec
    if has(spec, "coefficient") and (spec.coefficient < 0 or spec.constant):
        refuse("invalid pipeline spec: ParallelismSpec.Constant or a positive Coefficient")
    if has(req, "service") and req.HasField("parallelism_spec") and spec.constant != 1:
        refuse("invalid pipeline spec: services can only be run with a constant parallelism of 1")


def _json_text(field, text):
    try:
        json.loads(text)
    except ValueError:
        refuse(f"invalid pipeline spec: malformed {field}")


def _spout(req, v):
    if not req.DESCRIPTOR.fields_by_name.get("spout") or not req.HasField("spout"):
        return
    if v.since("1.10.0") and not has(req.spout, "service") and req.HasField("input"):
        refuse("invalid pipeline spec: spout pipelines (without a service) must not have an input")
    if has(req, "enable_stats") and v.since("1.9.0"):
        refuse("invalid pipeline spec: spouts are not supported with enable_stats")
    if has(req.spout, "marker") and req.spout.marker == "out":
        refuse("invalid pipeline spec: the spout marker name must be a valid path and not 'out'")


def _sql(sql):
    if not sql.HasField("secret"):
        refuse("egress.sql_database.secret is required")
    if not sql.secret.name or not sql.secret.key:
        refuse("egress.sql_database.secret.name and egress.sql_database.secret.key are required")


MEMBERS = ("pfs", "atom", "cron", "git", "join", "group", "cross", "union")
LISTS = ("cross", "union", "join", "group")


def inputs(root, v):
    names(root, v)
    _node(root, v, frozenset())


def leaves(node):
    """(kind, input) of every leaf, in order."""
    for kind in ("pfs", "atom", "cron", "git"):
        if node.DESCRIPTOR.fields_by_name.get(kind) and node.HasField(kind):
            yield kind, getattr(node, kind)
    for kind in LISTS:
        for child in getattr(node, kind, []):
            yield from leaves(child)


def names(node, v):
    """The set of names below `node`; a name that would be mounted twice is refused."""
    for kind in ("pfs", "atom", "cron", "git"):
        if has(node, kind):
            return {getattr(node, kind).name}
    if len(getattr(node, "union", [])):
        return set().union(*(names(child, v) for child in node.union))
    seen = set()
    for kind in ("cross", "join", "group"):
        for child in getattr(node, kind, []):
            below = names(child, v)
            if seen & below:
                refuse(f'invalid input: name "{sorted(seen & below)[0]}" was used more than once')
            seen |= below
    return seen


def _node(node, v, above):
    present = [kind for kind in MEMBERS if has(node, kind)]
    if not present:
        refuse("invalid input: no input set")
    if len(present) > 1:
        refuse("invalid input: multiple input types set")
    kind = present[0]
    if kind in LISTS:
        for child in getattr(node, kind):
            _node(child, v, above | {kind})
    elif kind in ("pfs", "atom"):
        _repo_input(getattr(node, kind), v, above)
    elif kind == "cron":
        _cron_input(node.cron, v)
    elif not node.git.url.startswith("https://") or not node.git.url.endswith(".git"):
        refuse(f"invalid input: clone URL {node.git.url} must use https and end in .git")


def _input_name(one, v, always=True):
    if not one.name and always:
        refuse("invalid input: input must specify a name")
    if one.name == "out" or (one.name == ".env" and v.since("2.6.0")):
        refuse(f'invalid input: input cannot be named "{one.name}"')


def _repo_input(one, v, above):
    _input_name(one, v)
    if not one.repo:
        refuse("invalid input: input must specify a repo")
    s3 = has(one, "s3")
    if not one.glob and not s3:
        refuse("invalid input: input must specify a glob")
    if s3 and one.glob != "/":
        refuse("inputs that set 's3' to 'true' must also set 'glob', to \"/\", as the S3 gateway"
               " is only able to expose data at the commit level")
    if s3 and (one.lazy or one.empty_files):
        refuse("invalid input: inputs that set 's3' cannot set 'lazy' or 'empty_files'")
    if s3 and above & {"join", "group", "union"}:
        refuse("invalid input: S3 inputs in join, group or union expressions are not supported")
    if one.commit and v.since("2.6.0"):
        refuse("invalid input: input.pfs.commit is not supported")
    if has(one, "trigger"):
        _trigger(one)


def _trigger(one):
    """Of an input with its defaults filled in."""
    if not one.trigger.branch:
        refuse("triggers must specify a branch to trigger on")
    if one.trigger.commits < 0:
        refuse("can't trigger on a negative number of commits")
    if one.trigger.branch == one.branch:
        refuse("triggers cannot form a loop")


def _cron_input(one, v):
    _input_name(one, v, always=v.since("1.11.0"))
    spec = one.spec
    if spec in CRON_WORDS or (spec == "@never" and v.since("2.6.0")):
        return
    if spec.startswith("@every ") and GO_DURATION.fullmatch(spec[7:].strip()):
        return
    fields = spec.split()
    if len(fields) != 5 or not all(CRON_FIELD.fullmatch(field) for field in fields):
        refuse(f"invalid input: error parsing cron-spec: '{spec}' is not a cron spec")


def secrets(req, known, v):
    """2.3+, on the direct RPC only: `known` is {secret: [key]} of the namespace."""
    if not v.since("2.3.0"):
        return
    for mount in req.transform.secrets:
        if mount.env_var and not mount.key:
            refuse(f"secret {mount.name} has env_var set but is missing key")
        if mount.name not in known:
            refuse(f'failed to get secret: secrets "{mount.name}" not found')
        if mount.key and mount.key not in known[mount.name]:
            refuse(f"missing key {mount.key} from secret {mount.name}")
