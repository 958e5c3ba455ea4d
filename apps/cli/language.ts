import { Option } from 'commander';
import type { Saying } from '#words/anchors/anchor-telling.js';
import { formatFor } from '#words/format.js';
import type { Language, Telling } from '#words/language.js';
import { LANGUAGES, languageOf, preferredLanguage } from '#words/languages.js';
import { CliError } from './cli-error.js';
import type { Context } from './context.js';

/** The option that chooses a language. */
export interface LanguageOption {
  lang?: string | undefined;
}

/** The option `--lang`. */
export function languageOption(): Option {
  const tags = LANGUAGES.map(({ tag }) => tag).join(', ');
  return new Option('--lang <tag>', `language of what is said: ${tags} (else LC_ALL, LC_MESSAGES, LANG)`);
}

/** The language that is asked for with `--lang`, else that of the environment, else English. @throws CliError `usage` */
export function languageFor({ environment }: Context, { lang }: LanguageOption): Language {
  if (lang === undefined) return preferredLanguage(environment.locale === undefined ? [] : [environment.locale]);
  const language = languageOf(lang);
  if (language !== undefined) return language;
  const tags = LANGUAGES.map(({ tag }) => tag).join(', ');
  throw new CliError('usage', `Reading --lang: expected one of ${tags}, got ${JSON.stringify(lang)}`);
}

/** What sentences on the command line depend on: times to the second, where this machine is. */
export function tellingIn({ locale }: Language): Telling {
  return { format: formatFor({ locale, seconds: true }), place: { kind: 'command-line' } };
}

/** The same for those of blocks and anchors. */
export function sayingIn(language: Language): Saying {
  return { language, format: tellingIn(language).format };
}
