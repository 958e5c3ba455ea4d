import type { SettingProblem } from '#setting/config-error.js';
import { httpUrl, integer, list, SECRET, type SettingsOf } from '#setting/setting.js';
import type { AnchorKind } from '../anchor-kind.js';
import type { SourceSettings } from '../source-settings.js';
import { readTimeStampRoots } from '../time-stamp-roots.js';

const settings = {
  TSA_URLS: list(httpUrl)
    .default([])
    .describe(
      'Time-stamp authorities of the anchor rfc3161, separated by commas; the later ones stand in for the first',
    )
    .meta(SECRET),
  TSA_TIMEOUT_MS: integer(100, 60_000).default(10_000).describe('Time allowed to one request of an authority'),
};

/** Time-stamp authorities (RFC 3161). */
export const RFC3161 = {
  name: 'rfc3161',
  attestation: 'rfc3161',
  isPaid: false,
  settings,
  anchors: () => ['rfc3161'],
  problems({ tsaRootsFile, tsaUrls }, isWanted) {
    const problems: SettingProblem[] = [];
    if (isWanted && tsaUrls.length === 0)
      problems.push({ key: 'TSA_URLS', detail: 'expected at least one authority for the anchor rfc3161, got none' });
    if (isWanted && tsaRootsFile === undefined)
      problems.push({
        key: 'TSA_ROOTS_FILE',
        detail: 'expected the root certificates for the anchor rfc3161, got none',
      });
    return problems;
  },
  async create(_, config, { fetch, now, randomBytes, warn }) {
    const { createRfc3161Anchor } = await import('./rfc3161.js');
    return createRfc3161Anchor({
      urls: config.tsaUrls,
      roots: readTimeStampRoots(config, warn),
      timeoutMs: config.tsaTimeoutMs,
      fetch,
      now,
      randomBytes,
      subtle: globalThis.crypto.subtle,
    });
  },
} satisfies AnchorKind<SettingsOf<typeof settings> & SourceSettings>;
