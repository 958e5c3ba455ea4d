import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { ANCHOR_SELECTOR } from '#evm/attestation.js';
import contract from './checkpoint-anchor.json' with { type: 'json' };

const compile = (argument: string[]) =>
  promisify(execFile)(process.execPath, [fileURLToPath(new URL('compile.mjs', import.meta.url)), ...argument]);

describe('the contract', () => {
  it('compiles to the bytes that are committed', async () => {
    await expect(compile(['--check'])).resolves.toMatchObject({ stderr: '' });
    const { stdout } = await compile([]);
    expect(JSON.parse(stdout)).toEqual(contract);
  }, 120_000);

  it('has one function and one event, and neither storage nor an owner', () => {
    expect(contract.selectors).toEqual({ 'anchor(bytes32)': bytesToHex(ANCHOR_SELECTOR) });
    expect(contract.abi.map(({ type, name }) => `${type} ${name}`)).toEqual(['event Anchored', 'function anchor']);
    const used = instructions(contract.deployedBytecode);
    // SLOAD, SSTORE, CALLER, ORIGIN, CREATE, CALL, CALLCODE, DELEGATECALL, CREATE2, STATICCALL, SELFDESTRUCT
    for (const forbidden of [0x54, 0x55, 0x33, 0x32, 0xf0, 0xf1, 0xf2, 0xf4, 0xf5, 0xfa, 0xff])
      expect(used).not.toContain(forbidden);
    expect(used.filter((code) => code >= 0xa0 && code <= 0xa4)).toEqual([0xa2]);
  });
});

/** The instructions of a code, without what they push. */
function instructions(code: string): number[] {
  const bytes = Buffer.from(code.slice(2), 'hex');
  const found: number[] = [];
  for (let i = 0; i < bytes.length; i++) {
    const instruction = bytes[i]!;
    found.push(instruction);
    if (instruction >= 0x60 && instruction <= 0x7f) i += instruction - 0x5f;
  }
  return found;
}
