#!/usr/bin/python3
"""Checks .ots files with python3-opentimestamps and a Bitcoin node's RPC, and with no code of this project.

usage: verify-ots.py RPC_URL [--partial] (DOCUMENT | sha256:HEX) PROOF.ots [...more pairs]

For each pair one line of JSON: {"ok", "proof", "height"?, "time"?, "pending": [uri], "error"?}.
ok means: the file reads, starts at the document's SHA-256, is canonical, and every Bitcoin attestation in it (at
least one, unless --partial) equals the Merkle root of the block that the node has at that height.
Exit code 0 when all are ok.
"""
import base64
import hashlib
import io
import json
import sys
import urllib.parse
import urllib.request

from opentimestamps.core.notary import BitcoinBlockHeaderAttestation, PendingAttestation
from opentimestamps.core.op import OpSHA256
from opentimestamps.core.serialize import StreamDeserializationContext, StreamSerializationContext
from opentimestamps.core.timestamp import DetachedTimestampFile


def rpc(url, method, *params):
    parts = urllib.parse.urlsplit(url)
    address = urllib.parse.urlunsplit((parts.scheme, f"{parts.hostname}:{parts.port}", parts.path or "/", "", ""))
    request = urllib.request.Request(
        address, json.dumps({"method": method, "params": params, "id": 1}).encode(), {"Content-Type": "application/json"}
    )
    if parts.username is not None:
        pair = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
        request.add_header("Authorization", "Basic " + base64.b64encode(pair.encode()).decode())
    with urllib.request.urlopen(request, timeout=20) as response:
        answer = json.load(response)
    if answer.get("error"):
        raise ValueError(f"{method}: {answer['error']}")
    return answer["result"]


def check(rpc_url, partial, document, proof):
    if document.startswith("sha256:"):
        digest = bytes.fromhex(document[7:])
    else:
        with open(document, "rb") as file:
            digest = hashlib.sha256(file.read()).digest()
    with open(proof, "rb") as file:
        content = file.read()
    detached = DetachedTimestampFile.deserialize(StreamDeserializationContext(io.BytesIO(content)))
    again = io.BytesIO()
    detached.serialize(StreamSerializationContext(again))
    if again.getvalue() != content:
        raise ValueError("the reference writes this timestamp with other bytes: the file is not canonical")
    if not isinstance(detached.file_hash_op, OpSHA256) or detached.file_digest != digest:
        raise ValueError("the file is about another document")
    result = {"ok": False, "proof": proof, "pending": []}
    for message, attestation in detached.timestamp.all_attestations():
        if isinstance(attestation, PendingAttestation):
            result["pending"].append(attestation.uri)
        if isinstance(attestation, BitcoinBlockHeaderAttestation):
            block = rpc(rpc_url, "getblockheader", rpc(rpc_url, "getblockhash", attestation.height), True)
            if bytes.fromhex(block["merkleroot"])[::-1] != message:
                raise ValueError(f"block {attestation.height} has another Merkle root")
            if "height" not in result or attestation.height < result["height"]:
                result["height"] = attestation.height
                result["time"] = block["time"]
    result["pending"].sort()
    result["ok"] = partial or "height" in result
    if not result["ok"]:
        result["error"] = "no Bitcoin attestation in the file"
    return result


def main(arguments):
    rpc_url = arguments.pop(0)
    partial = "--partial" in arguments
    pairs = [argument for argument in arguments if argument != "--partial"]
    if not pairs or len(pairs) % 2:
        sys.exit(__doc__)
    failed = False
    for document, proof in zip(pairs[::2], pairs[1::2]):
        try:
            result = check(rpc_url, partial, document, proof)
        except Exception as error:  # every reason to refuse a file is an answer of this program
            result = {"ok": False, "proof": proof, "error": f"{type(error).__name__}: {error}"}
        failed = failed or not result["ok"]
        print(json.dumps(result))
    sys.exit(1 if failed else 0)


main(sys.argv[1:])
