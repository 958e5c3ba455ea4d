import { readFileSync } from 'node:fs';
import type { Rfc3161Attestation } from '#tsp/attestation.js';

/** What stands in `time-stamps.json`: time-stamps of 2026-03-01T08:05:00Z over the signed text of the first sample proof. */
export interface TimeStamps {
  about: string;
  text: string;
  /** Certificate that all of them lead to, and one that none does: base64 of DER. */
  root: string;
  otherRoot: string;
  attestations: Record<
    | 'good'
    | 'withoutLists'
    | 'expired'
    | 'supersededLater'
    | 'compromisedLater'
    | 'revokedBefore'
    | 'otherText'
    | 'laxPurpose',
    Rfc3161Attestation
  >;
}

/** File of the time-stamps. */
export const TIME_STAMPS_FILE = new URL('time-stamps.json', import.meta.url);

/** Reads the time-stamps. */
export const readTimeStamps = (): TimeStamps => JSON.parse(readFileSync(TIME_STAMPS_FILE, 'utf8')) as TimeStamps;
