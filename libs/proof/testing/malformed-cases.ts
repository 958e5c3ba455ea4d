import { utf8ToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { MAX_SIGNATURES } from '#tlog/note.js';
import { PROOF_MAX_NOTE_CHARACTERS } from '../format.js';
import { sampleProof } from './sample-proof.js';
import { vector, type VectorCase } from './vector-case.js';
import { longNote } from './signed-note-cases.js';

const sample = sampleProof();

/** Texts that are no proof. */
export function malformedCases(): VectorCase[] {
  const text = sample.text.trimEnd();
  const replaced = (from: string | RegExp, to: string) => {
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`expected a place for ${to}, got none`);
    return changed;
  };
  const hash = sample.proof.batch.path[0]!;
  const texts: Record<string, string> = {
    nothing: '',
    'no JSON': 'proof',
    null: 'null',
    'a list': '[]',
    'a byte order mark': `\ufeff${text}`,
    'two values': `${text}{}`,
    'a trailing comma': replaced(/\}$/, ',}'),
    'a repeated member': replaced('{"batch"', `{"id":"${sample.proof.id}","batch"`),
    'a repeated member, once in escapes': replaced('{"batch"', `{"i\\u0064":"${sample.proof.id}","batch"`),
    'a lone surrogate': replaced('"nonce"', '"claims":{"a":"\\ud800"},"nonce"'),
    'a number beyond a double': replaced('"nonce"', '"claims":{"a":1e400},"nonce"'),
    'a claim of 2^53': replaced('"nonce"', '"claims":{"a":9007199254740992},"nonce"'),
    'claims 9 levels deep': replaced('"nonce"', `"claims":${'{"a":'.repeat(9)}1${'}'.repeat(9)},"nonce"`),
    'another format': replaced('sealroot/proof@2', 'sealroot/proof@1'),
    'a statement of another version': replaced('"v":1', '"v":2'),
    'an attestation whose type is no name': replaced('"opentimestamps"', '"Carrier pigeon"'),
    'an attestation without type': replaced(',"type":"opentimestamps"', ''),
    'an unknown member': replaced('{"batch"', '{"extra":1,"batch"'),
    'a missing member': replaced(/"id":"[^"]*",/, ''),
    'an id in upper case': replaced(sample.proof.id, sample.proof.id.toUpperCase()),
    'a salt without blinding': replaced('"statement"', `"salt":"${hash}","statement"`),
    'blinded: false': replaced('"digests"', '"blinded":false,"digests"'),
    'a hash in upper case': replaced(hash, hash.toUpperCase()),
    'a short hash': replaced(hash, hash.slice(2)),
    'a negative index': replaced('"index":1', '"index":-1'),
    'an index of minus zero': replaced('"index":1', '"index":-0'),
    'an index that is no whole number': replaced('"index":1', '"index":1.5'),
    'an index as text': replaced('"index":1', '"index":"1"'),
    'base64 with spare bits': replaced(/("entry":"[^"]*)"/, '$1AB=="'),
    base64url: replaced(/"entry":"..../, '"entry":"-_-_'),
    'a batch entry of another version': replaced(
      /"entry":"[^"]*"/,
      `"entry":"${base64.encode(utf8ToBytes(`sealroot/batch@1\nlog.example/sealroot\n2\n3\n2026-03-01T08:00:01.000Z\n-\n\n${'x'.repeat(32)}`))}"`,
    ),
    'an empty batch': replaced(
      /"entry":"[^"]*"/,
      `"entry":"${base64.encode(utf8ToBytes(`sealroot/batch@2\nlog.example/sealroot\n2\n0\n10\n2026-03-01T08:00:01.000Z\n-\n\n${'x'.repeat(64)}`))}"`,
    ),
    'a batch after two with one entry between them': replaced(
      /"entry":"[^"]*"/,
      `"entry":"${base64.encode(utf8ToBytes(`sealroot/batch@2\nlog.example/sealroot\n2\n3\n1\n2026-03-01T08:00:01.000Z\n-\n\n${'x'.repeat(64)}`))}"`,
    ),
    'a note without signature': replaced(/\\n\\n— [^"]*"/, '\\n\\n"'),
    'a line that is no signature after one that is': replaced(/(— [^\\]*\\n)"/, '$1x\\n"'),
    'an empty line after the signature': replaced(/(— [^\\]*\\n)"/, '$1\\n"'),
    'a signature of no byte beside one that holds': replaced(/(— [^\\]*\\n)"/, '$1— w AQIDBA==\\n"'),
    [`a note with ${MAX_SIGNATURES + 1} signatures`]: replaced(
      /(— [^\\]*\\n)"/,
      `$1${'— w AQIDBAU=\\n'.repeat(MAX_SIGNATURES)}"`,
    ),
    [`a note of ${PROOF_MAX_NOTE_CHARACTERS + 1} characters`]: replaced(
      JSON.stringify(sample.proof.batch.checkpoint),
      JSON.stringify(longNote(PROOF_MAX_NOTE_CHARACTERS + 1)),
    ),
    'a checkpoint with an extension line': replaced(/=\\n\\n—/, '=\\nmore\\n\\n—'),
    'a key whose id does not fit': replaced(/(\+)([0-9a-f]{8})(\+)/, '$100000000$3'),
    'no checkpoint': replaced(/"checkpoints":\[.*\],"key"/, '"checkpoints":[],"key"'),
    'an attestation of another type': replaced('"opentimestamps"', '"rfc3161"'),
    'a statement of another kind': replaced('"kind":"record"', '"kind":"status"'),
    'a statement with an unknown member': replaced('"kind"', '"extra":1,"kind"'),
    'a receipt before 1970': replaced(/"receivedAt":"2026/, '"receivedAt":"1926'),
  };
  return Object.entries(texts).map(([about, proof]) => vector(about, sample, 'unreadable', { proof }));
}
