"""A second implementation of the status vector, written from the README: the whole vector in memory, Python's standard library only.

    python3 status.py < ../vectors/status.json

Replays every log and checks every proof of the vectors, and that what must be refused is. Prints what it did; exits with 1 at the first
difference.
"""

import json
import sys
from hashlib import sha256

STATES = {0: (1, 2, 3, 12), 1: (), 2: (1, 3, 13), 3: (), 12: (), 13: (1, 2, 3, 12)}


class Refused(Exception):
    pass


def demand(condition, what):
    if not condition:
        raise Refused(what)


# ---- trees ------------------------------------------------------------------------------------------------------------


def leaf_hash(entry):
    return sha256(b'\0' + entry).digest()


def node_hash(left, right):
    return sha256(b'\1' + left + right).digest()


def root_of(hashes):
    """Row by row: the last node of an odd row moves up unchanged."""
    row = list(hashes)
    while len(row) > 1:
        paired = [node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
        row = paired + (row[-1:] if len(row) % 2 else [])
    return row[0] if row else sha256(b'').digest()


def fold(node, index, size, path):
    path = list(path)
    last = size - 1
    while last > 0:
        if index % 2:
            demand(path, 'path too short')
            node = node_hash(path.pop(0), node)
        elif index < last:
            demand(path, 'path too short')
            node = node_hash(node, path.pop(0))
        index, last = index // 2, last // 2
    demand(not path, 'path too long')
    return node


# ---- leaves -----------------------------------------------------------------------------------------------------------


def write_leaf(about):
    """`about`: for each of 64 ordinals (state, event)."""
    nibbles = bytes(about[k][0] | about[k + 1][0] << 4 for k in range(0, 64, 2))
    return nibbles + b''.join(event.to_bytes(8, 'big') for state, event in about if state)


def read_leaf(data):
    demand(len(data) >= 32, 'a leaf has at least 32 bytes')
    about, at = [], 32
    for k in range(64):
        state = data[k // 2] >> 4 * (k % 2) & 15
        demand(state in STATES, 'a reserved nibble')
        event = 0
        if state:
            demand(at + 8 <= len(data), 'an event is missing')
            event = int.from_bytes(data[at : at + 8], 'big')
            demand(1 <= event < 2**53, 'the ordinal of an event')
            at += 8
        about.append((state, event))
    demand(at == len(data), 'bytes too many')
    return about


# ---- logs -------------------------------------------------------------------------------------------------------------


class Log:
    def __init__(self):
        self.records = 0
        self.touched = {}

    def add(self, batch):
        demand(batch['first'] == self.records, 'first is the number of earlier entries')
        after, latest = self.records + batch['size'], self.records - 1
        for event in batch['events']:
            first, count, state, previous = event['first'], event['count'], event['state'], event['previous']
            demand(latest < event['ordinal'] < after, 'events in the order of the batch')
            latest = event['ordinal']
            demand(1 <= count < 2**32 and first >= 0 and first + count <= self.records, 'records of earlier batches')
            demand(count == 1 or previous is None, 'a range has no previous event')
            for ordinal in range(first, first + count):
                was, last = self.touched.get(ordinal, (0, None))
                demand(state in STATES[was], 'a state that may follow')
                demand(previous == last, 'the previous event')
                self.touched[ordinal] = (state, event['ordinal'])
        self.records = after

    def leaf(self, index):
        return write_leaf([self.touched.get(64 * index + k, (0, 0)) for k in range(64)])

    def root(self):
        size = -(-self.records // 64)
        hashes = [leaf_hash(bytes(32))] * size
        for index in {ordinal // 64 for ordinal in self.touched}:
            hashes[index] = leaf_hash(self.leaf(index))
        return root_of(hashes)


def verify(proof):
    """(state, event) of the record, or Refused."""
    ordinal, records = proof['ordinal'], proof['records']
    demand(0 <= ordinal < records, 'no such record')
    data = bytes.fromhex(proof['leaf'])
    about = read_leaf(data)
    start = ordinal // 64 * 64
    for k, (state, event) in enumerate(about):
        demand(not state or start + k < event < records, 'an event between its record and the end')
    root = fold(leaf_hash(data), ordinal // 64, -(-records // 64), [bytes.fromhex(h) for h in proof['path']])
    demand(root.hex() == proof['root'], 'another root')
    state, event = about[ordinal % 64]
    return state, event if state else None


# ---- packs ------------------------------------------------------------------------------------------------------------

PACK_FORMAT = b'sealroot/status-pack@1\n'


class Bytes:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        demand(self.at + count <= len(self.data), 'cut short')
        self.at += count
        return self.data[self.at - count : self.at]

    def varint(self):
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 127) << shift
            demand(value < 2**53, 'a number too large')
            if byte < 128:
                demand(byte or not shift, 'a number in a longer form')
                return value
            shift += 7

    def zigzag(self):
        value = self.varint()
        return -(value + 1) // 2 if value % 2 else value // 2


def read_pack(data):
    """(batch, records, since or None, {index: leaf}), or Refused."""
    source = Bytes(data)
    demand(source.take(len(PACK_FORMAT)) == PACK_FORMAT, 'another format')
    batch, records, since = source.varint(), source.varint(), source.varint()
    demand(records >= 1 and since <= batch + 1, 'a log of that batch')
    leaves, index, event = {}, -1, 0
    while source.at < len(data):
        index += source.varint() + 1
        demand(64 * index < records, 'a leaf of the log')
        about, runs, before = [], source.varint(), None
        demand(runs >= 1, 'a leaf without runs')
        for _ in range(runs):
            skip, length, state = source.varint(), source.varint(), source.take(1)[0]
            event += source.zigzag()
            demand(state in STATES and state and length >= 1, 'a state of at least one ordinal')
            demand(1 <= event < records, 'an event of the log')
            demand(skip or (state, event) != before, 'two runs for one')
            about += [(0, 0)] * skip + [(state, event)] * length
            before = (state, event)
        demand(len(about) <= 64, 'a run past the end of the leaf')
        leaves[index] = write_leaf(about + [(0, 0)] * (64 - len(about)))
    return batch, records, since - 1 if since else None, leaves


def root_of_leaves(leaves, records):
    return root_of([leaf_hash(leaves.get(index, bytes(32))) for index in range(-(-records // 64))])


def must_refuse(what, act):
    try:
        act()
    except Refused:
        return
    sys.exit(f'not refused: {what}')


def main():
    vectors = json.load(sys.stdin)
    for log in vectors['logs']:
        replayed = Log()
        for batch in log['batches']:
            replayed.add(batch)
            if replayed.root().hex() != batch['statusRoot']:
                sys.exit(f"{log['about']}: another root at {replayed.records}")
        for proof in log['proofs']:
            where = f"{log['about']}, record {proof['ordinal']}"
            if verify(proof) != (proof['state'], proof['lastEvent']):
                sys.exit(f'{where}: another state')
            if replayed.records == proof['records'] and replayed.leaf(proof['ordinal'] // 64).hex() != proof['leaf']:
                sys.exit(f'{where}: another leaf')
    packs, copies = vectors.get('packs', []), {}
    for case in packs:
        batch, records, since, leaves = read_pack(bytes.fromhex(case['pack']))
        told = [case['batch'], case['records'], case['since'], case['leaves']]
        if [batch, records, since, [[index, leaf.hex()] for index, leaf in leaves.items()]] != told:
            sys.exit(f"{case['about']}: another pack")
        copy = copies.setdefault(case['log'], {})
        copy.update(leaves)
        if root_of_leaves(copy, records).hex() != vectors['logs'][case['log']]['batches'][batch]['statusRoot']:
            sys.exit(f"{case['about']}: a pack that leads to another root")
    refused = 0
    for pack in vectors.get('refusedPacks', []):
        must_refuse(pack['about'], lambda: read_pack(bytes.fromhex(pack['pack'])))
        refused += 1
    for proof in vectors.get('refusedProofs', []):
        must_refuse(proof['about'], lambda: verify(proof))
        refused += 1
    for leaf in vectors.get('refusedLeaves', []):
        must_refuse(leaf['about'], lambda: read_leaf(bytes.fromhex(leaf['leaf'])))
        refused += 1
    for case in vectors.get('refusedEvents', []):
        log = Log()
        for batch in case['batches']:
            log.add(batch)
        must_refuse(case['about'], lambda: log.add(case['batch']))
        refused += 1
    proofs = sum(len(log['proofs']) for log in vectors['logs'])
    print(f"{len(vectors['logs'])} logs replayed, {proofs} proofs hold, {len(packs)} packs read, {refused} refused")


if __name__ == '__main__':
    main()
