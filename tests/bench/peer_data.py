"""The same streams as pachup's put and get, sent by grpcio, whose core is C.

usage: peer_data.py put ADDRESS FOLDER SECONDS | peer_data.py get ADDRESS PATH SECONDS
`put` sends the files below FOLDER into data@master with one ModifyFile, in messages of 1 MiB; `get` reads
PATH: a file, or with a '/' at its end a directory as a tar stream, to nowhere. The file SECONDS gets how long
the call took, without the start of Python.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "fake"))

import grpc  # noqa: E402
from google.protobuf import wrappers_pb2  # noqa: E402
from protos import pfs_v2  # noqa: E402

PIECE = 1 << 20
OPTIONS = [("grpc.max_receive_message_length", 20 << 20), ("grpc.max_send_message_length", 20 << 20)]


def commit():
    message = pfs_v2.Commit()
    message.branch.name = "master"
    for repo in (message.branch.repo, message.repo):
        repo.name, repo.type, repo.project.name = "data", "user", "default"
    return message


def messages(folder):
    yield pfs_v2.ModifyFileRequest(set_commit=commit())
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        name = "/" + str(path.relative_to(folder))
        yield pfs_v2.ModifyFileRequest(delete_file=pfs_v2.DeleteFile(path=name))
        with open(path, "rb") as source:
            while True:
                piece = source.read(PIECE)
                add = pfs_v2.AddFile(path=name, raw=wrappers_pb2.BytesValue(value=piece))
                if piece:
                    yield pfs_v2.ModifyFileRequest(add_file=add)
                if len(piece) < PIECE:
                    break


def main():
    what, address, path, seconds = sys.argv[1:]
    start = time.monotonic()
    run(what, address, path)
    Path(seconds).write_text(str(time.monotonic() - start))


def run(what, address, path):
    with grpc.insecure_channel(address, options=OPTIONS) as channel:
        if what == "put":
            call = channel.stream_unary("/pfs_v2.API/ModifyFile", pfs_v2.ModifyFileRequest.SerializeToString, bytes)
            call(messages(Path(path)))
            return
        method = "GetFileTAR" if path.endswith("/") else "GetFile"
        request = pfs_v2.GetFileRequest(file=pfs_v2.File(commit=commit(), path=path))
        call = channel.unary_stream(f"/pfs_v2.API/{method}", pfs_v2.GetFileRequest.SerializeToString,
                                    wrappers_pb2.BytesValue.FromString)
        for _ in call(request):
            pass


main()
