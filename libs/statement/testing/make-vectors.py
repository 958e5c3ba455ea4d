"""Writes vectors/statement.json. Python's standard library only, so that the vectors do not come from the code they test."""

import hashlib
import json
import pathlib

FOLDER = pathlib.Path(__file__).resolve().parent.parent / 'vectors'
KNOWN = ['sha256', 'sha512', 'sha3-256', 'sm3']


def jcs(value):
    # ASCII member names and integers only: there Python's order and numbers are those of RFC 8785.
    return json.dumps(value, sort_keys=True, separators=(',', ':'), ensure_ascii=False)


def record_id(ms, digest):
    bits = int.from_bytes(digest, 'big') >> (256 - 74)
    value = (ms << 80) | (7 << 76) | ((bits >> 62) << 64) | (2 << 62) | (bits & (2**62 - 1))
    text = f'{value:032x}'
    return '-'.join([text[:8], text[8:12], text[12:16], text[16:20], text[20:]])


def vector(about, received_ms, **members):
    statement = {'v': 1, 'kind': 'record', **members}
    text = jcs(statement)
    digest = hashlib.sha256(text.encode()).digest()
    primary = next(name for name in KNOWN if name in statement['digests'])
    entry = bytes.fromhex(statement['digests'][primary]) + digest
    return {
        'about': about,
        'statement': statement,
        'jcs': text,
        'statementHash': digest.hex(),
        'entry': entry.hex(),
        'leafHash': hashlib.sha256(b'\x00' + entry).hexdigest(),
        'id': record_id(received_ms, digest),
    }


document = b'Licence no. 4711\n'
sha256 = hashlib.sha256(document).hexdigest()
salt = hashlib.sha256(b'sample salt').digest()
small = {
    'agency': 'licences.example',
    'profile': 'generic@1',
    'digests': {'sha256': sha256},
    'receivedAt': '2026-03-01T08:00:00.123Z',
    'nonce': '000102030405060708090a0b0c0d0e0f',
}
MS = 1772352000123
full = {
    **small,
    'profile': 'licence@1',
    'blinded': True,
    'digests': {
        'sha256': hashlib.sha256(salt + hashlib.sha256(document).digest()).hexdigest(),
        'sha512': hashlib.sha512(salt + hashlib.sha512(document).digest()).hexdigest(),
        'sha3-256': hashlib.sha3_256(salt + hashlib.sha3_256(document).digest()).hexdigest(),
    },
    'reference': '证照 2026/4711 "B"',
    'claims': {'class': 'B', 'points': 12, 'nested': {'b': [1, 'two', None, True], 'a': {}}},
    'validFrom': '2026-03-01T00:00:00.000Z',
    'validUntil': '2036-02-29T23:59:59.999Z',
    'supersedes': '019ca868-447b-7000-8000-000000000000',
    'provenance': {'sha256': '11' * 32},
    'agencySignature': {'key': 'key-1', 'alg': 'EdDSA', 'value': 'A' * 86},
}
statements = [
    vector('the smallest statement', MS, **small),
    vector('every member', MS, **full),
    vector('sha512 leads the entry when there is no sha256', MS,
           **{**small, 'digests': {'sm3': '33' * 32, 'sha512': hashlib.sha512(document).hexdigest()}}),
    vector('received in the first millisecond of 1970', 0, **{**small, 'receivedAt': '1970-01-01T00:00:00.000Z'}),
]


def without(name):
    return {key: value for key, value in base.items() if key != name}


