import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bytesToHex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { evmCases } from './testing/evm-cases.js';
import type { VectorCase } from './testing/vector-case.js';
import { holdingCases } from './testing/holding-cases.js';
import { answerVector, withoutBounds } from './testing/verify-vector.js';

/** Mutations tried; MUTATIONS=20000 for a long look. */
const RUNS = Number(process.env['MUTATIONS'] ?? 300);

/** A place in a text, in millionths of its length. Unbiased: the middle is where the hashes are. */
const place = fc.noBias(fc.nat({ max: 999_999 }));

/** One change to a proof's text: mostly a hex digit or letter nudged to its neighbour, else a character replaced, a piece removed or copied. */
const mutation = fc.record({
  kind: fc.constantFrom('nudge', 'nudge', 'nudge', 'replace', 'remove', 'copy'),
  at: place,
  to: place,
  length: fc.integer({ min: 1, max: 12 }),
  character: fc.constantFrom(...'0123456789abcdefABCDEF{}[]",:.-+ \\ntruefalsnul/=é\u0000'),
});

/** The neighbour of a digit or letter that is of the same class: 0 and 1, b and c. */
function nudged(character: string): string {
  const code = character.charCodeAt(0);
  // Digits pair up from an even code, letters from an odd one.
  return String.fromCharCode(code < 0x40 ? code ^ 1 : ((code - 1) ^ 1) + 1);
}

it('agrees with the second verifier on mutated proofs', { timeout: 600_000 }, async () => {
  const python = spawnSync('/usr/bin/python3', ['-c', 'import hashlib; hashlib.new("sm3")']);
  if (python.status !== 0) {
    if (process.env['CI']) throw new Error('Expected Python with OpenSSL: apt-get install python3');
    console.warn('The second verifier needs Python with OpenSSL: apt-get install python3 (its test is skipped)');
    return;
  }
  const bases = [...holdingCases(), ...evmCases().filter(({ verdict }) => verdict === 'authentic')];
  const picks = fc.sample(fc.tuple(fc.nat({ max: bases.length - 1 }), mutation), { numRuns: RUNS, seed: 2162 });
  const cases = picks.map(([which, { kind, at, to, length, character }]): VectorCase => {
    const base = bases[which]!;
    const text = base.proof;
    const i = Math.floor((at * text.length) / 1_000_000);
    const j = Math.floor((to * text.length) / 1_000_000);
    const changed =
      kind === 'nudge'
        ? text.slice(0, i) + text.slice(i).replace(/[0-9a-zA-Z]/, nudged)
        : kind === 'replace'
          ? text.slice(0, i) + character + text.slice(i + 1)
          : kind === 'remove'
            ? text.slice(0, i) + text.slice(i + length)
            : text.slice(0, j) + text.slice(i, i + length) + text.slice(j);
    return { ...base, proof: changed };
  });
  const folder = mkdtempSync(join(tmpdir(), 'sealroot-'));
  try {
    const file = join(folder, 'cases.json');
    writeFileSync(file, JSON.stringify({ cases }));
    const run = spawnSync('/usr/bin/python3', [fileURLToPath(new URL('testing/verify.py', import.meta.url)), file], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    expect(run.stderr).toBe('');
    const answers = run.stdout.trim().split('\n');
    let read = 0;
    for (const [i, vector] of cases.entries()) {
      const answer = await answerVector(vector);
      if (answer.findings.length > 1) read++;
      const hex = bytesToHex(new TextEncoder().encode(vector.proof));
      expect(JSON.parse(answers[i]!), hex).toEqual(withoutBounds(answer));
    }
    // Mutations that no parser lets through say little: enough of them must reach the checks.
    expect(read).toBeGreaterThan(RUNS / 4);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
