import { type Hex, keccak256, parseTransaction, type TransactionSerializable } from 'viem';
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { AnchorError } from '../error.js';
import type { Fresh } from '../paying/progress.js';
import type { Fees } from './fee.js';
import type { EvmTransaction } from './progress.js';

/** What a transaction does, apart from what it pays for gas. */
export interface Call {
  readonly chainId: number;
  readonly nonce: number;
  readonly to: Hex;
  readonly data: Hex;
  readonly gas: bigint;
}

/** The account that pays. The key stays inside. */
export interface Account {
  /** `0x` hex, lower case. */
  readonly address: Hex;
  sign(call: Call, fees: Fees): Promise<Fresh<EvmTransaction>>;
}

/** `privateKey`: 64 hex digits, with or without `0x`. @throws AnchorError `bad-settings`, which does not show the key */
export function createAccount(privateKey: string): Account {
  const account = readKey(privateKey);
  const address = account.address.toLowerCase() as Hex;
  return {
    address,
    async sign(call, { perGas, tip }) {
      const raw = await account.signTransaction(
        tip === null
          ? { ...call, type: 'legacy', gasPrice: perGas }
          : { ...call, type: 'eip1559', maxFeePerGas: perGas, maxPriorityFeePerGas: tip },
      );
      const { nonce, gas } = call;
      return {
        id: keccak256(raw),
        raw,
        cost: (gas * perGas).toString(),
        from: address,
        nonce,
        gas: gas.toString(),
        perGas: perGas.toString(),
        tip: tip === null ? null : tip.toString(),
      };
    },
  };
}

function readKey(privateKey: string): PrivateKeyAccount {
  const digits = /^(?:0x)?([0-9a-fA-F]{64})$/.exec(privateKey)?.[1];
  if (digits === undefined)
    throw new AnchorError('bad-settings', 'EVM anchor: expected a private key of 64 hex digits, got something else');
  try {
    return privateKeyToAccount(`0x${digits.toLowerCase()}`);
  } catch {
    // Without the cause: it may quote the key.
    throw new AnchorError(
      'bad-settings',
      'EVM anchor: expected a private key of the curve secp256k1, got another number',
    );
  }
}

/** What a signed transaction does, to sign it again with other fees. */
export function callOf({ raw }: Pick<EvmTransaction, 'raw'>): Call {
  const { chainId, nonce, to, data, gas } = parseTransaction(raw) as TransactionSerializable;
  return { chainId: chainId!, nonce: nonce ?? 0, to: to!, data: data!, gas: gas! };
}
