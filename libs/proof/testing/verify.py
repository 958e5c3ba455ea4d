"""A second verifier of sealroot/proof@2, written from libs/proof/README.md and the pages it names alone.

Python's standard library only; shares no code with the verifier it is compared with. Attestations by EVM chains are in a
module of their own, libs/evm/testing/ethereum.py, those by time-stamp authorities in libs/tsp/testing/time_stamp.py, which runs openssl. It reads vector files (JSON) named on
the command line and prints one JSON line per case: {"verdict": ..., "findings": [[check, outcome], ...], "who": ..., "still": ...}.
"""

import base64
import binascii
import datetime
import hashlib
import json
import math
import pathlib
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / 'evm' / 'testing'))
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / 'tsp' / 'testing'))

import ethereum  # noqa: E402
import time_stamp  # noqa: E402
from ethereum import keccak256  # noqa: E402


class Refused(Exception):
    """The proof is malformed."""


def sha256(data):
    return hashlib.sha256(data).digest()


# ---- JSON -------------------------------------------------------------------------------------------------------------

MAX_CHARACTERS = 2097152
MAX_DEPTH = 32


def unique(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise Refused('repeated member')
    return dict(pairs)


def integer(text):
    # Numbers are doubles: a whole number beyond 2^53 loses its last digits, and -0 stays a float.
    return -0.0 if text == '-0' else int(text) if abs(int(text)) < 2**53 else float(text)


def constant(text):
    raise Refused(text)


def inspect(value, depth=1):
    if depth > MAX_DEPTH and isinstance(value, (list, dict)):
        raise Refused('depth')
    if isinstance(value, str):
        well_formed(value)
    elif isinstance(value, float) and math.isinf(value):
        raise Refused('number')
    elif isinstance(value, list):
        for item in value:
            inspect(item, depth + 1)
    elif isinstance(value, dict):
        for name, item in value.items():
            well_formed(name)
            inspect(item, depth + 1)


def well_formed(text):
    try:
        text.encode('utf-8')
    except UnicodeEncodeError as error:
        raise Refused('lone surrogate') from error


def read_json(text):
    if len(text.encode('utf-16-le', 'surrogatepass')) // 2 > MAX_CHARACTERS:
        raise Refused('too large')
    try:
        value = json.loads(text, object_pairs_hook=unique, parse_int=integer, parse_constant=constant)
    except (ValueError, RecursionError, OverflowError) as error:
        raise Refused('JSON') from error
    inspect(value)
    return value


def number_text(value):
    """ECMAScript's Number::toString: the shortest digits, placed as RFC 8785 section 3.2.2.3 says."""
    if isinstance(value, int):
        value = float(value)
    if value == 0:
        return '0'
    sign, (digits, exponent) = '-' if value < 0 else '', shortest(abs(value))
    k, n = len(digits), exponent
    if k <= n <= 21:
        return sign + digits + '0' * (n - k)
    if 0 < n <= 21:
        return sign + digits[:n] + '.' + digits[n:]
    if -6 < n <= 0:
        return sign + '0.' + '0' * -n + digits
    power = ('+' if n > 0 else '-') + str(abs(n - 1))
    return sign + digits[0] + ('.' + digits[1:] if k > 1 else '') + 'e' + power


def shortest(value):
    mantissa, _, power = repr(value).partition('e')
    whole, _, fraction = mantissa.partition('.')
    digits, exponent = whole + fraction, len(whole) + int(power or 0)
    stripped = digits.lstrip('0')
    exponent -= len(digits) - len(stripped)
    return stripped.rstrip('0'), exponent


def canonical(value):
    if value is None or isinstance(value, bool):
        return {None: 'null', True: 'true', False: 'false'}[value]
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return '[' + ','.join(map(canonical, value)) + ']'
    names = sorted(value, key=lambda name: name.encode('utf-16-be'))
    return '{' + ','.join(canonical(name) + ':' + canonical(value[name]) for name in names) + '}'


# ---- small forms ------------------------------------------------------------------------------------------------------


def demand(condition, what):
    if not condition:
        raise Refused(what)


def members(value, required, optional=()):
    demand(isinstance(value, dict), 'object')
    demand(set(required) <= set(value) <= set(required) | set(optional), f'members {sorted(value)}')
    return value


def matches(pattern, value):
    return isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII) is not None


