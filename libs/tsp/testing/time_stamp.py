"""A second verifier of a proof's attestations of type rfc3161, written from libs/tsp/README.md: asks openssl, and shares no code with ours.

Python's standard library and the program openssl only.
"""

import base64
import binascii
import datetime
import pathlib
import re
import subprocess
import tempfile

HARMLESS = {'unspecified', 'affiliationchanged', 'superseded', 'cessationofoperation'}
CERTIFICATE = '-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----'


class Refused(Exception):
    """The attestation is malformed."""


def demand(condition, what):
    if not condition:
        raise Refused(what)


def from_base64(value, most):
    demand(isinstance(value, str) and value, 'base64')
    try:
        data = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused('base64') from error
    demand(base64.b64encode(data).decode() == value and len(data) <= most, 'canonical base64')
    return data


def items(value, most):
    demand(isinstance(value, list) and len(value) <= 8 and len(set(map(str, value))) == len(value), 'list')
    return [from_base64(item, most) for item in value]


def read_attestation(value):
    demand(set(value) == {'token', 'certificates', 'revocations'}, 'members')
    return {
        'token': from_base64(value['token'], 65536),
        'certificates': items(value['certificates'], 16384),
        'revocations': items(value['revocations'], 262144),
    }


def openssl(*arguments):
    """What openssl prints, or None when it says no."""
    run = subprocess.run(['openssl', *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60)
    return run.stdout + run.stderr if run.returncode == 0 else None


def pem(certificates):
    return ''.join(
        f'-----BEGIN CERTIFICATE-----\n{base64.encodebytes(der).decode()}-----END CERTIFICATE-----\n' for der in certificates
    )


def time_of(text):
    return datetime.datetime.strptime(re.sub(r'\.\d+', '', text.strip()), '%b %d %H:%M:%S %Y %Z').replace(
        tzinfo=datetime.timezone.utc
    )


def no_later_than(stamped, shown):
    """The token's time and its accuracy together, in milliseconds since 1970."""
    fraction = re.search(r'\.(\d+)', stamped)
    time = int(time_of(stamped).timestamp()) * 1000 + int(((fraction[1] if fraction else '') + '000')[:3])
    accuracy = re.search('Accuracy: (.*)', shown)
    parts = [int(part.split()[0], 0) if part.split()[0] != 'unspecified' else 0 for part in accuracy[1].split(', ')] if accuracy else []
    seconds, millis, micros = (parts + [0, 0, 0])[:3]
    return time + seconds * 1000 + millis + -(-micros // 1000)


def check(attestation, text, roots):
    """'passed' under the roots (DER), 'unavailable' when the token holds under a root that is not among them, else 'failed'; and no later than
    which time the text existed by the token, in milliseconds since 1970."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        token, data, chain = folder / 'token', folder / 'data', folder / 'chain.pem'
        token.write_bytes(attestation['token'])
        data.write_bytes(text)
        shown = openssl('ts', '-reply', '-token_in', '-in', token, '-token_out', '-text')
        inside = openssl('pkcs7', '-inform', 'DER', '-in', token, '-print_certs')
        stamped = re.search('Time stamp: (.*)', shown or '')
        if not stamped or inside is None:
            return 'failed', None
        at = time_of(stamped[1])
        chain.write_text(inside + pem(attestation['certificates']))

        def verified(trusted, *more):
            trust = folder / 'trusted.pem'
            trust.write_text(trusted)
            return trusted and openssl(
                'ts', '-verify', '-data', data, '-token_in', '-in', token, '-CAfile', trust, '-untrusted', chain,
                '-attime', int(at.timestamp()), *more,
            ) is not None  # fmt: skip

        time = no_later_than(stamped[1], shown)
        if not verified(pem(roots)):
            return ('unavailable' if verified(chain.read_text(), '-partial_chain') else 'failed'), time
        allows = [answer_allows if is_answer(der) else list_allows for der in attestation['revocations']]
        given = zip(allows, attestation['revocations'])
        allowed = all(allow(folder, der, chain, roots, at) for allow, der in given)
        return ('passed' if allowed else 'failed'), time


def takes_back(date, reason, at):
    return time_of(date) <= at or not reason or reason[1].strip().replace(' ', '').lower() not in HARMLESS


def is_answer(der):
    """Whether this is an OCSP answer, by its first element, an ENUMERATED; a list begins with a SEQUENCE."""
    return der[2 if der[1] < 0x80 else 2 + (der[1] & 0x7F)] == 0x0A


def answer_allows(folder, der, chain, roots, at):
    """Whether an OCSP answer takes no certificate at hand back as of that time. One that its issuer did not sign or let sign says nothing."""
    given, authorities, one, issuer = (folder / name for name in ('answer', 'authorities.pem', 'one.pem', 'issuer.pem'))
    given.write_bytes(der)
    authorities.write_text(chain.read_text() + pem(roots))
    everyone = re.findall(CERTIFICATE, authorities.read_text())
    shown = openssl('ocsp', '-respin', given, '-resp_text', '-noverify')
    if shown is None or 'OCSP Response Status: successful' not in shown:
        return False
    for body in re.findall(CERTIFICATE, chain.read_text()):
        one.write_text(body + '\n')
        for above in everyone:
            issuer.write_text(above + '\n')
            trust = ['-CAfile', issuer, '-partial_chain', '-verify_other', issuer]
            said = openssl('ocsp', '-respin', given, '-issuer', issuer, '-cert', one, '-no_nonce', *trust) or ''
            taken = re.search('one.pem: revoked', said)
            if 'Response verify OK' not in said or not taken:
                continue
            date, reason = re.search('Revocation Time: (.*)', said)[1], re.search('Reason: (.*)', said)
            if takes_back(date, reason, at):
                return False
    return True


def list_allows(folder, der, chain, roots, at):
    """Whether a revocation list takes no certificate at hand back as of that time. One that none of them signed says nothing."""
    given, authorities = folder / 'list.crl', folder / 'authorities.pem'
    given.write_bytes(der)
    authorities.write_text(chain.read_text() + pem(roots))
    shown = openssl('crl', '-inform', 'DER', '-in', given, '-noout', '-issuer', '-text')
    if shown is None:
        return False
    if 'verify OK' not in (openssl('crl', '-inform', 'DER', '-in', given, '-noout', '-CAfile', authorities) or ''):
        return True
    issuer = re.search('^issuer=(.*)', shown, re.M)[1]
    entries = shown.split('Serial Number: ')[1:]
    for body in re.findall(CERTIFICATE, chain.read_text()):
        one = folder / 'one.pem'
        one.write_text(body + '\n')
        about = openssl('x509', '-in', one, '-noout', '-issuer', '-serial')
        if re.search('^issuer=(.*)', about, re.M)[1] != issuer:
            continue
        serial = re.search('^serial=(.*)', about, re.M)[1]
        for entry in entries:
            date = re.search('Revocation Date: (.*)', entry)[1]
            reason = re.search(r'CRL Reason Code:[^\n]*\n\s+(.*)', entry)
            taken_back = takes_back(date, reason, at)
            if entry.split('\n')[0] == serial and taken_back:
                return False
    return True
