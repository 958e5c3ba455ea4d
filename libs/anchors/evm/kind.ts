import { z } from 'zod';
import type { SettingProblem } from '#setting/config-error.js';
import { SECRET, type SettingsOf } from '#setting/setting.js';
import type { AnchorKind } from '../anchor-kind.js';
import type { SourceSettings } from '../source-settings.js';
import { readEvmKey } from './key.js';

const settings = {
  EVM_PRIVATE_KEY_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('File of the private key (64 hex digits) of the account that pays on the chains of the anchor evm'),
  EVM_PRIVATE_KEY: z
    .string()
    .regex(/^(0x)?[0-9a-fA-F]{64}$/, 'expected 64 hex digits')
    .optional()
    .describe('The same key as text, instead of a file')
    .meta(SECRET),
};

const nameOf = ({ name }: { name: string }): string => `evm:${name}`;

/** Transactions in EVM chains: one anchor for each chain. */
export const EVM = {
  name: 'evm',
  attestation: 'evm',
  isPaid: true,
  settings,
  anchors: ({ evmChains }) => evmChains.map(nameOf),
  problems({ evmChains, evmPrivateKey: key, evmPrivateKeyFile: file }, isWanted) {
    const problems: SettingProblem[] = [];
    if (isWanted && evmChains.length === 0)
      problems.push({ key: 'EVM_CHAINS', detail: 'expected at least one chain for the anchor evm, got none' });
    if (isWanted && key === undefined && file === undefined)
      problems.push({ key: 'EVM_PRIVATE_KEY_FILE', detail: 'expected the key of the account that pays, got none' });
    if (key !== undefined && file !== undefined)
      problems.push({
        key: 'EVM_PRIVATE_KEY',
        detail: 'expected either EVM_PRIVATE_KEY or EVM_PRIVATE_KEY_FILE, got both',
      });
    return problems;
  },
  checkFiles: (config) => void readEvmKey(config),
  async create(name, config, { fetch, now, exclusively }) {
    const { createEvmAnchor } = await import('./evm.js');
    const chain = config.evmChains.find((one) => nameOf(one) === name);
    if (chain === undefined) throw new Error(`Setting up ${name}: expected a chain of EVM_CHAINS, got none`);
    const privateKey = readEvmKey(config);
    return createEvmAnchor({ ...chain, name, privateKey, timeoutMs: config.evmTimeoutMs, fetch, now, exclusively });
  },
} satisfies AnchorKind<SettingsOf<typeof settings> & SourceSettings>;