base = {'v': 1, 'kind': 'record', **small}
changes = [
    ('another version', {'v': 2}, '/v'),
    ('a version as text', {'v': '1'}, '/v'),
    ('another kind', {'kind': 'status'}, '/kind'),
    ('an unknown member', {'colour': 'red'}, '/colour'),
    ('an agency in upper case', {'agency': 'Licences.example'}, '/agency'),
    ('an agency with a final dot', {'agency': 'licences.example.'}, '/agency'),
    ('an agency label that begins with a hyphen', {'agency': '-a.example'}, '/agency'),
    ('an agency label of 64 characters', {'agency': 'a' * 64 + '.example'}, '/agency'),
    ('a profile without version', {'profile': 'generic'}, '/profile'),
    ('a profile of version 0', {'profile': 'generic@0'}, '/profile'),
    ('no digest', {'digests': {}}, '/digests'),
    ('an unknown algorithm', {'digests': {'md5': '00' * 16}}, '/digests/md5'),
    ('a digest in upper case', {'digests': {'sha256': 'AB' * 32}}, '/digests/sha256'),
    ('a digest of the wrong length', {'digests': {'sha512': 'ab' * 32}}, '/digests/sha512'),
    ('blinded: false', {'blinded': False}, '/blinded'),
    ('a time without milliseconds', {'receivedAt': '2026-03-01T08:00:00Z'}, '/receivedAt'),
    ('a time with an offset', {'receivedAt': '2026-03-01T08:00:00.000+00:00'}, '/receivedAt'),
    ('a day that does not exist', {'receivedAt': '2026-02-29T08:00:00.000Z'}, '/receivedAt'),
    ('a time before 1970', {'receivedAt': '1969-12-31T23:59:59.999Z'}, '/receivedAt'),
    ('a short nonce', {'nonce': '00' * 15}, '/nonce'),
    ('an empty reference', {'reference': ''}, '/reference'),
    ('a reference of 65 characters', {'reference': 'x' * 65}, '/reference'),
    ('a reference with a tab', {'reference': 'a\tb'}, '/reference'),
    ('claims that are a list', {'claims': []}, '/claims'),
    ('claims of 2049 bytes', {'claims': {'a': 'x' * 2041}}, '/claims'),
    ('a claim of 2^53', {'claims': {'a': 2**53}}, '/claims/a'),
    ('validUntil before validFrom',
     {'validFrom': '2026-03-01T00:00:00.001Z', 'validUntil': '2026-03-01T00:00:00.000Z'}, '/validUntil'),
    ('a superseded id that is a UUIDv4', {'supersedes': '019ca868-447b-4000-8000-000000000000'}, '/supersedes'),
    ('a superseded id in upper case', {'supersedes': '019CA868-447b-7000-8000-000000000000'}, '/supersedes'),
    ('a provenance without digest', {'provenance': {}}, '/provenance'),
    ('a provenance with more', {'provenance': {'sha256': '11' * 32, 'sm3': '11' * 32}}, '/provenance/sm3'),
    ('an agency signature by another algorithm',
     {'agencySignature': {'key': 'k', 'alg': 'ES256', 'value': 'A' * 86}}, '/agencySignature/alg'),
    ('an agency signature with spare bits',
     {'agencySignature': {'key': 'k', 'alg': 'EdDSA', 'value': 'A' * 85 + 'B'}}, '/agencySignature/value'),
    ('an agency signature without key', {'agencySignature': {'alg': 'EdDSA', 'value': 'A' * 86}}, '/agencySignature'),
]
refused = [{'about': about, 'text': jcs({**base, **change}), 'pointer': pointer} for about, change, pointer in changes]
refused += [{'about': f'no {name}', 'text': jcs(without(name)), 'pointer': ''} for name in base]
refused.append({'about': 'a list', 'text': '[]', 'pointer': ''})

root = hashlib.sha256(b'a batch root').hexdigest()
status_root = hashlib.sha256(b'a status root').hexdigest()
batch_entries = []
for number, size, first, beacon in [(0, 1, 0, None), (41, 1048576, 41, None), (41, 1048576, 41 * 2**20, 'bitcoin 940000 ' + '0f' * 32)]:
    head = f'sealroot/batch@2\nlog.example/sealroot\n{number}\n{size}\n{first}\n2026-03-01T08:00:01.000Z\n{beacon or "-"}\n\n'
    batch_entries.append({
        'entry': {'origin': 'log.example/sealroot', 'number': number, 'size': size, 'first': first,
                  'sealedAt': '2026-03-01T08:00:01.000Z', 'beacon': beacon, 'root': root, 'statusRoot': status_root},
        'bytes': (head.encode() + bytes.fromhex(root + status_root)).hex(),
    })

about = 'Record statements, their hashes and ids, statements to refuse (with a JSON pointer to the fault), and batch entries.'
content = {'about': about, 'statements': statements, 'refused': refused, 'batchEntries': batch_entries}
(FOLDER / 'statement.json').write_text(json.dumps(content, indent=2, ensure_ascii=False) + '\n')
