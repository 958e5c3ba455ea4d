/** A JSON Schema (2020-12). */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** How an attestation is written, for descriptions of the format: `parse` decides. */
export interface AttestationForm<Attestation extends { type: string }> {
  /** Of every member but `type`. */
  readonly members: Readonly<Record<Exclude<keyof Attestation, 'type'>, JsonSchema>>;
  readonly example: Attestation;
}

/** 32 bytes. */
export const HEX_MEMBER: JsonSchema = { type: 'string', pattern: '^[0-9a-f]{64}$' };
/** Bytes. */
export const BASE64_MEMBER: JsonSchema = { type: 'string', contentEncoding: 'base64' };
/** Several times bytes. */
export const BASE64_LIST_MEMBER: JsonSchema = { type: 'array', items: BASE64_MEMBER };
/** A whole number from 0. */
export const NUMBER_MEMBER: JsonSchema = { type: 'integer', minimum: 0 };
