import type { KeyHolder, KeyScope } from '#database/agency.repository.js';
import { isInNetworks, networks } from '#outbound/networks.js';
import { Problem } from '../problems/problem.js';

/** Checks whether a key may be used from an address for something; null when it may. */
export type KeyCheck = (scope: KeyScope, address: string) => Problem | null;

/** The check of a key, made once for as long as the key is remembered. */
export function keyCheck({ key }: Pick<KeyHolder, 'key'>): KeyCheck {
  const scopes = new Set(key.scopes);
  const from = key.networks.length === 0 ? null : networks(key.networks);
  return (scope, address) => {
    if (from !== null && !isInNetworks(from, address))
      return new Problem('address-not-allowed', `The API key may not be used from ${address}.`);
    if (scopes.has(scope)) return null;
    return new Problem(
      'insufficient-scope',
      `Expected a key of the scope ${scope}, got one of ${key.scopes.join(', ')}.`,
    );
  };
}
