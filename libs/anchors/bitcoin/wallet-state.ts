import { z } from 'zod';
import type { CoreRpc } from './core-rpc.js';
import { Obstacle } from './node-state.js';

const walletInfo = z.object({
  // A wallet without a passphrase has none.
  unlocked_until: z.number().optional(),
  private_keys_enabled: z.boolean().default(true),
  scanning: z.union([z.literal(false), z.object({ progress: z.number() })]).default(false),
});

/** Asks whether the wallet can pay, before it gives up a change address for a transaction that it could not sign.
 * @throws Obstacle when it is locked, has no keys, or does not know its coins yet; NodeError */
export async function checkWallet(rpc: CoreRpc): Promise<void> {
  const info = await rpc.wallet(walletInfo, 'getwalletinfo');
  if (info.scanning !== false)
    throw new Obstacle(
      `the wallet is looking for its coins in the chain, at ${Math.floor(info.scanning.progress * 100)} %`,
    );
  if (!info.private_keys_enabled) throw new Obstacle('the wallet cannot sign: it has no private keys');
  if (info.unlocked_until === 0) throw new Obstacle('the wallet is locked by its passphrase');
}
