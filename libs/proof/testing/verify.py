"""A second verifier of sealroot/proof@2, written from libs/proof/README.md and the pages it names alone.

Python's standard library only; shares no code with the verifier it is compared with. What proofs are made of is in forms.py, what they say of a
record's status in proof_status.py; attestations by EVM chains are in a module of their own, libs/evm/testing/ethereum.py, those by time-stamp
authorities in libs/tsp/testing/time_stamp.py, which runs openssl.

    verify.py DOCUMENT PROOF    verifies one document; --help names the options
    verify.py --cases FILE...   reads vector files (JSON) and prints one JSON line per case: {"verdict": ..., "findings": [[check, outcome], ...],
                                "who": ..., "still": ...}, with "since", "asOf", "word" and "standing" where there are
"""

import base64
import hashlib
import json
import pathlib
import re
import sys

sys.dont_write_bytecode = True
# In an export all modules lie in one folder, and nothing outside of it is to be loaded.
if not (pathlib.Path(__file__).parent / 'ethereum.py').exists():
    sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / 'evm' / 'testing'))
    sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / 'tsp' / 'testing'))

import agency  # noqa: E402
import ethereum  # noqa: E402
import one_document  # noqa: E402
import proof_status  # noqa: E402
import time_stamp  # noqa: E402
from ethereum import keccak256  # noqa: E402
from forms import (  # noqa: E402
    ALGORITHMS, RECORD_ID, Refused, canonical, check_statement, demand, from_base64, hashes, is_hex, is_whole, key_id, matches, members,
    milliseconds, read_entry, read_json, read_key, read_note, record_id, root_of_path, sha256, verify_signature,
)


# ---- OpenTimestamps ---------------------------------------------------------------------------------------------------

BITCOIN, PENDING = bytes.fromhex('0588960d73d71901'), bytes.fromhex('83dfe30d2ef90c8e')
OTHER_CHAINS = [bytes.fromhex('06869a0d73d71b45'), bytes.fromhex('30fe8087b5c7ead7')]
HASHES = {0x02: 'sha1', 0x03: 'ripemd160', 0x08: 'sha256'}


class Reader:
    def __init__(self, data):
        self.data, self.at, self.nodes = data, 0, 0

    def take(self, count):
        demand(self.at + count <= len(self.data), 'truncated timestamp')
        self.at += count
        return self.data[self.at - count:self.at]

    def varuint(self):
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            demand(value < 2**53, 'varuint')
            if byte < 0x80:
                return value

    def varbytes(self, low, high):
        length = self.varuint()
        demand(low <= length <= high, 'length')
        return self.take(length)


def varuint(value):
    out = b''
    while value >= 0x80:
        out, value = out + bytes([value & 0x7F | 0x80]), value >> 7
    return out + bytes([value])


def attestation(reader, message, found):
    tag, payload = reader.take(8), reader.varbytes(0, 8192)
    inner = Reader(payload)
    if tag == BITCOIN or tag in OTHER_CHAINS:
        height = inner.varuint()
        found.append(('bitcoin' if tag == BITCOIN else 'other', height, message))
        order = (tag, height)
        payload = varuint(height)
    elif tag == PENDING:
        uri = inner.varbytes(0, 1000)
        demand(re.fullmatch(rb'[A-Za-z0-9\-._/:]*', uri), 'URI')
        found.append(('pending', uri, message))
        order = (tag, uri)
        payload = varuint(len(uri)) + uri
    else:
        found.append(('other', None, message))
        inner.at = len(payload)
        order = (tag, payload)
    demand(inner.at == len(inner.data), 'payload')
    return order, b'\x00' + tag + varuint(len(payload)) + payload


def apply(tag, operand, message):
    if tag in HASHES:
        return hashlib.new(HASHES[tag], message).digest()
    if tag == 0x67:
        return keccak256(message)
    if tag == 0xF2:
        demand(message, 'reverse of nothing')
        return message[::-1]
    if tag == 0xF3:
        demand(0 < len(message) <= 2048, 'hexlify')
        return message.hex().encode()
    result = message + operand if tag == 0xF0 else operand + message
    demand(len(result) <= 4096, 'message length')
    return result


