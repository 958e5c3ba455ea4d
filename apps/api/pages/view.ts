import { type Format, formatFor } from '#words/format.js';
import type { Language } from '#words/language.js';
import { languageOf, preferredLanguage } from '#words/languages.js';
import { SPOKEN } from '#words/spoken.js';
import { type SiteWords, siteWords } from '#words/site-words.js';
import { html, type Html, type Part } from './html.js';

/** What a page is made with: the words of its reader, and how to link to others. */
export interface View {
  language: Language;
  words: SiteWords;
  format: Format;
  /** The address of a path below the service's root, relative to this page, in the reader's language. */
  href: (path: string, query?: Record<string, string | number>) => string;
  /** The address of what is no page and has no language, relative to this page. */
  file: (path: string) => string;
  /** This page's own address below the service's root. */
  here: string;
  /** This page in another language. */
  inLanguage: (tag: string) => string;
}

/** A page before its frame. */
export interface Body {
  title: string;
  lead: string;
  /** Which of the pages in the navigation it belongs to. */
  section?: keyof SiteWords['nav'];
  content: Part;
}

/** The view of a reader who asks for `path` (without a query) in the language `chosen`, or else in the first of those that the browser wants. */
export function viewFor(path: string, query: Readonly<Record<string, string>>, wanted: string | undefined): View {
  const { lang: chosen, ...rest } = query;
  const inUrl = chosen === undefined ? undefined : languageOf(chosen);
  const language = inUrl ?? preferredLanguage(wantedLanguages(wanted));
  const root = '../'.repeat(path.split('/').length - 2) || './';
  const kept = inUrl === undefined ? {} : { lang: inUrl.tag };
  return {
    language,
    words: siteWords(language),
    format: formatFor({ locale: language.locale, timeZone: 'UTC', seconds: true }),
    href: (to, more = {}) => root + to + search({ ...more, ...kept }),
    file: (to) => root + to,
    here: path + search(rest),
    inLanguage: (tag) => search({ ...rest, lang: tag }),
  };
}

function search(query: Readonly<Record<string, string | number>>): string {
  const text = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  return text === '' ? '' : `?${text}`;
}

/** The tags of an `Accept-Language` header, the best first (RFC 9110 §12.5.4). */
export function wantedLanguages(header = ''): string[] {
  return header
    .split(',', 20)
    .map((item) => {
      const [tag = '', ...parameters] = item.split(';').map((part) => part.trim());
      const quality = parameters.find((part) => part.startsWith('q='))?.slice(2);
      return { tag, quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ tag, quality }) => tag !== '' && quality > 0)
    .sort((one, other) => other.quality - one.quality)
    .map(({ tag }) => tag);
}

/** Where pages that belong to the navigation are. */
const SECTIONS = {
  check: '',
  lookup: 'lookup',
  batches: 'explorer/batches',
  checkpoints: 'explorer/checkpoints',
  anchors: 'explorer/anchors',
  agencies: 'explorer/agencies',
  operator: 'operator',
} as const;

/** The whole page. */
export function framed(view: View, { content, lead, section, title }: Body): string {
  const { language, words } = view;
  const frame = language.page.page;
  const names = Object.keys(SECTIONS) as (keyof typeof SECTIONS)[];
  const page = html`<!doctype html>
    <html lang="${language.tag}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · ${frame.brand}</title>
        <link rel="icon" href="${view.file('favicon.svg')}" type="image/svg+xml" />
        <link rel="stylesheet" href="${view.file('pages.css')}" />
      </head>
      <body id="page">
        <a class="skip" href="#content">${words.skip}</a>
        <header class="masthead">
          <div class="masthead-inner">
            <a class="brand" href="${view.href('')}">
              <img class="brand-mark" src="${view.file('favicon.svg')}" alt="" width="40" height="40" />
              <span class="brand-words">
                <span class="brand-name"
                  ><span class="brand-chinese" lang="zh-CN">印证</span> <span lang="en">Sealroot</span></span
                >
                <span class="brand-role">${frame.brand}</span>
              </span>
            </a>
            <nav class="languages" aria-label="${frame.languages}">
              ${SPOKEN.map(({ ownName, tag }) =>
                tag === language.tag
                  ? html`<span class="language" lang="${tag}" aria-current="true">${ownName}</span>`
                  : html`<a class="language" lang="${tag}" hreflang="${tag}" href="${view.inLanguage(tag)}"
                      >${ownName}</a
                    >`,
              )}
            </nav>
          </div>
        </header>
        <nav class="sections" aria-label="${words.nav.label}">
          <ul>
            ${names.map(
              (name) =>
                html`<li>
                  <a href="${view.href(SECTIONS[name])}" ${name === section ? html` aria-current="page"` : undefined}
                    >${words.nav[name]}</a
                  >
                </li>`,
            )}
          </ul>
        </nav>
        <main id="content">
          <h1>${title}</h1>
          <p class="lead">${lead}</p>
          ${content}
        </main>
        <footer class="footer">
          <div class="footer-inner">
            <p>${words.worth}</p>
            <p>${words.made(view.here, view.format.date(Date.now()))}</p>
            <ul class="footer-links">
              <li><a href="${view.href('explorer/batches')}">${frame.footerLinks.explorer}</a></li>
              <li><a href="${view.href('operator')}">${frame.footerLinks.operator}</a></li>
              <li><a href="${view.file('docs')}">${frame.footerLinks.api}</a></li>
              <li><a href="${view.file('v1/log/checkpoint')}">${frame.footerLinks.log}</a></li>
            </ul>
          </div>
        </footer>
      </body>
    </html> `;
  return page.text;
}

/** A column of a table: its heading, and whether it holds numbers. */
export interface Column {
  heading: string;
  isNumber?: boolean;
}

/** A table, in which each cell names its column where a narrow screen shows cells below one another; a sentence where it has no row. */
export function table(
  view: View,
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Part[])[],
): Html {
  if (rows.length === 0) return html`<p class="nothing">${view.words.nothing}</p>`;
  const cell = (part: Part, i: number) =>
    html`<td data-column="${columns[i]!.heading}" ${columns[i]!.isNumber ? html` class="number"` : undefined}>
      ${part}
    </td>`;
  return html`<table>
    <caption class="visually-hidden">
      ${caption}
    </caption>
    <thead>
      <tr>
        ${columns.map(
          ({ heading, isNumber }) =>
            html`<th scope="col" ${isNumber ? html` class="number"` : undefined}>${heading}</th>`,
        )}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${row.map(cell)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** Names and values. */
export function facts(rows: readonly (readonly [name: string, value: Part])[]): Html {
  return html`<dl class="facts">
    ${rows.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** A link to the older entries, where there are any, and to the newest, where these are not. */
export function pager(
  view: View,
  path: string,
  before: number | undefined,
  next: number | undefined,
): Html | undefined {
  if (before === undefined && next === undefined) return undefined;
  return html`<nav class="pager" aria-label="${view.words.older}">
    ${
      before === undefined ? undefined : html`<a href="${view.href(path)}">${view.words.newest}</a>`
    }${next === undefined ? undefined : html`<a rel="next" href="${view.href(path, { before: next })}">${view.words.older}</a>`}
  </nav>`;
}

/** A hash or another text that is compared character by character. */
export function code(text: string): Html {
  return html`<code>${text}</code>`;
}

/** A moment. */
export function time(view: View, at: Date | string): Html {
  const text = typeof at === 'string' ? at : at.toISOString();
  return html`<time datetime="${text}">${view.format.date(text)}</time>`;
}
