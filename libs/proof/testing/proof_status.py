"""What a proof says of its record's status, written from libs/proof/README.md, section 8, libs/status/README.md and libs/statement/README.md, section 9.

Python's standard library only. The status vector's leaves are read by libs/status/testing/status.py.
"""

import datetime
import pathlib
import sys

# In an export all modules lie in one folder, and nothing outside of it is to be loaded.
if not (pathlib.Path(__file__).parent / 'status.py').exists():
    sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / 'status' / 'testing'))

import status as vector  # noqa: E402
from forms import (  # noqa: E402
    COSIGNATURE, RECORD_ID, canonical, check_common, demand, from_base64, hashes, is_time, is_whole, key_id, matches, members, milliseconds,
    read_entry, read_verifier_key, root_of_path, sha256, verify_signature,
)

STATES = {'revoked': 1, 'suspended': 2, 'superseded': 3, 'consumed': 12, 'active': 13}
ENDS = ('revoked', 'superseded', 'consumed')
CODE = '[a-z][a-z0-9-]{0,63}'
END_OF_TIME = 253402300800000
NONE = 2**64 - 1

HOUR, DAY = 3600000, 86400000
# How far a clock may reasonably be off, in milliseconds.
FIVE_MINUTES = 300_000

# How old a status of each profile may be, and whether another agency than the record's may bring it to an end by consuming it.
PROFILES = {
    'generic@1': (30 * DAY, False), 'licence@1': (DAY, False), 'invoice@1': (HOUR, True), 'title@1': (DAY, False),
    'company@1': (DAY, False), 'identity@1': (HOUR, False), 'evidence@1': (365 * DAY, False), 'permit@1': (HOUR, False),
}
UNKNOWN_PROFILE = (None, True)


# ---- members ----------------------------------------------------------------------------------------------------------


def read(value, read_checkpoint):
    members(value, ['checkpoint', 'batch', 'leaf', 'events'])
    leaf = members(value['leaf'], ['value', 'path'])
    data = from_base64(leaf['value'])
    demand(len(data) <= 544, 'leaf size')
    demand(isinstance(value['events'], list) and len(value['events']) <= 256, 'events')
    return {
        'checkpoint': read_checkpoint(value['checkpoint']), 'batch': read_batch(value['batch']),
        'leaf': (data, hashes(leaf['path'], 47)), 'events': [read_event(event) for event in value['events']],
    }


def read_batch(value):
    members(value, ['entry', 'path'])
    entry = from_base64(value['entry'])
    return {**read_entry(entry), 'bytes': entry, 'path': hashes(value['path'], 53)}


def read_event(value):
    members(value, ['statement', 'entry', 'index', 'path', 'batch'])
    demand(is_whole(value['index']), 'index')
    entry, batch = from_base64(value['entry']), read_batch(value['batch'])
    return {
        **read_status_entry(entry), 'statement': check_status_statement(value['statement']), 'bytes': entry, 'index': int(value['index']),
        'path': hashes(value['path'], 20), 'batch': batch, 'ordinal': batch['first'] + int(value['index']),
    }


def read_status_entry(data):
    head = b'sealroot/status@1\n'
    demand(len(data) == 79 and data.startswith(head), 'status entry')
    widths, at, numbers = (8, 4, 1, 8, 8), len(head), []
    for width in widths:
        numbers.append(int.from_bytes(data[at:at + width], 'big'))
        at += width
    first, count, state, effective, previous = numbers
    demand(first < 2**53 and count >= 1 and first + count < 2**53 and state in STATES.values(), 'status entry')
    demand(effective < END_OF_TIME, 'time of a status entry')
    demand(previous == NONE or (count == 1 and first < previous < 2**53), 'previous event')
    return {
        'first': first, 'count': count, 'state': state, 'effective': effective, 'previous': None if previous == NONE else previous,
        'hash': data[at:],
    }