def is_hex(value, size):
    return matches('[0-9a-f]{%d}' % (2 * size), value)


def is_whole(value):
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0 or value >= 2**53:
        return False
    return value == int(value) and math.copysign(1, value) > 0


def from_base64(value):
    demand(isinstance(value, str), 'base64')
    try:
        data = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused('base64') from error
    demand(base64.b64encode(data).decode() == value, 'canonical base64')
    return data


def is_time(value):
    return milliseconds(value) is not None


def milliseconds(value):
    if not matches(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z', value):
        return None
    try:
        # Python has no year 0000, which has the days of the year 2000 and lies 730485 days before it.
        shift = value.startswith('0000')
        moment = datetime.datetime.fromisoformat(('2000' + value[4:] if shift else value)[:-1])
    except ValueError:
        return None
    delta = moment - datetime.datetime(1970, 1, 1)
    days = delta.days - (730485 if shift else 0)
    return days * 86400000 + delta.seconds * 1000 + delta.microseconds // 1000


# ---- statement --------------------------------------------------------------------------------------------------------

ALGORITHMS = {'sha256': 32, 'sha512': 64, 'sha3-256': 32, 'sm3': 32}
RECORD_ID = '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}'
LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
FORBIDDEN_IN_REFERENCE = [
    (0x00, 0x1F), (0x7F, 0x9F), (0xAD, 0xAD), (0x61C, 0x61C), (0x200B, 0x200F), (0x2028, 0x202E), (0x2060, 0x206F),
    (0xD800, 0xDFFF), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFF),
]


def check_claims(value, depth=1):
    if isinstance(value, (dict, list)):
        demand(depth <= 8, 'claims depth')
        for item in value.values() if isinstance(value, dict) else value:
            check_claims(item, depth + 1)
        demand(not isinstance(value, dict) or '__proto__' not in value, 'claims __proto__')
    elif isinstance(value, float) and not isinstance(value, bool):
        demand(not value.is_integer() or abs(value) < 2**53, 'claims number')


def is_reference(value):
    return (
        isinstance(value, str)
        and 1 <= len(value) <= 64
        and not any(low <= ord(c) <= high for c in value for low, high in FORBIDDEN_IN_REFERENCE)
    )


def check_statement(value):
    s = members(
        value,
        ['v', 'kind', 'agency', 'profile', 'digests', 'receivedAt', 'nonce'],
        ['blinded', 'reference', 'claims', 'validFrom', 'validUntil', 'supersedes', 'provenance', 'agencySignature'],
    )
    demand(s['v'] == 1 and s['v'] is not True, 'v')
    demand(s['kind'] == 'record', 'kind')
    demand(matches(rf'{LABEL}(?:\.{LABEL})*', s['agency']) and len(s['agency']) <= 253, 'agency')
    demand(matches('[a-z][a-z0-9-]{0,31}@[1-9][0-9]{0,3}', s['profile']), 'profile')
    members(s['digests'], [], ALGORITHMS)
    demand(len(s['digests']) > 0, 'digests')
    for algorithm, digest in s['digests'].items():
        demand(is_hex(digest, ALGORITHMS[algorithm]), 'digest')
    demand(is_time(s['receivedAt']) and s['receivedAt'] >= '1970', 'receivedAt')
    demand(is_hex(s['nonce'], 16), 'nonce')
    demand('blinded' not in s or s['blinded'] is True, 'blinded')
    demand('reference' not in s or is_reference(s['reference']), 'reference')
    if 'claims' in s:
        demand(isinstance(s['claims'], dict), 'claims')
        check_claims(s['claims'])
        demand(len(canonical(s['claims']).encode()) <= 2048, 'claims size')
    for name in ('validFrom', 'validUntil'):
        demand(name not in s or is_time(s[name]), name)
    demand('validFrom' not in s or 'validUntil' not in s or s['validFrom'] <= s['validUntil'], 'validity')
    demand('supersedes' not in s or matches(RECORD_ID, s['supersedes']), 'supersedes')
    if 'provenance' in s:
        demand(is_hex(members(s['provenance'], ['sha256'])['sha256'], 32), 'provenance')
    if 'agencySignature' in s:
        signature = members(s['agencySignature'], ['key', 'alg', 'value'])
        demand(matches('[!-~]{1,128}', signature['key']) and signature['alg'] == 'EdDSA', 'agencySignature')
        demand(matches('[A-Za-z0-9_-]{85}[AQgw]', signature['value']), 'agencySignature value')
    return s


