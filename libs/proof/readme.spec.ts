import { readFileSync } from 'node:fs';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { leafHash, nodeHash } from '#merkle/hash.js';
import { inclusionPathSides } from '#merkle/inclusion.js';
import { parseTimestamp } from '#ots/codec.js';
import { listAttestations } from '#ots/visit.js';
import { batchOrigin } from '#statement/batch-entry.js';
import { entryBytes } from '#statement/entry.js';
import { formatStatement } from '#statement/statement.js';
import { keyId } from '#tlog/verifier-key.js';
import { readProof } from './proof.js';
import holding from './vectors/holding.json' with { type: 'json' };
import type { CheckName } from './finding.js';
import { timestampAttestation } from './testing/timestamp-attestation.js';

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
const [example] = holding.cases;
/** Every check: the compiler asks for new ones. */
const CHECKS = {
  format: true,
  document: true,
  'record-id': true,
  'batch-inclusion': true,
  'batch-checkpoint': true,
  'log-inclusion': true,
  'log-checkpoint': true,
  'log-key': true,
  'agency-signature': true,
  authorisation: true,
  companion: true,
  anchor: true,
  beacon: true,
  'status-root': true,
  'status-leaf': true,
  'status-history': true,
  'event-signature': true,
  'event-authorisation': true,
  cosignature: true,
  'status-age': true,
  times: true,
  validity: true,
  carried: true,
} satisfies Record<CheckName, true>;

/** A tree's part of the example: the leaf, then each sibling and what it gives. */
function climb(leaf: Uint8Array, index: number, size: number, path: readonly string[]): string {
  const sides = inclusionPathSides(index, size);
  let node = leaf;
  const lines = [`    leaf hash          ${bytesToHex(leaf)}`];
  path.forEach((hex, i) => {
    node = sides[i] === 'left' ? nodeHash(hexToBytes(hex), node) : nodeHash(node, hexToBytes(hex));
    lines.push(`    ${`${sides[i]} sibling`.padEnd(19)}${hex}`, `      gives            ${bytesToHex(node)}`);
  });
  return lines.join('\n');
}

describe('the specification', () => {
  it('has a worked example that is the first vector', () => {
    const { entry, entryBytes: bytesOfEntry, key, proof } = readProof(example!.proof);
    const leaf = leafHash(entryBytes(proof.statement, formatStatement(proof.statement)));
    const logLeaf = leafHash(bytesOfEntry);
    const [{ path, note, attestations }] = proof.log.checkpoints as [(typeof proof.log.checkpoints)[0]];
    expect(readme).toContain(climb(leaf, proof.batch.index, entry.size, proof.batch.path));
    expect(readme).toContain(climb(logLeaf, entry.number, 5, path));
    const own = batchOrigin(entry.origin, entry.number);
    const indented = (text: string) => text.trimEnd().replaceAll(/^(?=.)/gm, '    ');
    const quoted = [
      indented(proof.batch.checkpoint),
      indented(note),
      `    ${proof.log.key}`,
      `public key         ${bytesToHex(key.publicKey)}`,
      `${bytesToHex(keyId(entry.origin, key.publicKey))} as ${entry.origin}`,
      `${bytesToHex(keyId(own, key.publicKey))} as ${own}`,
      Object.values(example!.blockSources[0]!.headers)[0]!,
    ];
    for (const text of quoted) expect(readme).toContain(text);
    const bytes = base64.decode(timestampAttestation(attestations).timestamp);
    const block = /from the log's root:\n\n([\s\S]*?) {6}message {10}([0-9a-f]{64})/.exec(readme)!;
    const written = [...block[1]!.matchAll(/^ {4}((?:[0-9a-f]{2,} ?)+)(?: {2,}|$)/gm)].map(([, hex]) =>
      hex!.replaceAll(' ', ''),
    );
    expect(written.join('')).toBe(bytesToHex(bytes));
    const root = nodeRoot(logLeaf, entry.number, path);
    expect(bytesToHex(listAttestations(parseTimestamp(bytes, root))[0]!.message)).toBe(block[2]);
  });

  it('names every check', () => {
    for (const check of Object.keys(CHECKS)) expect(readme).toContain(`| \`${check}\` `);
  });
});

function nodeRoot(leaf: Uint8Array, index: number, path: readonly string[]): Uint8Array {
  return inclusionPathSides(index, 5).reduce((node, side, i) => {
    const sibling = hexToBytes(path[i]!);
    return side === 'left' ? nodeHash(sibling, node) : nodeHash(node, sibling);
  }, leaf);
}
