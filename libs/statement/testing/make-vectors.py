"""Writes vectors/statement.json and vectors/status.json. Python's standard library only, so that the vectors do not come from the code they test."""

import hashlib
import json
import pathlib
import struct

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
signed_in_group = {'key': 'key-1', 'alg': 'EdDSA', 'value': 'A' * 86, 'group': {'size': 3, 'index': 1, 'path': 'A' * 85 + 'Q'}}


def grouped(**members):
    return {'agencySignature': {**signed_in_group, 'group': {**signed_in_group['group'], **members}}}


statements = [
    vector('the smallest statement', MS, **small),
    vector('every member', MS, **full),
    vector('sha512 leads the entry when there is no sha256', MS,
           **{**small, 'digests': {'sm3': '33' * 32, 'sha512': hashlib.sha512(document).hexdigest()}}),
    vector('signed in a group', MS, **{**small, 'agencySignature': signed_in_group}),
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
    ('an agency signature with a key id of 129 characters',
     {'agencySignature': {'key': 'k' * 129, 'alg': 'EdDSA', 'value': 'A' * 86}}, '/agencySignature/key'),
    ('an agency signature with more', {'agencySignature': {**signed_in_group, 'root': 'A'}}, '/agencySignature/root'),
    ('a group of none', grouped(size=0, index=0), '/agencySignature/group/size'),
    ('a group of 4097', grouped(size=4097), '/agencySignature/group/size'),
    ('a place before the group', grouped(index=-1), '/agencySignature/group/index'),
    ('a place past the group', grouped(index=3), '/agencySignature/group/index'),
    ('a place by half', grouped(index=0.5), '/agencySignature/group/index'),
    ('a path of 13 hashes', grouped(size=4096, path='A' * 554 + 'A'), '/agencySignature/group/path'),
    ('a path of 33 bytes', grouped(path='A' * 44), '/agencySignature/group/path'),
    ('a path with padding', grouped(path='A' * 43 + '='), '/agencySignature/group/path'),
    ('a path with spare bits', grouped(path='A' * 42 + 'B'), '/agencySignature/group/path'),
    ('a path in the standard alphabet', grouped(path='+' + 'A' * 42), '/agencySignature/group/path'),
    ('a path as a list', grouped(path=[]), '/agencySignature/group/path'),
    ('a group with more', grouped(root='A'), '/agencySignature/group/root'),
    ('a group without path', {'agencySignature': {**signed_in_group, 'group': {'size': 1, 'index': 0}}}, '/agencySignature/group'),
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

# ---- status and reliance ------------------------------------------------------------------------------------------------

NO_PREVIOUS = 2**64 - 1
STATES = {'revoked': 1, 'suspended': 2, 'superseded': 3, 'consumed': 12, 'active': 13}


def status_entry(first, count, state, effective_ms, previous, digest):
    return (b'sealroot/status@1\n' + struct.pack('>QIBQQ', first, count, state, effective_ms, previous) + digest)


common = {'v': 1, 'agency': 'licences.example', 'nonce': '00112233445566778899aabbccddeeff',
          'receivedAt': '2026-03-02T09:30:00.250Z'}
subject = '019ca869-507b-7812-82da-057373556ba2'
successor = '019ca869-600b-7812-82da-057373556ba2'
status_base = {**common, 'kind': 'status', 'record': subject, 'to': 'revoked', 'effectiveAt': '2026-03-01T00:00:00.000Z'}
without_record = {name: value for name, value in status_base.items() if name != 'record'}
EFFECTIVE_MS = 1772323200000
signature = {'key': 'licences-2026', 'alg': 'EdDSA', 'value': 'A' * 86}
status_statements = []
for statement, first, count, previous in [
    (status_base, 11, 1, None),
    ({**status_base, 'to': 'suspended', 'reason': 'unpaid-fee'}, 0, 1, None),
    ({**status_base, 'to': 'active', 'reason': 'fee-paid'}, 0, 1, 40),
    ({**status_base, 'to': 'superseded', 'by': successor}, 2**53 - 2, 1, 2**53 - 1),
    ({**status_base, 'to': 'consumed', 'agency': 'tax.example', 'effectiveAt': '2026-03-02T09:30:00.250Z'}, 11, 1, None),
    ({**without_record, 'range': {'first': 1000, 'count': 50000}, 'reason': 'lot-recalled', 'agencySignature': signature},
     1000, 50000, None),
]:
    digest = hashlib.sha256(jcs(statement).encode()).digest()
    effective = EFFECTIVE_MS if statement['effectiveAt'].startswith('2026-03-01T') else 1772443800250
    entry = status_entry(first, count, STATES[statement['to']], effective, NO_PREVIOUS if previous is None else previous, digest)
    status_statements.append({
        'statement': statement, 'jcs': jcs(statement), 'hash': digest.hex(),
        'entry': {'first': first, 'count': count, 'state': STATES[statement['to']], 'effectiveAtMs': effective,
                  'previous': previous}, 'bytes': entry.hex()})

status_changes = [
    ('another version', {'v': 2}, '/v'),
    ('a record statement', {'kind': 'record'}, '/kind'),
    ('an unknown member', {'extra': 1}, '/extra'),
    ('a state by number', {'to': 1}, '/to'),
    ('a state that no event leads to', {'to': 'untouched'}, '/to'),
    ('an id in upper case', {'record': subject.upper()}, '/record'),
    ('a record and a range', {'range': {'first': 1, 'count': 2}}, ''),
    ('a range of none', {'range': {'first': 1, 'count': 0}}, '/range/count'),
    ('a range from -1', {'range': {'first': -1, 'count': 2}}, '/range/first'),
    ('a range of 2^32', {'range': {'first': 1, 'count': 2**32}}, '/range/count'),
    ('a range with more', {'range': {'first': 1, 'count': 2, 'last': 2}}, '/range/last'),
    ('a reason in words', {'reason': 'Unpaid fee'}, '/reason'),
    ('a reason of 65 characters', {'reason': 'a' * 65}, '/reason'),
    ('a successor of what is revoked', {'by': successor}, '/by'),
    ('superseded without successor', {'to': 'superseded'}, '/by'),
    ('superseded by itself', {'to': 'superseded', 'by': subject}, '/by'),
    ('effective after it was received', {'effectiveAt': '2026-03-02T09:30:00.251Z'}, '/effectiveAt'),
    ('effective before 1970', {'effectiveAt': '1969-12-31T23:59:59.999Z'}, '/effectiveAt'),
    ('a short nonce', {'nonce': '00' * 15}, '/nonce'),
    ('an agency in upper case', {'agency': 'Licences.example'}, '/agency'),
    ('a place past the group', grouped(index=3), '/agencySignature/group/index'),
]
refused_status = [{'about': a, 'text': jcs({**status_base, **c}), 'pointer': p} for a, c, p in status_changes]
refused_status += [
    {'about': f'no {name}', 'text': jcs({k: v for k, v in status_base.items() if k != name}), 'pointer': ''}
    for name in status_base
]

some = hashlib.sha256(b'a statement').digest()
good_entry = status_entry(11, 1, 1, EFFECTIVE_MS, NO_PREVIOUS, some)
refused_entries = [{'about': about, 'bytes': data.hex()} for about, data in [
    ('nothing', b''),
    ('a byte too few', good_entry[:-1]),
    ('a byte too many', good_entry + b'\0'),
    ('another version', good_entry.replace(b'@1', b'@2')),
    ('a record entry of 79 bytes', bytes(79)),
    ('no record', status_entry(11, 0, 1, EFFECTIVE_MS, NO_PREVIOUS, some)),
    ('a first ordinal of 2^53', status_entry(2**53, 1, 1, EFFECTIVE_MS, NO_PREVIOUS, some)),
    ('a range that ends at 2^53', status_entry(2**53 - 2, 2, 1, EFFECTIVE_MS, NO_PREVIOUS, some)),
    ('state 0', status_entry(11, 1, 0, EFFECTIVE_MS, NO_PREVIOUS, some)),
    ('a reserved state', status_entry(11, 1, 4, EFFECTIVE_MS, NO_PREVIOUS, some)),
    ('a time of the year 10000', status_entry(11, 1, 1, 253402300800000, NO_PREVIOUS, some)),
    ('a time of 2^64 - 1', status_entry(11, 1, 1, 2**64 - 1, NO_PREVIOUS, some)),
    ('a range with a previous event', status_entry(11, 2, 1, EFFECTIVE_MS, 20, some)),
    ('a previous event that is the record', status_entry(11, 1, 1, EFFECTIVE_MS, 11, some)),
    ('a previous event before the record', status_entry(11, 1, 1, EFFECTIVE_MS, 10, some)),
    ('a previous event of 2^53', status_entry(11, 1, 1, EFFECTIVE_MS, 2**53, some)),
    ('a previous event of 2^64 - 2', status_entry(11, 1, 1, EFFECTIVE_MS, 2**64 - 2, some)),
]]

reliance_base = {**common, 'agency': 'bank.example', 'kind': 'reliance', 'record': subject, 'purpose': 'account-opening'}
reliance_statements = []
for statement in [reliance_base, {**reliance_base, 'agencySignature': signature}]:
    digest = hashlib.sha256(jcs(statement).encode()).digest()
    reliance_statements.append({'statement': statement, 'jcs': jcs(statement), 'hash': digest.hex(),
                                'bytes': (b'sealroot/reliance@1\n' + digest).hex()})
reliance_changes = [
    ('a purpose in words', {'purpose': 'opening an account'}, '/purpose'),
    ('a range', {'range': {'first': 1, 'count': 2}}, '/range'),
    ('a status statement', {'kind': 'status'}, '/kind'),
    ('an id that is a UUIDv4', {'record': '019ca868-447b-4000-8000-000000000000'}, '/record'),
    ('a place past the group', grouped(index=3), '/agencySignature/group/index'),
]
refused_reliance = [{'about': a, 'text': jcs({**reliance_base, **c}), 'pointer': p} for a, c, p in reliance_changes]
refused_reliance += [
    {'about': f'no {name}', 'text': jcs({k: v for k, v in reliance_base.items() if k != name}), 'pointer': ''}
    for name in reliance_base
]
refused_reliance_entries = [{'about': about, 'bytes': data.hex()} for about, data in [
    ('nothing', b''),
    ('a byte too many', b'sealroot/reliance@1\n' + some + b'\0'),
    ('a byte too few', b'sealroot/reliance@1\n' + some[1:]),
    ('another version', b'sealroot/reliance@2\n' + some),
]]
content = {
    'about': 'Status and reliance statements with their entries, and what to refuse (statements with a JSON pointer to the fault).',
    'statusStatements': status_statements, 'refusedStatusStatements': refused_status, 'refusedStatusEntries': refused_entries,
    'relianceStatements': reliance_statements, 'refusedRelianceStatements': refused_reliance,
    'refusedRelianceEntries': refused_reliance_entries,
}
(FOLDER / 'status.json').write_text(json.dumps(content, indent=2, ensure_ascii=False) + '\n')
