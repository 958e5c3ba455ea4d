import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { overdueSeconds } from './anchor-policy.js';
import { ConfigError } from '#setting/config-error.js';
import { isMarked, SECRET } from '#setting/setting.js';
import { configSchema, loadConfig } from './config.js';
import { settingsPage } from './testing/settings-page.js';

describe('loadConfig', () => {
  it('has a default for everything that is not optional', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      port: 3000,
      sealIntervalMs: 1000,
      batchMaxRecords: 131_072,
      anchors: ['opentimestamps'],
      otsQuorum: 2,
    });
    expect(config.otsCalendars).toHaveLength(4);
  });

  it('reads numbers, lists and the empty list', () => {
    const config = loadConfig({
      PORT: '8080',
      OTS_CALENDARS: 'http://127.0.0.1:1, http://127.0.0.1:2',
      ESPLORA_URLS: '',
      ANCHORS: 'none',
    });
    expect(config.port).toBe(8080);
    expect(config.otsCalendars).toEqual(['http://127.0.0.1:1', 'http://127.0.0.1:2']);
    expect(config.esploraUrls).toEqual([]);
    expect(config.anchors).toEqual([]);
  });

  it('names every bad key and shows no secret', () => {
    const load = () =>
      loadConfig({
        PORT: 'http',
        SEAL_INTERVAL_MS: '0',
        DATABASE_URL: 'mysql://u:secret@h/d',
        LOG_ORIGIN: 'https://x',
      });
    expect(load).toThrow(ConfigError);
    try {
      load();
    } catch (error) {
      expect((error as ConfigError).problems.map((problem) => problem.key).sort()).toEqual([
        'DATABASE_URL',
        'LOG_ORIGIN',
        'PORT',
        'SEAL_INTERVAL_MS',
      ]);
      expect((error as ConfigError).message).not.toContain('secret');
      expect((error as ConfigError).message).toContain('PORT: expected a whole number from 0 to 65535, got "http"');
      expect((error as ConfigError).message).toContain(
        'SEAL_INTERVAL_MS: expected a whole number from 50 to 3600000, got "0"',
      );
    }
  });

  it('counts every key, token and address with a password as secret', () => {
    const secret = Object.entries(configSchema.shape).filter(([, setting]) => isMarked(setting, SECRET));
    const named = Object.keys(configSchema.shape).filter((key) =>
      /_(KEY|TOKEN)$|^(DATABASE|REDIS)_URL$|_RPC_URL$|^TSA_URLS$|^EVM_CHAINS$|^HTTPS?_PROXY$/.test(key),
    );
    expect(secret.map(([key]) => key).sort()).toEqual(named.sort());
    for (const key of ['BITCOIN_RPC_URL', 'TSA_URLS', 'EVM_CHAINS', 'EVM_PRIVATE_KEY', 'REDIS_URL'])
      expect(() => loadConfig({ [key]: 's3cret' })).toThrow(new RegExp(`${key}: (?!.*s3cret)`));
  });

  it('reads proxies in small letters as well, and shows none that is wrong', () => {
    const config = loadConfig({
      HTTPS_PROXY: 'http://a:1',
      https_proxy: 'http://b:1',
      http_proxy: 'c:3128',
      no_proxy: 'd',
    });
    expect(config).toMatchObject({ httpsProxy: 'http://a:1', httpProxy: 'c:3128', noProxy: 'd' });
    const load = () => loadConfig({ https_proxy: 'socks5://u:s3cret@h:1' });
    expect(load).toThrow(/HTTPS_PROXY: expected a proxy such as/);
    expect(load).not.toThrow(/s3cret/);
  });

  it('takes the password of the database from a file, whatever characters it has', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'sealroot-config-')), 'password');
    await writeFile(file, 'p@ss:w/ör%d\n');
    const { databaseUrl } = loadConfig({ DATABASE_URL: 'postgresql://u@h:5432/d', DATABASE_PASSWORD_FILE: file });
    const { password, host } = new URL(databaseUrl!);
    expect([decodeURIComponent(password), host]).toEqual(['p@ss:w/ör%d', 'h:5432']);
    const load = (more: Record<string, string>) => () => loadConfig({ DATABASE_PASSWORD_FILE: file, ...more });
    expect(load({})).toThrow(/DATABASE_PASSWORD_FILE: expected DATABASE_URL/);
    expect(load({ DATABASE_URL: 'postgresql://u:p@h/d' })).toThrow(
      /DATABASE_PASSWORD_FILE: expected a password either/,
    );
    const away = { DATABASE_URL: 'postgresql://u@h/d', DATABASE_PASSWORD_FILE: `${file}.away` };
    expect(load(away)).toThrow(/DATABASE_PASSWORD_FILE: expected a file that can be read, got ENOENT/);
    await writeFile(file, '\n');
    expect(load({ DATABASE_URL: 'postgresql://u@h/d' })).toThrow(/expected a password, got nothing/);
    await rm(dirname(file), { recursive: true });
  });

  it('refuses settings that contradict each other', () => {
    expect(() => loadConfig({ OTS_CALENDARS: 'https://a.example', OTS_QUORUM: '2' })).toThrow(/OTS_QUORUM/);
    expect(() => loadConfig({ SIGNING_KEY: 'x', SIGNING_KEY_FILE: 'y' })).toThrow(/SIGNING_KEY/);
    expect(() => loadConfig({ ANCHORS: 'opentimestamps,bitcoin' })).toThrow(/BITCOIN_RPC_URL: expected a node/);
    expect(() => loadConfig({ BITCOIN_RPC_COOKIE_FILE: '/x' })).toThrow(/BITCOIN_RPC_URL: expected the node/);
    const both = { BITCOIN_RPC_URL: 'http://u:secret@h', BITCOIN_RPC_COOKIE_FILE: '/x' };
    expect(() => loadConfig(both)).toThrow(/BITCOIN_RPC_COOKIE_FILE: expected either/);
    expect(() => loadConfig(both)).not.toThrow(/secret/);
  });
});

