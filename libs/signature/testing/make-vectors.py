"""Writes vectors/signature.json. Python's standard library hashes, openssl signs and verifies: nothing here shares code with what it tests."""

import base64
import hashlib
import json
import pathlib
import subprocess
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent.parent / 'vectors'
SCRATCH = pathlib.Path(tempfile.mkdtemp())
PKCS8 = bytes.fromhex('302e020100300506032b657004220420')
SPKI = bytes.fromhex('302a300506032b6570032100')


def jcs(value):
    # ASCII member names and integers only: there Python's order and numbers are those of RFC 8785.
    return json.dumps(value, sort_keys=True, separators=(',', ':'), ensure_ascii=False)


def b64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip('=')


def openssl(*arguments):
    return subprocess.run(['openssl', *map(str, arguments)], check=True, capture_output=True).stdout


class Key:
    def __init__(self, seed):
        self.file = SCRATCH / seed.hex()[:16]
        self.file.write_bytes(PKCS8 + seed)
        public = openssl('pkey', '-inform', 'DER', '-in', self.file, '-pubout', '-outform', 'DER')
        assert public.startswith(SPKI)
        self.public = public[len(SPKI):]
        self.jwk = jcs({'crv': 'Ed25519', 'kty': 'OKP', 'x': b64url(self.public)})
        self.id = b64url(hashlib.sha256(self.jwk.encode()).digest())

    def sign(self, message):
        data = SCRATCH / 'message'
        data.write_bytes(message)
        return openssl('pkeyutl', '-sign', '-rawin', '-keyform', 'DER', '-inkey', self.file, '-in', data)


def signing_input(statement):
    return jcs({k: v for k, v in statement.items() if k not in ('agencySignature', 'receivedAt', 'nonce')}).encode()


def node(left, right):
    return hashlib.sha256(b'\x01' + left + right).digest()


def root_and_path(leaves, index):
    """RFC 9162 section 2.1.1 and 2.1.3.1, by recursion as it is written there."""
    if len(leaves) == 1:
        return leaves[0], []
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    left, left_path = root_and_path(leaves[:k], index if index < k else 0)
    right, right_path = root_and_path(leaves[k:], index - k if index >= k else 0)
    return node(left, right), left_path + [right] if index < k else right_path + [left]


key = Key(bytes(range(32)))
other = Key(bytes(32))
agency = 'licences.example'
stamps = {'receivedAt': '2026-03-01T08:00:00.123Z', 'nonce': '000102030405060708090a0b0c0d0e0f'}
subject = '019ca869-507b-7812-82da-057373556ba2'


def record(i):
    return {'v': 1, 'kind': 'record', 'agency': agency, 'profile': 'generic@1', 'reference': f'证照 {i}',
            'digests': {'sha256': hashlib.sha256(b'document %d' % i).hexdigest()}, 'validUntil': '2036-02-29T23:59:59.999Z'}


def single(statement):
    return {**statement, **stamps,
            'agencySignature': {'key': key.id, 'alg': 'EdDSA', 'value': b64url(key.sign(signing_input(statement)))}}


def grouped(statements, index):
    leaves = [hashlib.sha256(b'\x00' + signing_input(one)).digest() for one in statements]
    root, path = root_and_path(leaves, index)
    text = f'sealroot/group@1\n{agency}\n{len(leaves)}\n{base64.b64encode(root).decode()}\n'
    group = {'size': len(leaves), 'index': index, 'path': b64url(b''.join(path))}
    signature = {'key': key.id, 'alg': 'EdDSA', 'value': b64url(key.sign(text.encode())), 'group': group}
    return {**statements[index], **stamps, 'agencySignature': signature}, text


status = {'v': 1, 'kind': 'status', 'agency': agency, 'record': subject, 'to': 'revoked', 'effectiveAt': '2026-03-01T00:00:00.000Z'}
reliance = {'v': 1, 'kind': 'reliance', 'agency': agency, 'record': subject, 'purpose': 'account-opening'}
cases = []


def case(about, statement, fault=None, public=key, text=None):
    cases.append({'about': about, 'statement': statement, 'publicKey': b64url(public.public), 'fault': fault,
                  'signed': text or signing_input(statement).decode()})