def record_id(ms, digest):
    bits = int.from_bytes(digest, 'big') >> (256 - 74)
    text = f'{(ms << 80) | (7 << 76) | ((bits >> 62) << 64) | (2 << 62) | (bits & (2**62 - 1)):032x}'
    return '-'.join([text[:8], text[8:12], text[12:16], text[16:20], text[20:]])


# ---- batch entry, note, verifier key ----------------------------------------------------------------------------------

DECIMAL = '(?:0|[1-9][0-9]{0,15})'
MAX_NOTE_CHARACTERS = 65536
MAX_SIGNATURES = 100


def read_entry(data):
    pattern = (
        rb'sealroot/batch@2\n([!-*,-~]{1,128})\n(%s)\n(%s)\n(%s)\n([^\n]*)\n(-|[a-z][a-z0-9-]{0,31} %s [0-9a-f]{64})\n\n(.{32})(.{32})'
        .replace(b'%s', DECIMAL.encode())
    )
    match = re.fullmatch(pattern, data, re.DOTALL)
    demand(match, 'batch entry')
    origin, number, size, first, sealed, beacon, root, _ = match.groups()
    number, size, first = int(number), int(size), int(first)
    demand(number < 2**53 and 1 <= size <= 2**20, 'batch number or size')
    demand(number <= first <= number * 2**20 and first + size < 2**53, 'number of earlier entries')
    try:
        demand(is_time(sealed.decode('ascii')), 'sealedAt')
    except UnicodeDecodeError as error:
        raise Refused('sealedAt') from error
    beacon = None if beacon == b'-' else beacon.decode()
    return {
        'origin': origin.decode(), 'number': number, 'size': size, 'beacon': beacon, 'root': root, 'sealedAt': sealed.decode(),
    }


def key_id(name, public):
    return sha256(name.encode() + b'\n\x01' + public)[:4]


def is_key_name(text):
    return text != '' and '+' not in text and not any(c.isspace() or ord(c) < 32 for c in text)


def read_key(text):
    demand(isinstance(text, str), 'key')
    match = re.fullmatch(r'([^+]+)\+([0-9a-f]{8})\+(.+)', text, re.DOTALL)
    demand(match, 'key')
    name, identifier, encoded = match.groups()
    data = from_base64(encoded)
    demand(is_key_name(name) and len(data) == 33 and data[0] == 1, 'key')
    demand(key_id(name, data[1:]).hex() == identifier, 'key id')
    return name, data[1:]


def read_note(text):
    """Origin, size, root, signed bytes, and the signature lines as (name, key id, signature)."""
    demand(isinstance(text, str) and not re.search('[\x00-\x09\x0b-\x1f]', text), 'note')
    demand(len(text.encode('utf-16-le')) // 2 <= MAX_NOTE_CHARACTERS, 'note size')
    signed, blank, block = text.rpartition('\n\n')
    demand(blank and block.endswith('\n'), 'note without blank line or last newline')
    signatures = [read_signature(line) for line in block[:-1].split('\n')]
    demand(len(signatures) <= MAX_SIGNATURES, 'number of signatures')
    lines = signed.split('\n')
    demand(len(lines) == 3 and lines[0] != '' and matches(DECIMAL, lines[1]) and int(lines[1]) < 2**53, 'checkpoint')
    root = from_base64(lines[2])
    demand(len(root) == 32, 'checkpoint root')
    return {
        'origin': lines[0], 'size': int(lines[1]), 'root': root, 'signed': (signed + '\n').encode(),
        'signatures': signatures,
    }


def read_signature(line):
    match = re.fullmatch('\u2014 ([^ ]+) (.+)', line)
    demand(match and is_key_name(match[1]), 'signature line')
    data = from_base64(match[2])
    demand(len(data) > 4, 'signature')
    return match[1], data[:4], data[4:]


# ---- Ed25519 (RFC 8032 section 6) -------------------------------------------------------------------------------------

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def add(a, b):
    x, y = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    t, z = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = y - x, z - t, z + t, y + x
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point, scalar = add(point, point), scalar >> 1
    return result


def decompress(data):
    """As Go and OpenSSL read a public key: y may be P or above, and a zero x may be marked negative."""
    y = int.from_bytes(data, 'little')
    sign, y = y >> 255, (y & (2**255 - 1)) % P
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P:
        return None
    if x & 1 != sign:
        x = (P - x) % P
    return x, y, 1, x * y % P


def compress(point):
    x, y = (value * pow(point[2], P - 2, P) % P for value in point[:2])
    return (y | (x & 1) << 255).to_bytes(32, 'little')


BASE = decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, 'little'))


