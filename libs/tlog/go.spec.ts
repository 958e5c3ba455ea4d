import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { GOPATH, hasGo } from '#setting/testing/programs.js';
import { leafHash } from '#merkle/hash.js';
import { consistencyPath, inclusionPath, type TileSource, tileWidth } from '#merkle/tile.js';
import { buildTiles } from '#merkle/tree-levels.js';
import { formatCheckpoint } from './checkpoint.js';
import { signCosignature } from './cosignature.js';
import { ed25519NoteSigner } from './testing/note-signer.js';
import { encodeEntryBundle } from './entry-bundle.js';
import { formatNote, parseNote, signNote } from './note.js';
import { formatTilePath } from './tile-path.js';
import { formatTlogProof } from './tlog-proof.js';
import { formatVerifierKey } from './verifier-key.js';

const available = hasGo();

const OLDER = 300;
const NEWER = 70_000;
const log = ed25519NoteSigner('log.example/a', new Uint8Array(32).fill(1));
const witness = ed25519NoteSigner('witness.example/w', new Uint8Array(32).fill(2));
const utf8 = new TextEncoder();
const entry = (i: number) => utf8.encode(`batch ${i}`);

/** What testing/verify.go reads; byte strings in base64. */
interface GoInput {
  VerifierKey: string;
  CosignerKey: string;
  Origin: string;
  Checkpoints: string[];
  Consistency: string[];
  Proofs: { Text: string; Entry: string }[];
  Tiles: Record<string, string>;
}

async function input(): Promise<GoInput> {
  const leaves = new Uint8Array(NEWER * 32);
  for (let i = 0; i < NEWER; i++) leaves.set(leafHash(entry(i)), i * 32);
  const newer = buildTiles(leaves);
  const older = buildTiles(leaves.subarray(0, OLDER * 32));
  const tiles = new Map(newer.tiles.map((tile) => [`${tile.level}/${tile.index}`, tile.hashes]));
  const source: TileSource = { tile: async (level, index) => tiles.get(`${level}/${index}`)! };

  const signed = (size: number, root: Uint8Array) =>
    signNote(formatCheckpoint({ origin: log.name, size, root }), [log]);
  const note = parseNote(signed(NEWER, newer.root));
  note.signatures.push(signCosignature(note.text, 1_700_000_000, witness));
  const checkpoint = formatNote(note);

  const files = newer.tiles.map((tile): [string, Uint8Array] => [
    formatTilePath(tile.level, tile.index, tile.hashes.length / 32),
    tile.hashes,
  ]);
  for (const index of [0, 100, 273]) {
    const width = tileWidth(0, index, NEWER);
    const bundle = encodeEntryBundle(Array.from({ length: width }, (_, i) => entry(index * 256 + i)));
    files.push([formatTilePath('entries', index, width), bundle]);
  }
  const proofs = await Promise.all(
    [0, 255, 256, 65_535, 65_536, 69_999].map(async (index) => ({
      Text: formatTlogProof({ index, path: await inclusionPath(index, NEWER, source), checkpoint }),
      Entry: base64(entry(index)),
    })),
  );
  return {
    VerifierKey: formatVerifierKey(log.name, log.publicKey),
    CosignerKey: formatVerifierKey(witness.name, witness.publicKey, 4),
    Origin: log.name,
    Checkpoints: [signed(OLDER, older.root), checkpoint],
    Consistency: (await consistencyPath(OLDER, NEWER, source)).map(base64),
    Proofs: proofs,
    Tiles: Object.fromEntries(files.map(([path, bytes]) => [path, base64(bytes)])),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function goSays(value: GoInput): string {
  const program = fileURLToPath(new URL('testing/verify.go', import.meta.url));
  const env = { ...process.env, GO111MODULE: 'off', GOPATH, GOFLAGS: '' };
  const { stdout, stderr } = spawnSync('go', ['run', program], { input: JSON.stringify(value), env, encoding: 'utf8' });
  return stdout.trim() || stderr;
}

describe.skipIf(!available)('golang.org/x/mod/sumdb', () => {
  let made: GoInput;
  beforeAll(async () => {
    made = await input();
  });

  it('verifies our checkpoints, cosignature, consistency and inclusion proofs, tiles and entry bundles', () => {
    expect(goSays(made)).toBe('verified');
  });

  it('refuses them once changed', () => {
    const tiles = Object.entries(made.Tiles);
    const changed: Record<string, GoInput> = {
      'another origin': { ...made, Origin: 'log.example/b' },
      'the wrong consistency path': { ...made, Consistency: made.Consistency.toReversed() },
      'another entry': { ...made, Proofs: [{ ...made.Proofs[0]!, Entry: base64(entry(1)) }] },
      'a tile of zeros': {
        ...made,
        Tiles: Object.fromEntries(tiles.map(([path]) => [path, base64(new Uint8Array(8192))])),
      },
    };
    for (const [why, value] of Object.entries(changed)) expect(goSays(value), why).not.toBe('verified');
  });
});
