import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { leafHash } from '#merkle/hash.js';
import { DIGEST_ALGORITHMS, DIGEST_BYTES } from './digest.js';
import { entryBytes, statementHash } from './entry.js';
import { PROFILES } from './profile.js';
import { recordId } from './record-id.js';
import { formatStatement, parseStatement } from './statement.js';
import { parseTime } from './time.js';

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
/** The text without the padding of its tables. */
const unpadded = readme.replace(/ +/g, ' ');

describe('the specification', () => {
  it('has a worked example that holds', () => {
    const jcs = /canonical JSON {5}(\{.*\})/.exec(readme)![1]!;
    const statement = parseStatement(JSON.parse(jcs));
    expect(formatStatement(statement)).toBe(jcs);
    expect(statement.digests.sha256).toBe(createHash('sha256').update('Licence no. 4711\n').digest('hex'));
    const hash = statementHash(jcs);
    const entry = entryBytes(statement, jcs);
    const ms = parseTime(statement.receivedAt);
    const lines = [
      `statementHash      ${bytesToHex(hash)}`,
      `entry              ${bytesToHex(entry)}`,
      `leaf hash          ${bytesToHex(leafHash(entry))}`,
      `receivedAt         ${ms} ms = 0${ms.toString(16)}`,
      `id                 ${recordId(ms, hash)}`,
    ];
    for (const line of lines) expect(readme).toContain(`\n    ${line}\n`);
  });

  it('names every algorithm and profile', () => {
    const rows = DIGEST_ALGORITHMS.map((name) => `| \`${name}\` | ${DIGEST_BYTES[name]} |`);
    expect(rows.map((row) => unpadded.indexOf(row)).every((at, i, all) => at > (all[i - 1] ?? 0))).toBe(true);
    for (const { id, consumers, entropy, maxStatusAgeSeconds, statuses } of PROFILES) {
      const row = unpadded.split('\n').find((line) => line.startsWith(`| \`${id}\` |`))!;
      const [digests, changes, age] = row.split(' | ').slice(2);
      expect(digests, id).toBe(entropy === 'any' ? 'plain or blinded' : 'blinded only');
      const everybody = (name: string) =>
        name === 'consumed' && consumers === 'every-agency' ? ' (by every agency)' : '';
      expect(changes!.split(', ').toSorted(), id).toEqual(statuses.map((name) => name + everybody(name)).toSorted());
      const hours = maxStatusAgeSeconds / 3600;
      expect(age, id).toBe(`${hours === 1 ? 'an hour' : hours === 24 ? 'a day' : `${hours / 24} days`} |`);
    }
  });
});
