import { spawnSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { hasPrograms } from '#setting/testing/programs.js';
import { loadConfig } from '#config/config.js';
import { projectRoot } from '#database/project-root.js';

const DOCKER = join(projectRoot(), 'docker');
const text = (name: string) => readFileSync(join(DOCKER, name), 'utf8');

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** `setup.sh` in a folder of its own, as in a fresh checkout. */
function setUp(folder: string, ...args: string[]) {
  const script = join(folder, 'docker', 'setup.sh');
  mkdirSync(dirname(script), { recursive: true });
  copyFileSync(join(DOCKER, 'setup.sh'), script);
  return spawnSync('sh', [script, ...args], { encoding: 'utf8' });
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sealroot-setup-'));
  folders.push(folder);
  return folder;
}

/** The files below a folder with their contents and modes. */
function snapshot(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [
        path.slice(folder.length + 1),
        `${(statSync(path).mode & 0o777).toString(8)} ${readFileSync(path, 'utf8')}`,
      ];
    }),
  );
}

describe('every way to run the service', () => {
  it('gives Node the same room for what is made and dropped at once', () => {
    const ways = ['package.json', 'docker/Dockerfile', 'docker/systemd/sealroot@.service', 'apps/bench/service.ts'];
    const rooms = ways.map((path) => {
      const found = /--max-semi-space-size=(\d+)/.exec(readFileSync(join(projectRoot(), path), 'utf8'));
      return `${path}: ${found?.[1] ?? 'none'}`;
    });
    expect(rooms).toEqual(ways.map((path) => `${path}: 64`));
  });
});

describe('setup.sh', () => {
  it.skipIf(!hasPrograms({ openssl: 'openssl' }))(
    'makes secrets for their owner alone, and settings that the service takes',
    () => {
      const folder = newFolder();
      const { status, stderr } = setUp(folder, 'notary.example.gov/log');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const docker = join(folder, 'docker');
      const { 'setup.sh': _, ...made } = snapshot(docker);
      expect(Object.keys(made).sort()).toEqual([
        '.env',
        'secrets/admin-token',
        'secrets/database-password',
        'secrets/signing-key.pem',
      ]);
      for (const [name, content] of Object.entries(made)) expect(content, name).toMatch(/^600 /);
      for (const name of ['secrets', 'secrets/anchors', 'trust', 'state'])
        expect(statSync(join(docker, name)).mode & 0o777, name).toBe(0o700);
      expect(createPrivateKey(readFileSync(join(docker, 'secrets/signing-key.pem'))).asymmetricKeyType).toBe('ed25519');
      const settings = Object.fromEntries(
        readFileSync(join(docker, '.env'), 'utf8')
          .trim()
          .split('\n')
          .map((line) => line.split('=') as [string, string]),
      );
      expect(loadConfig(settings).logOrigin).toBe('notary.example.gov/log');
      const owner = statSync(join(docker, 'secrets/admin-token'));
      expect(settings['SEALROOT_USER']).toBe(`${owner.uid}:${owner.gid}`);
      expect(owner.uid).not.toBe(0);
    },
  );

  it('changes nothing that is there, and no name of a log', () => {
    const folder = newFolder();
    setUp(folder, 'a.example/log');
    const before = snapshot(folder);
    expect(setUp(folder).status).toBe(0);
    const other = setUp(folder, 'b.example/log');
    expect(other).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('a.example/log, not b.example/log') as string,
    });
    expect(snapshot(folder)).toEqual(before);
  });

  it.each([[], ['https://x.example/log'], ['--help'], ['a b']])('refuses %j as the name of a log', (...args) => {
    const folder = newFolder();
    expect(setUp(folder, ...args)).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('expected the name') as string,
    });
    expect(Object.keys(snapshot(folder))).toEqual(['docker/setup.sh']);
  });
});

describe('the files of a deployment', () => {
  it('name only files that are in the project or made by setup.sh', () => {
    const folder = newFolder();
    setUp(folder, 'a.example/log');
    const here = (path: string) => existsSync(join(folder, 'docker', path)) || existsSync(join(DOCKER, path));
    const compose = text('compose.yaml');
    const mounted = [...compose.matchAll(/(?:'|file: )(\.\.?\/[^':}\s]*)/g)].map((match) => match[1]!);
    expect(mounted.length).toBeGreaterThan(5);
    for (const path of mounted) expect(here(path), path).toBe(true);
    for (const [, source] of text('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm))
      for (const path of source!.split(' ')) expect(existsSync(join(projectRoot(), path)), path).toBe(true);
    const entries = [...`${compose}${text('Dockerfile')}`.matchAll(/dist\/(apps\/[\w/]+)\.js/g)].map(
      (match) => match[1]!,
    );
    expect(entries.length).toBeGreaterThan(2);
    for (const entry of entries) expect(existsSync(join(projectRoot(), `${entry}.ts`)), entry).toBe(true);
    expect(text('systemd/sealroot@.service')).toContain('/dist/apps/%i/main.js');
  });

  it('give each secret of compose.yaml to a service, and the admin token to the API alone', () => {
    const compose = text('compose.yaml');
    const given = [...compose.matchAll(/^ {4}secrets: \[(.+)\]$/gm)].flatMap((match) => match[1]!.split(', '));
    const defined = [...compose.matchAll(/^ {2}([\w-]+): \{ file: /gm)].map((match) => match[1]!);
    expect([...new Set(given)].sort()).toEqual([...defined].sort());
    expect(given.filter((name) => name === 'admin-token')).toHaveLength(1);
  });

  it('set what the service has settings for', () => {
    const known = new Set(
      readFileSync(join(projectRoot(), '.env.example'), 'utf8')
        .match(/^# [A-Z_]+(?==)/gm)!
        .map((line) => line.slice(2)),
    );
    const others = new Set(['POSTGRES_USER', 'POSTGRES_DB', 'POSTGRES_PASSWORD_FILE']);
    for (const [, name] of text('compose.yaml').matchAll(/^ {2,6}([A-Z][A-Z_]+): /gm))
      expect(known.has(name!) || others.has(name!), name).toBe(true);
  });

  it('link only to pages that exist, from alerts as well', () => {
    const pages = [
      'README.md',
      'anchoring.md',
      ...readdirSync(join(DOCKER, 'runbook')).map((name) => `runbook/${name}`),
    ];
    const github = readdirSync(join(projectRoot(), '.github')).map((name) => `../.github/${name}`);
    for (const page of [...pages, ...github]) {
      for (const [, link] of text(page).matchAll(/\]\((?!https?:)([^)#]+)/g))
        expect(existsSync(join(DOCKER, dirname(page), link!)), `${page}: ${link}`).toBe(true);
    }
    const runbooks = [...text('monitoring/alerts.yml').matchAll(/runbook: (\S+)/g)].map((match) => match[1]!);
    expect(runbooks.length).toBeGreaterThan(3);
    for (const name of runbooks) expect(pages, name).toContain(`runbook/${name}`);
  });
});
