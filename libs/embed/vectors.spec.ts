import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hasPython } from '#setting/testing/programs.js';
import { embedVectors, findVectors } from './testing/embed-cases.js';

const FILE = fileURLToPath(new URL('vectors/embed.json', import.meta.url));
const made = { embed: await embedVectors(), find: await findVectors() };
if (process.env['WRITE_VECTORS']) writeFileSync(FILE, `${JSON.stringify(made, null, 2)}\n`);
const kept = JSON.parse(readFileSync(FILE, 'utf8')) as typeof made;

describe('the vectors', () => {
  it.each(made.embed)('of what is put into what: $name', (vector) => {
    expect(kept.embed.find(({ name }) => name === vector.name)).toEqual(vector);
  });

  it.each(made.find)('of what is found: $name', (vector) => {
    expect(kept.find.find(({ name }) => name === vector.name)).toEqual(vector);
  });

  it('has no other cases', () => {
    expect(kept.embed).toHaveLength(made.embed.length);
    expect(kept.find).toHaveLength(made.find.length);
  });
});

const withPython = hasPython();

it.skipIf(!withPython)('a second implementation, which shares nothing with this one, makes and finds the same', () => {
  const script = fileURLToPath(new URL('testing/embed.py', import.meta.url));
  expect(execFileSync('python3', [script, FILE], { encoding: 'utf8' })).toBe(
    `${kept.embed.length} embeddings and ${kept.find.length} files agree\n`,
  );
});
