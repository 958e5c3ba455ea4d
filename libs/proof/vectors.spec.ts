import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hexToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import type { NetworkName } from '#bitcoin/network.js';
import { sampleEvmSource } from '#evm/testing/sample-chain.js';
import { sampleBlockSource } from './testing/sample-block.js';
import { beaconCases } from './testing/beacon-cases.js';
import { evmCases, malformedEvmCases } from './testing/evm-cases.js';
import { holdingCases } from './testing/holding-cases.js';
import { malformedCases } from './testing/malformed-cases.js';
import { mismatchCases } from './testing/mismatch-cases.js';
import { openCases } from './testing/open-cases.js';
import { malformedTimeStampCases, timeStampCases } from './testing/time-stamp-cases.js';
import type { VectorCase, VectorInput } from './testing/vector-case.js';
import { verifyProof, type Verification } from './verify.js';

/** A vector as it stands in a file. */
interface Vector extends VectorInput {
  expected: {
    verdict: string;
    checks: [string, string][];
    existedBefore?: { height?: number | undefined; time: string };
    existedAfter?: { height: number; time: string };
  };
}

const FILES = {
  holding: holdingCases,
  beacon: beaconCases,
  open: openCases,
  mismatch: mismatchCases,
  evm: evmCases,
  'time-stamp': timeStampCases,
  malformed: () => [...malformedCases(), ...malformedEvmCases(), ...malformedTimeStampCases()],
};
const PYTHON = '/usr/bin/python3';

const fileOf = (name: string) => fileURLToPath(new URL(`vectors/${name}.json`, import.meta.url));
const read = (name: string) => (JSON.parse(readFileSync(fileOf(name), 'utf8')) as { cases: Vector[] }).cases;
const codes = ({ checks }: Verification) => checks.map(({ code, status }): [string, string] => [code, status]);

function verify({
  proof,
  digests = {},
  trustedKeys = [],
  blockSources = [],
  evmSources = [],
  timestampRoots = [],
  now,
}: VectorInput): Promise<Verification> {
  return verifyProof({
    proof,
    digests: Object.fromEntries(Object.entries(digests).map(([name, hex]) => [name, hexToBytes(hex)])),
    trustedKeys,
    blockSources: blockSources.map(({ name, network, headers }) => {
      const blocks = Object.entries(headers).map(([height, hex]) => ({
        height: Number(height),
        header: hexToBytes(hex),
      }));
      return sampleBlockSource(blocks, name, network === 'unknown' ? undefined : (network satisfies NetworkName));
    }),
    evmSources: evmSources.map(sampleEvmSource),
    timestampRoots: timestampRoots.map((root) => base64.decode(root)),
    now: new Date(now),
  });
}

/** What the author of a vector says of its checks: all passed but for those named. */
function stated({ about, checks }: VectorCase, got: Verification): void {
  const usual: Record<string, string> = { beacon: 'not-applicable', validity: 'not-applicable' };
  for (const code of new Set(got.checks.map((check) => check.code))) {
    const said = checks[code] ?? usual[code] ?? 'passed';
    const statuses = got.checks.filter((check) => check.code === code).map(({ status }) => status);
    expect(statuses, `${about}: ${code}`).toEqual(typeof said === 'string' ? statuses.map(() => said) : said);
  }
}

describe.each(Object.entries(FILES))('the vectors in %s.json', (name, cases) => {
  it('are verified as their author says, and stand in the file', async () => {
    const vectors: Vector[] = [];
    for (const made of cases()) {
      const { verdict, checks: _, ...input } = made;
      const result = await verify(input);
      expect(result.verdict, made.about).toBe(verdict);
      if (name === 'malformed') expect(codes(result), made.about).toEqual([['format', 'failed']]);
      else stated(made, result);
      const { existedBefore: bound, existedAfter: beacon } = result;
      const expected = {
        verdict,
        checks: codes(result),
        ...(bound && {
          existedBefore: { ...(bound.height === undefined ? {} : { height: bound.height }), time: bound.time },
        }),
        ...(beacon && { existedAfter: { height: beacon.height, time: beacon.time } }),
      };
      vectors.push({ ...input, expected });
    }
    // WRITE_VECTORS=1 renews the files, to be reviewed like code; without it they must be what the cases give.
    if (process.env['WRITE_VECTORS']) {
      const about = 'Proofs, what a verifier is given with them, and what it must find. See README.md.';
      writeFileSync(fileOf(name), `${JSON.stringify({ about, cases: vectors }, null, 2)}\n`);
    }
    expect(read(name)).toEqual(vectors);
  });

  it('give the same verdict and checks from the file alone', async () => {
    for (const { expected, ...input } of read(name)) {
      const result = await verify(input);
      expect({ verdict: result.verdict, checks: codes(result) }, input.about).toEqual({
        verdict: expected.verdict,
        checks: expected.checks,
      });
    }
  });

  const probe = spawnSync(PYTHON, [
    '-c',
    'import hashlib, shutil; hashlib.new("sm3"); hashlib.new("ripemd160"); assert shutil.which("openssl")',
  ]);
  if (probe.status !== 0) {
    const message = 'The second verifier needs Python 3.8 or newer with OpenSSL: apt-get install python3 openssl';
    if (process.env['CI']) throw new Error(message);
    console.warn(`${message} (its tests are skipped)`);
  }
  it.skipIf(probe.status !== 0)(
    'give the same to a verifier that shares no code with ours',
    { timeout: 120_000 },
    () => {
      const script = fileURLToPath(new URL('testing/verify.py', import.meta.url));
      const run = spawnSync(PYTHON, [script, fileOf(name)], { encoding: 'utf8' });
      expect(run.stderr).toBe('');
      const answers = run.stdout.trim().split('\n');
      const vectors = read(name);
      expect(answers).toHaveLength(vectors.length);
      vectors.forEach(({ about, expected: { verdict, checks } }, i) => {
        expect(JSON.parse(answers[i]!), about).toEqual({ verdict, checks });
      });
    },
  );
});
