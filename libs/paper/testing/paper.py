"""Reads codes on paper and checks the self-contained ones, written from ../README.md alone; base45 is done by hand. Python's standard library only.

    paper.py KEY < TEXT            reads the text of one code and checks it with the log's verifier key; prints what it says
    paper.py --vectors FILE        compares with vectors/paper.json
"""

import base64
import hashlib
import json
import pathlib
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / 'proof' / 'testing'))

from forms import (  # noqa: E402
    Refused, canonical, check_statement, demand, key_id, milliseconds, read_json, read_verifier_key, record_id, sha256, verify_signature,
)

PREFIX = 'SR1:'
ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
MOST = {1: 829, 2: 603}
FORMS = {1: 'self-contained', 2: 'landmark'}
DIGESTS = [('sha256', 32), ('sha512', 64), ('sha3-256', 32), ('sm3', 32)]
HIDDEN = re.compile('[\0-\t\v-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\uffff]')


def from_base45(text):
    demand(len(text) % 3 != 1, 'a group of one character')
    out = b''
    for at in range(0, len(text), 3):
        group = [ALPHABET.find(character) for character in text[at : at + 3]]
        demand(-1 not in group, 'a character that is not of base45')
        value = sum(digit * 45**place for place, digit in enumerate(group))
        demand(value < 256 ** (len(group) - 1), 'a group that is too large')
        out += value.to_bytes(len(group) - 1, 'big')
    return out


class Bytes:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        demand(self.at + count <= len(self.data), 'cut short')
        self.at += count
        return self.data[self.at - count : self.at]

    def varint(self, most):
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 127) << shift
            demand(value <= most, 'a number too large')
            if byte < 128:
                demand(byte or not shift, 'a number in a longer form')
                return value
            shift += 7

    def text(self):
        try:
            return self.take(self.varint(2**20)).decode('utf-8')
        except UnicodeDecodeError as error:
            raise Refused('UTF-8') from error

    def time(self):
        ms = int.from_bytes(self.take(6), 'big')
        demand(ms < 253402300800000, 'a time past the year 9999')
        days, rest = divmod(ms, 86400000)
        year, month, day = civil(days)
        return f'{year:04}-{month:02}-{day:02}T{rest // 3600000:02}:{rest // 60000 % 60:02}:{rest // 1000 % 60:02}.{rest % 1000:03}Z'


def civil(days):
    """The date of a number of days since 1970."""
    year = 1970
    while True:
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        if days < 365 + leap:
            break
        days -= 365 + leap
        year += 1
    for month, length in enumerate([31, 28 + leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], 1):
        if days < length:
            return year, month, days + 1
        days -= length


def sides(index, size):
    """For each hash of a path whether it stands on the left: recursively, by the definition of the tree."""
    if size <= 1:
        return []
    split = 1
    while split * 2 < size:
        split *= 2
    return sides(index, split) + [False] if index < split else sides(index - split, size - split) + [True]


def fold(leaf, index, size, path):
    node = leaf
    for left, sibling in zip(sides(index, size), path, strict=True):
        node = sha256(b'\1' + (sibling + node if left else node + sibling))
    return node


