import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ConfigError, configSchema, loadConfig } from './config.js';

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

describe('the documentation of the configuration', () => {
  const keys = Object.keys(configSchema.shape);

  it('lists every setting in .env.example, and no other', async () => {
    const text = await readFile('.env.example', 'utf8');
    expect([...text.matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1])).toEqual(keys);
  });

  it('lists every setting with its meaning in the README, and no other', async () => {
    const text = await readFile('README.md', 'utf8');
    const rows = [...text.matchAll(/^\| `([A-Z][A-Z0-9_]+)` +\| ([^|]*) \| ([^|]*) \|$/gm)];
    expect(rows.map((row) => row[1])).toEqual(keys);
    for (const [, key, , meaning] of rows) {
      expect(meaning?.trim()).toBe(configSchema.shape[key as keyof typeof configSchema.shape].description);
    }
  });
});
