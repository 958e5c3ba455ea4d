"""Opens gate packs and says what a gate says of a code, written from ../README.md and the pages it names. Python's standard library only.

    gate.py KEY PACK CODE [TIME]    the log's verifier key, a pack's file, the text of a code, and milliseconds since 1970 (default: now)
    gate.py --vectors FILE          compares with vectors/gate.json
"""

import base64
import json
import pathlib
import sys
import time

sys.dont_write_bytecode = True
LIBS = pathlib.Path(__file__).parents[2]
for room in ('proof', 'status', 'paper'):
    sys.path.insert(0, str(LIBS / room / 'testing'))

import paper  # noqa: E402
import status  # noqa: E402
from forms import (  # noqa: E402
    COSIGNATURE, Refused, demand, key_id, milliseconds, read_entry, read_key, read_note, read_signature, root_of_path, sha256, verify_signature,
)

FORMAT = b'sealroot/gate-pack@1\n'
HOUR = 3600
MOST_AGE = {'generic@1': 30 * 24, 'licence@1': 24, 'invoice@1': 1, 'title@1': 24, 'company@1': 24, 'identity@1': 1, 'evidence@1': 365 * 24,
            'permit@1': 1}
MOST = 2**52


class Unusable(Exception):
    """A pack that is refused, for this reason."""


def insist(condition, reason):
    if not condition:
        raise Unusable(reason)


class Bytes(paper.Bytes):
    def counted(self, most):
        return self.take(self.varint(most))


def signatures_by(note, name, kind, public):
    return [data for by, key, data in note['signatures'] if by == name and key == key_id(name, public, kind)]


def split_note(data):
    text = data.decode('utf-8')
    signed, blank, block = text.rpartition('\n\n')
    demand(blank and block.endswith('\n'), 'note')
    return {'text': signed + '\n', 'signatures': [read_signature(line) for line in block[:-1].split('\n')]}


