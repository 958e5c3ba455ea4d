import { describe, expect, it } from 'vitest';
import type { Finding, Outcome } from '#proof/finding.js';
import type { Verdict } from '#proof/verification.js';
import { PROFILES } from '#statement/profile.js';
import { anchorSteps } from './anchors/anchor-words.js';
import { sayAuditFinding } from './audit-words.js';
import { commandLineWords } from './command-line.js';
import { siteWords } from './site-words.js';
import { en } from './en/index.js';
import { formatFor } from './format.js';
import type { Language, Place, Telling } from './language.js';
import { SPOKEN } from './spoken.js';
import { LANGUAGES, languageOf, preferredLanguage } from './languages.js';
import { tellFinding, tellOnce, tellProfile, tellVerification } from './tell.js';
import { AUDIT_SAMPLES } from './testing/audit-samples.js';
import { FINDING_SAMPLES } from './testing/finding-samples.js';
import { SIMPLIFIED_ONLY, TRADITIONAL_ONLY } from './testing/han-characters.js';
import { verificationSamples } from './testing/verification-samples.js';

const PLACES: Place[] = [{ kind: 'command-line' }, { kind: 'page', service: 'service.example' }, { kind: 'file' }];
const SAMPLES = Object.entries(FINDING_SAMPLES) as [string, Finding][];
const VERIFICATIONS = [...verificationSamples()];
const OUTCOMES: Outcome[] = ['passed', 'failed', 'pending', 'unavailable', 'not-applicable'];
const VERDICTS: Verdict[] = ['unreadable', 'mismatch', 'authentic-not-current', 'unavailable', 'pending', 'authentic'];

const FORMATS = new Map(
  LANGUAGES.map(({ locale }) => [locale, formatFor({ locale, timeZone: 'Asia/Taipei' })] as const),
);
const telling = ({ locale }: Language, place: Place): Telling => ({ place, format: FORMATS.get(locale)! });

/** Every text in a value, however deep; of a function, what it makes of words that stand out. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'function') return [String(value('X', 'Y', 'Z', ['W']))];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

/** Where the texts of a value are, so that two languages can be compared. */
function pathsOf(value: unknown, at = ''): string[] {
  if (typeof value !== 'object' || value === null) return [`${at}:${typeof value}`];
  return Object.entries(value).flatMap(([name, member]) => pathsOf(member, `${at}/${name}`));
}

/** All that a language says, but for what parsers and sources said. */
function everythingSaid(language: Language): string[] {
  const said = PLACES.flatMap((place) => {
    const at = telling(language, place);
    const findings = SAMPLES.map(([, finding]) => tellFinding(finding, language, at));
    const verifications = VERIFICATIONS.map(([, verification]) => tellVerification(verification, language, at));
    return [...findings, ...verifications.flatMap((words) => [words, ...words.findings])].map((words) => {
      if ('findings' in words) return { ...words, findings: [] };
      const { details: _, check: __, outcome: ___, ...rest } = words;
      return rest;
    });
  });
  const { labels, outcomes, badges, profiles, page } = language;
  const alike = language.anchors.alike('2');
  const fates = Object.values(language.files).map((say) => say('a.ots'));
  expect(new Set(fates).size).toBe(Object.keys(en.files).length);
  const audited = AUDIT_SAMPLES.map((finding) => sayAuditFinding(finding, language, FORMATS.get(language.locale)!));
  const anchored = SAMPLES.flatMap(([, finding]) => (finding.check === 'anchor' ? [finding] : []));
  const steps = PLACES.flatMap((place) => {
    const saying = { language, ...telling(language, place) };
    return anchored.flatMap((finding) => anchorSteps([finding], saying, (suffix) => suffix).map(({ text }) => text));
  });
  const { audit, ...commandLine } = commandLineWords(language);
  const own = [
    fates,
    steps,
    alike,
    audited,
    audit.result,
    commandLine,
    siteWords(language),
    labels,
    outcomes,
    badges,
    profiles,
    page,
  ];
  return textsOf([said, own]);
}

it('each language is loaded under the tag that it is offered by', async () => {
  for (const { load, tag } of SPOKEN) expect((await load()).tag).toBe(tag);
});

