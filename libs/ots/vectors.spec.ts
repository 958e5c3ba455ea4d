import { readFileSync } from 'node:fs';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import type { Attestation } from './attestation.js';
import { parseDetachedFile, parseTimestamp, serializeDetachedFile, serializeTimestamp } from './codec.js';
import type { Operation } from './operation.js';
import { askReference, referenceIsInstalled, type ReferenceRequest } from './testing/reference.js';
import { listAttestations } from './visit.js';

interface ValidVector {
  name: string;
  kind: 'timestamp' | 'detached';
  message?: string;
  hash?: string;
  digest?: string;
  bytes: string;
  canonical: string;
  attestations: { path: string[]; message: string; attestation: unknown }[];
}

interface InvalidVector {
  name: string;
  code: string;
  kind: 'timestamp' | 'detached';
  message?: string;
  bytes: string;
  /** Begins with "refuses", or with "reads" where only this library refuses. */
  reference: string;
}

function vectors<T>(file: string): T[] {
  return JSON.parse(readFileSync(new URL(`vectors/${file}`, import.meta.url), 'utf8')) as T[];
}

const valid = vectors<ValidVector>('valid.json');
const invalid = vectors<InvalidVector>('invalid.json');

function pathText(op: Operation): string {
  return 'operand' in op ? `${op.type} ${bytesToHex(op.operand)}` : op.type;
}

function attestationJson(attestation: Attestation): unknown {
  if (attestation.type !== 'unknown') return attestation;
  return { type: 'unknown', tag: bytesToHex(attestation.tag), payload: bytesToHex(attestation.payload) };
}

function question(vector: ValidVector | InvalidVector): ReferenceRequest {
  return vector.kind === 'detached'
    ? { do: 'parse-file', bytes: vector.bytes }
    : { do: 'parse', message: vector.message!, bytes: vector.bytes };
}

describe('the valid vectors', () => {
  it.each(valid)('$name', (vector) => {
    const bytes = hexToBytes(vector.bytes);
    const file = vector.kind === 'detached' ? parseDetachedFile(bytes) : undefined;
    const timestamp = file?.timestamp ?? parseTimestamp(bytes, hexToBytes(vector.message!));
    const written = file === undefined ? serializeTimestamp(timestamp) : serializeDetachedFile(file);
    expect(bytesToHex(written)).toBe(vector.canonical);
    expect(file && { hash: file.hash, digest: bytesToHex(file.digest) }).toEqual(
      file && { hash: vector.hash, digest: vector.digest },
    );
    expect(
      listAttestations(timestamp).map(({ path, message, attestation }) => ({
        path: path.map(pathText),
        message: bytesToHex(message),
        attestation: attestationJson(attestation),
      })),
    ).toEqual(vector.attestations);
  });

  it.each(valid.filter((vector) => vector.bytes !== vector.canonical))(
    'only in canonical form where that is asked for: $name',
    (vector) => {
      const read = () => parseTimestamp(hexToBytes(vector.bytes), hexToBytes(vector.message!), { canonical: true });
      expect(read).toThrow(expect.objectContaining({ code: 'not-canonical' }));
    },
  );
});

describe('the invalid vectors', () => {
  it.each(invalid)('$name: $code', (vector) => {
    const bytes = hexToBytes(vector.bytes);
    const read = () =>
      vector.kind === 'detached' ? parseDetachedFile(bytes) : parseTimestamp(bytes, hexToBytes(vector.message!));
    expect(read).toThrow(expect.objectContaining({ name: 'OtsError', code: vector.code }));
  });
});

describe.skipIf(!referenceIsInstalled())('python3-opentimestamps and the vectors', () => {
  it('reads every valid vector and writes its canonical bytes', () => {
    const answers = askReference(valid.map(question));
    expect(answers.map((answer) => (answer.ok ? answer.bytes : answer.error))).toEqual(valid.map((v) => v.canonical));
  });

  it('refuses the invalid vectors, but for those that say otherwise', () => {
    const answers = askReference(invalid.map(question));
    expect(answers.map((answer) => answer.ok)).toEqual(invalid.map((v) => v.reference.startsWith('reads')));
  });
});

it('the worked example of the README is the first valid vector', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  expect(valid[0]!.name).toContain('README');
  for (const hex of [valid[0]!.message!, valid[0]!.bytes, valid[0]!.attestations[0]!.message]) {
    expect(readme).toContain(hex);
  }
});
