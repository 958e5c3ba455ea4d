"""Whether an agency's own key signed a record or a change of its status, and whether the log had registered that key for it: written from libs/signature/README.md and
libs/proof/README.md, section 15. Python's standard library only.
"""

import base64
import re

import proof_status
from forms import (
    Refused, canonical, check_statement, demand, from_base64, from_base64url, hashes, is_whole, members, milliseconds, read_entry, record_id,
    root_of_path, sha256, verify_signature, P, Q, add, decompress, multiply,
)

LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'


def read(value, read_checkpoint):
    members(value, ['statement', 'batch', 'status'])
    statement = check_statement(value['statement'])
    batch = members(value['batch'], ['index', 'path', 'entry'])
    demand(is_whole(batch['index']), 'index')
    entry = from_base64(batch['entry'])
    status = proof_status.read(value['status'], read_checkpoint)
    demand(status['checkpoint'][2] == [], 'attestations of an authorisation')
    digest = sha256(canonical(statement).encode())
    return {
        'statement': statement, 'index': int(batch['index']), 'path': hashes(batch['path'], 20), 'entry': entry, 'batch': read_entry(entry),
        'status': status, 'id': record_id(milliseconds(statement['receivedAt']), digest), 'digest': digest,
    }


def signing_input(statement):
    return canonical({name: value for name, value in statement.items() if name not in ('agencySignature', 'receivedAt', 'nonce')}).encode()


def is_signed(statement, public):
    signature = statement['agencySignature']
    signed = signing_input(statement)
    if 'group' in signature:
        group = signature['group']
        data = from_base64url(group['path'])
        path = [data[at:at + 32] for at in range(0, len(data), 32)]
        root = root_of_path(sha256(b'\x00' + signed), int(group['index']), int(group['size']), path)
        if root is None:
            return False
        signed = f"sealroot/group@1\n{statement['agency']}\n{int(group['size'])}\n{base64.b64encode(root).decode()}\n".encode()
    return verify_signature(public, signed, from_base64url(signature['value']))


def registrar_of(origin):
    domain = 'registrar.' + re.sub(r':[0-9]*$', '', origin.split('/')[0])
    return domain if re.fullmatch(rf'{LABEL}(?:\.{LABEL})*', domain) and len(domain) <= 253 else None


def is_good_key(public):
    """A point of the prime-order group, other than the neutral one, in its one encoding."""
    if int.from_bytes(public, 'little') & (2**255 - 1) >= P:
        return False
    point = decompress(public)
    if point is None or (point[0] == 0 and public[31] & 0x80):
        return False
    x, y, z, _ = multiply(Q, point)
    return x % P == 0 and (y - z) % P == 0 and point[:2] != (0, 1)


def registered_key(statement):
    """Agency, key id and public key that a record registers, or None."""
    claims = statement.get('claims', {})
    if statement['profile'] != 'identity@1' or claims.get('type') != 'signing-key' or claims.get('algorithm') != 'Ed25519':
        return None
    agency, text = claims.get('agency'), claims.get('publicKey')
    if not isinstance(agency, str) or not isinstance(text, str):
        return None
    try:
        public = from_base64url(text)
    except Refused:
        return None
    if len(public) != 32 or not is_good_key(public):
        return None
    thumbprint = sha256(f'{{"crv":"Ed25519","kty":"OKP","x":"{text}"}}'.encode())
    name = base64.urlsafe_b64encode(thumbprint).decode().rstrip('=')
    if claims.get('key') != name or statement['digests'].get('sha256') != thumbprint.hex():
        return None
    return agency, name, public


