import { anchorKind, beaconChainName, isTestChain, textOf } from './anchor-data.js';
import type { CheckData, CheckWords, Format } from './catalogue.js';

/** “Bitcoin block 840,000” or “block 5 of Ethereum (chain 1)” when the check names one, else “a Bitcoin block”. */
function block(data: CheckData, format: Format): string {
  const height = data['height'];
  const number = typeof height === 'number' ? format.number(height) : '';
  if (anchorKind(data) === 'evm') return `block ${number} of ${textOf(data, 'network') || 'its chain'}`;
  return number === '' ? 'a Bitcoin block' : `Bitcoin block ${number}`;
}

const FINALITY: Record<string, string> = {
  final: ' That block counts as final.',
  confirmed: ' That block is not final yet: the chain may still replace it.',
};

/** By when the root existed, and whose clock says so. */
function existence(data: CheckData, format: Format): string {
  if (data['time'] === undefined) return '';
  const clock =
    anchorKind(data) === 'evm'
      ? 'the clock of those who make its blocks'
      : 'its miner’s clock, which may be two hours off';
  return `, so it existed no later than ${format.date(textOf(data, 'time'))} by ${clock}`;
}

function stamped(data: CheckData, format: Format): string {
  const expired =
    data['expired'] === 'yes'
      ? ` The authority’s certificate has expired since (${format.date(textOf(data, 'expiresAt'))}), which takes nothing from the time-stamp.`
      : '';
  const revocation =
    data['revocation'] === 'unknown'
      ? ' Whether its certificate had been revoked is not known.'
      : data['revokedLater'] === undefined
        ? ''
        : ' Its certificate was revoked later, for a reason that leaves the time-stamp good.';
  return `${textOf(data, 'authority') || 'A time-stamp authority'} signed the log’s checkpoint on ${format.date(textOf(data, 'time'))}, by its own clock.${expired}${revocation} Its root certificate is among those that this page’s service trusts; you can compare the fingerprint elsewhere.`;
}

/** The anchors of a proof, each kind in its own words. */
export const enAnchor: CheckWords = {
  title: (data) => {
    const kind = anchorKind(data);
    if (kind === 'rfc3161') return 'The time is signed by a time-stamp authority';
    return kind === 'evm'
      ? `The time is anchored in ${textOf(data, 'network') || 'a block chain'}`
      : `The time is anchored in ${isTestChain(data) ? 'a test chain of Bitcoin' : 'Bitcoin'}`;
  },
  sentences: {
    passed: (data, format) => {
      if (anchorKind(data) === 'rfc3161') return stamped(data, format);
      const supplied = anchorKind(data) === 'evm' ? 'hash' : 'header';
      const test = isTestChain(data)
        ? ` This chain (${textOf(data, 'network')}) is for tests and proves nothing outside one.`
        : '';
      return `The log’s root is bound into ${block(data, format)}${existence(data, format)}.${FINALITY[textOf(data, 'finality')] ?? ''} ${data['source'] ?? 'The service'} supplied the block’s ${supplied}; you can compare it elsewhere.${test}`;
    },
    failed: (data, format) => {
      if (data['reason'] === 'other-root')
        return `The log’s root is not in ${block(data, format)}, although the proof claims so.`;
      if (data['reason'] === 'other-block')
        return `The chain has another ${block(data, format)} than this attestation: it was lost when the chain was reorganised, or never was in it.`;
      if (anchorKind(data) === 'rfc3161') return 'This time-stamp does not hold and proves nothing.';
      if (data['reason'] === 'unsupported-type') return 'This attestation is of a kind that cannot be checked.';
      return 'This attestation is malformed and proves nothing.';
    },
    pending: ({ reason, calendar }) =>
      reason === 'promised'
        ? `The calendar ${calendar ?? ''} has taken the log’s root and will bind it into a Bitcoin block. This usually takes hours.`
        : 'The log’s root is about to be handed to its anchors, as far as this proof knows.',
    unavailable: (data, format) => {
      const { reason } = data;
      if (reason === 'no-crypto')
        return 'This page was not loaded over a secure connection, so the browser verifies no time-stamps. Use the steps below.';
      if (reason === 'no-verifier')
        return 'The part of this page that verifies time-stamps could not be loaded. Try again later.';
      if (reason === 'roots-away')
        return `${textOf(data, 'authority') || 'A time-stamp authority'} signed the log’s checkpoint. Which authorities the service trusts could not be had just now, so this was not checked. Try again later, or compare the root’s fingerprint elsewhere.`;
      if (anchorKind(data) === 'rfc3161')
        return `${textOf(data, 'authority') || 'A time-stamp authority'} signed the log’s checkpoint, but nothing here says that this authority can be trusted: the service names no such root. You can compare the root’s fingerprint elsewhere.`;
      if (reason === 'sources-disagree')
        return `The sources of ${block(data, format)} contradict each other, so this anchor was not decided.`;
      if (anchorKind(data) === 'evm' && (reason === 'no-source' || reason === 'other-chain'))
        return `The service has no node of that chain, so ${block(data, format)} was not looked up. You can compare its hash elsewhere.`;
      return `${capital(block(data, format))} could not be had, so this anchor was not checked. Try again later, or compare the block elsewhere.`;
    },
    'not-applicable': 'This proof has no anchor to check.',
  },
};

const UNSEEN_BEACON: Record<string, string> = {
  'sources-disagree': 'Those who were asked about the block that the batch names contradict each other.',
  'no-source': 'The service has no source for the chain of the block that the batch names.',
  'unknown-chain': 'The batch names a block of a chain that this page cannot check.',
};

/** The block that a batch names. */
export const enBeacon: CheckWords = {
  title: 'The batch is no older than a known block',
  sentences: {
    passed: (data, format) => {
      const height = typeof data['height'] === 'number' ? format.number(data['height']) : '';
      return `The batch names block ${height} of ${beaconChainName(data) || 'Bitcoin'}, which nobody could foresee, so it was closed after that block. ${data['source'] ?? 'The service'} supplied the block; you can compare it elsewhere.`;
    },
    failed: 'The block that the batch names is not in its chain, so nothing shows that the batch is not older.',
    pending: 'The block that the batch names has not been looked up yet.',
    unavailable: ({ reason }) =>
      `${UNSEEN_BEACON[String(reason)] ?? 'The block that the batch names could not be had just now.'} This does not affect the latest possible time.`,
    'not-applicable': 'The batch names no block, so only the latest possible time is proved.',
  },
};

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
