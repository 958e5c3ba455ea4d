import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ATTESTATION_FORMS } from '#proof/anchors/kinds.js';
import { settingName } from '#setting/setting.js';
import { ANCHOR_KINDS, ANCHOR_SETTINGS, kindOfAnchor } from './kinds.js';
import { SOURCE_SETTINGS } from './source-settings.js';

const root = join(import.meta.dirname, '../..');

/** Where a kind of anchor is: what submits, what verifies, and what says so. */
const PLACES = ['libs/anchors/', 'libs/proof/anchors/', 'libs/words/anchors/'];
/** The words of the third place, in each language. */
const WORDS = /^libs\/words\/[a-z-]+\/anchors\.ts$/;

/** What may name kinds all the same, and why. */
const RULES: readonly { why: string; files: RegExp; lines?: RegExp }[] = [
  { why: 'the sandbox starts the peers of each kind, and expects all of them', files: /^apps\/sandbox\// },
  {
    why: 'a calendar is OpenTimestamps for others, and commits with the anchor bitcoin',
    files: /^apps\/api\/calendar\/|^apps\/api\/create-api\.ts$|^libs\/config\/cross-check\.ts$/,
  },
  { why: 'a bare OpenTimestamps file is a format beside the proof', files: /^libs\/proof\/(ots|timestamp)-file\.ts$/ },
  { why: 'the name of that format', files: /^libs\/(proof|words)\//, lines: /\bformat\b/ },
  { why: 'the libraries of formats and chains know no anchors', files: /^libs\/(bitcoin|evm|ots|tsp|source)\// },
  {
    why: 'two kinds of anchors have the names of kinds of chains, which sources serve, and beacons are of',
    files: /(chain|beacon|source)[a-z-]*\.ts$/,
    lines: /'(bitcoin|evm)'|`evm:/,
  },
  {
    why: 'the same',
    files: /./,
    lines: /\b(chain|network|source)\b.*'(bitcoin|evm)'|'(bitcoin|evm)'.*\b(chain|network)\b/,
  },
  {
    why: 'the second verifier has a module for each library',
    files: /^apps\/cli\/export\/verifier\.ts$/,
    lines: /'[a-z]+\/testing\/[a-z_]+\.py'/,
  },
];

const kinds = [...new Set([...ANCHOR_KINDS.map(({ name }) => name), ...ATTESTATION_FORMS.map(([type]) => type)])];
const ownSettings = Object.keys(ANCHOR_SETTINGS).filter((key) => !(key in SOURCE_SETTINGS));

/** A kind as a string or at the start of one, as a folder of an import, or by one of its settings. */
const NAMED = new RegExp(
  [
    `['"\`](${kinds.join('|')})['"\`:/]`,
    `anchors/(${kinds.join('|')})[/.]`,
    `\\b(${[...ownSettings, ...ownSettings.map(settingName)].join('|')})\\b`,
  ].join('|'),
);

/** The lines of a source that name a kind, comments apart, as `file:line: text`. */
function namings(file: string, text: string): { at: string; line: string }[] {
  const code = text.replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, (comment) => comment.replace(/[^\n]/g, ''));
  return code
    .split('\n')
    .flatMap((line, i) => (NAMED.test(line) ? [{ at: `${file}:${i + 1}: ${line.trim()}`, line }] : []));
}

const isPlace = (file: string): boolean => PLACES.some((place) => file.startsWith(place)) || WORDS.test(file);

const isRuled = (file: string, line: string): boolean =>
  RULES.some((rule) => rule.files.test(file) && (rule.lines?.test(line) ?? true));

/** Every source of the project, tests and what is generated apart. */
function sources(): string[] {
  return ['libs', 'apps'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((file) => `${folder}/${file.split(sep).join('/')}`)
      .filter((file) => /\.(ts|mjs)$/.test(file) && !/spec\.ts$|\/test(ing)?\/|\/generated\//.test(file)),
  );
}

describe('a kind of anchor', () => {
  it('is named nowhere but in its three places', () => {
    const files = sources();
    expect(files.length).toBeGreaterThan(400);
    const fourth = files
      .filter((file) => !isPlace(file))
      .flatMap((file) =>
        namings(file, readFileSync(join(root, file), 'utf8'))
          .filter(({ line }) => !isRuled(file, line))
          .map(({ at }) => at),
      );
    expect(fourth).toEqual([]);
  });

  it.each([
    [`if (anchor.kind === 'evm') return;`],
    [`    case 'rfc3161':`],
    [`import { x } from '#proof/anchors/evm/check.js';`],
    [`  const name = \`evm:\${chain.name}\`;`],
    [`  quorum: config.otsQuorum,`],
  ])('would be found by a line such as %s', (line) => {
    const file = 'apps/portal/views/details-view.ts';
    expect(namings(file, `// of 'evm'\n${line}\n`).map(({ at }) => at)).toEqual([`${file}:2: ${line.trim()}`]);
    expect(isRuled(file, line)).toBe(false);
  });

  it.each(RULES)('has an exception that something needs: $why', (rule) => {
    const needed = sources()
      .filter((file) => !isPlace(file) && rule.files.test(file))
      .some((file) =>
        namings(file, readFileSync(join(root, file), 'utf8')).some(({ line }) => rule.lines?.test(line) ?? true),
      );
    expect(needed).toBe(true);
  });

  it('stores attestations of a type that verifiers know', () => {
    const known = ATTESTATION_FORMS.map(([type]) => type);
    for (const { name, attestation } of ANCHOR_KINDS) expect(known, name).toContain(attestation);
  });

  it('has a name and settings of its own', () => {
    const names = ANCHOR_KINDS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const keys = [...ANCHOR_KINDS.flatMap(({ settings }) => Object.keys(settings)), ...Object.keys(SOURCE_SETTINGS)];
    expect(keys.sort()).toEqual(Object.keys(ANCHOR_SETTINGS).sort());
    for (const name of names) expect(kindOfAnchor(`${name}:main`)?.name).toBe(name);
    expect(kindOfAnchor('of-another-version')).toBeUndefined();
  });
});
