import type { AnchorFinding } from '#proof/anchors/finding.js';
import { parseTime } from '#statement/time.js';
import { inOrder } from '../joints.js';
import type { AnchorTelling, FactRow, Saying } from './anchor-telling.js';

/** What one language says of time-stamps. */
export interface Rfc3161Words {
  title: string;
  /** Where it shows a time; stands in a sentence. */
  place: (authority: string) => string;
  /** `accuracy` is null when the time-stamp does not say how far off it may be. */
  signed: (authority: string, time: string, accuracy: string | null) => string;
  trusted: (root: string) => string;
  expired: (at: string) => string;
  revocationUnknown: string;
  revokedLater: (at: string) => string;
  'bad-token': string;
  unsupported: string;
  'no-crypto': string;
  'no-verifier': string;
  'no-roots': string;
  'roots-unreachable': string;
  'unknown-root': (root: string) => string;
  /** Names of rows. */
  timeStamp: string;
  accuracy: string;
  rootCertificate: string;
  /** `expired`: the same where a certificate has expired since. */
  steps: { verify: string; expired: string };
}

type Found = Extract<AnchorFinding, { kind: 'rfc3161' }>;

/** What can be done where a time-stamp was not decided. */
const REMEDIES = {
  unsupported: 'newer-verifier',
  'no-crypto': 'secure-connection',
  'no-verifier': 'reload',
  'no-roots': 'give-root',
  'roots-unreachable': 'try-later',
  'unknown-root': 'give-root',
} as const;

/** Time-stamp authorities. */
export const RFC3161_TELLING: AnchorTelling<Found> = {
  title: (_, language) => language.anchors.rfc3161.title,
  sentence,
  remedy(found) {
    if (found.outcome === 'passed') return undefined;
    return { remedy: found.outcome === 'failed' ? 'get-proof-again' : REMEDIES[found.reason] };
  },
  comparisons: (found) =>
    'top' in found ? [{ compare: 'root-certificate', name: found.top.name, value: found.top.fingerprint }] : [],
  chain: () => null,
  place: (passed, { language }) => language.anchors.rfc3161.place(passed.authority),
  rows(found, { language, format }) {
    if (!('top' in found)) return [];
    const { accuracy, rootCertificate, timeStamp } = language.anchors.rfc3161;
    const accurate: FactRow[] =
      found.accuracyMs === null ? [] : [[accuracy, `± ${format.number(found.accuracyMs / 1000)} s`]];
    return [
      [timeStamp, `${format.date(found.genTime)} · ${found.authority} · ${found.serial}`],
      ...accurate,
      [rootCertificate, `${found.top.fingerprint} · ${found.top.name}`, true],
    ];
  },
  steps(found, { language }, file) {
    // The earliest, whose files are kept.
    const [earliest] = found
      .flatMap((one) => ('genTime' in one ? [one] : []))
      .toSorted((a, b) => (a.genTime < b.genTime ? -1 : 1));
    if (earliest === undefined) return [];
    const { steps } = language.anchors.rfc3161;
    const expired = earliest.outcome === 'passed' && earliest.expired;
    const time = expired ? ` -attime ${Math.floor(parseTime(earliest.genTime) / 1000)}` : '';
    const [text, reply, chain] = [file('.checkpoint.txt'), file('.tsr'), file('.chain.pem')];
    const command = `openssl ts -verify -data ${text} -in ${reply} -CAfile ROOT.pem -untrusted ${chain}${time}`;
    return [{ text: expired ? steps.expired : steps.verify, command }];
  },
};

function sentence(found: Found, { language, format }: Saying): string {
  const words = language.anchors.rfc3161;
  if (found.outcome === 'failed') return words[found.reason];
  if (!('genTime' in found)) return words[found.reason];
  const accuracy = found.accuracyMs === null ? null : format.span(found.accuracyMs);
  const signed = words.signed(found.authority, format.date(found.genTime), accuracy);
  if (found.outcome === 'unavailable')
    return inOrder(
      language.joints,
      signed,
      found.reason === 'unknown-root' ? words['unknown-root'](found.top.name) : words[found.reason],
    );
  const later = found.revokedLater === null ? null : words.revokedLater(format.date(found.revokedLater));
  return inOrder(
    language.joints,
    signed,
    words.trusted(found.top.name),
    found.expired ? words.expired(format.date(found.expiresAt)) : null,
    found.revocation === 'unknown' ? words.revocationUnknown : later,
  );
}