def read_code(text):
    demand(text.startswith(PREFIX), 'prefix')
    data = from_base45(text[len(PREFIX) :])
    source = Bytes(data)
    form = source.take(1)[0]
    demand(form in FORMS and len(data) <= MOST[form], 'form and length')
    key, batch, size = source.take(4), source.varint(2**53 - 1), source.varint(2**20)
    demand(size > 0, 'a batch without entries')
    index = source.varint(size - 1)
    bits, kinds = source.take(2)
    demand(kinds & 0x70 == 0, 'unknown bits')
    statement = {'v': 1, 'kind': 'record', 'agency': source.text(), 'profile': source.text(), 'receivedAt': source.time()}
    statement['nonce'] = source.take(16).hex()
    if bits & 1:
        statement['blinded'] = True
    if bits & 2:
        statement['reference'] = source.text()
    if bits & 4:
        written = source.text()
        statement['claims'] = read_json(written)
        demand(canonical(statement['claims']) == written, 'canonical claims')
    if bits & 8:
        statement['validFrom'] = source.time()
    if bits & 16:
        statement['validUntil'] = source.time()
    if bits & 32:
        uuid = source.take(16).hex()
        statement['supersedes'] = '-'.join([uuid[:8], uuid[8:12], uuid[12:16], uuid[16:20], uuid[20:]])
    if bits & 64:
        statement['provenance'] = {'sha256': source.take(32).hex()}
    if bits & 128:
        name = source.text()
        value = base64.urlsafe_b64encode(source.take(64)).decode().rstrip('=')
        statement['agencySignature'] = {'key': name, 'alg': 'EdDSA', 'value': value}
    algorithms = [(name, length) for bit, (name, length) in enumerate(DIGESTS) if kinds >> bit & 1]
    document = salt = None
    if kinds & 128:
        document = source.text()
        demand(document and not HIDDEN.search(document), 'a readable text')
        salt = source.take(32) if bits & 1 else None
        statement['digests'] = {name: digest(name, document.encode(), salt) for name, _ in algorithms}
    else:
        statement['digests'] = {name: source.take(length).hex() for name, length in algorithms}
    check_statement(statement)
    first = index // 256 * 256
    inside = (index, size) if form == 1 else (index - first, min(256, size - first))
    path = [source.take(32) for _ in sides(*inside)]
    signature = source.take(64) if form == 1 else None
    demand(source.at == len(data), 'bytes at the end')
    return {'form': FORMS[form], 'key': key, 'batch': batch, 'size': size, 'index': index, 'statement': statement, 'text': document,
            'salt': salt, 'path': path, 'signature': signature}


def digest(name, document, salt):
    algorithm = name.replace('sha3-256', 'sha3_256')
    plain = hashlib.new(algorithm, document).digest()
    return (plain if salt is None else hashlib.new(algorithm, salt + plain).digest()).hex()


def hashes_of(code):
    """(id, leaf hash, hash over the subtree of 256)"""
    statement = code['statement']
    hashed = sha256(canonical(statement).encode())
    primary = next(name for name, _ in DIGESTS if name in statement['digests'])
    leaf = sha256(b'\0' + bytes.fromhex(statement['digests'][primary]) + hashed)
    first = code['index'] // 256 * 256
    inside = code['index'] - first, min(256, code['size'] - first)
    subtree = fold(leaf, *inside, code['path'][: len(sides(*inside))])
    return record_id(milliseconds(statement['receivedAt']), hashed), leaf, subtree


def check_signature(code, name, public):
    if key_id(name, public) != code['key']:
        return 'other-key'
    if code['signature'] is None:
        return 'none'
    root = fold(hashes_of(code)[1], code['index'], code['size'], code['path'])
    text = f"{name}/batch/{code['batch']}\n{code['size']}\n{base64.b64encode(root).decode()}\n"
    return 'signed' if verify_signature(public, text.encode(), code['signature']) else 'mismatch'


def described(text, key):
    code = read_code(text)
    identifier, _, subtree = hashes_of(code)
    name, _, public = read_verifier_key(key)
    return {
        'form': code['form'], 'batch': code['batch'], 'size': code['size'], 'index': code['index'], 'statement': code['statement'],
        'id': identifier, 'text': code['text'], 'salt': code['salt'].hex() if code['salt'] else None, 'subtree': subtree.hex(),
        'signature': check_signature(code, name, public),
    }


def compare(path):
    with open(path, encoding='utf-8') as file:
        vectors = json.load(file)
    for vector in vectors['codes']:
        told = {name: value for name, value in vector.items() if name not in ('about', 'key', 'code')}
        found = described(vector['code'], vector['key'])
        if found != told:
            sys.exit(f"{vector['about']}: expected {told}, got {found}")
    for vector in vectors['refused']:
        try:
            read_code(vector['code'])
        except Refused:
            continue
        sys.exit(f"not refused: {vector['about']}")
    print(f"{len(vectors['codes'])} codes agree, {len(vectors['refused'])} texts refused")


if __name__ == '__main__':
    if sys.argv[1] == '--vectors':
        compare(sys.argv[2])
    else:
        print(json.dumps(described(sys.stdin.read().rstrip('\n'), sys.argv[1]), ensure_ascii=False, indent=2))
