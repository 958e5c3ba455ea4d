import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '#database/project-root.js';
import { builtPage } from './browser.js';

/** What a page is made of. */
const SOURCES = ['apps/portal', 'libs', 'package.json', 'tsconfig.json'];

describe('the pages of one file', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sealroot-elsewhere-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['gate', 'offline'])(
    '%s.html is the same byte for byte when it is built elsewhere, with another language, zone and user',
    async (page) => {
      const elsewhere = join(folder, page, 'deeper');
      mkdirSync(elsewhere, { recursive: true });
      for (const source of SOURCES) cpSync(join(projectRoot(), source), join(elsewhere, source), { recursive: true });
      symlinkSync(join(projectRoot(), 'node_modules'), join(elsewhere, 'node_modules'));
      const vite = join('node_modules', 'vite', 'bin', 'vite.js');
      const args = [vite, 'build', '--config', `apps/portal/${page}/vite.config.ts`, '--logLevel', 'warn'];
      const { PATH } = process.env;
      const env = { PATH, HOME: folder, LANG: 'C', TZ: 'Asia/Taipei', NODE_ENV: 'production', USER: 'somebody' };
      const { status, stderr } = spawnSync(process.execPath, args, { cwd: elsewhere, env, encoding: 'utf8' });
      expect(status, stderr).toBe(0);
      const [here, there] = await Promise.all(
        [builtPage(), join(elsewhere, 'dist', 'apps', 'portal')].map((at) => readFile(join(at, `${page}.html`))),
      );
      expect(there!.equals(here!)).toBe(true);
      // Nothing of where or by whom it was built.
      expect(here!.includes(projectRoot())).toBe(false);
    },
  );
});
