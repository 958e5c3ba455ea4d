import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hasPython } from '#setting/testing/programs.js';
import { answerVectors, packVectors, refusedVectors, sampleLog } from './testing/gate-cases.js';

const FILE = fileURLToPath(new URL('vectors/gate.json', import.meta.url));
const made = {
  key: sampleLog().log.keyText,
  packs: packVectors(),
  answers: answerVectors(),
  refused: refusedVectors(),
};
if (process.env['WRITE_VECTORS']) writeFileSync(FILE, `${JSON.stringify(made, null, 2)}\n`);
const kept = JSON.parse(readFileSync(FILE, 'utf8')) as typeof made;

describe('the vectors', () => {
  it.each(made.packs)('of packs: $about', (vector) => {
    expect(kept.packs.find(({ about }) => about === vector.about)).toEqual(vector);
  });

  it.each(made.answers)('of what a gate says: $about', (vector) => {
    expect(kept.answers.find(({ about }) => about === vector.about)).toEqual(vector);
  });

  it.each(made.refused)('of what is refused: $about', (vector) => {
    expect(kept.refused.find(({ about }) => about === vector.about)).toEqual(vector);
  });

  it('has no other cases', () => {
    expect(Object.values(kept).map(({ length }) => length)).toEqual(Object.values(made).map(({ length }) => length));
  });
});

const withPython = hasPython();

it.skipIf(!withPython)(
  'a second implementation, which shares nothing with this one, reads, refuses and says the same',
  () => {
    const script = fileURLToPath(new URL('testing/gate.py', import.meta.url));
    expect(execFileSync('python3', [script, '--vectors', FILE], { encoding: 'utf8' })).toBe(
      `${kept.packs.length} packs open, ${kept.answers.length} answers agree, ${kept.refused.length} packs refused\n`,
    );
  },
);
