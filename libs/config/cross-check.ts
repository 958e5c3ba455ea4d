import type { Config } from './config.js';

/** Rules that concern more than one setting. */
export function crossCheck(config: Config): { key: string; detail: string }[] {
  const problems: { key: string; detail: string }[] = [];
  if (config.databasePasswordFile !== undefined) {
    const detail =
      config.databaseUrl === undefined
        ? 'expected DATABASE_URL, got none'
        : new URL(config.databaseUrl).password !== ''
          ? 'expected a password either in DATABASE_URL or in a file, got both'
          : null;
    if (detail !== null) problems.push({ key: 'DATABASE_PASSWORD_FILE', detail });
  }
  if (config.signingKey && config.signingKeyFile)
    problems.push({ key: 'SIGNING_KEY', detail: 'expected either SIGNING_KEY or SIGNING_KEY_FILE, got both' });
  if (config.adminToken && config.adminTokenFile)
    problems.push({ key: 'ADMIN_TOKEN', detail: 'expected either ADMIN_TOKEN or ADMIN_TOKEN_FILE, got both' });
  if (config.anchors.includes('opentimestamps') && config.otsQuorum > config.otsCalendars.length) {
    problems.push({
      key: 'OTS_QUORUM',
      detail: `expected at most the number of OTS_CALENDARS (${config.otsCalendars.length}), got ${config.otsQuorum}`,
    });
  }
  if (config.anchors.includes('bitcoin') && config.bitcoinRpcUrl === undefined)
    problems.push({ key: 'BITCOIN_RPC_URL', detail: 'expected a node for the anchor bitcoin, got none' });
  if (config.bitcoinRpcCookieFile !== undefined && config.bitcoinRpcUrl === undefined)
    problems.push({ key: 'BITCOIN_RPC_URL', detail: 'expected the node of BITCOIN_RPC_COOKIE_FILE, got none' });
  if (
    config.bitcoinRpcCookieFile !== undefined &&
    config.bitcoinRpcUrl &&
    new URL(config.bitcoinRpcUrl).username !== ''
  )
    problems.push({
      key: 'BITCOIN_RPC_COOKIE_FILE',
      detail: 'expected either a cookie file or a user in BITCOIN_RPC_URL, got both',
    });
  const has = (kind: string) => config.anchors.some((anchor) => anchor.split(':')[0] === kind);
  for (const [key, given] of [
    ['ANCHOR_INTERVALS', config.anchorIntervals],
    ['ANCHOR_OVERDUE_TIMES', config.anchorOverdueTimes],
    ['ANCHOR_BUDGETS', config.anchorBudgets],
  ] as const) {
    for (const anchor of given.keys()) {
      if (!config.anchors.includes(anchor))
        problems.push({
          key,
          detail: `expected anchors of this service (${config.anchors.join(', ')}), got ${anchor}`,
        });
    }
  }
  for (const anchor of config.anchorBudgets.keys()) {
    if (anchor !== 'bitcoin' && !anchor.startsWith('evm:'))
      problems.push({ key: 'ANCHOR_BUDGETS', detail: `expected anchors that cost money, got ${anchor}` });
  }
  if (config.evmPrivateKey !== undefined && config.evmPrivateKeyFile !== undefined)
    problems.push({
      key: 'EVM_PRIVATE_KEY',
      detail: 'expected either EVM_PRIVATE_KEY or EVM_PRIVATE_KEY_FILE, got both',
    });
  if (has('evm') && config.evmPrivateKey === undefined && config.evmPrivateKeyFile === undefined)
    problems.push({ key: 'EVM_PRIVATE_KEY_FILE', detail: 'expected the key of the account that pays, got none' });
  if (has('rfc3161') && config.tsaUrls.length === 0)
    problems.push({ key: 'TSA_URLS', detail: 'expected at least one authority for the anchor rfc3161, got none' });
  if (has('rfc3161') && config.tsaRootsFile === undefined)
    problems.push({ key: 'TSA_ROOTS_FILE', detail: 'expected the root certificates for the anchor rfc3161, got none' });
  if (config.beacon.startsWith('evm:') && !config.evmChains.some(({ name }) => config.beacon === `evm:${name}`))
    problems.push({ key: 'BEACON', detail: `expected a chain of EVM_CHAINS, got ${config.beacon}` });
  if (config.otsCalendar === 'on' && !has('bitcoin'))
    problems.push({
      key: 'OTS_CALENDAR',
      detail: 'expected the anchor bitcoin in ANCHORS, which a calendar commits with',
    });
  if (config.otsCalendar === 'on' && config.publicUrl === undefined)
    problems.push({ key: 'OTS_CALENDAR', detail: 'expected PUBLIC_URL, which clients find the calendar by' });
  return problems;
}
