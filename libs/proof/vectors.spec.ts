import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { beaconCases } from './testing/beacon-cases.js';
import { evmCases, malformedEvmCases } from './testing/evm-cases.js';
import { holdingCases } from './testing/holding-cases.js';
import { malformedCases } from './testing/malformed-cases.js';
import { mismatchCases } from './testing/mismatch-cases.js';
import { openCases } from './testing/open-cases.js';
import { malformedTimeStampCases, timeStampCases } from './testing/time-stamp-cases.js';
import { timesCases } from './testing/times-cases.js';
import type { VectorCase, VectorInput } from './testing/vector-case.js';
import { type VectorAnswer, vectorAnswer, verifyVector } from './testing/verify-vector.js';
import type { Verification } from './verification.js';

/** A vector as it stands in a file. */
interface Vector extends VectorInput {
  expected: VectorAnswer;
}

const FILES = {
  holding: holdingCases,
  beacon: beaconCases,
  open: openCases,
  mismatch: mismatchCases,
  evm: evmCases,
  'time-stamp': timeStampCases,
  times: timesCases,
  malformed: () => [...malformedCases(), ...malformedEvmCases(), ...malformedTimeStampCases()],
};
const PYTHON = '/usr/bin/python3';

const fileOf = (name: string) => fileURLToPath(new URL(`vectors/${name}.json`, import.meta.url));
const read = (name: string) => (JSON.parse(readFileSync(fileOf(name), 'utf8')) as { cases: Vector[] }).cases;

/** What the author of a vector says of its checks: all passed but for those named. */
function stated({ about, checks }: VectorCase, { findings }: Verification): void {
  const usual: Record<string, string> = {
    beacon: 'not-applicable',
    validity: 'not-applicable',
    carried: 'not-applicable',
  };
  for (const check of new Set(findings.map((finding) => finding.check))) {
    const said = checks[check] ?? usual[check] ?? 'passed';
    const outcomes = findings.filter((finding) => finding.check === check).map(({ outcome }) => outcome);
    expect(outcomes, `${about}: ${check}`).toEqual(typeof said === 'string' ? outcomes.map(() => said) : said);
  }
}

describe.each(Object.entries(FILES))('the vectors in %s.json', (name, cases) => {
  it('are verified as their author says, and stand in the file', async () => {
    const vectors: Vector[] = [];
    for (const made of cases()) {
      const { verdict, checks: _, ...input } = made;
      const result = await verifyVector(input);
      expect(result.verdict, made.about).toBe(verdict);
      if (name !== 'malformed') stated(made, result);
      else expect(result.findings, made.about).toMatchObject([{ check: 'format', outcome: 'failed' }]);
      vectors.push({ ...input, expected: vectorAnswer(result) });
    }
    // WRITE_VECTORS=1 renews the files, to be reviewed like code; without it they must be what the cases give.
    if (process.env['WRITE_VECTORS']) {
      const about = 'Proofs, what a verifier is given with them, and what it must find. See README.md.';
      writeFileSync(fileOf(name), `${JSON.stringify({ about, cases: vectors }, null, 2)}\n`);
    }
    expect(read(name)).toEqual(vectors);
  });

  it('give the same answer from the file alone', async () => {
    for (const { expected, ...input } of read(name)) {
      expect(vectorAnswer(await verifyVector(input)), input.about).toEqual(expected);
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
      vectors.forEach(({ about, expected }, i) => {
        const { findings, still, verdict, who } = expected;
        expect(JSON.parse(answers[i]!), about).toEqual({ findings, still, verdict, who });
      });
    },
  );
});
