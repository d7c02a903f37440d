"""Jsonnet templates, rendered by Debian's python3-jsonnet (libjsonnet), where pachd has go-jsonnet."""

from protos import pps_v2
from rpc import rpc
from versions import UNKNOWN, Fail


def _no_import(_directory, _name):
    raise RuntimeError("no match locally or in the Jsonnet library paths")


@rpc("pps_v2.API/RenderTemplate", pps_v2.RenderTemplateRequest, first="2.1.0")
def render_template(_, request):
    """Only `json` of the answer is filled in: pachup reads nothing else of it."""
    import _jsonnet  # pylint: disable=import-outside-toplevel; only cases with templates need it

    try:
        text = _jsonnet.evaluate_snippet(
            "main", request.template, tla_vars=dict(request.args), import_callback=_no_import)
    except RuntimeError as problem:
        raise Fail(UNKNOWN, str(problem)) from problem
    return pps_v2.RenderTemplateResponse(json=text)
