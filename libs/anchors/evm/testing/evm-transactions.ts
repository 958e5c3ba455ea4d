import { createHash } from 'node:crypto';
import { privateKeyToAccount } from 'viem/accounts';
import type { EvmNode } from './evm-node.js';

/** A blob of zeros is the zero polynomial: its commitment and every proof of it are the point at infinity, so no trusted setup is needed. */
const INFINITY = `0xc0${'00'.repeat(47)}` as const;
const ZERO_BLOB = `0x${'00'.repeat(131_072)}` as const;
/** Proofs that go with a blob since Osaka: one for each of its cells (EIP-7594). */
const CELLS = 128;
const versionedHash = (): `0x${string}` => {
  const digest = createHash('sha256')
    .update(Buffer.from(INFINITY.slice(2), 'hex'))
    .digest('hex');
  return `0x01${digest.slice(2)}`;
};

/** Kinds of transactions in the order in which forks brought them; `unprotected` is a legacy one whose signature names no chain. */
export type TransactionKind = 'unprotected' | 'legacy' | 'eip2930' | 'eip1559' | 'eip4844' | 'eip7702';

/** Kinds of transactions that a fork lets in. */
export function kindsOf(hardfork: string): TransactionKind[] {
  const kinds: TransactionKind[] = ['unprotected', 'legacy', 'eip2930', 'eip1559', 'eip4844', 'eip7702'];
  const first: Record<string, number> = { istanbul: 2, berlin: 3, london: 4, paris: 4, shanghai: 4, cancun: 5 };
  return kinds.slice(0, first[hardfork] ?? kinds.length);
}

/** What a transaction carries and pays. */
export interface Wanted {
  kind: TransactionKind;
  nonce: number;
  to: `0x${string}`;
  data: `0x${string}`;
  /** The newest kind of blob transaction has other proofs. */
  cellProofs?: boolean;
}

/** A signed transaction, serialised as a node takes it. */
export async function signed(node: EvmNode, which: number, wanted: Wanted): Promise<`0x${string}`> {
  const { kind, nonce, to, data } = wanted;
  const account = privateKeyToAccount(node.accounts[which]!.privateKey);
  const base = { nonce, to, data, value: BigInt(which), gas: 200_000n };
  const price = { gasPrice: 20_000_000_000n };
  const fees = { maxFeePerGas: 30_000_000_000n, maxPriorityFeePerGas: 2_000_000_000n };
  const { chainId } = node;
  const accessList = [{ address: to, storageKeys: [`0x${'07'.repeat(32)}` as const, `0x${'08'.repeat(32)}` as const] }];
  switch (kind) {
    case 'unprotected':
      return account.signTransaction({ ...base, ...price, type: 'legacy' });
    case 'legacy':
      return account.signTransaction({ ...base, ...price, type: 'legacy', chainId });
    case 'eip2930':
      return account.signTransaction({ ...base, ...price, type: 'eip2930', chainId, accessList });
    case 'eip1559':
      return account.signTransaction({ ...base, ...fees, type: 'eip1559', chainId });
    case 'eip4844': {
      const blob = { ...base, ...fees, type: 'eip4844' as const, chainId, maxFeePerBlobGas: 1_000_000_000n };
      const blobVersionedHashes = [versionedHash()];
      if (wanted.cellProofs !== true) {
        const sidecars = [{ blob: ZERO_BLOB, commitment: INFINITY, proof: INFINITY }];
        return account.signTransaction({ ...blob, blobVersionedHashes, sidecars });
      }
      const body = await account.signTransaction({ ...blob, blobVersionedHashes });
      return withCellProofs(body);
    }
    case 'eip7702': {
      const authorization = await account.signAuthorization({ address: to, chainId, nonce: nonce + 1 });
      return account.signTransaction({
        ...base,
        ...fees,
        type: 'eip7702',
        chainId,
        authorizationList: [authorization],
      });
    }
  }
}

/** The network form that EIP-7594 gives a blob transaction: body, version 1, blobs, commitments, cell proofs. */
function withCellProofs(body: `0x${string}`): `0x${string}` {
  const bytes = (hex: string) => Buffer.from(hex.slice(2), 'hex');
  const list = (parts: Buffer[]) => {
    const payload = Buffer.concat(parts);
    return Buffer.concat([rlpHead(0xc0, payload.length), payload]);
  };
  const text = (content: Buffer) => Buffer.concat([rlpHead(0x80, content.length), content]);
  const proofs = Array.from({ length: CELLS }, () => text(bytes(INFINITY)));
  const wrapped = list([
    bytes(body).subarray(1),
    Buffer.of(1),
    list([text(bytes(ZERO_BLOB))]),
    list([text(bytes(INFINITY))]),
    list(proofs),
  ]);
  return `0x03${wrapped.toString('hex')}`;
}

function rlpHead(base: number, length: number): Buffer {
  if (length <= 55) return Buffer.of(base + length);
  const digits = length.toString(16);
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.of(base + 55 + bytes.length), bytes]);
}
