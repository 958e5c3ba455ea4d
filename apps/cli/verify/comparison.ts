import { chainName, knownChain } from '#evm/chain.js';
import type { Check } from '#proof/verdict.js';

type Data = NonNullable<Check['data']>;

/** What stands behind the time of each kind of anchor that passed, in a sentence each. */
export function* timeMeanings(checks: readonly Check[]): Generator<string> {
  for (const { code, data, status } of checks) {
    if (status !== 'passed' || data === undefined) continue;
    if (code === 'beacon')
      yield 'not before: the batch names a block that nobody could foresee, so it was closed after it';
    if (code !== 'anchor') continue;
    switch (data['type']) {
      case 'evm':
        yield `block of ${String(data['network'])}: the time that its block producers agreed on; it cannot be set back without rewriting that chain`;
        break;
      case 'rfc3161':
        yield `time-stamp: the clock of ${String(data['authority'])}; as right, and as honest, as that authority`;
        break;
      default:
        yield 'Bitcoin block: the time that its miner set, which may be two hours off; it cannot be set back without redoing the work since';
    }
  }
}

/** What a person can still look up elsewhere: blocks and roots that were not checked, chains that prove nothing outside a test, and the
 * log's key unless it was pinned. The same line may come again. */
export function* comparisons(checks: readonly Check[]): Generator<string> {
  for (const { code, data, status } of checks) {
    // Whoever wants no test chain counted has no use for its blocks.
    if (data === undefined || data['reason'] === 'test-place') continue;
    if (code === 'anchor' && status === 'unavailable') yield* byHand(data);
    if (code === 'anchor' && status === 'passed') yield* attentions(data);
    if (code === 'beacon' && status === 'unavailable')
      yield `Block ${data['height']} of ${data['chain']} must have the hash ${data['hash']}: then the batch is no older than that block${or(data, String(data['chain']).startsWith('evm-') ? '--evm-rpc' : '--esplora, --bitcoin-rpc or --headers')}`;
    if (code === 'log-key' && status === 'not-applicable')
      yield `WHO SIGNED WAS NOT CHECKED: the service must publish the key ${String(data['key'])} (pin it with --log-key)`;
  }
}

function* byHand(data: Data): Generator<string> {
  if (data['merkleRoot'] !== undefined)
    yield `Bitcoin block ${data['height']} must have the Merkle root ${data['merkleRoot']} (any explorer shows it${or(data, '--esplora, --bitcoin-rpc or --headers')})`;
  if (data['type'] === 'evm' && data['hash'] !== undefined) {
    yield `Block ${data['height']} of ${data['network']} must have the hash 0x${data['hash']}, and block 0 of that chain 0x${data['genesis']} (any explorer or RPC of the chain shows them${or(data, '--evm-rpc')})`;
  }
  if (data['type'] === 'rfc3161' && data['root'] !== undefined)
    yield `The time-stamp leads to ${data['rootName']}, ${data['reason'] === 'no-roots' ? 'and you gave no root that you trust' : 'which is not among the roots that you trust'}: its SHA-256 fingerprint is ${data['root']} (compare it with what the authority publishes, then give its certificate with --tsa-root)`;
}

/** What to give instead of comparing by hand, when nothing was given that could have answered. */
function or({ reason }: Data, options: string): string {
  return reason === 'no-source' || reason === 'other-chain' ? `; or give ${options}` : '';
}

function* attentions(data: Data): Generator<string> {
  if (data['type'] === 'evm') {
    const id = Number(data['chainId']);
    const known = knownChain(id);
    if (known === undefined) yield `ATTENTION: chain ${id} is not known here; what it proves depends on who runs it`;
    else if (known.test)
      yield `ATTENTION: ${chainName(id, String(data['genesis']))} is a chain for tests; it proves nothing outside a test`;
    else if (known.genesis !== undefined && known.genesis !== data['genesis'])
      yield `ATTENTION: the attesting chain has the id of ${known.name} but another block 0; it proves nothing outside a test`;
    return;
  }
  if (data['type'] === 'bitcoin' && data['network'] !== 'mainnet')
    yield `ATTENTION: the attesting chain is ${data['network']}, not Bitcoin's main chain; it proves nothing outside a test`;
}
