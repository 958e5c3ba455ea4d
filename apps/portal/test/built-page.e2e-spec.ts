import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { builtPage } from './browser.js';

/** Most JavaScript that the page may send, gzip-compressed: a phone on a slow line loads it in about a second. */
const JAVASCRIPT_BUDGET_BYTES = 177_000;

/** Most that it sends more to look for a code on the pages of a PDF. */
const PDF_BUDGET_BYTES = 600_000;

/** Most that it sends before anything is checked. */
const FIRST_LOAD_BUDGET_BYTES = 122_000;

describe('the built page', () => {
  const page = builtPage();

  it('sends the words of one language at first', async () => {
    const html = await readFile(join(page, 'index.html'), 'utf8');
    expect(html).not.toContain('assets/language-');
    expect((await languages()).length).toBeGreaterThan(2);
    const scripts = (await readdir(join(page, 'assets'))).filter((name) => name.endsWith('.js'));
    const speaking = await Promise.all(
      scripts.map(async (name) => (await readFile(join(page, 'assets', name), 'utf8')).includes('文件核验')),
    );
    expect(scripts.filter((_, i) => speaking[i])).toEqual([expect.stringMatching(/^language-zh-cn-/)]);
  });

  it('loads what reads time-stamps only for a proof that has one', async () => {
    const assets = join(page, 'assets');
    const html = await readFile(join(page, 'index.html'), 'utf8');
    const first = new Set([...html.matchAll(/assets\/([\w.-]+\.js)/g)].map((match) => match[1]!));
    // What the entry imports at once comes with it.
    for (const name of first) {
      const text = await readFile(join(assets, name), 'utf8');
      for (const [, other] of text.matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g)) first.add(other!);
    }
    const worker = (await readdir(assets)).find((name) => /^hash-worker-.*\.js$/.test(name))!;
    first.add(worker);
    const scripts = await Promise.all([...first].map(async (name) => readFile(join(assets, name), 'utf8')));
    const words = await Promise.all((await languages()).map((name) => readFile(join(assets, name), 'utf8')));
    const most = Math.max(...words.map((text) => gzipSync(text).length));
    const size = scripts.reduce((sum, text) => sum + gzipSync(text).length, most);
    console.info(`the page's first load: ${size} bytes gzip in ${scripts.length} files`);
    expect(size).toBeLessThan(FIRST_LOAD_BUDGET_BYTES);
    for (const text of scripts) expect(text).not.toContain('Verifying a token');
  });

  const languages = async () => (await readdir(join(page, 'assets'))).filter((name) => /^language-.*\.js$/.test(name));

  it('sends less JavaScript than its budget', async () => {
    const assets = join(page, 'assets');
    // A reader has one of the languages.
    const [, ...otherLanguages] = await languages();
    const all = (await readdir(assets)).filter((name) => name.endsWith('.js') && !otherLanguages.includes(name));
    const sizeOf = async (names: string[]) => {
      const sizes = await Promise.all(names.map(async (name) => gzipSync(await readFile(join(assets, name))).length));
      return sizes.reduce((sum, size) => sum + size, 0);
    };
    const [pdf, scripts] = [true, false].map((is) => all.filter((name) => name.startsWith('pdf-') === is));
    const [more, total] = [await sizeOf(pdf!), await sizeOf(scripts!)];
    console.info(`the page's JavaScript: ${total} bytes gzip in ${scripts!.length} files, and ${more} for PDF pages`);
    expect(total).toBeGreaterThan(10_000);
    expect(total).toBeLessThan(JAVASCRIPT_BUDGET_BYTES);
    expect(more).toBeGreaterThan(10_000);
    expect(more).toBeLessThan(PDF_BUDGET_BYTES);
  });

  it('holds no inline script, style or foreign address', async () => {
    const html = await readFile(join(page, 'index.html'), 'utf8');
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/);
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=/);
    expect(html).not.toMatch(/https?:\/\//);
  });
});