def node(reader, message, depth, found):
    """Reads a node and returns its canonical bytes."""
    reader.nodes += 1
    demand(depth <= 255 and reader.nodes <= 16384, 'depth or nodes')
    attestations, branches, local = {}, {}, []
    more = True
    while more:
        tag = reader.take(1)[0]
        more = tag == 0xFF
        if more:
            tag = reader.take(1)[0]
        if tag == 0x00:
            order, data = attestation(reader, message, local)
            attestations[order] = data
            continue
        demand(tag in HASHES or tag in (0x67, 0xF0, 0xF1, 0xF2, 0xF3), 'operation')
        operand = reader.varbytes(1, 4096) if tag in (0xF0, 0xF1) else None
        inner = []
        following = node(reader, apply(tag, operand, message), depth + 1, inner)
        head = bytes([tag]) + (varuint(len(operand)) + operand if operand is not None else b'')
        branches[(tag, operand or b'')] = (head + following, inner)
    found.extend(local)
    items = [attestations[order] for order in sorted(attestations)]
    for order in sorted(branches):
        items.append(branches[order][0])
        found.extend(branches[order][1])
    return b''.join(b'\xff' + item for item in items[:-1]) + items[-1]


def read_timestamp(data, root):
    demand(len(data) <= 65536, 'timestamp size')
    reader, found = Reader(data), []
    written = node(reader, root, 0, found)
    demand(reader.at == len(data) and written == data, 'canonical timestamp')
    return found



# ---- proof ------------------------------------------------------------------------------------------------------------


def read_proof(text):
    proof = members(read_json(text), ['format', 'id', 'statement', 'batch', 'log'], ['salt', 'status', 'authorisations'])
    demand(proof['format'] == 'sealroot/proof@2' and matches(RECORD_ID, proof['id']), 'format or id')
    statement = check_statement(proof['statement'])
    demand('salt' not in proof or (is_hex(proof['salt'], 32) and 'blinded' in statement), 'salt')
    batch = members(proof['batch'], ['index', 'path', 'entry', 'checkpoint'])
    demand(is_whole(batch['index']), 'index')
    log = members(proof['log'], ['key', 'checkpoints'])
    demand(isinstance(log['checkpoints'], list) and 1 <= len(log['checkpoints']) <= 16, 'checkpoints')
    checkpoints = []
    for i, item in enumerate(log['checkpoints']):
        path, note, attestations = read_checkpoint(item)
        demand(i == 0 or (len(attestations) > 0 and checkpoints[-1][1]['size'] < note['size']), 'ascending sizes, each attested')
        checkpoints.append((path, note, attestations))
    entry = from_base64(batch['entry'])
    status = proof_status.read(proof['status'], read_checkpoint) if 'status' in proof else None
    shown = []
    if 'authorisations' in proof:
        signed = [statement] + [event['statement'] for event in (status or {'events': []})['events']]
        demand(any('agencySignature' in one for one in signed), 'authorisations')
        demand(isinstance(proof['authorisations'], list) and 1 <= len(proof['authorisations']) <= 16, 'authorisations')
        shown = [agency.read(one, read_checkpoint) for one in proof['authorisations']]
        keys = [agency.registered_id(one) for one in shown]
        signing = {one['agencySignature']['key'] for one in signed if 'agencySignature' in one}
        demand(all(isinstance(key, str) and key in signing for key in keys) and len(set(keys)) == len(keys), 'authorisations of keys that signed, each once')
    return {
        'id': proof['id'], 'salt': proof.get('salt'), 'statement': statement,
        'index': int(batch['index']), 'path': hashes(batch['path'], 20), 'entry': entry, 'batch': read_entry(entry),
        'own': read_note(batch['checkpoint']), 'key': read_key(log['key']), 'checkpoints': checkpoints,
        'status': status, 'authorisations': shown,
    }


def read_checkpoint(value):
    """Path of the batch entry, note, attestations."""
    members(value, ['path', 'note', 'attestations'])
    attestations = value['attestations']
    demand(isinstance(attestations, list) and len(attestations) <= 16, 'attestations')
    return hashes(value['path'], 53), read_note(value['note']), [read_attestation(one) for one in attestations]


def read_attestation(value):
    """The type of an attestation, and what is in it."""
    demand(isinstance(value, dict), 'attestation')
    if value.get('type') == 'evm':
        try:
            return 'evm', ethereum.read_attestation({name: value[name] for name in value if name != 'type'})
        except ethereum.Refused as error:
            raise Refused('attestation by an EVM chain') from error
    if value.get('type') == 'rfc3161':
        try:
            return 'rfc3161', time_stamp.read_attestation({name: value[name] for name in value if name != 'type'})
        except time_stamp.Refused as error:
            raise Refused('time-stamp') from error
    if value.get('type') != 'opentimestamps':
        demand(matches('[a-z][a-z0-9-]{0,31}', value.get('type')), 'attestation type')
        return 'unknown', None
    members(value, ['type', 'timestamp'])
    timestamp = from_base64(value['timestamp'])
    demand(len(timestamp) <= 65536, 'timestamp size')
    return 'opentimestamps', timestamp


