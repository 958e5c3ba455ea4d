"""Answers questions about timestamps with the reference implementation (Debian: python3-opentimestamps).

Reads one JSON request per line, writes one JSON answer per line. Requests:
  {"do": "parse", "message": hex, "bytes": hex}      a bare timestamp
  {"do": "parse-file", "bytes": hex}                 a detached file
  {"do": "build", "tree": {...}}                     a tree as JSON, see build()
  {"do": "merge", "message": hex, "bytes": [hex, hex]}
Answers: {"ok": true, "bytes": canonical hex, "attestations": [[message hex, tag hex, payload hex], ...]}
     or  {"ok": false, "error": text}
"""

import json
import sys
import warnings

from opentimestamps.core.dubious.notary import EthereumBlockHeaderAttestation
from opentimestamps.core.notary import (
    BitcoinBlockHeaderAttestation,
    LitecoinBlockHeaderAttestation,
    PendingAttestation,
    UnknownAttestation,
)
from opentimestamps.core.op import (
    OpAppend,
    OpHexlify,
    OpKECCAK256,
    OpPrepend,
    OpReverse,
    OpRIPEMD160,
    OpSHA1,
    OpSHA256,
)
from opentimestamps.core.serialize import BytesDeserializationContext, BytesSerializationContext
from opentimestamps.core.timestamp import DetachedTimestampFile, Timestamp

warnings.simplefilter("ignore")

UNARY = {
    "sha1": OpSHA1,
    "ripemd160": OpRIPEMD160,
    "sha256": OpSHA256,
    "keccak256": OpKECCAK256,
    "reverse": OpReverse,
    "hexlify": OpHexlify,
}
BINARY = {"append": OpAppend, "prepend": OpPrepend}
CHAINS = {
    "bitcoin": BitcoinBlockHeaderAttestation,
    "litecoin": LitecoinBlockHeaderAttestation,
    "ethereum": EthereumBlockHeaderAttestation,
}


def parse(raw, message):
    context = BytesDeserializationContext(raw)
    timestamp = Timestamp.deserialize(context, message)
    context.assert_eof()
    return timestamp


def serialize(thing):
    context = BytesSerializationContext()
    thing.serialize(context)
    return context.getbytes()


def attestation(spec):
    kind = spec["type"]
    if kind == "pending":
        return PendingAttestation(spec["uri"])
    if kind == "unknown":
        return UnknownAttestation(bytes.fromhex(spec["tag"]), bytes.fromhex(spec["payload"]))
    return CHAINS[kind](spec["height"])


def build(spec, timestamp):
    """Adds to the timestamp what {"attestations": [...], "operations": [{"op": {...}, "next": {...}}]} says."""
    for item in spec["attestations"]:
        timestamp.attestations.add(attestation(item))
    for branch in spec["operations"]:
        kind = branch["op"]["type"]
        op = BINARY[kind](bytes.fromhex(branch["op"]["operand"])) if kind in BINARY else UNARY[kind]()
        build(branch["next"], timestamp.ops.add(op))


def listed(timestamp):
    rows = []
    for message, item in timestamp.all_attestations():
        payload = BytesSerializationContext()
        item._serialize_payload(payload)
        rows.append([message.hex(), item.TAG.hex(), payload.getbytes().hex()])
    return sorted(rows)


def answer(request):
    if request["do"] == "parse-file":
        file = DetachedTimestampFile.deserialize(BytesDeserializationContext(bytes.fromhex(request["bytes"])))
        return {"ok": True, "bytes": serialize(file).hex(), "attestations": listed(file.timestamp)}
    if request["do"] == "parse":
        timestamp = parse(bytes.fromhex(request["bytes"]), bytes.fromhex(request["message"]))
    elif request["do"] == "merge":
        timestamp, other = [parse(bytes.fromhex(raw), bytes.fromhex(request["message"])) for raw in request["bytes"]]
        timestamp.merge(other)
    else:
        timestamp = Timestamp(bytes.fromhex(request["tree"]["message"]))
        build(request["tree"], timestamp)
    return {"ok": True, "bytes": serialize(timestamp).hex(), "attestations": listed(timestamp)}


for line in sys.stdin:
    try:
        result = answer(json.loads(line))
    except Exception as error:  # whatever the reference raises is its refusal
        result = {"ok": False, "error": "%s: %s" % (type(error).__name__, error)}
    print(json.dumps(result))