def check_status_statement(value):
    s = members(
        value, ['v', 'kind', 'agency', 'receivedAt', 'nonce', 'to', 'effectiveAt'], ['record', 'range', 'reason', 'by', 'agencySignature'],
    )
    demand(s['kind'] == 'status', 'kind')
    check_common(s)
    demand(isinstance(s['to'], str) and s['to'] in STATES, 'to')
    demand(is_time(s['effectiveAt']) and '1970' <= s['effectiveAt'] <= s['receivedAt'], 'effectiveAt')
    demand(('record' in s) != ('range' in s), 'record or range')
    demand('record' not in s or matches(RECORD_ID, s['record']), 'record')
    if 'range' in s:
        members(s['range'], ['first', 'count'])
        demand(is_whole(s['range']['first']) and is_whole(s['range']['count']) and 1 <= s['range']['count'] < 2**32, 'range')
    demand('reason' not in s or matches(CODE, s['reason']), 'reason')
    demand((s['to'] == 'superseded') == ('by' in s), 'by')
    demand('by' not in s or (matches(RECORD_ID, s['by']) and s['by'] != s.get('record')), 'successor')
    return s


# ---- checks -----------------------------------------------------------------------------------------------------------


def check(status, proof, case):
    """Every check in its order, with the time of the status, its word, its age against the limit, and what happened to the record."""
    at = milliseconds(case.get('at', case['now']))
    leaf = check_leaf(status, proof)
    signed = check_cosignatures(status, proof, case.get('witnessKeys', []))
    as_of, word = status['batch']['sealedAt'], 'batch'
    for name, time in signed:
        if time is not None and written(time) > as_of:
            as_of, word = written(time), name
    limit = case.get('maxStatusAgeMs', PROFILES.get(proof['statement']['profile'], UNKNOWN_PROFILE)[0])
    age = 'not-applicable' if limit is None else 'passed' if at - milliseconds(as_of) <= limit else 'unavailable'
    ahead = milliseconds(as_of) - milliseconds(case['now']) > FIVE_MINUTES
    if ahead:
        age = 'unavailable'
    checks = [
        ['status-root', 'passed' if check_root(status, proof) else 'failed'],
        ['status-leaf', 'failed' if leaf is None else 'passed'],
        ['status-history', check_history(status, proof, leaf)],
        *(['cosignature', 'failed' if time is None else 'passed'] for _, time in signed),
        ['status-age', age],
    ]
    return {'checks': checks, 'asOf': as_of, 'word': word, 'age': age, 'ahead': ahead, 'events': status['events']}


def written(ms):
    """A time from 1970 on as a proof writes it."""
    return (datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=ms)).isoformat(timespec='milliseconds') + 'Z'


def is_logged(batch, note):
    leaf = sha256(b'\x00' + batch['bytes'])
    return root_of_path(leaf, batch['number'], note['size'], batch['path']) == note['root']


def check_root(status, proof):
    _, note, _ = status['checkpoint']
    last, own = status['batch'], proof['batch']
    shown = [own, last] + [event['batch'] for event in status['events']]
    if any(batch['origin'] != own['origin'] for batch in shown):
        return False
    if last['number'] != note['size'] - 1 or not is_logged(last, note):
        return False
    for earlier in shown:
        for later in shown:
            between = later['number'] - earlier['number'] - 1
            end = earlier['first'] + earlier['size']
            if between >= 0 and not end + between <= later['first'] <= end + between * 2**20:
                return False
    return all(other['size'] != note['size'] or other['root'] == note['root'] for _, other, _ in proof['checkpoints'])


def ordinal_of(proof):
    return proof['batch']['first'] + proof['index']


def check_leaf(status, proof):
    """State and latest event of the record, or None."""
    data, path = status['leaf']
    last = status['batch']
    claim = {
        'ordinal': ordinal_of(proof), 'records': last['first'] + last['size'], 'leaf': data.hex(), 'path': [one.hex() for one in path],
        'root': last['statusRoot'].hex(),
    }
    try:
        return vector.verify(claim)
    except vector.Refused:
        return None