def digest_by(algorithm, data):
    return hashlib.new({'sha3-256': 'sha3_256'}.get(algorithm, algorithm), data).digest()


def check_document(proof, digests, salts):
    """`salts`: of the document, hex, where the proof has none."""
    statement = proof['statement']
    salts = salts if proof['salt'] is None else [proof['salt']]
    common = [name for name in digests if name in statement['digests']]
    if not digests:
        return 'not-applicable'
    if not common or ('blinded' in statement and not salts):
        return 'unavailable'
    fits = [fitting(statement, digests, common, salt) for salt in (salts if 'blinded' in statement else [None])]
    return 'passed' if any(fits) else 'failed'


def fitting(statement, digests, common, salt):
    for name in common:
        digest = bytes.fromhex(digests[name])
        if 'blinded' in statement:
            digest = digest_by(name, bytes.fromhex(salt) + digest)
        if digest.hex() != statement['digests'][name]:
            return False
    return True


POW_LIMIT = {'mainnet': 0x1D00FFFF, 'testnet': 0x1D00FFFF, 'testnet4': 0x1D00FFFF, 'signet': 0x1E0377AE}


def target(bits):
    mantissa, size = bits & 0x7FFFFF, bits >> 24
    if bits & 0x800000 or not mantissa:
        return 0
    return mantissa << 8 * (size - 3) if size > 3 else mantissa >> 8 * (3 - size)


def header_root(header, network):
    """The header's Merkle root, or None when the header is not one of the network."""
    if len(header) != 80:
        return None
    bits = int.from_bytes(header[72:76], 'little')
    limit = target(POW_LIMIT.get(network, 0x207FFFFF))
    if not 0 < target(bits) <= limit or int.from_bytes(sha256(sha256(header)), 'little') > target(bits):
        return None
    return header[36:68]


def header_time(header):
    return int.from_bytes(header[68:72], 'little') * 1000


def weigh(shown, wanted):
    """What sources come to that show these (block, time): different ones decide nothing. The outcome, and the time of the block."""
    if len(set(shown)) != 1:
        return 'unavailable', None
    return ('passed' if shown[0][0] == wanted else 'failed'), shown[0][1]


def check_block(height, message, sources):
    if len(message) != 32:
        return 'failed', None
    headers = [
        (source['network'], bytes.fromhex(source['headers'][str(height)]))
        for source in sources if str(height) in source['headers']
    ]
    # A source that cannot name its network is no witness.
    shown = [(header_root(header, network), header, network) for network, header in headers if network != 'unknown']
    shown = {one for one in shown if one[0] is not None and is_possible(one[1], height, one[2])}
    if len(shown) != 1:
        return 'unavailable', None
    [(root, header, _)] = shown
    return ('passed' if root == message else 'failed'), header_time(header)


GENESIS = {
    'mainnet': '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f',
    'testnet': '000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943',
    'testnet4': '00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043',
    'signet': '00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6',
    'regtest': '0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206',
}


def block_hash(header):
    return sha256(sha256(header))[::-1].hex()


def is_possible(header, height, network):
    """Whether a header can stand at a height: block 0 at height 0 alone, and none above it without a block before it."""
    named = block_hash(header)
    if height == 0:
        return named == GENESIS.get(network, named)
    return named not in GENESIS.values() and header[4:36] != bytes(32)


# Block 0 of chains that are known here: Ethereum and Sepolia.
KNOWN_GENESIS = {
    1: 'd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3',
    11155111: '25a5cc106eea7138acab33231d7160d69cb777ee0c2c553fcddf5138993e6dd9',
}


def evm_blocks(sources, chain_id, genesis, height):
    """Hash and time of the block at a height, by the sources that serve the chain."""
    serving = [one for one in sources if one['chainId'] == chain_id and genesis in (None, one['genesis'])]
    found = [one['genesis'] if height == 0 else one['blocks'].get(str(height)) for one in serving]
    # The vectors' sources say one time of every block.
    return [(block, one.get('times', {}).get(str(height), 1772351000000)) for one, block in zip(serving, found) if block is not None]


def check_evm(attestation, root, sources):
    try:
        height, time, block = ethereum.verify_attestation(attestation, root)
    except ethereum.Refused:
        return 'failed', None
    outcome, _ = weigh(evm_blocks(sources, attestation['chainId'], attestation['genesis'], height), block)
    return outcome, time


