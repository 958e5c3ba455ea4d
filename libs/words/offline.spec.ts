import { expect, it } from 'vitest';
import { languageOf } from './languages.js';
import { OFFLINE_WORDS, SPOKEN_OFFLINE } from './offline.js';
import { formatFor } from './format.js';
import { sayRemedy } from './remedy-words.js';
import { SPOKEN } from './spoken.js';
import { tellFinding } from './tell.js';
import { FINDING_SAMPLES } from './testing/finding-samples.js';
import { expectWellSaid, textsOf } from './testing/well-said.js';

it('the page as one file speaks every language that is offered', () => {
  expect(Object.keys(OFFLINE_WORDS)).toEqual(SPOKEN.map(({ tag }) => tag));
});

it.each(SPOKEN_OFFLINE)(
  '$tag says what such a page can not know, and what to give it, in words of its own',
  async ({ load, tag }) => {
    const words = OFFLINE_WORDS[tag]!;
    expectWellSaid(textsOf(words), tag);
    const language = await load();
    const format = formatFor({ locale: language.locale, timeZone: 'Asia/Taipei' });
    const remedies = (place: 'file' | 'page') =>
      Object.values(FINDING_SAMPLES).map(
        (finding) =>
          tellFinding(finding, language, {
            format,
            place: place === 'file' ? { kind: place } : { kind: place, service: 'service.example' },
          }).remedy,
      );
    const said = remedies('file');
    const { 'give-source': sources, ...others } = words.remedies;
    const telling = { format, place: { kind: 'file' } } as const;
    for (const [name, text] of Object.entries(others))
      expect(sayRemedy({ remedy: name as keyof typeof others }, language, telling)).toBe(text);
    for (const chain of ['bitcoin', 'evm'] as const)
      expect(sayRemedy({ remedy: 'give-source', chain }, language, telling)).toBe(sources[chain]);
    // Options of the command line, and asking again, are of no use there.
    for (const text of said) expect(text ?? '').not.toMatch(/ --[a-z]/);
    // On the page of a service they stay what they are.
    for (const text of remedies('page')) expect(Object.values(others)).not.toContain(text);
    expect(language.page.notFound.title).toBe(words.needProof.title);
    expect(language.page.notFound.digest).toBe(languageOf(tag)!.page.notFound.digest);
  },
);
