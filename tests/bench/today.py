#!/usr/bin/env python3
"""A push as it is done today: a script that opens a client for each pipeline and updates them one by
one, in the order of the files. Usage: today.py HOST:PORT CA DIRECTORY IMAGE-TAG [update]"""

import json
import sys
from pathlib import Path

import grpc

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "fake"))
from protos import pps_v2  # noqa: E402
from google.protobuf import json_format  # noqa: E402


def main():
    address, ca, directory, tag = sys.argv[1:5]
    files = sorted(Path(directory).rglob("*.json"), key=lambda one: int(one.stem[1:]))
    for path in files:
        text = json.loads(path.read_text())
        image = text["transform"]["image"].rsplit(":", 1)[0]
        text["transform"]["image"] = f"{image}:{tag}"
        request = json_format.ParseDict(text, pps_v2.CreatePipelineRequest())
        request.pipeline.project.name = "default"
        request.update = "update" in sys.argv[5:]
        credentials = grpc.ssl_channel_credentials(Path(ca).read_bytes())
        with grpc.secure_channel(address, credentials) as channel:
            call = channel.unary_unary("/pps_v2.API/CreatePipeline",
                                       request_serializer=lambda one: one.SerializeToString(),
                                       response_deserializer=lambda raw: raw)
            call(request)


if __name__ == "__main__":
    main()
