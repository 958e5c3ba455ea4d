import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { canonicalize } from '#statement/jcs.js';
import { ed25519NoteSigner } from '#tlog/testing/note-signer.js';
import { parseNote, signNote } from '#tlog/note.js';
import { formatVerifierKey } from '#tlog/verifier-key.js';
import { PROOF_MAX_CHARACTERS } from './format.js';
import { formatProof, parseProof } from './proof.js';
import { sampleProof } from './testing/sample-proof.js';
import { verifyProof } from './verify.js';

const sample = sampleProof({
  checkpoints: [
    { size: 4, attestations: [] },
    { size: 9, attestations: ['bitcoin'] },
  ],
});
const blinded = sampleProof({ blinded: true });
const refused = (code: string, pointer = '') =>
  expect.objectContaining({ name: 'ProofError', code, message: expect.stringContaining(pointer) as string });

/** The sample with one member changed: `path` names it, `undefined` removes it. */
function changed(path: (string | number)[], value: unknown, from: SampleText = sample): string {
  const proof = JSON.parse(from.text) as Record<string | number, unknown>;
  let at = proof;
  for (const name of path.slice(0, -1)) at = at[name] as Record<string | number, unknown>;
  const last = path.at(-1)!;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return JSON.stringify(proof);
}
type SampleText = { text: string };