def verify_signature(public, message, signature):
    """The equation without cofactor: the encoding of [s]B - [h]A is the signature's first half."""
    if len(signature) != 64:
        return False
    a, s = decompress(public), int.from_bytes(signature[32:], 'little')
    if a is None or s >= Q:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), 'little') % Q
    minus_a = (P - a[0]) % P, a[1], 1, (P - a[3]) % P
    return compress(add(multiply(s, BASE), multiply(h, minus_a))) == signature[:32]


# ---- RFC 9162 trees ---------------------------------------------------------------------------------------------------


def root_of_path(leaf, index, size, path):
    """RFC 9162 section 2.1.3.2; None when the path's length does not fit."""
    if index >= size:
        return None
    fn, sn, node, rest = index, size - 1, leaf, list(path)
    while sn > 0:
        if fn % 2 == 1 or fn < sn:
            if not rest:
                return None
            sibling = rest.pop(0)
            node = sha256(b'\x01' + (sibling + node if fn % 2 == 1 else node + sibling))
        fn, sn = fn // 2, sn // 2
    return None if rest else node


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


def hashes(value, most):
    demand(isinstance(value, list) and len(value) <= most and all(is_hex(item, 32) for item in value), 'path')
    return [bytes.fromhex(item) for item in value]


def read_proof(text):
    proof = members(read_json(text), ['format', 'id', 'statement', 'batch', 'log'], ['salt'])
    demand(proof['format'] == 'sealroot/proof@2' and matches(RECORD_ID, proof['id']), 'format or id')
    statement = check_statement(proof['statement'])
    demand('salt' not in proof or (is_hex(proof['salt'], 32) and 'blinded' in statement), 'salt')
    batch = members(proof['batch'], ['index', 'path', 'entry', 'checkpoint'])
    demand(is_whole(batch['index']), 'index')
    log = members(proof['log'], ['key', 'checkpoints'])
    demand(isinstance(log['checkpoints'], list) and 1 <= len(log['checkpoints']) <= 16, 'checkpoints')
    checkpoints = []
    for i, item in enumerate(log['checkpoints']):
        members(item, ['path', 'note', 'attestations'])
        attestations = item['attestations']
        demand(isinstance(attestations, list) and (0 if i == 0 else 1) <= len(attestations) <= 16, 'attestations')
        read = [read_attestation(one) for one in attestations]
        note = read_note(item['note'])
        demand(i == 0 or checkpoints[-1][1]['size'] < note['size'], 'ascending sizes')
        checkpoints.append((hashes(item['path'], 53), note, read))
    entry = from_base64(batch['entry'])
    return {
        'id': proof['id'], 'salt': proof.get('salt'), 'statement': statement,
        'index': int(batch['index']), 'path': hashes(batch['path'], 20), 'entry': entry, 'batch': read_entry(entry),
        'own': read_note(batch['checkpoint']), 'key': read_key(log['key']), 'checkpoints': checkpoints,
    }


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


