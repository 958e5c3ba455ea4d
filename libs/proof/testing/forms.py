"""What proofs are made of: JSON, statements, batch entries, notes, keys, signatures and trees, written from libs/proof/README.md, libs/statement/README.md
and the pages they name. Python's standard library only.
"""

import base64
import binascii
import datetime
import hashlib
import json
import math
import re


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


def from_base64url(value):
    """Without padding."""
    demand(isinstance(value, str) and '=' not in value, 'base64url')
    swap = str.maketrans('+/-_', '??+/')
    return from_base64(value.translate(swap) + '=' * (-len(value) % 4))


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
    demand(s['kind'] == 'record', 'kind')
    check_common(s)
    demand(matches('[a-z][a-z0-9-]{0,31}@[1-9][0-9]{0,3}', s['profile']), 'profile')
    members(s['digests'], [], ALGORITHMS)
    demand(len(s['digests']) > 0, 'digests')
    for algorithm, digest in s['digests'].items():
        demand(is_hex(digest, ALGORITHMS[algorithm]), 'digest')
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
    return s


def check_common(s):
    """The members that statements of every kind have."""
    demand(s['v'] == 1 and s['v'] is not True, 'v')
    demand(matches(rf'{LABEL}(?:\.{LABEL})*', s['agency']) and len(s['agency']) <= 253, 'agency')
    demand(is_time(s['receivedAt']) and s['receivedAt'] >= '1970', 'receivedAt')
    demand(is_hex(s['nonce'], 16), 'nonce')
    if 'agencySignature' in s:
        signature = members(s['agencySignature'], ['key', 'alg', 'value'], ['group'])
        demand(matches('[!-~]{1,128}', signature['key']) and signature['alg'] == 'EdDSA', 'agencySignature')
        demand(len(from_base64url(signature['value'])) == 64, 'agencySignature value')
        if 'group' in signature:
            group = members(signature['group'], ['size', 'index', 'path'])
            demand(is_whole(group['size']) and 1 <= group['size'] <= 4096, 'group size')
            demand(is_whole(group['index']) and group['index'] < group['size'], 'group index')
            path = from_base64url(group['path'])
            demand(len(path) % 32 == 0 and len(path) <= 12 * 32, 'group path')


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
    origin, number, size, first, sealed, beacon, root, status_root = match.groups()
    number, size, first = int(number), int(size), int(first)
    demand(number < 2**53 and 1 <= size <= 2**20, 'batch number or size')
    demand(number <= first <= number * 2**20 and first + size < 2**53, 'number of earlier entries')
    try:
        demand(is_time(sealed.decode('ascii')), 'sealedAt')
    except UnicodeDecodeError as error:
        raise Refused('sealedAt') from error
    beacon = None if beacon == b'-' else beacon.decode()
    return {
        'origin': origin.decode(), 'number': number, 'size': size, 'first': first, 'beacon': beacon, 'root': root,
        'statusRoot': status_root, 'sealedAt': sealed.decode(),
    }


ED25519, COSIGNATURE = 1, 4


def key_id(name, public, kind=ED25519):
    return sha256(name.encode() + b'\n' + bytes([kind]) + public)[:4]


def is_key_name(text):
    return text != '' and '+' not in text and not any(c.isspace() or ord(c) < 32 for c in text)


def read_key(text):
    """Name and public key of a log."""
    name, kind, public = read_verifier_key(text)
    demand(kind == ED25519, 'type of key')
    return name, public


def read_verifier_key(text):
    demand(isinstance(text, str), 'key')
    match = re.fullmatch(r'([^+]+)\+([0-9a-f]{8})\+(.+)', text, re.DOTALL)
    demand(match, 'key')
    name, identifier, encoded = match.groups()
    data = from_base64(encoded)
    demand(is_key_name(name) and len(data) == 33 and data[0] in (ED25519, COSIGNATURE), 'key')
    demand(key_id(name, data[1:], data[0]).hex() == identifier, 'key id')
    return name, data[0], data[1:]


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


def hashes(value, most):
    """A path as a proof writes it."""
    demand(isinstance(value, list) and len(value) <= most and all(is_hex(item, 32) for item in value), 'path')
    return [bytes.fromhex(item) for item in value]
