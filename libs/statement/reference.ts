/** Longest agency reference, in Unicode code points. */
export const REFERENCE_MAX_CHARACTERS = 64;

/**
 * Form of an agency reference: 1 to 64 code points without control characters, line or paragraph separators, invisible
 * and direction-changing characters, or lone surrogates. The ranges are written out so that the rule is the same under
 * every version of Unicode.
 */
export const REFERENCE_PATTERN =
  // oxlint-disable-next-line no-control-regex -- exactly these are refused
  /^[^\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\uffff]{1,64}$/u;

/** Whether `value` is usable as an agency's reference. */
export function isReference(value: unknown): value is string {
  return typeof value === 'string' && REFERENCE_PATTERN.test(value);
}