def check_beacon(beacon, sources, evm_sources):
    """The earliest time of a batch: a block of the named chain."""
    if beacon is None:
        return 'not-applicable', None
    chain, height, block = beacon.split(' ')
    if chain == 'previous-log':  # The head of the log before, no block.
        return 'not-applicable', None
    evm = re.fullmatch('evm-([1-9][0-9]{0,15})', chain)
    if evm and int(evm[1]) < 2**53:
        return weigh(evm_blocks(evm_sources, int(evm[1]), KNOWN_GENESIS.get(int(evm[1])), int(height)), block)
    shown = []
    for source in sources:
        header = source['headers'].get(height)
        named = 'bitcoin' if source['network'] == 'mainnet' else 'bitcoin-' + source['network']
        if source['network'] == 'unknown' or not header or named != chain:
            continue
        data = bytes.fromhex(header)
        if header_root(data, source['network']) and is_possible(data, int(height), source['network']):
            shown.append((block_hash(data), header_time(data)))
    return weigh(shown, block)


MINUTES, HOURS, WEEK = 5 * 60000, 2 * 3600000, 7 * 86400000


def check_times(received, sealed, now, anchors, beacon, beacon_is_bitcoin, status):
    """Whether all times can be right; each a pair of milliseconds and how far that clock may be off."""
    received, sealed, now = (received, MINUTES), (sealed, MINUTES), (now, MINUTES)
    seen = [] if beacon is None else [(beacon, HOURS if beacon_is_bitcoin else MINUTES)]
    shown = [] if status is None else [(status, MINUTES)]
    orders = [(received, sealed, 0)]
    if anchors:
        orders += [(one, min(anchors), 0) for one in [received, sealed, *seen]]
    orders += [(one, sealed, 0) for one in seen] + [(one, received, WEEK) for one in [sealed, *seen]]
    orders += [(sealed, one, 0) for one in shown] + [(one, now, 0) for one in [received, sealed, *seen, *anchors, *shown]]
    return all(a[0] - b[0] <= a[1] + b[1] + allowed for a, b, allowed in orders)


def signed_by(note, origin, public):
    """Whether the first line under that name and key is right; further ones and those of others do not count."""
    own = [signature for name, key, signature in note['signatures'] if (name, key) == (origin, key_id(origin, public))]
    return note['origin'] == origin and len(own) > 0 and verify_signature(public, note['signed'], own[0])


