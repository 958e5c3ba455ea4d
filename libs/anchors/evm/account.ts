import { type Hex, keccak256, parseTransaction, type TransactionSerializable } from 'viem';
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { AnchorError } from '../error.js';
import type { Fees } from './fee.js';
import type { SentTransaction } from './progress.js';

/** What a transaction does, apart from what it pays for gas. */
export interface Call {
  readonly chainId: number;
  readonly nonce: number;
  readonly to: Hex;
  readonly data: Hex;
  readonly gas: bigint;
}

/** A signed transaction that nobody has been told of. */
export type FreshTransaction = Pick<SentTransaction, 'hash' | 'raw' | 'from' | 'nonce' | 'gas' | 'perGas' | 'tip'>;

/** The account that pays. The key stays inside. */
export interface Account {
  /** `0x` hex, lower case. */
  readonly address: Hex;
  sign(call: Call, fees: Fees): Promise<FreshTransaction>;
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
      const fees = { perGas: perGas.toString(), tip: tip === null ? null : tip.toString() };
      return { hash: keccak256(raw), raw, from: address, nonce, gas: gas.toString(), ...fees };
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
export function callOf({ raw }: Pick<SentTransaction, 'raw'>): Call {
  const { chainId, nonce, to, data, gas } = parseTransaction(raw) as TransactionSerializable;
  return { chainId: chainId!, nonce: nonce ?? 0, to: to!, data: data!, gas: gas! };
}
