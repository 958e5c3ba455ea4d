import { chainName, knownChain } from '#evm/chain.js';
import type { CheckData } from './catalogue.js';

/** What kind of anchor a check is about; Bitcoin where it does not say. */
export function anchorKind({ type }: CheckData): 'bitcoin' | 'evm' | 'rfc3161' {
  return type === 'evm' || type === 'rfc3161' ? type : 'bitcoin';
}

/** Whether the chain of a check is one for tests, so that its times prove nothing outside one. */
export function isTestChain({ chainId, network, type }: CheckData): boolean {
  if (type === 'evm') return knownChain(Number(chainId))?.test === true;
  return type === 'bitcoin' && network !== undefined && network !== 'mainnet' && network !== 'unknown';
}

/** A text that a check carries; empty when it carries none. */
export function textOf(data: CheckData, name: string): string {
  const value = data[name];
  return value === undefined ? '' : String(value);
}

/** A chain as a batch names it, in words; `''` for Bitcoin's main chain, whose name every language has. */
export function beaconChainName({ chain }: CheckData): string {
  const name = chain === undefined ? '' : String(chain);
  const id = /^evm-(\d+)$/.exec(name)?.[1];
  return id === undefined ? (name === 'bitcoin' ? '' : name) : chainName(Number(id), null);
}
