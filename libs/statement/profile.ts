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
  /** JSON Schema of `claims`, beside the limits that hold for every profile. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The profiles that this version of the service accepts. */
export const PROFILES: readonly Profile[] = [
  { id: 'generic@1', title: 'Any document', entropy: 'any', claims: { type: 'object' } },
  { id: 'licence@1', title: 'Electronic certificate or licence', entropy: 'blinded', claims: { type: 'object' } },
  { id: 'evidence@1', title: 'Preserved electronic evidence', entropy: 'any', claims: { type: 'object' } },
];

const BY_ID = new Map(PROFILES.map((profile) => [profile.id, profile]));

/** Form of a profile's id; a verifier accepts any, an intake only {@link PROFILES}. */
export const PROFILE_ID_PATTERN = /^[a-z][a-z0-9-]{0,31}@[1-9][0-9]{0,3}$/;

/** The profile with this id, or undefined when this version does not know it. */
export function findProfile(id: string): Profile | undefined {
  return BY_ID.get(id);
}
