import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { hexToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { expect, it } from 'vitest';
import { GOPATH, hasGo } from '#setting/testing/programs.js';
import { readProof } from './proof.js';
import type { ReadLoggedBatch } from './status-proof.js';
import { statusCases } from './testing/status-cases.js';

const available = hasGo();

/** A path as testing/check-records.go reads it. */
interface Claim {
  About: string;
  Entry: string;
  Index: number;
  Size: number;
  Path: string[];
  Root: string;
}

/** Every path in the status of a proof: of its last batch and its events' batches in the log, of each event in its batch, of the leaf. */
function pathsOf(about: string, text: string): Claim[] {
  const { entry, proof, status } = readProof(text);
  const { batch, checkpoint, events, leaf } = status!;
  const claim = (
    what: string,
    bytes: Uint8Array,
    Index: number,
    Size: number,
    path: readonly string[],
    root: Uint8Array,
  ) => ({
    About: `${about}: ${what}`,
    Entry: base64.encode(bytes),
    Index,
    Size,
    Path: path.map((hash) => base64.encode(hexToBytes(hash))),
    Root: base64.encode(root),
  });
  const logged = (what: string, { entry: { number }, entryBytes, path }: ReadLoggedBatch) =>
    claim(what, entryBytes, number, checkpoint.size, path, checkpoint.root);
  const leaves = Math.ceil((batch.entry.first + batch.entry.size) / 64);
  const ordinal = entry.first + proof.batch.index;
  return [
    logged('the last batch', batch),
    claim('the leaf', leaf.bytes, Math.floor(ordinal / 64), leaves, leaf.path, batch.entry.statusRoot),
    ...events.flatMap((event, i) => [
      claim(`event ${i}`, event.entryBytes, event.index, event.batch.entry.size, event.path, event.batch.entry.root),
      logged(`the batch of event ${i}`, event.batch),
    ]),
  ];
}

const check = (claims: readonly Claim[]) =>
  spawnSync('go', ['run', fileURLToPath(new URL('testing/check-records.go', import.meta.url))], {
    input: JSON.stringify(claims),
    encoding: 'utf8',
    env: { ...process.env, GO111MODULE: 'off', GOPATH },
  });

it.skipIf(!available)('the paths of a status are those of Go’s own tlog package', { timeout: 120_000 }, () => {
  const claims = statusCases().flatMap(({ about, proof }) => pathsOf(about, proof));
  expect(check(claims)).toMatchObject({ stdout: `${claims.length} hold\n`, stderr: '' });
  const [batch, leaf] = claims as [Claim, Claim];
  expect(check([{ ...leaf, Entry: batch.Entry }]).stdout).toContain('the leaf');
});