describe('the settings of anchors', () => {
  const chain = { name: 'main', rpcUrls: ['http://127.0.0.1:1'], chainId: 1, genesis: `0x${'AB'.repeat(32)}` };
  const evm = { ANCHORS: 'opentimestamps,evm', EVM_PRIVATE_KEY: '01'.repeat(32) };

  it('makes one anchor of each EVM chain', () => {
    const chains = [chain, { ...chain, name: 'side', to: `0x${'AB'.repeat(20)}`, finality: { blocks: 3 } }];
    const config = loadConfig({ ...evm, EVM_CHAINS: JSON.stringify(chains) });
    expect(config.anchors).toEqual(['opentimestamps', 'evm:main', 'evm:side']);
    expect(config.evmChains[0]).toMatchObject({ genesis: `0x${'ab'.repeat(32)}`, finality: 'finalized' });
    expect(config.evmChains[1]).toMatchObject({
      to: `0x${'ab'.repeat(20)}`,
      finality: { blocks: 3 },
      blockTimeUnit: 's',
    });
  });

  it.each([
    ['no JSON', '{', /EVM_CHAINS: expected a JSON array/],
    ['an address instead', 'https://s3cret@rpc.example', /expected a JSON array of chains, got no JSON$/],
    ['a comma too many', '[{"rpcUrls":["https://rpc.example/s3cret"]},]', /EVM_CHAINS: expected a JSON array/],
    ['no chain', '[]', /EVM_CHAINS: expected at least one chain/],
    ['a wrong member', JSON.stringify([{ ...chain, chainId: 0 }]), /EVM_CHAINS: at \/0\/chainId/],
    ['an unknown member', JSON.stringify([{ ...chain, key: 's3cret' }]), /EVM_CHAINS: at \/0/],
    [
      'a fragment',
      JSON.stringify([{ ...chain, rpcUrls: ['http://h/#s3cret'] }]),
      /0\/rpcUrls\/0: expected a URL without/,
    ],
    ['odd credentials', JSON.stringify([{ ...chain, rpcUrls: ['http://u:%s3cret@h'] }]), /expected percent-encoded/],
    ['a name twice', JSON.stringify([chain, chain]), /EVM_CHAINS: expected each name once, got main again/],
    ['a mode', JSON.stringify([{ ...chain, mode: 'contract' }]), /EVM_CHAINS: at \/0: .*mode/],
  ])('refuses chains with %s, without showing them', (_, chains, message) => {
    expect(() => loadConfig({ ...evm, EVM_CHAINS: chains })).toThrow(message);
    expect(() => loadConfig({ ...evm, EVM_CHAINS: chains })).not.toThrow(/s3cret|127\.0\.0\.1|0101/);
  });

  it('reads intervals, lateness and budgets of single anchors', () => {
    const config = loadConfig({
      ANCHORS: 'opentimestamps,bitcoin',
      BITCOIN_RPC_URL: 'http://127.0.0.1',
      ANCHOR_INTERVALS: 'bitcoin=3600',
      ANCHOR_OVERDUE_TIMES: 'bitcoin=7200',
      ANCHOR_BUDGETS: 'bitcoin=50000',
    });
    expect(config.anchorIntervals).toEqual(new Map([['bitcoin', 3600n]]));
    expect(['bitcoin', 'opentimestamps'].map((name) => overdueSeconds(config, name))).toEqual([7200, 86_400]);
    expect(config.anchorBudgets).toEqual(new Map([['bitcoin', 50_000n]]));
  });

  it.each([
    [{ ANCHOR_INTERVALS: 'bitcoin' }, /ANCHOR_INTERVALS: expected anchors with a whole number of seconds each/],
    [{ ANCHOR_INTERVALS: 'opentimestamps=1,opentimestamps=2' }, /ANCHOR_INTERVALS: expected/],
    [{ ANCHOR_INTERVALS: 'bitcoin=1' }, /expected anchors of this service \(opentimestamps\), got bitcoin/],
    [{ ANCHOR_OVERDUE_TIMES: 'bitcoin=1' }, /ANCHOR_OVERDUE_TIMES: expected anchors of this service/],
    [{ ANCHOR_BUDGETS: 'opentimestamps=1' }, /expected anchors that cost money, got opentimestamps/],
    [{ BEACON: 'evm:main' }, /BEACON: expected a chain of EVM_CHAINS/],
    [{ OTS_CALENDAR: 'on', PUBLIC_URL: 'https://x.example' }, /expected the anchor bitcoin in ANCHORS/],
    [{ OTS_CALENDAR: 'on', ANCHORS: 'bitcoin', BITCOIN_RPC_URL: 'http://h' }, /OTS_CALENDAR: expected PUBLIC_URL/],
    [{ ANCHORS: 'rfc3161' }, /TSA_URLS: expected at least one authority[^]*TSA_ROOTS_FILE: expected the root/],
    [{ ANCHORS: 'evm', EVM_CHAINS: JSON.stringify([chain]) }, /EVM_PRIVATE_KEY_FILE: expected the key/],
    [{ EVM_PRIVATE_KEY: '01'.repeat(32), EVM_PRIVATE_KEY_FILE: 'x' }, /EVM_PRIVATE_KEY: expected either/],
  ])('refuses %o', (environment, message) => {
    expect(() => loadConfig(environment)).toThrow(message);
  });
});

describe('the documentation of the configuration', () => {
  it('has every setting with its meaning and default', async () => {
    await expect(settingsPage()).toMatchFileSnapshot('../../.env.example');
  });
});
