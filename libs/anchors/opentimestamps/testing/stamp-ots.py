#!/usr/bin/python3
"""Stamps files at a calendar and upgrades them with python3-opentimestamps, as its command line does, and with no code of this project.

usage: stamp-ots.py stamp CALENDAR_URL FILE...      writes FILE.ots for each, all under one digest
       stamp-ots.py upgrade FILE.ots...             asks the calendars that the files name, and completes the files

One line of JSON for each file: {"ok", "file", "pending": [uri], "reasons": [text]}; ok means written, or complete.
"""
import io
import json
import os
import sys

from opentimestamps.calendar import CommitmentNotFoundError, RemoteCalendar
from opentimestamps.core.notary import BitcoinBlockHeaderAttestation, PendingAttestation
from opentimestamps.core.op import OpAppend, OpSHA256
from opentimestamps.core.serialize import StreamDeserializationContext, StreamSerializationContext
from opentimestamps.core.timestamp import DetachedTimestampFile, make_merkle_tree

TIMEOUT_SECONDS = 20


def write(path, detached):
    content = io.BytesIO()
    detached.serialize(StreamSerializationContext(content))
    with open(path, "wb") as file:
        file.write(content.getvalue())


def stamp(calendar, paths):
    files, leaves = [], []
    for path in paths:
        with open(path, "rb") as file:
            detached = DetachedTimestampFile.from_fd(OpSHA256(), file)
        # A nonce for each file: their timestamps share a tree and may be handed to different people.
        leaves.append(detached.timestamp.ops.add(OpAppend(os.urandom(16))).ops.add(OpSHA256()))
        files.append(detached)
    tip = make_merkle_tree(leaves)
    tip.merge(RemoteCalendar(calendar).submit(tip.msg, timeout=TIMEOUT_SECONDS))
    for path, detached in zip(paths, files):
        write(path + ".ots", detached)
        pending = [found.uri for _, found in detached.timestamp.all_attestations()]
        yield {"ok": True, "file": path, "pending": pending, "reasons": []}


def attested(timestamp):
    if timestamp.attestations:
        yield timestamp
    for following in list(timestamp.ops.values()):
        yield from attested(following)


def upgrade(path):
    with open(path, "rb") as file:
        detached = DetachedTimestampFile.deserialize(StreamDeserializationContext(file))
    pending, reasons = [], []
    for timestamp in list(attested(detached.timestamp)):
        for attestation in list(timestamp.attestations):
            if not isinstance(attestation, PendingAttestation):
                continue
            pending.append(attestation.uri)
            try:
                timestamp.merge(RemoteCalendar(attestation.uri).get_timestamp(timestamp.msg, timeout=TIMEOUT_SECONDS))
            except CommitmentNotFoundError as error:
                reasons.append(error.reason)
    write(path, detached)
    found = [attestation for _, attestation in detached.timestamp.all_attestations()]
    complete = any(isinstance(attestation, BitcoinBlockHeaderAttestation) for attestation in found)
    return {"ok": complete, "file": path, "pending": pending, "reasons": reasons}


def main(arguments):
    if arguments[:1] == ["stamp"] and len(arguments) > 2:
        results = stamp(arguments[1], arguments[2:])
    elif arguments[:1] == ["upgrade"] and len(arguments) > 1:
        results = map(upgrade, arguments[1:])
    else:
        sys.exit(__doc__)
    for result in results:
        print(json.dumps(result))


main(sys.argv[1:])
