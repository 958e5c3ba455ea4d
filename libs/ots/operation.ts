import { ripemd160, sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { type ByteReader, varuint } from './byte-reader.js';
import { OtsError } from './error.js';

/** Longest message an operation takes or gives, in bytes. The reference's bound on a verifier's memory per step. */
export const MAX_MESSAGE_BYTES = 4096;
/** Longest message that `hexlify` takes, in bytes: its result is twice as long. */
export const MAX_HEXLIFY_BYTES = MAX_MESSAGE_BYTES / 2;
/** Longest operand of `append` and `prepend`, in bytes; the shortest is one byte. */
export const MAX_OPERAND_BYTES = MAX_MESSAGE_BYTES;

/** A hash function that the format knows. */
export type HashOperationType = 'sha1' | 'ripemd160' | 'sha256' | 'keccak256';

/** One edge of a timestamp tree: what is done to a message to get the next one. */
export type Operation =
  | { readonly type: HashOperationType | 'reverse' | 'hexlify' }
  | { readonly type: 'append' | 'prepend'; readonly operand: Uint8Array };

/** Tag byte of each operation. The hash tags are those of RFC 4880 where it has one. */
export const OPERATION_TAGS: Readonly<Record<Operation['type'], number>> = {
  sha1: 0x02,
  ripemd160: 0x03,
  sha256: 0x08,
  keccak256: 0x67,
  append: 0xf0,
  prepend: 0xf1,
  reverse: 0xf2,
  hexlify: 0xf3,
};

const TYPES_BY_TAG = new Map<number, Operation['type']>(
  Object.entries(OPERATION_TAGS).map(([type, tag]) => [tag, type as Operation['type']]),
);

/** Result length of each hash, in bytes. */
export const HASH_OPERATION_BYTES: Readonly<Record<HashOperationType, number>> = {
  sha1: 20,
  ripemd160: 20,
  sha256: 32,
  keccak256: 32,
};

/** The SHA-256 operation. */
export const SHA256: Operation = { type: 'sha256' };

/** The operation message ‖ operand. The operand has 1–4096 bytes; throws `bad-operand`. */
export function append(operand: Uint8Array): Operation {
  checkOperand('append', operand);
  return { type: 'append', operand };
}

/** The operation operand ‖ message. The operand has 1–4096 bytes; throws `bad-operand`. */
export function prepend(operand: Uint8Array): Operation {
  checkOperand('prepend', operand);
  return { type: 'prepend', operand };
}

/** Whether a tag's operation is a hash, hence may name the hash of a detached file. */
export function hashTypeOfTag(tag: number): HashOperationType | undefined {
  const type = TYPES_BY_TAG.get(tag);
  return type !== undefined && type in HASH_OPERATION_BYTES ? (type as HashOperationType) : undefined;
}

/**
 * The message after the operation. Throws `bad-message` when the operation cannot be applied: message or result above
 * 4096 bytes, or `reverse` or `hexlify` of the empty message (which would be a step to itself).
 */
export function applyOperation(operation: Operation, message: Uint8Array): Uint8Array {
  const limit = operation.type === 'hexlify' ? MAX_HEXLIFY_BYTES : MAX_MESSAGE_BYTES;
  if (message.length > limit) {
    throw new OtsError(
      'bad-message',
      `Applying ${operation.type}: expected at most ${limit} bytes, got ${message.length}`,
    );
  }
  switch (operation.type) {
    case 'sha1':
      return sha1(message);
    case 'ripemd160':
      return ripemd160(message);
    case 'sha256':
      return sha256(message);
    case 'keccak256':
      return keccak_256(message);
    case 'reverse':
      return nonEmpty(operation.type, message).toReversed();
    case 'hexlify':
      return utf8ToBytes(bytesToHex(nonEmpty(operation.type, message)));
    case 'append':
    case 'prepend': {
      checkOperand(operation.type, operation.operand);
      const length = message.length + operation.operand.length;
      if (length > MAX_MESSAGE_BYTES) {
        throw new OtsError(
          'bad-message',
          `Applying ${operation.type}: expected a result of at most ${MAX_MESSAGE_BYTES} bytes, got ${length}`,
        );
      }
      return operation.type === 'append'
        ? concatBytes(message, operation.operand)
        : concatBytes(operation.operand, message);
    }
  }
}

/** Reads what follows the tag byte of an operation. Throws `unknown-operation`, `bad-operand` and `truncated`. */
export function readOperation(tag: number, reader: ByteReader): Operation {
  const type = TYPES_BY_TAG.get(tag);
  if (type === undefined) {
    throw new OtsError('unknown-operation', `Reading an operation: expected a known tag, got 0x${hexByte(tag)}`);
  }
  if (type !== 'append' && type !== 'prepend') return { type };
  const operand = reader.readVarbytes(1, MAX_OPERAND_BYTES);
  if (operand === null) {
    throw new OtsError('bad-operand', `Reading ${type}: expected an operand of 1 to ${MAX_OPERAND_BYTES} bytes`);
  }
  return { type, operand };
}

/** The operation with its tag, as it stands in a file. Throws `bad-operand`. */
export function operationBytes(operation: Operation): Uint8Array {
  const tag = Uint8Array.of(OPERATION_TAGS[operation.type]);
  if (operation.type !== 'append' && operation.type !== 'prepend') return tag;
  checkOperand(operation.type, operation.operand);
  return concatBytes(tag, varuint(operation.operand.length), operation.operand);
}

function checkOperand(type: string, operand: Uint8Array): void {
  if (operand.length < 1 || operand.length > MAX_OPERAND_BYTES) {
    throw new OtsError(
      'bad-operand',
      `Making ${type}: expected an operand of 1 to ${MAX_OPERAND_BYTES} bytes, got ${operand.length}`,
    );
  }
}

function nonEmpty(type: string, message: Uint8Array): Uint8Array {
  if (message.length === 0) throw new OtsError('bad-message', `Applying ${type}: expected at least one byte, got none`);
  return message;
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