describe.each(LANGUAGES)('the words in $tag', (language) => {
  it.each(PLACES)('tell every kind of finding in whole sentences, each its own, at the $kind', (place) => {
    const told = SAMPLES.map(([key, finding]) => ({
      key,
      words: tellFinding(finding, language, telling(language, place)),
    }));
    for (const { key, words } of told) {
      expect(words.sentence, key).toMatch(/[.。]$/);
      if (words.remedy !== undefined) expect(words.remedy, key).toMatch(/[.。]$/);
      for (const text of textsOf(words)) {
        expect(text, key).not.toBe('');
        expect(text, key).not.toMatch(/undefined|NaN|null|\[object|function|  /);
      }
    }
    const different = new Set(told.map(({ words }) => `${words.title}\n${words.sentence}`));
    expect(different.size).toBe(told.length);
  });

  it.each(PLACES)('tell every kind of verification, at the $kind', (place) => {
    for (const [name, verification] of VERIFICATIONS) {
      const words = tellVerification(verification, language, telling(language, place));
      expect(words.headline, name).not.toBe('');
      expect(words.sentence, name).toMatch(/[.。]$/);
      expect(words.badge, name).not.toBe('');
      for (const text of textsOf(words)) expect(text, name).not.toMatch(/undefined|NaN|null|\[object|  /);
    }
  });

  it('tell everything that an audit can find, each in its own sentences', () => {
    const told = AUDIT_SAMPLES.map((finding) => sayAuditFinding(finding, language, FORMATS.get(language.locale)!));
    for (const text of told) {
      expect(text).toMatch(/[.。]$/);
      expect(text).not.toMatch(/undefined|NaN|null|\[object|function|  /);
    }
    expect(new Set(told).size).toBe(told.length);
  });

  it('has a word for every outcome, every verdict and every kind of record', () => {
    for (const outcome of OUTCOMES) expect(language.outcomes[outcome]).toBeTruthy();
    for (const verdict of VERDICTS) expect(language.badges[verdict]).toBeTruthy();
    for (const { id } of PROFILES) expect(tellProfile(id, language)).not.toBe(id);
    expect(tellProfile('lighthouse@2', language)).toBe('lighthouse@2');
  });

  it('says nothing that its register of words forbids', async () => {
    const { FORBIDDEN } = (await import(`./${language.tag.toLowerCase()}/testing/forbidden-words.ts`)) as {
      FORBIDDEN: readonly RegExp[];
    };
    expect(FORBIDDEN.length).toBeGreaterThan(0);
    for (const text of everythingSaid(language))
      expect(
        FORBIDDEN.flatMap((pattern) => pattern.exec(text)?.[0] ?? []),
        text,
      ).toEqual([]);
  });

  it.runIf(language.tag.startsWith('zh'))('leaves no English sentence untranslated, and mixes no scripts', () => {
    const foreign = language.tag === 'zh-TW' ? SIMPLIFIED_ONLY : TRADITIONAL_ONLY;
    // The switch of languages shows each by its own name, and the brand is written as it is.
    for (const text of everythingSaid(language)) {
      expect(text).not.toMatch(/[a-z]+,? [a-z]+,? [a-z]+/i);
      expect([...text.replace('印证', '')].filter((character) => foreign.has(character))).toEqual([]);
    }
  });

  it('answers with the same parts as English', () => {
    for (const place of PLACES) {
      for (const [key, finding] of SAMPLES) {
        const [there, here] = [en, language].map((each) => tellFinding(finding, each, telling(each, place)));
        expect(pathsOf(here), key).toEqual(pathsOf(there));
      }
      for (const [name, verification] of VERIFICATIONS) {
        const [there, here] = [en, language].map((each) => tellVerification(verification, each, telling(each, place)));
        expect(pathsOf(here), name).toEqual(pathsOf(there));
      }
    }
    const { labels, outcomes, badges, profiles, page } = language;
    expect(pathsOf({ labels, outcomes, badges, profiles, page }).sort()).toEqual(
      pathsOf({
        labels: en.labels,
        outcomes: en.outcomes,
        badges: en.badges,
        profiles: en.profiles,
        page: en.page,
      }).sort(),
    );
  });

  it('has what the command line alone says, in the same parts as English', () => {
    const { failures, ...words } = commandLineWords(language);
    const { failures: _, ...english } = commandLineWords(en);
    expect(pathsOf(words).sort()).toEqual(pathsOf(english).sort());
    // In English what failed says it all.
    expect(failures === null).toBe(language === en);
  });

  it('names a silent source with its reason', () => {
    const words = tellFinding(
      FINDING_SAMPLES['anchor unavailable bitcoin no-answer'],
      language,
      telling(language, { kind: 'command-line' }),
    );
    expect(words.sentence).toContain('node.example');
    expect(words.details).toEqual(['node.example: the node does not answer']);
  });

  it('writes dates here and in UTC, numbers, sizes and spans', () => {
    const format = formatFor({ locale: language.locale, timeZone: 'Asia/Taipei' });
    expect(format.date('2026-02-28T17:00:00.000Z')).toMatch(/2026.*0?1:00.*2026.*17:00.* UTC\)$/);
    expect(format.date('2026-02-28T09:00:00.000Z')).toMatch(/2026[^6]*17:00 \(GMT\+8; 0?9:00 UTC\)$/);
    expect(format.date(Date.parse('2026-02-28T17:00:00.000Z'))).toBe(format.date('2026-02-28T17:00:00.000Z'));
    expect(formatFor({ locale: language.locale, timeZone: 'UTC' }).date('2026-03-01T09:00:00Z')).not.toContain('(');
    expect(format.date('not a time')).toBe('not a time');
    expect(format.date(1e300)).toBe('1e+300');
    expect(format.number(840_000).replace(/[^0-9]/g, '')).toBe('840000');
    expect(format.bytes(1_500_000)).toMatch(/1[.,]5/);
    expect(format.bytes(0)).toContain('0');
    expect(format.span(7_200_000)).toContain('2');
    expect(format.span(1)).toContain('1');
  });
});

describe('the language for a reader', () => {
  it.each([
    [['zh-CN', 'en'], 'zh-CN'],
    [['zh-TW'], 'zh-TW'],
    [['zh_HK'], 'zh-TW'],
    [['zh-Hant-US'], 'zh-TW'],
    // `mis` is the tag of languages that have no tag.
    [['mis', 'zh-Hans-CN'], 'zh-CN'],
    [['zh-SG'], 'zh-CN'],
    [['zh'], 'zh-CN'],
    [['mis-DE', 'en-US'], 'en'],
    [['mis'], 'en'],
    [[], 'en'],
  ])('who wants %o is %s', (wanted, tag) => {
    expect(preferredLanguage(wanted).tag).toBe(tag);
  });

  it('can be named by its tag alone', () => {
    expect(languageOf('zh-tw')?.tag).toBe('zh-TW');
    expect(languageOf('zh')).toBeUndefined();
  });
});

describe('an answer', () => {
  const words = (name: string) => {
    const found = VERIFICATIONS.find(([each]) => each === name);
    expect(found, name).toBeDefined();
    return tellVerification(found![1], en, telling(en, { kind: 'command-line' }));
  };

  it('separates when from who in its headline', () => {
    const log = words('authentic bitcoin public final, log, document passed');
    const unchecked = words('authentic bitcoin public final, unchecked, document passed');
    expect(log.headline).toBe('Authentic');
    expect(unchecked.headline).toContain('the signer was not checked');
    expect(unchecked.answers?.who.text).toBe('Not checked.');
    expect(unchecked.answers?.when).toEqual(log.answers?.when);
  });

  it('says of a test chain that it proves nothing outside one, in the headline and beside it', () => {
    for (const chain of ['test', 'impostor']) {
      const { badge, headline, notes, standing } = words(`authentic evm ${chain} final, log, document passed`);
      expect([badge, standing]).toEqual(['Test only', 'test-only']);
      expect(headline).toContain('only a test chain');
      expect(notes.join(' ')).toContain('proves nothing outside a test');
    }
  });

  it('says when its block is not final, what rests on the log’s word alone, and what is not shown', () => {
    const { asides, notes } = words('authentic bitcoin public confirmed, log, document passed');
    expect(notes.join(' ')).toContain('not final yet');
    expect(asides.join(' ')).toContain('the word of the log’s operator alone');
    expect(notes.join(' ')).toContain('does not show that what the file says is true');
  });

  it('answers each question with a mark that says no more than the answer', () => {
    const marks = (name: string) => {
      const { answers } = words(name);
      return answers && [answers.content, answers.who, answers.still, answers.when].map(({ outcome }) => outcome);
    };
    expect(marks('authentic bitcoin public final, log, document passed')).toEqual([
      'passed',
      'passed',
      'unavailable',
      'passed',
    ]);
    expect(marks('not current expired, unchecked, document not-applicable')).toEqual([
      'not-applicable',
      'not-applicable',
      'failed',
      'unavailable',
    ]);
    expect(marks('pending anchor pending none, log, document passed')?.[3]).toBe('pending');
    expect(marks('active, document passed')?.[2]).toBe('passed');
  });

  it('names times that contradict each other', () => {
    const { answers, notes } = words('authentic by a time-stamp, log, document passed');
    expect(notes[0]).toMatch(/should not come after .* at least one clock is wrong/);
    expect(answers?.when.basis.join(' ')).toContain('contradict each other');
  });

  it('lists innocent causes of a mismatch, and shows nothing of when, who and still', () => {
    const { answers, notes, sentence } = words('mismatch document');
    expect(answers).toBeNull();
    expect(notes).toHaveLength(6);
    expect(sentence).toContain('innocent');
    expect(words('mismatch line-endings').notes).toHaveLength(1);
    expect(words('mismatch proof').notes).toEqual([]);
  });

  it('says of a file with the proof inside that the document in it matches, and never that the file does', () => {
    for (const verdict of ['pending', 'unavailable', 'authentic-not-current', 'authentic']) {
      const { findings, sentence } = words(`${verdict}, proof inside`);
      expect(sentence).toMatch(/^Apart from the proof inside it, this file is exactly/);
      expect(findings[0]!.sentence).toContain('the document in it, without the proof, has 48,213 bytes');
    }
  });

  it('says of a file with more in it than was registered which part of it was, and where to get that', () => {
    const { findings, headline, notes } = words('mismatch appended');
    expect(headline).toContain('more in it than was registered');
    expect(notes[0]).toBe('The registered version is the first 48,213 bytes of this file, the proof left out.');
    expect(notes[1]).toContain('signature');
    expect(findings[0]!.remedy).toContain('--extract');
  });

  it('says of an expired record that it matches, and since when it has expired, whatever its anchors do', () => {
    const { answers, headline, notes } = words('not current expired, unchecked, document passed');
    expect(headline).toBe('Matches, but has expired');
    expect(answers?.still.text).toContain('1 March 2026');
    expect(notes.join(' ')).toContain('Nothing outside the log has shown so far by when it existed');
  });

  it('never says under a wrong document that the document existed', () => {
    const finding = FINDING_SAMPLES['anchor passed bitcoin'] as Extract<Finding, { check: 'anchor' }>;
    const bare = tellFinding({ ...finding, subject: { kind: 'document' } }, en, telling(en, PLACES[0]!));
    expect(bare.sentence).toContain('The time-stamped digest');
    expect(bare.sentence).not.toMatch(/document existed/);
  });

  it('says once what several calendars come to, with their number', () => {
    const at = telling(en, PLACES[0]!);
    const finding = FINDING_SAMPLES['anchor unavailable bitcoin no-answer'];
    const other = FINDING_SAMPLES['anchor pending bitcoin promised'];
    const one = tellFinding(finding, en, at);
    const told = tellOnce([one, { ...one, details: ['other: words'] }, tellFinding(other, en, at), one], en, at);
    expect(told.map(({ outcome }) => outcome)).toEqual(['unavailable', 'pending']);
    expect(told[0]?.sentence).toBe(`${one.sentence} 3 attestations come to this.`);
    expect(told[0]?.details).toEqual([...one.details!, 'other: words']);
    expect(told[1]).toEqual(tellFinding(other, en, at));
  });

  it('says of another document that a further file is about the fingerprint that this one has, unless it is salted', () => {
    const finding = FINDING_SAMPLES['companion failed other-document'] as Extract<
      Finding,
      { check: 'companion'; outcome: 'failed' }
    >;
    const told = (change: object) => tellFinding({ ...finding, ...change }, en, telling(en, PLACES[0]!)).sentence;
    expect(told({})).toContain(finding.recorded);
    expect(told({})).not.toContain(finding.digest);
    expect(told({ blinded: true })).not.toContain(finding.recorded);
  });

  it('lends a known chain’s name to none that has another block 0', () => {
    const finding = FINDING_SAMPLES['anchor passed evm'] as Extract<Finding, { kind: 'evm'; outcome: 'passed' }>;
    const title = (change: object) => tellFinding({ ...finding, ...change }, en, telling(en, PLACES[0]!)).title;
    expect(title({})).toContain('Ethereum (chain 1)');
    expect(title({ genesis: 'ff'.repeat(32) })).toContain('uses the id of Ethereum (1) and is not that chain');
    expect(title({ chainId: 4711 })).toContain('chain 4711');
  });
});
