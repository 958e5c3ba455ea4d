import type { ChangedStatus } from './status-change.js';

/** What a kind of record is and which rules its records follow. A profile is data, not code. */
export interface Profile {
  /** Name and version, `<name>@<version>`. */
  readonly id: string;
  /** What such a record is about, in English. */
  readonly title: string;
  /**
   * `blinded`: only blinded digests may be recorded, since the documents are alike enough to be guessed from a plain one;
   * `any`: the agency chooses for each record.
   */
  readonly entropy: 'blinded' | 'any';
  /** JSON Schema (2020-12) of `claims`, beside the limits that hold for every profile. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** What such a record's status may become, as far as the rules of the status vector let it from where it is. */
  readonly statuses: readonly ChangedStatus[];
  /** Who may bring it to `consumed`: nobody, the agency that lodged it, or every agency of the service. */
  readonly consumers: 'nobody' | 'lodger' | 'every-agency';
  /** How old a shown status may be before a verifier calls it stale, in seconds. */
  readonly maxStatusAgeSeconds: number;
  /** Whether the service shows the history of such a record to whoever has its id; otherwise to the agency that lodged it alone. */
  readonly statusPublic: boolean;
  /** Present where its documents are checked at gates: its records are sealed in batches of at most {@link GATE_BATCH_MAX_ENTRIES}, and gate packs list them while
   * they are valid. */
  readonly gate?: true;
}

/** Most entries of a batch that holds records for gates: a path of twelve hashes, which a code on paper has room for. */
export const GATE_BATCH_MAX_ENTRIES = 4096;

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** A code of some list, a number of a register: what a program reads, not what names a person. */
const CODE = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$' };
const COUNTRY = { type: 'string', pattern: '^[A-Z]{2}$' };
const CURRENCY = { type: 'string', pattern: '^[A-Z]{3}$' };
const AMOUNT = { type: 'string', pattern: '^-?(0|[1-9][0-9]{0,14})(\\.[0-9]{1,4})?$' };
const DAY = { type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' };
const DOMAIN = { type: 'string', pattern: '^[a-z0-9.-]{1,253}$' };
const KEY_ID = { type: 'string', pattern: '^[!-~]{1,128}$' };
/** Bytes in base64url without padding. */
const BASE64URL = { type: 'string', pattern: '^[A-Za-z0-9_-]{1,512}$' };
const COUNT = { type: 'integer', minimum: 0 };

/** Forms that a number of a person could be written in. */
const TEXTS: ReadonlySet<unknown> = new Set([CODE, DOMAIN, KEY_ID, BASE64URL]);

/** Claims whose known members have these forms; any other is a code, a whole number or a truth value. */
function coded(properties: Record<string, unknown>): Readonly<Record<string, unknown>> {
  return {
    type: 'object',
    properties,
    additionalProperties: { anyOf: [CODE, { type: 'integer' }, { type: 'boolean' }] },
  };
}

/** The profiles that this version of the service accepts. */
export const PROFILES: readonly Profile[] = [
  {
    id: 'generic@1',
    title: 'Any document',
    entropy: 'any',
    claims: { type: 'object' },
    statuses: ['revoked', 'superseded'],
    consumers: 'nobody',
    maxStatusAgeSeconds: 30 * DAY_SECONDS,
    statusPublic: true,
  },
  {
    id: 'licence@1',
    title: 'Electronic certificate or licence',
    entropy: 'blinded',
    claims: coded({ class: CODE, type: CODE, region: CODE, country: COUNTRY }),
    statuses: ['suspended', 'active', 'revoked', 'superseded'],
    consumers: 'nobody',
    maxStatusAgeSeconds: DAY_SECONDS,
    statusPublic: true,
  },
  {
    id: 'invoice@1',
    title: 'Electronic invoice or fiscal receipt',
    entropy: 'blinded',
    claims: coded({ type: CODE, currency: CURRENCY, total: AMOUNT, tax: AMOUNT, issued: DAY, lines: COUNT }),
    statuses: ['consumed', 'revoked'],
    consumers: 'every-agency',
    maxStatusAgeSeconds: HOUR_SECONDS,
    statusPublic: true,
  },
  {
    id: 'title@1',
    title: 'Property registration',
    entropy: 'blinded',
    claims: coded({ parcel: CODE, right: CODE, region: CODE, version: COUNT, registered: DAY }),
    statuses: ['suspended', 'active', 'superseded', 'revoked'],
    consumers: 'nobody',
    maxStatusAgeSeconds: DAY_SECONDS,
    statusPublic: false,
  },
  {
    id: 'company@1',
    title: 'Business registration',
    entropy: 'any',
    claims: coded({ register: CODE, number: CODE, form: CODE, region: CODE, country: COUNTRY, registered: DAY }),
    statuses: ['suspended', 'active', 'superseded', 'revoked'],
    consumers: 'nobody',
    maxStatusAgeSeconds: DAY_SECONDS,
    statusPublic: true,
  },
  {
    id: 'identity@1',
    title: 'Issuer key, trust list or credential schema; never a person',
    entropy: 'any',
    claims: coded({
      type: CODE,
      agency: DOMAIN,
      domain: DOMAIN,
      key: KEY_ID,
      algorithm: CODE,
      publicKey: BASE64URL,
      possession: BASE64URL,
      version: COUNT,
    }),
    statuses: ['superseded', 'revoked'],
    consumers: 'nobody',
    maxStatusAgeSeconds: HOUR_SECONDS,
    statusPublic: true,
  },
  {
    id: 'evidence@1',
    title: 'Preserved electronic evidence',
    entropy: 'any',
    claims: { type: 'object' },
    statuses: ['superseded', 'revoked'],
    consumers: 'nobody',
    maxStatusAgeSeconds: 365 * DAY_SECONDS,
    statusPublic: false,
  },
  {
    id: 'permit@1',
    title: 'Short-lived permit, checked at a gate',
    entropy: 'blinded',
    claims: coded({ lot: CODE, type: CODE, zone: CODE, seats: COUNT }),
    statuses: ['suspended', 'active', 'revoked', 'superseded'],
    consumers: 'nobody',
    maxStatusAgeSeconds: HOUR_SECONDS,
    statusPublic: true,
    gate: true,
  },
];

const BY_ID = new Map(PROFILES.map((profile) => [profile.id, profile]));

/** Form of a profile's id; a verifier accepts any, an intake only {@link PROFILES}. */
export const PROFILE_ID_PATTERN = /^[a-z][a-z0-9-]{0,31}@[1-9][0-9]{0,3}$/;

/** The profile with this id, or undefined when this version does not know it. */
export function findProfile(id: string): Profile | undefined {
  return BY_ID.get(id);
}

/** Whether the profile gives a claim of this name a form of its own: an amount, a day, a count, a currency or a country, not any code. */
export function isMeasure({ claims }: Profile, name: string): boolean {
  const properties = claims['properties'] as Readonly<Record<string, unknown>> | undefined;
  return properties !== undefined && Object.hasOwn(properties, name) && !TEXTS.has(properties[name]);
}
