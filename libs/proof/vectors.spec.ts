import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hasPython } from '#setting/testing/programs.js';
import type { CheckName } from './finding.js';
import { agencyCases, malformedAgencyCases } from './testing/agency-cases.js';
import { beaconCases } from './testing/beacon-cases.js';
import { evmCases, malformedEvmCases } from './testing/evm-cases.js';
import { holdingCases } from './testing/holding-cases.js';
import { malformedCases } from './testing/malformed-cases.js';
import { mismatchCases } from './testing/mismatch-cases.js';
import { openCases } from './testing/open-cases.js';
import { malformedTimeStampCases, timeStampCases } from './testing/time-stamp-cases.js';
import { malformedStatusCases } from './testing/malformed-status-cases.js';
import { signedEventCases } from './testing/signed-event-cases.js';
import { statusCases } from './testing/status-cases.js';
import { statusCosignatureCases } from './testing/status-cosignature-cases.js';
import { statusMismatchCases } from './testing/status-mismatch-cases.js';
import { statusTimeCases } from './testing/status-time-cases.js';
import { timesCases } from './testing/times-cases.js';
import type { VectorCase, VectorInput } from './testing/vector-case.js';
import { answerVector, type VectorAnswer, withoutBounds } from './testing/verify-vector.js';

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
  agency: () => [...agencyCases(), ...signedEventCases()],
  status: () => [...statusCases(), ...statusTimeCases(), ...statusCosignatureCases(), ...statusMismatchCases()],
  malformed: () => [
    ...malformedCases(),
    ...malformedEvmCases(),
    ...malformedTimeStampCases(),
    ...malformedStatusCases(),
    ...malformedAgencyCases(),
  ],
};
const PYTHON = '/usr/bin/python3';

const fileOf = (name: string) => fileURLToPath(new URL(`vectors/${name}.json`, import.meta.url));
const read = (name: string) => (JSON.parse(readFileSync(fileOf(name), 'utf8')) as { cases: Vector[] }).cases;

/** A case without what its author says of it. */
function inputOf(made: VectorCase): VectorInput {
  const { verdict: _, checks: __, answer: ___, ...input } = made;
  return input;
}

/** What the author of a vector says of its checks: all passed but for those named. */
function stated({ about, answer = {}, checks, verdict }: VectorCase, got: VectorAnswer): void {
  const usual: Record<string, string> = {
    beacon: 'not-applicable',
    validity: 'not-applicable',
    carried: 'not-applicable',
    'status-history': 'not-applicable',
  };
  for (const check of new Set([...got.findings.map(([name]) => name), ...(Object.keys(checks) as CheckName[])])) {
    const said = checks[check as CheckName] ?? usual[check] ?? 'passed';
    const outcomes = got.findings.filter(([name]) => name === check).map(([, outcome]) => outcome);
    // A check of one outcome is made at least once.
    const expected = typeof said === 'string' ? Array.from({ length: outcomes.length || 1 }, () => said) : said;
    expect(outcomes, `${about}: ${check}`).toEqual(expected);
  }
  expect(got, about).toMatchObject({ verdict, ...answer });
}

describe.each(Object.entries(FILES))('the vectors in %s.json', (name, cases) => {
  it('are verified as their author says, and stand in the file', async () => {
    const made = cases();
    // WRITE_VECTORS=1 renews the files, to be reviewed like code; without it they must be what the cases give.
    if (process.env['WRITE_VECTORS']) {
      const about = 'Proofs, what a verifier is given with them, and what it must find. See README.md.';
      const vectors = await Promise.all(
        made.map(async (one) => ({ ...inputOf(one), expected: await answerVector(one) })),
      );
      writeFileSync(fileOf(name), `${JSON.stringify({ about, cases: vectors }, null, 2)}\n`);
    }
    const vectors = read(name);
    const inputs = vectors.map((vector) => {
      const { expected: _, ...input } = vector;
      return input;
    });
    expect(inputs).toEqual(made.map(inputOf));
    for (const [i, { expected, ...input }] of vectors.entries()) {
      const got = await answerVector(input);
      expect(got, input.about).toEqual(expected);
      if (name !== 'malformed') stated(made[i]!, got);
      else expect(got, input.about).toMatchObject({ verdict: 'unreadable', findings: [['format', 'failed']] });
    }
  });

  const withPython = hasPython(
    'import hashlib, shutil; hashlib.new("sm3"); hashlib.new("ripemd160"); assert shutil.which("openssl")',
    'python3 openssl',
  );
  it.skipIf(!withPython)('give the same to a verifier that shares no code with ours', { timeout: 120_000 }, () => {
    const script = fileURLToPath(new URL('testing/verify.py', import.meta.url));
    const run = spawnSync(PYTHON, [script, '--cases', fileOf(name)], { encoding: 'utf8' });
    expect(run.stderr).toBe('');
    const answers = run.stdout.trim().split('\n');
    const vectors = read(name);
    expect(answers).toHaveLength(vectors.length);
    vectors.forEach(({ about, expected }, i) => {
      expect(JSON.parse(answers[i]!), about).toEqual(withoutBounds(expected));
    });
  });
});
