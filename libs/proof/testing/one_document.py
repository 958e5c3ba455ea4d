"""Verifies one document by its proof. Asks nobody: what anchors must be compared with is looked up by whoever runs it, and given by options, which are
named where they are needed. Ends as `sealroot verify` does: 0 authentic, 1 mismatch, 2 not decided, 3 no longer current, 4 no anchor yet, 5 authentic
but the log's key was not compared, 65 unreadable.
"""

import argparse
import base64
import datetime
import hashlib
import json
import re

import ethereum
from forms import Refused

NAMES = {'sha256': 'sha256', 'sha512': 'sha512', 'sha3-256': 'sha3_256', 'sm3': 'sm3'}
EXIT = {'authentic': 0, 'mismatch': 1, 'unavailable': 2, 'authentic-not-current': 3, 'pending': 4, 'unreadable': 65}
NETWORKS = ['mainnet', 'testnet', 'testnet4', 'signet', 'regtest']


def arguments():
    parser = argparse.ArgumentParser(prog='verify.py', description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('document')
    parser.add_argument('proof')
    parser.add_argument('--salt', metavar='SALT', help='of a blinded document whose proof has none: 64 hex digits, or the salt file that was kept')
    parser.add_argument('--log-key', action='append', default=[], metavar='KEY', help='as the operator of the log publishes it')
    parser.add_argument('--bitcoin-header', action='append', default=[], metavar='HEIGHT:HEX', help='80 bytes of a block header')
    parser.add_argument('--bitcoin-network', choices=NETWORKS, default='mainnet')
    parser.add_argument('--evm-block', action='append', default=[], metavar='CHAIN:BLOCK0:NUMBER:HASH:TIME', help='hashes in hex, seconds since 1970')
    parser.add_argument('--tsa-root', action='append', default=[], metavar='FILE', help="root certificates of authorities, PEM")
    return parser.parse_args()


def digests(path):
    with open(path, 'rb') as file:
        data = file.read()
    found = {}
    for name, known in NAMES.items():
        try:
            found[name] = hashlib.new(known, data).hexdigest()
        except ValueError:  # Not every build of Python has SM3.
            pass
    return found


def certificates(path):
    with open(path, encoding='latin-1') as file:
        found = re.findall('-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----', file.read())
    return [base64.b64encode(base64.b64decode(one)).decode() for one in found]


def evm_source(text):
    chain, genesis, number, block, time = text.lower().replace('0x', '').split(':')
    return {'chainId': int(chain), 'genesis': genesis, 'blocks': {number: block}, 'times': {number: int(time) * 1000}}


def salts(given):
    if given is None or re.fullmatch('[0-9a-fA-F]{64}', given):
        return [given.lower()] if given else []
    with open(given, encoding='utf-8') as file:
        return [one['salt'] for one in reversed(json.load(file)['salts'])]


def case_of(given):
    with open(given.proof, encoding='utf-8', newline='') as file:
        proof = file.read()
    headers = dict(one.split(':') for one in given.bitcoin_header)
    now = datetime.datetime.now(datetime.timezone.utc)
    return {
        'proof': proof, 'digests': digests(given.document), 'salts': salts(given.salt), 'trustedKeys': given.log_key,
        'blockSources': [{'network': given.bitcoin_network, 'headers': headers}] if headers else [],
        'evmSources': [evm_source(one) for one in given.evm_block],
        'timestampRoots': [root for path in given.tsa_root for root in certificates(path)],
        'now': now.strftime('%Y-%m-%dT%H:%M:%S.000Z'),
    }


def needs(proof, read_timestamp):
    """What has to be looked up for each attestation, as options."""
    for _, note, attestations in proof['checkpoints']:
        for kind, content in attestations:
            try:
                if kind == 'evm':
                    number, _, _ = ethereum.verify_attestation(content, note['root'])
                    yield f"--evm-block {content['chainId']}:{content['genesis']}:{number}:HASH:TIME"
                elif kind == 'rfc3161':
                    yield '--tsa-root FILE'
                elif kind == 'opentimestamps':
                    found = read_timestamp(content, note['root'])
                    yield from (f'--bitcoin-header {height}:HEX' for name, height, _ in found if name == 'bitcoin')
            except (Refused, ethereum.Refused):
                continue  # Which the findings say.


def main(verify, read_proof, read_timestamp):
    given = arguments()
    case = case_of(given)
    found = verify(case)
    verdict, who, still = found['verdict'], found['who'], found['still']
    print(f'{verdict}; signed by: {who}; still: {still}')
    for check, outcome in found['findings']:
        print(f'  {outcome:14} {check}')
    if verdict != 'unreadable':
        statement = read_proof(case['proof'])['statement']
        print(f"  of {statement['agency']}, received {statement['receivedAt']}, as the log says")
        if ['anchor', 'unavailable'] in found['findings']:
            for option in sorted(set(needs(read_proof(case['proof']), read_timestamp))):
                print(f'  an anchor needs: {option}')
        if who == 'unchecked':
            print('  the signer needs: --log-key KEY')
    return 5 if verdict == 'authentic' and who == 'unchecked' else EXIT[verdict]
