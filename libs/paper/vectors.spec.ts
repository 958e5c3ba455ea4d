import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hasPython } from '#setting/testing/programs.js';
import { codeVectors, refusedVectors } from './testing/code-cases.js';

const FILE = fileURLToPath(new URL('vectors/paper.json', import.meta.url));
const made = { codes: codeVectors(), refused: refusedVectors() };
if (process.env['WRITE_VECTORS']) writeFileSync(FILE, `${JSON.stringify(made, null, 2)}\n`);
const kept = JSON.parse(readFileSync(FILE, 'utf8')) as typeof made;

describe('the vectors', () => {
  it.each(made.codes)('of codes: $about', (vector) => {
    expect(kept.codes.find(({ about }) => about === vector.about)).toEqual(vector);
  });

  it.each(made.refused)('of what is refused: $about', (vector) => {
    expect(kept.refused.find(({ about }) => about === vector.about)).toEqual(vector);
  });

  it('has no other cases', () => {
    expect(kept.codes).toHaveLength(made.codes.length);
    expect(kept.refused).toHaveLength(made.refused.length);
  });
});

const withPython = hasPython();

it.skipIf(!withPython)(
  'a second implementation, which shares nothing with this one, reads and refuses the same',
  () => {
    const script = fileURLToPath(new URL('testing/paper.py', import.meta.url));
    expect(execFileSync('python3', [script, '--vectors', FILE], { encoding: 'utf8' })).toBe(
      `${kept.codes.length} codes agree, ${kept.refused.length} texts refused\n`,
    );
  },
);