def verify(case):
    try:
        proof = read_proof(case['proof'])
    except Refused:
        return answer([['format', 'failed']])
    passed = lambda condition: 'passed' if condition else 'failed'  # noqa: E731
    statement, batch, (name, public) = proof['statement'], proof['batch'], proof['key']
    digest = sha256(canonical(statement).encode())
    primary = next(algorithm for algorithm in ALGORITHMS if algorithm in statement['digests'])
    leaf = sha256(b'\x00' + bytes.fromhex(statement['digests'][primary]) + digest)
    computed = root_of_path(leaf, proof['index'], batch['size'], proof['path'])
    own, origin = proof['own'], f"{batch['origin']}/batch/{batch['number']}"
    checks = [
        ['format', 'passed'],
        ['document', check_document(proof, case.get('digests', {}), case.get('salts', []))],
        ['record-id', passed(proof['id'] == record_id(milliseconds(statement['receivedAt']), digest))],
        ['batch-inclusion', passed(computed == batch['root'])],
        ['batch-checkpoint', passed(own['size'] == batch['size'] and own['root'] == batch['root']
                                    and signed_by(own, origin, public))],
    ]
    log_leaf = sha256(b'\x00' + proof['entry'])
    anchors, asked = [], 0
    status = proof['status']
    for path, note, attestations in proof['checkpoints'] + ([] if status is None else [status['checkpoint']]):
        reached = root_of_path(log_leaf, batch['number'], note['size'], path)
        checks.append(['log-inclusion', passed(reached == note['root'])])
        checks.append(['log-checkpoint', passed(name == batch['origin'] and signed_by(note, batch['origin'], public))])
        for kind, content in attestations:
            if kind == 'evm':
                asked += 1
                if asked <= 64:
                    anchors.append(('evm', *check_evm(content, note['root'], case.get('evmSources', []))))
                continue
            if kind == 'unknown':
                anchors.append((kind, 'unavailable', None))
                continue
            if kind == 'rfc3161':
                roots = [base64.b64decode(root) for root in case.get('timestampRoots', [])]
                anchors.append((kind, *time_stamp.check(content, note['signed'], roots)))
                continue
            try:
                found = read_timestamp(content, note['root'])
            except Refused:
                anchors.append(('bitcoin', 'failed', None))
                continue
            for kind, height, message in found:
                asked += kind == 'bitcoin'
                if kind == 'bitcoin' and asked <= 64:
                    anchors.append((kind, *check_block(height, message, case.get('blockSources', []))))
                elif kind != 'bitcoin':
                    anchors.append((kind, 'pending' if kind == 'pending' else 'unavailable', None))
    if asked > 64:
        anchors.append(('none', 'unavailable', None))
    trusted = [read_key(text) for text in case.get('trustedKeys', [])]
    checks.append(['log-key', passed((name, public) in trusted) if trusted else 'not-applicable'])
    checks += agency.check(proof, signed_by)
    checks += [['anchor', outcome] for _, outcome, _ in anchors] or [['anchor', 'pending']]
    seen, seen_at = check_beacon(batch['beacon'], case.get('blockSources', []), case.get('evmSources', []))
    checks.append(['beacon', seen])
    shown = None if status is None else proof_status.check(status, proof, case)
    checks += [] if shown is None else shown['checks']
    checks += agency.check_events(proof, signed_by)
    checks.append(['times', passed(check_times(
        milliseconds(statement['receivedAt']), milliseconds(batch['sealedAt']), milliseconds(case['now']),
        [(time, HOURS if kind == 'bitcoin' else MINUTES) for kind, outcome, time in anchors if outcome == 'passed'],
        seen_at if seen == 'passed' else None, (batch['beacon'] or '').startswith('bitcoin'),
        None if shown is None else milliseconds(shown['asOf']),
    ))])
    at = case.get('at', case['now'])
    begin, end = statement.get('validFrom'), statement.get('validUntil')
    outside = None
    if 'at' in case and at < statement['receivedAt']:
        outside = {'still': 'not-yet-recorded'}
    elif end is not None and at > end:
        outside = {'still': 'expired', 'since': end}
    elif begin is not None and at < begin:
        outside = {'still': 'not-yet-valid'}
    unlimited = outside is None and begin is None and end is None
    checks.append(['validity', 'not-applicable' if unlimited else passed(outside is None)])
    if {'supersedes', 'provenance'} & set(statement):
        checks.append(['carried', 'not-applicable'])
    by = 'log' if ['log-key', 'passed'] in checks else 'unchecked'
    return answer(checks, proof_status.standing(shown, outside, at, by))


OUT_OF_FORCE = {'revoked', 'suspended', 'superseded', 'consumed', 'expired', 'not-yet-valid', 'not-yet-recorded'}


def answer(checks, still=None):
    anchors = [outcome for check, outcome in checks if check == 'anchor']
    undecisive = ('format', 'authorisation', 'event-authorisation', 'anchor', 'beacon', 'times', 'validity', 'status-age')
    decisive = [outcome for check, outcome in checks if check not in undecisive]
    still = still or {'still': 'unknown'}
    if ['format', 'failed'] in checks:
        verdict = 'unreadable'
    elif 'failed' in decisive or ('failed' in anchors and not {'passed', 'unavailable'} & set(anchors)):
        verdict = 'mismatch'
    elif ['document', 'unavailable'] in checks:
        verdict = 'unavailable'
    elif still['still'] in OUT_OF_FORCE:
        verdict = 'authentic-not-current'
    elif ['status-age', 'unavailable'] in checks:
        verdict = 'unavailable'
    elif 'passed' in anchors:
        verdict = 'authentic'
    else:
        verdict = 'unavailable' if 'unavailable' in anchors else 'pending'
    by_agency = ['agency-signature', 'passed'] in checks and ['authorisation', 'passed'] in checks
    who = 'unchecked' if ['log-key', 'passed'] not in checks else 'agency' if by_agency else 'log'
    return {
        'verdict': verdict, 'findings': checks, 'who': who,
        **({'still': 'unknown'} if verdict in ('mismatch', 'unreadable') else still),
    }


def verify_case(case):
    """What is found, and the standing at each further instant that the case asks about."""
    found = verify(case)
    if 'instants' in case:
        found['standing'] = [verify({**case, 'at': at})['still'] for at in case['instants']]
    return found


def main():
    if sys.argv[1:2] != ['--cases']:
        return one_document.main(verify, read_proof, read_timestamp)
    for path in sys.argv[2:]:
        with open(path, encoding='utf-8') as file:
            for case in json.load(file)['cases']:
                print(json.dumps(verify_case(case)))


if __name__ == '__main__':
    sys.exit(main())
