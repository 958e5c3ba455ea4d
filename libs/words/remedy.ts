import type { DocumentHash, Finding, UnreadableKind } from '#proof/finding.js';
import { anchorRemedy } from './anchors/anchor-words.js';
import { beaconRemedy } from './anchors/beacon.js';

/** What a person can do about a finding. */
export type Remedy =
  /** What to hand in instead of a file that is no proof. */
  | { remedy: 'hand-in-proof'; kind: UnreadableKind }
  | { remedy: 'use-original' }
  | { remedy: 'restore-line-endings' }
  | { remedy: 'use-sealed-part' }
  | { remedy: 'give-document' }
  | { remedy: 'give-digest'; algorithms: DocumentHash[] }
  | { remedy: 'give-salt' }
  /** The proof is damaged, or an anchor in it was lost: its issuer has a sound one. */
  | { remedy: 'get-proof-again' }
  /** A later form of the same proof has what is missing. */
  | { remedy: 'renew-proof' }
  /** The same proof, got again, shows a newer status. */
  | { remedy: 'renew-status' }
  | { remedy: 'ask-whose-log' }
  | { remedy: 'pin-log-key' }
  | { remedy: 'try-later' }
  | { remedy: 'newer-verifier' }
  | { remedy: 'ask-independent-source' }
  | { remedy: 'give-source'; chain: 'bitcoin' | 'evm' }
  | { remedy: 'pin-headers' }
  | { remedy: 'wait-for-block' }
  | { remedy: 'secure-connection' }
  | { remedy: 'reload' }
  | { remedy: 'give-root' }
  | { remedy: 'rely-on-neither' }
  | { remedy: 'ask-for-newer' }
  | { remedy: 'hand-in-fitting' };

const DOCUMENT_REMEDIES = {
  differs: 'use-original',
  'line-endings': 'restore-line-endings',
  appended: 'use-sealed-part',
} as const;

/** What can be done about a finding; undefined where nothing need or can be. */
export function remedyOf(finding: Finding): Remedy | undefined {
  switch (finding.check) {
    case 'format':
      return finding.outcome === 'failed' ? { remedy: 'hand-in-proof', kind: finding.reason } : undefined;
    case 'document':
      if (finding.outcome === 'not-applicable') return { remedy: 'give-document' };
      if (finding.outcome === 'failed') return { remedy: DOCUMENT_REMEDIES[finding.reason] };
      if (finding.outcome === 'passed') return undefined;
      return finding.reason === 'no-salt'
        ? { remedy: 'give-salt' }
        : { remedy: 'give-digest', algorithms: finding.recorded };
    case 'record-id':
    case 'batch-inclusion':
    case 'batch-checkpoint':
    case 'log-inclusion':
    case 'log-checkpoint':
    case 'status-root':
    case 'status-leaf':
    case 'status-history':
    case 'cosignature':
      return finding.outcome === 'failed' ? { remedy: 'get-proof-again' } : undefined;
    case 'log-key':
      if (finding.outcome === 'passed') return undefined;
      if (finding.outcome === 'failed') return { remedy: 'ask-whose-log' };
      return { remedy: finding.outcome === 'unavailable' ? 'try-later' : 'pin-log-key' };
    case 'agency-signature':
    case 'event-signature':
      if (finding.outcome === 'passed') return undefined;
      return { remedy: finding.outcome === 'failed' ? 'get-proof-again' : 'renew-proof' };
    case 'authorisation':
    case 'event-authorisation':
      return finding.outcome === 'unavailable' ? { remedy: 'renew-proof' } : undefined;
    case 'anchor':
      return anchorRemedy(finding);
    case 'beacon':
      return beaconRemedy(finding);
    case 'status-age':
      return finding.outcome === 'unavailable' ? { remedy: 'renew-status' } : undefined;
    case 'times':
      return finding.outcome === 'failed' ? { remedy: 'rely-on-neither' } : undefined;
    case 'validity':
      return finding.outcome === 'failed' && finding.reason === 'expired' ? { remedy: 'ask-for-newer' } : undefined;
    case 'carried':
      return undefined;
    case 'companion':
      if (finding.outcome === 'passed') return undefined;
      if (finding.outcome === 'failed') return { remedy: 'hand-in-fitting' };
      // Its sentence says it all.
      if (finding.reason === 'another-proof') return undefined;
      return finding.reason === 'unreadable'
        ? { remedy: 'hand-in-proof', kind: finding.kind }
        : { remedy: 'give-document' };
    default:
      return finding satisfies never;
  }
}