describe('a proof', () => {
  it('reads back as written, with and without a salt', () => {
    for (const { text, proof } of [sample, blinded]) {
      expect(parseProof(text)).toEqual(proof);
      expect(formatProof(parseProof(text))).toBe(text);
      expect(parseProof(JSON.parse(text))).toEqual(proof);
      expect(text).toBe(`${canonicalize(proof)}\n`);
    }
  });

  const checkpoint = ['log', 'checkpoints', 0];
  const later = ['log', 'checkpoints', 1];
  const seed = new Uint8Array(32).fill(3);
  const signers = (count: number) => Array.from({ length: count }, (_, i) => ed25519NoteSigner(`w${i}`, seed));
  const signedBy = (count: number) => signNote(parseNote(sample.proof.batch.checkpoint).text, signers(count));
  const hash = 'ab'.repeat(32);
  const rules: [string, (string | number)[], unknown][] = [
    ['another format', ['format'], 'sealroot/prof@1'],
    ['an unknown member', ['extra'], 1],
    ['an id in upper case', ['id'], sample.proof.id.toUpperCase()],
    ['a salt without blinded digests', ['salt'], hash],
    ['a wrong statement', ['statement', 'kind'], 'status'],
    ['an unknown member of the statement', ['statement', 'extra'], 1],
    ['a batch that is a list', ['batch'], []],
    ['an unknown member of the batch', ['batch', 'size'], 3],
    ['a negative index', ['batch', 'index'], -1],
    ['an index that is no whole number', ['batch', 'index'], 0.5],
    ['an index as text', ['batch', 'index'], '1'],
    ['an index of 2^53', ['batch', 'index'], 2 ** 53],
    ['a path that is no list', ['batch', 'path'], hash],
    ['a short hash', ['batch', 'path', 0], hash.slice(2)],
    ['a hash in upper case', ['batch', 'path', 0], hash.toUpperCase()],
    ['a batch path of 21', ['batch', 'path'], Array.from({ length: 21 }, () => hash)],
    ['an entry without padding', ['batch', 'entry'], 'AAA'],
    ['an entry in base64url', ['batch', 'entry'], '-_8='],
    ['an entry that is none', ['batch', 'entry'], 'AAAA'],
    ['a checkpoint that is no note', ['batch', 'checkpoint'], 'text'],
    ['a checkpoint with 101 signatures', ['batch', 'checkpoint'], `${signedBy(100)}${signedBy(1).split('\n\n')[1]}`],
    ['a checkpoint without signature', ['batch', 'checkpoint'], signedBy(1).replace(/— .*\n/, '')],
    ['a note that is no checkpoint', ['batch', 'checkpoint'], signNote('text\n', [ed25519NoteSigner('a', seed)])],
    ['an unknown member of the log', ['log', 'origin'], 'x'],
    ['a key that is none', ['log', 'key'], 'key'],
    ['a cosignature key', ['log', 'key'], formatVerifierKey('a', new Uint8Array(32).fill(1), 4)],
    ['no checkpoint', ['log', 'checkpoints'], []],
    ['17 checkpoints', ['log', 'checkpoints'], Array.from({ length: 17 }, () => sample.proof.log.checkpoints[0])],
    ['checkpoints out of order', ['log', 'checkpoints'], sample.proof.log.checkpoints.toReversed()],
    ['a checkpoint twice', ['log', 'checkpoints', 0], sample.proof.log.checkpoints[1]],
    ['a later checkpoint without attestation', [...later, 'attestations'], []],
    ['an unknown member of a checkpoint', [...checkpoint, 'size'], 4],
    ['a log path of 54', [...checkpoint, 'path'], Array.from({ length: 54 }, () => hash)],
    ['an attestation of another type', [...later, 'attestations', 0, 'type'], 'rfc3161'],
    ['an unknown member of an attestation', [...later, 'attestations', 0, 'height'], 1],
    ['a timestamp that is no base64', [...later, 'attestations', 0, 'timestamp'], '?'],
    ['a timestamp of 65,539 bytes', [...later, 'attestations', 0, 'timestamp'], base64.encode(new Uint8Array(65_539))],
    [
      '17 attestations',
      [...later, 'attestations'],
      Array.from({ length: 17 }, () => sample.proof.log.checkpoints[1]!.attestations[0]),
    ],
  ];
  it.each(rules)('is refused with %s, at that place', (_, path, value) => {
    const text = changed(path, value);
    expect(() => parseProof(text)).toThrow(refused('bad-proof'));
    expect(() => parseProof(JSON.parse(text))).toThrow(
      refused('bad-proof', `/${path.slice(0, 2).join('/')}`.slice(0, 6)),
    );
  });

  it('is refused when any member is missing, be it the smallest', () => {
    const paths = [
      ['format'], ['id'], ['statement'], ['statement', 'nonce'], ['batch'], ['batch', 'index'], ['batch', 'path'],
      ['batch', 'entry'], ['batch', 'checkpoint'], ['log'], ['log', 'key'], ['log', 'checkpoints'], [...checkpoint, 'path'],
      [...checkpoint, 'note'], [...checkpoint, 'attestations'], [...later, 'attestations', 0, 'type'],
      [...later, 'attestations', 0, 'timestamp'],
    ]; // prettier-ignore
    for (const path of paths) {
      expect(() => parseProof(changed(path, undefined)), path.join('/')).toThrow(refused('bad-proof'));
    }
  });

  it('is refused with a repeated member, which JSON.parse would not see', () => {
    const text = sample.text.replace('{"batch"', `{"id":"${sample.proof.id}","batch"`);
    expect(JSON.parse(text)).toEqual(sample.proof);
    expect(() => parseProof(text)).toThrow(refused('bad-json', 'repeated'));
  });

  it('is refused beyond its longest text', () => {
    const padded = (length: number) => sample.text.padEnd(length, ' ');
    expect(parseProof(padded(PROOF_MAX_CHARACTERS))).toEqual(sample.proof);
    expect(() => parseProof(padded(PROOF_MAX_CHARACTERS + 1))).toThrow(refused('too-large'));
  });

  it('that is malformed is unreadable, with one failed check, not an exception', async () => {
    const malformed: unknown[] = [
      '',
      'x',
      '{}',
      null,
      undefined,
      7,
      [],
      {},
      new Uint8Array([0xff]),
      new Uint8Array(),
      () => 1,
    ];
    for (const proof of [...malformed, sample.text.replace('{', '{"a":1,'), `\ufeff${sample.text}`]) {
      const result = await verifyProof({ proof, now: sample.now });
      expect(result).toMatchObject({ verdict: 'unreadable', findings: [{ check: 'format', outcome: 'failed' }] });
      expect(result.findings).toHaveLength(1);
      expect(result.record).toBeUndefined();
    }
    const bytes = new TextEncoder().encode(`\ufeff${sample.text}`);
    expect(await verifyProof({ proof: bytes, now: sample.now })).toMatchObject({ verdict: 'unreadable' });
  });

  it('may not have a salt of another length', () => {
    for (const salt of ['', 'ab', 'AB'.repeat(32), 'ab'.repeat(33)]) {
      expect(() => parseProof(changed(['salt'], salt, blinded))).toThrow(refused('bad-proof', '/salt'));
    }
  });
});
