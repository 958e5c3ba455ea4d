import { z } from 'zod';
import type { CoreRpc } from './core-rpc.js';
import { DUST_SATS, toSats } from './fee.js';

/** Most coins that one transaction spends: a small wallet full of dust must not make a large transaction. */
const MAX_INPUTS = 20;

const walletInfo = z.object({
  // A wallet without a passphrase has none.
  unlocked_until: z.number().optional(),
  private_keys_enabled: z.boolean().default(true),
  scanning: z.union([z.literal(false), z.object({ progress: z.number() })]).default(false),
});

const coinSchema = z.object({
  txid: z.string().regex(/^[0-9a-f]{64}$/),
  vout: z.int().nonnegative(),
  amount: z.number().nonnegative(),
  confirmations: z.int(),
  // Newer nodes list only coins that they can spend, and mean to drop this.
  spendable: z.boolean().default(true),
});

/** An unspent output of the wallet. */
export type Coin = z.output<typeof coinSchema>;

/** What a transaction spends, `txid:index`, displayed. */
export const outpoint = ({ txid, vout }: Pick<Coin, 'txid' | 'vout'>): string => `${txid}:${vout}`;

export const sumOfCoins = (coins: readonly Coin[]): number =>
  coins.reduce((sum, { amount }) => sum + toSats(amount), 0);

/** How much a transaction may cost and which coins it may spend. */
export interface Purse {
  /** Most that all versions of a transaction may pay, in satoshis: the last one pays what it pays in all. */
  readonly maxFeeSats: number;
  /** Confirmations that make a coin preferable: it will not go away with a reorganisation. */
  readonly safeConfirmations: number;
  /** Outpoints that are promised to other transactions of ours. */
  readonly promised: readonly string[];
}

/** All that the wallet could spend, whether it is confirmed or not; or why it cannot pay at all, which is asked before it gives up a change
 * address for a transaction that it could not sign. @throws NodeFault */
export async function readCoins(rpc: CoreRpc): Promise<Coin[] | string> {
  const info = await rpc.wallet(walletInfo, 'getwalletinfo');
  if (info.scanning !== false)
    return `the wallet is looking for its coins in the chain, at ${Math.floor(info.scanning.progress * 100)} %`;
  if (!info.private_keys_enabled) return 'the wallet cannot sign: it has no private keys';
  if (info.unlocked_until === 0) return 'the wallet is locked by its passphrase';
  const coins = await rpc.wallet(z.array(coinSchema), 'listunspent', 0, 9_999_999, [], true);
  return coins.filter(({ spendable }) => spendable);
}

/** Coins for one transaction; or why there are none. Confirmed ones only: what spends an unconfirmed coin dies with it when its fee is raised. */
export function chooseCoins(coins: readonly Coin[], purse: Purse): Coin[] | string {
  const confirmed = coins.filter(({ confirmations }) => confirmations > 0);
  const ready = confirmed.filter((coin) => !purse.promised.includes(outpoint(coin)));
  if (coins.length === 0)
    return 'the wallet has nothing to spend: it is empty, or what it has is locked or was mined less than 101 blocks ago';
  if (confirmed.length === 0)
    return `the wallet has nothing to spend yet: its ${sumOfCoins(coins)} sat wait for their first confirmation`;
  if (ready.length === 0) {
    const waiting = sumOfCoins(coins) - sumOfCoins(confirmed);
    const beside = waiting > 0 ? `, and ${waiting} sat wait for their first confirmation` : '';
    return `the wallet has nothing to spend yet: what is confirmed, ${sumOfCoins(confirmed)} sat, is promised to other checkpoints${beside}`;
  }
  const enough = purse.maxFeeSats + DUST_SATS;
  const isSafe = ({ confirmations }: Coin) => confirmations >= purse.safeConfirmations;
  // The smallest coin that suffices keeps the large ones free for other checkpoints.
  const single = ready
    .filter(({ amount }) => toSats(amount) >= enough)
    .toSorted((a, b) => Number(isSafe(b)) - Number(isSafe(a)) || a.amount - b.amount)[0];
  if (single) return [single];
  const chosen: Coin[] = [];
  for (const coin of ready.toSorted((a, b) => b.amount - a.amount).slice(0, MAX_INPUTS)) {
    if (sumOfCoins(chosen) >= enough) break;
    chosen.push(coin);
  }
  return chosen;
}
