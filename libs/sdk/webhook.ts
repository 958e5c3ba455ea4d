import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { verifyEd25519 } from '#tlog/ed25519.js';
import { SdkError } from './error.js';
import type { FeedEvent } from './event.js';
import { platformWith } from './platform.js';

/** How far the time of a webhook may be from the receiver's, in milliseconds (Standard Webhooks). */
const TOLERANCE_MS = 300_000;

/** What arrived. */
export interface ReceivedWebhook {
  /** Of the request: a `Headers`, or an object by lower-case names. */
  headers: Pick<Headers, 'get'> | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The body exactly as it came: parsed and written again, it would not match. */
  body: string | Uint8Array;
}

/** How to check it. */
export interface WebhookOptions {
  /** The endpoint's keys: `whpk_…`, or the secret `whsec_…`; several while it changes. */
  keys: readonly string[];
  now?: Date | undefined;
  toleranceMs?: number | undefined;
}

/**
 * The event of a webhook, after its signature was checked (Standard Webhooks: `v1a`, Ed25519, and `v1`, HMAC-SHA256). Its `id` is the same on every attempt: one
 * that was dealt with is to be answered with 2xx and passed over.
 *
 * @throws SdkError `bad-webhook`, `bad-input` for a key that is none
 */
export function verifyWebhook({ headers, body }: ReceivedWebhook, options: WebhookOptions): FeedEvent {
  const { keys, now = platformWith().now(), toleranceMs = TOLERANCE_MS } = options;
  const id = header(headers, 'webhook-id');
  const timestamp = header(headers, 'webhook-timestamp');
  const bytes = typeof body === 'string' ? utf8ToBytes(body) : body;
  const offMs = Math.abs(Number(timestamp) * 1000 - now.getTime());
  if (!/^\d{1,12}$/.test(timestamp) || offMs > toleranceMs)
    throw refused(`expected a time within ${toleranceMs / 1000} s, got ${JSON.stringify(timestamp)}`);
  const signed = concatBytes(utf8ToBytes(`${id}.${timestamp}.`), bytes);
  const readers = keys.map(readKey);
  const holds = header(headers, 'webhook-signature')
    .split(' ')
    .some((part) => {
      const comma = part.indexOf(',');
      const signature = decode(part.slice(comma + 1));
      return signature !== null && readers.some((key) => key(part.slice(0, comma), signature, signed));
    });
  if (!holds) throw refused('expected a signature by one of the keys, got none');
  try {
    return { ...(JSON.parse(new TextDecoder().decode(bytes)) as FeedEvent), id };
  } catch (cause) {
    throw new SdkError('bad-webhook', 'Checking a webhook: expected JSON, got something else', { cause });
  }
}

type Check = (version: string, signature: Uint8Array, signed: Uint8Array) => boolean;

function readKey(text: string): Check {
  const [, kind, encoded] = /^(whpk|whsec)_(.*)$/.exec(text) ?? [];
  const key = decode(encoded ?? '');
  if (kind === 'whpk' && key?.length === 32)
    return (version, signature, signed) =>
      version === 'v1a' && signature.length === 64 && verifyEd25519(signature, signed, key);
  if (kind === 'whsec' && key !== null && key.length >= 24 && key.length <= 64)
    return (version, signature, signed) => version === 'v1' && equal(signature, hmac(sha256, key, signed));
  // The text itself must not be quoted: it may be a secret with a character too many.
  throw new SdkError(
    'bad-input',
    'Reading the key of a webhook: expected whpk_… or whsec_… with base64, got something else',
  );
}

/** In a time that does not depend on where they differ. */
function equal(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < b.length; i++) difference |= (a[i] ?? 0) ^ b[i]!;
  return difference === 0;
}

function decode(text: string): Uint8Array | null {
  try {
    return base64.decode(text);
  } catch {
    return null;
  }
}

function header(headers: ReceivedWebhook['headers'], name: string): string {
  const value = typeof headers.get === 'function' ? headers.get(name) : (headers as Record<string, unknown>)[name];
  const text = Array.isArray(value) ? value.join(' ') : value;
  if (typeof text === 'string' && text !== '') return text;
  throw refused(`expected a header ${name}, got none`);
}

function refused(what: string): SdkError {
  return new SdkError('bad-webhook', `Checking a webhook: ${what}`);
}