def check_history(status, proof, leaf):
    _, note, _ = status['checkpoint']
    events = status['events']
    if not all(is_event_about(event, note, proof) for event in events):
        return 'failed'
    state, latest = 0, None
    for event in reversed(events):
        if not event['first'] <= ordinal_of(proof) < event['first'] + event['count']:
            return 'failed'
        if event['previous'] != latest or event['state'] not in vector.STATES[state] or (latest is not None and event['ordinal'] <= latest):
            return 'failed'
        state, latest = event['state'], event['ordinal']
    if leaf is not None and leaf != (state, latest):
        return 'failed'
    return 'passed' if events else 'not-applicable'


def is_event_about(event, note, proof):
    batch, statement = event['batch'], event['statement']
    leaf = sha256(b'\x00' + event['bytes'])
    if root_of_path(leaf, event['index'], batch['size'], event['path']) != batch['root'] or not is_logged(batch, note):
        return False
    spanned = statement.get('range', {'first': event['first'], 'count': 1})
    return (
        sha256(canonical(statement).encode()) == event['hash']
        and STATES[statement['to']] == event['state']
        and milliseconds(statement['effectiveAt']) == event['effective']
        and (spanned['first'], spanned['count']) == (event['first'], event['count'])
        and statement.get('record', proof['id']) == proof['id']
        and may_change(statement, proof['statement'])
        and event['first'] + event['count'] <= batch['first']
    )


def may_change(statement, record):
    by_others = PROFILES.get(record['profile'], UNKNOWN_PROFILE)[1]
    return statement['agency'] == record['agency'] or (statement['to'] == 'consumed' and by_others)


def check_cosignatures(status, proof, witness_keys):
    """For each key that signed, in order: clock or the witness's name, and its time in milliseconds, None where the line is wrong."""
    _, note, _ = status['checkpoint']
    _, public = proof['key']
    keys = [('clock', proof['batch']['origin'] + '/clock', public)]
    for name, kind, key in map(read_verifier_key, witness_keys):
        if kind == COSIGNATURE and key != public:
            keys.append((name, name, key))
    found = []
    for word, name, key in keys:
        named = (name, key_id(name, key, COSIGNATURE))
        lines = [signature for line, identifier, signature in note['signatures'] if (line, identifier) == named]
        if lines:
            found.append((word, cosigned_at(note, lines[0], key)))
    return found


def cosigned_at(note, line, public):
    seconds = int.from_bytes(line[:8], 'big')
    message = b'cosignature/v1\ntime %d\n' % seconds + note['signed']
    right = len(line) == 72 and seconds * 1000 < END_OF_TIME and verify_signature(public, message, line[8:])
    return seconds * 1000 if right else None


# ---- what it comes to -------------------------------------------------------------------------------------------------


def standing(shown, outside, at, word_of_log):
    """What is known of the record's standing at a time; `outside`: the answer where that is outside its period, else None; `word_of_log`: by whose word a change was made
    that its agency is not shown to have signed."""
    failed = shown is not None and any(
        outcome == 'failed' for check, outcome in shown['checks'] if check in ('status-root', 'status-leaf', 'status-history')
    )
    if shown is None or failed:
        return outside
    status = {'asOf': shown['asOf'], 'word': shown['word']}
    in_effect = [event for event in shown['events'] if event['statement']['effectiveAt'] <= at]
    change = in_effect[0]['statement'] if in_effect else None
    changed = change and {'still': change['to'], 'since': change['effectiveAt'], **status}
    if change and change['to'] != 'active':
        by = in_effect[0].get('by', word_of_log)
        changed['changedBy'] = by if word_of_log == 'log' else word_of_log
    if change and change['to'] in ENDS:
        return changed
    if outside is not None:
        return {**outside, **status}
    if change and change['to'] != 'active':
        return changed
    if shown['ahead']:
        return {'still': 'unknown', **status}
    if shown['age'] == 'unavailable':
        return {'still': 'stale', **status}
    return changed or {'still': 'active', **status}