def check_document(proof, digests):
    statement, salt = proof['statement'], proof['salt']
    common = [name for name in digests if name in statement['digests']]
    if not digests:
        return 'not-applicable'
    if not common or ('blinded' in statement and salt is None):
        return 'unavailable'
    for name in common:
        digest = bytes.fromhex(digests[name])
        if 'blinded' in statement:
            digest = digest_by(name, bytes.fromhex(salt) + digest)
        if digest.hex() != statement['digests'][name]:
            return 'failed'
    return 'passed'


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
    return [(block, 1772351000000) for block in found if block is not None]


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


def check_times(received, sealed, now, anchors, beacon, beacon_is_bitcoin):
    """Whether all times can be right; each a pair of milliseconds and how far that clock may be off."""
    received, sealed, now = (received, MINUTES), (sealed, MINUTES), (now, MINUTES)
    seen = [] if beacon is None else [(beacon, HOURS if beacon_is_bitcoin else MINUTES)]
    orders = [(received, sealed, 0)]
    if anchors:
        orders += [(one, min(anchors), 0) for one in [received, sealed, *seen]]
    orders += [(one, sealed, 0) for one in seen] + [(one, received, WEEK) for one in [sealed, *seen]]
    orders += [(one, now, 0) for one in [received, sealed, *seen, *anchors]]
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
        ['document', check_document(proof, case.get('digests', {}))],
        ['record-id', passed(proof['id'] == record_id(milliseconds(statement['receivedAt']), digest))],
        ['batch-inclusion', passed(computed == batch['root'])],
        ['batch-checkpoint', passed(own['size'] == batch['size'] and own['root'] == batch['root']
                                    and signed_by(own, origin, public))],
    ]
    log_leaf = sha256(b'\x00' + proof['entry'])
    anchors, asked = [], 0
    for path, note, attestations in proof['checkpoints']:
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
    checks += [['anchor', outcome] for _, outcome, _ in anchors] or [['anchor', 'pending']]
    seen, seen_at = check_beacon(batch['beacon'], case.get('blockSources', []), case.get('evmSources', []))
    checks.append(['beacon', seen])
    checks.append(['times', passed(check_times(
        milliseconds(statement['receivedAt']), milliseconds(batch['sealedAt']), milliseconds(case['now']),
        [(time, HOURS if kind == 'bitcoin' else MINUTES) for kind, outcome, time in anchors if outcome == 'passed'],
        seen_at if seen == 'passed' else None, (batch['beacon'] or '').startswith('bitcoin'),
    ))])
    begin, end, now = statement.get('validFrom'), statement.get('validUntil'), case['now']
    if begin is None and end is None:
        checks.append(['validity', 'not-applicable'])
    else:
        checks.append(['validity', passed((begin is None or begin <= now) and (end is None or now <= end))])
    if {'agencySignature', 'supersedes', 'provenance'} & set(statement):
        checks.append(['carried', 'not-applicable'])
    return answer(checks, 'expired' if end is not None and now > end else 'not-yet-valid')


def answer(checks, out_of_force='unknown'):
    anchors = [outcome for check, outcome in checks if check == 'anchor']
    decisive = [outcome for check, outcome in checks if check not in ('format', 'anchor', 'beacon', 'times', 'validity')]
    lapsed = ['validity', 'failed'] in checks
    if ['format', 'failed'] in checks:
        verdict = 'unreadable'
    elif 'failed' in decisive or ('failed' in anchors and not {'passed', 'unavailable'} & set(anchors)):
        verdict = 'mismatch'
    elif ['document', 'unavailable'] in checks:
        verdict = 'unavailable'
    elif lapsed:
        verdict = 'authentic-not-current'
    elif 'passed' in anchors:
        verdict = 'authentic'
    else:
        verdict = 'unavailable' if 'unavailable' in anchors else 'pending'
    return {
        'verdict': verdict, 'findings': checks, 'who': 'log' if ['log-key', 'passed'] in checks else 'unchecked',
        'still': out_of_force if lapsed else 'unknown',
    }


def main():
    for path in sys.argv[1:]:
        with open(path, encoding='utf-8') as file:
            for case in json.load(file)['cases']:
                print(json.dumps(verify(case)))


if __name__ == '__main__':
    main()