def read_pack(data):
    insist(data[: len(FORMAT)] == FORMAT, 'newer-version' if data.startswith(b'sealroot/gate-pack@') and data[19:20] in b'123456789' else 'not-a-pack')
    try:
        source = Bytes(data[len(FORMAT) :])
        note = split_note(source.counted(65536))
        body = source.data[source.at :]
        source = Bytes(body)
        checkpoint = read_note(source.counted(65536).decode('utf-8'))
        size = checkpoint['size']
        demand(size > 0, 'a checkpoint of no batch')
        entry = source.counted(1024)
        path = [source.take(32) for _ in paper.sides(size - 1, size)]
        statuses = source.counted(2**30)
        batches, number, end = {}, -1, 0
        while source.at < len(body):
            number += source.varint(MOST) + 1
            first = end + source.varint(MOST)
            entries = source.varint(2**20)
            end = first + entries
            demand(entries > 0 and number < size and end <= MOST, 'a batch of the log')
            batches[number] = (first, entries, [source.take(32) for _ in range(-(-entries // 256))])
    except (Refused, UnicodeDecodeError) as error:
        raise Unusable('bad-pack') from error
    return note, body, checkpoint, entry, path, statuses, batches


def open_pack(data, key, base=None):
    name, public = read_key(key)
    note, body, checkpoint, entry, path, statuses, batches = read_pack(data)
    signed = signatures_by(note, f'{name}/gate', 1, public)
    insist(signed, 'other-log')
    insist(verify_signature(public, note['text'].encode(), signed[0]), 'bad-signature')
    expected = f"{name}/gate\nsealroot/gate-pack@1\n{base64.b64encode(sha256(body)).decode()}\n"
    insist(note['text'] == expected, 'bad-signature')

    log = signatures_by(checkpoint, name, 1, public)
    insist(checkpoint['origin'] == name and log and verify_signature(public, checkpoint['signed'], log[0]), 'bad-checkpoint')
    clock = signatures_by(checkpoint, f'{name}/clock', COSIGNATURE, public)
    insist(clock and len(clock[0]) == 72, 'bad-checkpoint')
    seconds = int.from_bytes(clock[0][:8], 'big')
    insist(verify_signature(public, f'cosignature/v1\ntime {seconds}\n'.encode() + checkpoint['signed'], clock[0][8:]), 'bad-checkpoint')
    size = checkpoint['size']
    try:
        last = read_entry(entry)
    except Refused as error:
        raise Unusable('bad-checkpoint') from error
    root = root_of_path(sha256(b'\0' + entry), size - 1, size, path)
    insist(root == checkpoint['root'] and last['origin'] == name and last['number'] == size - 1, 'bad-checkpoint')

    records = last['first'] + last['size']
    try:
        batch, entries, since, leaves = status.read_pack(statuses)
    except status.Refused as error:
        raise Unusable('bad-status') from error
    insist((batch, entries) == (size - 1, records), 'bad-status')
    if since is not None:
        insist(base and base['batch'] == since, 'needs-base')
        leaves, batches = {**base['leaves'], **leaves}, {**base['batches'], **batches}
    insist(status.root_of_leaves(leaves, records) == last['statusRoot'], 'bad-status')
    insist(all(first + count <= records for first, count, _ in batches.values()), 'bad-pack')
    return {'asOfMs': seconds * 1000, 'batch': batch, 'records': records, 'batches': batches, 'leaves': leaves}


def state_of(pack, ordinal):
    leaf = pack['leaves'].get(ordinal // 64, bytes(32))
    return leaf[ordinal % 64 // 2] >> (4 * (ordinal % 2)) & 15


def say(text, key, pack, now):
    """(answer, why or None)"""
    if not text.startswith('SR1:'):
        newer = paper.re.match('SR[1-9][0-9]*:', text)
        return 'unreadable', 'newer-version' if newer else 'not-a-code'
    try:
        code = paper.read_code(text)
    except Refused:
        return 'unreadable', 'damaged'
    signature = paper.check_signature(code, *read_key(key))
    if signature == 'other-key':
        return 'unknown', 'other-log'
    if signature == 'mismatch':
        return 'mismatch', 'signature'
    listed = pack['batches'].get(code['batch']) if pack else None
    if listed:
        subtree = paper.hashes_of(code)[2]
        if code['size'] != listed[1] or listed[2][code['index'] // 256] != subtree:
            return 'mismatch', 'pack'
    statement = code['statement']
    over = 'validUntil' in statement and now > milliseconds(statement['validUntil'])
    if over and not listed:
        return 'expired', None
    missing = 'no-pack' if not pack else 'newer-than-pack' if code['batch'] > pack['batch'] else 'not-in-pack'
    if signature != 'signed' and not listed:
        return 'unknown', missing
    state = state_of(pack, listed[0] + code['index']) if listed else 0
    if state in (1, 3, 12):
        return {1: 'revoked', 3: 'superseded', 12: 'consumed'}[state], None
    if over:
        return 'expired', None
    if 'validFrom' in statement and now < milliseconds(statement['validFrom']):
        return 'not-yet-valid', None
    if state == 2:
        return 'suspended', None
    if code['text'] is None:
        return 'unknown', 'no-text'
    if not listed:
        return 'genuine', missing
    if pack['asOfMs'] > now + 300000:
        return 'genuine', 'clock'
    if now - pack['asOfMs'] > MOST_AGE.get(statement['profile'], 1) * HOUR * 1000:
        return 'genuine', 'stale'
    return 'valid', None


def from_hex(text):
    return None if text is None else bytes.fromhex(text)


def compare(path):
    with open(path, encoding='utf-8') as file:
        vectors = json.load(file)
    key = vectors['key']
    for vector in vectors['packs']:
        base = from_hex(vector['base'])
        pack = open_pack(from_hex(vector['pack']), key, open_pack(base, key) if base else None)
        batches = [
            {'number': number, 'first': first, 'size': size, 'subtrees': b''.join(hashes).hex()}
            for number, (first, size, hashes) in pack['batches'].items()
        ]
        leaves = [[index, leaf.hex()] for index, leaf in pack['leaves'].items()]
        found = {**pack, 'batches': batches, 'leaves': leaves}
        told = {name: value for name, value in vector.items() if name not in ('about', 'pack', 'base')}
        if found != told:
            sys.exit(f"{vector['about']}: expected {told}, got {found}")
    pack = open_pack(from_hex(vectors['packs'][0]['pack']), key)
    for vector in vectors['answers']:
        found = say(vector['code'], key, pack if vector['withPack'] else None, vector['nowMs'])
        if found != (vector['answer'], vector['why']):
            sys.exit(f"{vector['about']}: expected {vector['answer']} {vector['why']}, got {found}")
    for vector in vectors['refused']:
        base = from_hex(vector['base'])
        try:
            open_pack(from_hex(vector['pack']), key, open_pack(base, key) if base else None)
        except Unusable as error:
            if error.args[0] != vector['refused']:
                sys.exit(f"{vector['about']}: expected {vector['refused']}, got {error}")
            continue
        sys.exit(f"not refused: {vector['about']}")
    print(f"{len(vectors['packs'])} packs open, {len(vectors['answers'])} answers agree, {len(vectors['refused'])} packs refused")


if __name__ == '__main__':
    if sys.argv[1] == '--vectors':
        compare(sys.argv[2])
    else:
        opened = open_pack(pathlib.Path(sys.argv[2]).read_bytes(), sys.argv[1])
        now = int(sys.argv[4]) if len(sys.argv) > 4 else int(time.time() * 1000)
        answer, why = say(sys.argv[3], sys.argv[1], opened, now)
        print(answer if why is None else f'{answer}: {why}')
