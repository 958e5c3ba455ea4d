import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bytesToHex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasPython } from '#setting/testing/programs.js';
import { formatProof } from './proof.js';
import { agencyCases } from './testing/agency-cases.js';
import { evmCases } from './testing/evm-cases.js';
import { holdingCases } from './testing/holding-cases.js';
import { partMutation, withMutatedPart } from './testing/part-mutation.js';
import { sampleProof } from './testing/sample-proof.js';
import { signedEventCases } from './testing/signed-event-cases.js';
import { statusCases } from './testing/status-cases.js';
import { statusCosignatureCases } from './testing/status-cosignature-cases.js';
import { mutatedText, textMutation } from './testing/text-mutation.js';
import type { VectorCase } from './testing/vector-case.js';
import { answerVector, withoutBounds } from './testing/verify-vector.js';

/** Mutations tried of each kind: of any text, of a status' text, of a status' members, of what agencies sign. MUTATIONS=20000 for a long look. */
const RUNS = Number(process.env['MUTATIONS'] ?? 300);
const PYTHON = '/usr/bin/python3';

const withPython = hasPython('import hashlib; hashlib.new("sm3")');

/** Verifies the cases with both verifiers, and tells how many of them could be read. */
async function agree(cases: readonly VectorCase[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'sealroot-'));
  try {
    const file = join(folder, 'cases.json');
    writeFileSync(file, JSON.stringify({ cases }));
    const script = fileURLToPath(new URL('testing/verify.py', import.meta.url));
    const run = spawnSync(PYTHON, [script, '--cases', file], { encoding: 'utf8', maxBuffer: 1 << 28 });
    expect(run.stderr).toBe('');
    const answers = run.stdout.trim().split('\n');
    let read = 0;
    for (const [i, vector] of cases.entries()) {
      const answer = await answerVector(vector);
      if (answer.findings.length > 1) read++;
      const hex = bytesToHex(new TextEncoder().encode(vector.proof));
      expect(JSON.parse(answers[i]!), hex).toEqual(withoutBounds(answer));
    }
    return read;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(!withPython)('agrees with the second verifier', { timeout: 1_800_000 }, () => {
  it('on mutated proofs', async () => {
    const bases = [...holdingCases(), ...evmCases().filter(({ verdict }) => verdict === 'authentic')];
    const drawn = fc.tuple(fc.nat({ max: bases.length - 1 }), textMutation);
    const cases = fc.sample(drawn, { numRuns: RUNS, seed: 2162 }).map(([which, change]): VectorCase => {
      const base = bases[which]!;
      return { ...base, proof: mutatedText(base.proof, change) };
    });
    // Mutations that no parser lets through say little: enough of them must reach the checks.
    expect(await agree(cases)).toBeGreaterThan(RUNS / 4);
  });

  it('on proofs with mutated statuses', async () => {
    const bases = [...statusCases(), ...statusCosignatureCases()];
    const one = fc.nat({ max: bases.length - 1 });
    const drawn = fc.tuple(one, one, fc.boolean(), textMutation, partMutation);
    const cases = fc.sample(drawn, { numRuns: 2 * RUNS, seed: 2163 }).map(([which, lender, isText, text, status]) => {
      const { instants: _, ...base } = bases[which]!;
      const from = base.proof.indexOf('"status":{');
      const proof = isText
        ? base.proof.slice(0, from) + mutatedText(base.proof.slice(from), text)
        : withMutatedPart(base.proof, bases[lender]!.proof, ['status'], status);
      return { ...base, proof };
    });
    expect(await agree(cases)).toBeGreaterThan(RUNS / 2);
  });

  it('on proofs with mutated signatures of agencies, and of what the log says of their keys', async () => {
    const bases = [...agencyCases(), ...signedEventCases()].filter(({ proof }) => proof.includes('"authorisations"'));
    const one = fc.nat({ max: bases.length - 1 });
    const drawn = fc.tuple(one, one, partMutation, fc.boolean());
    const cases = fc.sample(drawn, { numRuns: RUNS, seed: 2164 }).map(([which, lender, part, isKey]): VectorCase => {
      const base = bases[which]!;
      const members = isKey ? ['authorisations'] : ['statement', 'status'];
      return { ...base, proof: withMutatedPart(base.proof, bases[lender]!.proof, members, part) };
    });
    expect(await agree(cases)).toBeGreaterThan(RUNS / 4);
  });
});

describe.skipIf(!withPython)('the second verifier, asked about one document', () => {
  it('takes the salt of a blinded one that the proof does not have: in hex, or as the file that was kept', () => {
    const made = sampleProof({ blinded: true, checkpoints: [{ size: 5, attestations: [] }] });
    const salt = bytesToHex(made.salt!);
    const folder = mkdtempSync(join(tmpdir(), 'sealroot-'));
    const at = (name: string, content: string | Uint8Array) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    try {
      const document = at('document', made.document);
      const proof = at('proof', formatProof({ ...made.proof, salt: undefined }));
      const other = '00'.repeat(32);
      const kept = at('salts', JSON.stringify({ format: 'sealroot/salts@1', salts: [{ salt }, { salt: other }] }));
      const script = fileURLToPath(new URL('testing/verify.py', import.meta.url));
      const verify = (...options: string[]) => spawnSync(PYTHON, [script, document, proof, ...options]).status;
      expect([verify(), verify('--salt', salt), verify('--salt', kept), verify('--salt', other)]).toEqual([2, 4, 4, 1]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