def changed(statement, **members):
    return {**statement, 'agencySignature': {**statement['agencySignature'], **members}}


alone = single(record(0))
case('a record, signed by itself', alone)
case('a status statement', single(status))
case('a reliance statement', single(reliance))
case('the service may have received it at another time, with another nonce', {**alone, 'receivedAt': '2027-01-01T00:00:00.000Z', 'nonce': 'ff' * 16})
case('another key', alone, 'bad-signature', other)
case('another digest', {**alone, 'digests': {'sha256': '00' * 32}}, 'bad-signature')
case('another agency', {**alone, 'agency': 'other.example'}, 'bad-signature')
case('a member taken away', {k: v for k, v in alone.items() if k != 'reference'}, 'bad-signature')
case('a member added', {**alone, 'validFrom': '2026-02-28T00:00:00.000Z'}, 'bad-signature')
case('a signature of a single statement said to be of a group of one', changed(alone, group={'size': 1, 'index': 0, 'path': ''}), 'bad-signature')
records = [record(i) for i in range(7)]
for size, index in [(1, 0), (2, 1), (7, 0), (7, 5), (7, 6)]:
    statement, text = grouped(records[:size], index)
    case(f'number {index} of a group of {size}', statement, text=text)
mixed, text = grouped([records[0], status, reliance], 1)
case('a group of statements of different kinds', mixed, text=text)
large = [record(i) for i in range(4096)]
statement, text = grouped(large, 2741)
case('number 2741 of a group of 4096', statement, text=text)
statement, text = grouped(records, 3)
group = statement['agencySignature']['group']
path = base64.urlsafe_b64decode(group['path'] + '=' * (-len(group['path']) % 4))
case('another place in the group', changed(statement, group={**group, 'index': 2}), 'bad-signature')
case('another size with a path as long', changed(statement, group={**group, 'size': 8}), 'bad-signature')
case('a size with a longer path', changed(statement, group={**group, 'size': 9}), 'bad-path')
case('a path that is too short', changed(statement, group={**group, 'path': b64url(path[:-32])}), 'bad-path')
case('a path that is too long', changed(statement, group={**group, 'path': b64url(path + bytes(32))}), 'bad-path')
case('siblings in the order from the root', changed(statement, group={**group, 'path': b64url(path[64:] + path[32:64] + path[:32])}), 'bad-signature')
case('a line of a group that is altered', {**statement, 'reference': 'other'}, 'bad-signature')
case('a line of a group without its place', {**statement, 'agencySignature': {k: v for k, v in statement['agencySignature'].items() if k != 'group'}}, 'bad-signature')

possession = f'sealroot/signing-key@1\n{agency}\nlog.example/sealroot\n{b64url(key.public)}\n'
bad_keys = [
    {'about': 'nothing', 'text': ''},
    {'about': '31 bytes', 'text': b64url(bytes(range(31)))},
    {'about': 'padding', 'text': b64url(key.public) + '='},
    {'about': 'the standard alphabet', 'text': base64.b64encode(b'\xff' * 32).decode().rstrip('=')},
    {'about': 'the neutral point, for which anybody can sign', 'text': b64url((1).to_bytes(32, 'little'))},
    {'about': 'a point of order 4', 'text': b64url(bytes(32))},
    {'about': 'a point of order 8', 'text': b64url(bytes.fromhex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'))},
    {'about': 'y that is above p', 'text': b64url((2**255 - 19 + 3).to_bytes(32, 'little'))},
    {'about': 'no point', 'text': b64url((2).to_bytes(32, 'little'))},
]
content = {
    'about': 'Signatures of agencies: statements, the key that is asked about, the bytes that are signed where it holds, and what is wrong with the others.',
    'key': {'publicKey': b64url(key.public), 'jwk': key.jwk, 'id': key.id},
    'possession': {'agency': agency, 'origin': 'log.example/sealroot', 'text': possession, 'value': b64url(key.sign(possession.encode()))},
    'badKeys': bad_keys,
    'cases': cases,
}
(FOLDER / 'signature.json').write_text(json.dumps(content, indent=2, ensure_ascii=False) + '\n')