def holds(own, proof, of_signed, signed_by):
    """Whether the registration is in the record's log, the registrar's, with its status; `of_signed`: the batch of what was signed, and its bytes."""
    statement, batch, record = own['statement'], own['batch'], proof['batch']
    name, public = proof['key']
    path, note, _ = own['status']['checkpoint']
    if statement['agency'] != registrar_of(batch['origin']) or batch['origin'] != record['origin'] or name != batch['origin']:
        return False
    algorithm = next(one for one in ('sha256', 'sha512', 'sha3-256', 'sm3') if one in statement['digests'])
    leaf = sha256(b'\x00' + bytes.fromhex(statement['digests'][algorithm]) + own['digest'])
    if root_of_path(leaf, own['index'], batch['size'], own['path']) != batch['root']:
        return False
    if root_of_path(sha256(b'\x00' + own['entry']), batch['number'], note['size'], path) != note['root']:
        return False
    if not signed_by(note, batch['origin'], public):
        return False
    others = proof['checkpoints'] + ([] if proof['status'] is None else [proof['status']['checkpoint']])
    as_record = {'id': own['id'], 'statement': statement, 'batch': batch, 'index': own['index'], 'checkpoints': others}
    status = own['status']
    leaf = proof_status.check_leaf(status, as_record)
    if not proof_status.check_root(status, as_record) or leaf is None or proof_status.check_history(status, as_record, leaf) == 'failed':
        return False
    batches = [(record, proof['entry']), of_signed, (batch, own['entry']), (status['batch'], status['batch']['bytes'])]
    for earlier, one in batches:
        for later, other in batches:
            between = later['number'] - earlier['number'] - 1
            end = earlier['first'] + earlier['size']
            if between == -1 and one != other:
                return False
            if between >= 0 and not end + between <= later['first'] <= end + between * 2**20:
                return False
    return True


def registered_id(own):
    """Id of the key that an authorisation is about, as its statement says; None where it says none."""
    return own['statement'].get('claims', {}).get('key')


def is_authorised(own, agency, statement, ordinal):
    """Outcome of the check whether the key was the agency's, and good, for a statement that stands in the log as this entry."""
    received, registration = statement['receivedAt'], own['statement']
    if agency != statement['agency'] or own['batch']['first'] + own['index'] > ordinal:
        return 'failed'
    if received < registration.get('validFrom', received) or received > registration.get('validUntil', received):
        return 'failed'
    if any(event['ordinal'] < ordinal or event['statement']['effectiveAt'] <= received for event in own['status']['events']):
        return 'failed'
    last = own['status']['batch']
    return 'passed' if last['first'] + last['size'] > ordinal else 'unavailable'


def check_signed(statement, ordinal, of_signed, proof, signed_by):
    """Outcomes of both checks of one statement that carries a signature."""
    key = statement['agencySignature']['key']
    own = next((one for one in proof['authorisations'] if registered_id(one) == key), None)
    if own is None:
        return 'unavailable', 'unavailable'
    registered = registered_key(own['statement'])
    if registered is None or not holds(own, proof, of_signed, signed_by):
        return 'failed', 'unavailable'
    return 'passed' if is_signed(statement, registered[2]) else 'failed', is_authorised(own, registered[0], statement, ordinal)


def check(proof, signed_by):
    """Both checks of the record's signature; none where it carries none."""
    if 'agencySignature' not in proof['statement']:
        return []
    ordinal = proof_status.ordinal_of(proof)
    signature, authorised = check_signed(proof['statement'], ordinal, (proof['batch'], proof['entry']), proof, signed_by)
    return [['agency-signature', signature], ['authorisation', authorised]]


def check_events(proof, signed_by):
    """Both checks of each change of status that carries a signature; marks each change as its agency's, where both passed."""
    checks = []
    for event in [] if proof['status'] is None else proof['status']['events']:
        if 'agencySignature' in event['statement']:
            of_signed = event['batch'], event['batch']['bytes']
            signature, authorised = check_signed(event['statement'], event['ordinal'], of_signed, proof, signed_by)
            checks += [['event-signature', signature], ['event-authorisation', authorised]]
            event['by'] = 'agency' if (signature, authorised) == ('passed', 'passed') else 'log'
    return checks
