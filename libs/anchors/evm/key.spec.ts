import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError } from '#setting/config-error.js';
import { readEvmKey } from './key.js';

describe('the key of the account on EVM chains', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sealroot-key-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (text: string) => {
    const file = join(folder, 'key');
    writeFileSync(file, text);
    return file;
  };
  const key = 'Ab'.repeat(32);

  it('comes from a file or from a text, with or without 0x and a line end', () => {
    for (const text of [key, `0x${key}`, `${key}\n`])
      expect(readEvmKey({ evmPrivateKeyFile: write(text) })).toBe(key.toLowerCase());
    expect(readEvmKey({ evmPrivateKey: `0x${key}` })).toBe(key.toLowerCase());
  });

  it.each([
    [`${key}0`, /EVM_PRIVATE_KEY_FILE: expected 64 hex digits in .*key, got something else/],
    ['', /EVM_PRIVATE_KEY_FILE: expected 64 hex digits/],
    [`${key} ${key}`, /EVM_PRIVATE_KEY_FILE: expected 64 hex digits/],
  ])('is refused in another form, without being shown', (text, message) => {
    const read = () => readEvmKey({ evmPrivateKeyFile: write(text) });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(message);
    expect(read).not.toThrow(key);
  });

  it('is missed by its file name', () => {
    const file = join(folder, 'none');
    expect(() => readEvmKey({ evmPrivateKeyFile: file })).toThrow(`expected a readable file, got ENOENT at ${file}`);
    expect(() => readEvmKey({})).toThrow('EVM_PRIVATE_KEY: expected 64 hex digits, got something else');
  });
});
