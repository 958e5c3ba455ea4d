import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { type Attestation, attestationBytes } from '../attestation.js';
import { varuint } from '../byte-reader.js';
import { OtsError } from '../error.js';
import { applyOperation, type Operation, operationBytes } from '../operation.js';
import { type Branch, compareOperations, type Timestamp } from '../timestamp.js';

const bytes = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength });

const URI_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/:'.split('');

/** Any attestation that may stand in a timestamp. Few distinct values, so that equal ones meet. */
export const arbitraryAttestation: fc.Arbitrary<Attestation> = fc.oneof(
  fc.record({
    type: fc.constantFrom('bitcoin' as const, 'litecoin' as const, 'ethereum' as const),
    height: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 1_000_000 }), fc.maxSafeNat()),
  }),
  fc.record({
    type: fc.constant('pending' as const),
    uri: fc.oneof(
      fc.constantFrom('https://a.example', 'https://b.example', ''),
      fc.array(fc.constantFrom(...URI_CHARACTERS), { maxLength: 1000 }).map((characters) => characters.join('')),
    ),
  }),
  fc.record({
    type: fc.constant('unknown' as const),
    tag: fc.oneof(
      fc.constantFrom(Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]), Uint8Array.from([0xff, 0, 0, 0, 0, 0, 0, 0])),
      bytes(8, 8),
    ),
    payload: fc.oneof(
      { weight: 10, arbitrary: bytes(0, 4) },
      { weight: 5, arbitrary: bytes(0, 300) },
      { weight: 1, arbitrary: fc.constant(new Uint8Array(8192)) },
    ),
  }),
);

/** Any operation; whether it can be applied depends on the message. */
export const arbitraryOperation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Operation>({ type: 'sha256' }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constantFrom('sha1' as const, 'ripemd160' as const, 'keccak256' as const) }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('reverse' as const, 'hexlify' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constantFrom('append' as const, 'prepend' as const),
      operand: fc.oneof(
        { weight: 10, arbitrary: fc.constantFrom(Uint8Array.of(0), Uint8Array.of(1), Uint8Array.of(0, 0)) },
        { weight: 10, arbitrary: bytes(1, 64) },
        {
          weight: 1,
          arbitrary: fc.integer({ min: 4030, max: 4096 }).map((length) => new Uint8Array(length).fill(7)),
        },
      ),
    }),
  },
);

interface Shape {
  readonly attestations: Attestation[];
  readonly branches: { op: Operation; next: Shape }[];
}

/** Deepest random tree, in operations; the limit of 255 has tests of its own. */
const MAX_RANDOM_DEPTH = 5;

const shapeOfDepth: fc.Memo<Shape> = fc.memo((depth) =>
  fc.record(
    {
      attestations: fc.array(arbitraryAttestation, { maxLength: 2 }),
      branches:
        depth > 1
          ? fc.array(fc.record({ op: arbitraryOperation, next: shapeOfDepth() }), { maxLength: 2 })
          : fc.constant([]),
    },
    { noNullPrototype: true },
  ),
);
const arbitraryShape = shapeOfDepth(MAX_RANDOM_DEPTH + 1);

/** Any timestamp of a message of 0 to 64 bytes that can be written; items in no particular order. */
export const arbitraryTimestamp: fc.Arbitrary<Timestamp> = fc
  .tuple(fc.oneof(bytes(32, 32), bytes(0, 64)), arbitraryShape)
  .map(([message, shape]) => grown(message, shape));

/** Two timestamps of one message. */
export const arbitraryTimestampPair: fc.Arbitrary<[Timestamp, Timestamp]> = fc
  .tuple(bytes(0, 32), arbitraryShape, arbitraryShape)
  .map(([message, a, b]) => [grown(message, a), grown(message, b)]);

/** The shape as a timestamp: steps that the message does not allow and repeated steps are left out. */
function grown(message: Uint8Array, shape: Shape): Timestamp {
  const operations: Branch[] = [];
  for (const { op, next } of shape.branches) {
    if (operations.some((branch) => compareOperations(branch.op, op) === 0)) continue;
    try {
      operations.push({ op, next: grown(applyOperation(op, message), next) });
    } catch (error) {
      if (!(error instanceof OtsError && error.code === 'bad-message')) throw error;
    }
  }
  const attestations =
    shape.attestations.length + operations.length > 0 ? shape.attestations : [{ type: 'bitcoin' as const, height: 1 }];
  return { message, attestations, operations };
}

/**
 * A readable but seldom canonical form of a timestamp: items in the order of the arrays, attestations after operations,
 * some items twice, some integers padded. `choices` decides, byte by byte, from its beginning again when used up.
 */
export function looseBytes(timestamp: Timestamp, choices: Uint8Array): Uint8Array {
  let used = 0;
  const choose = (): number => (choices.length === 0 ? 0 : choices[used++ % choices.length]!);
  const padded = (value: number): Uint8Array => {
    const shortest = varuint(value);
    const padding = choose() % 4 === 3 ? choose() % 12 : 0;
    if (padding === 0) return shortest;
    shortest[shortest.length - 1]! |= 0x80;
    return concatBytes(shortest, new Uint8Array(padding - 1).fill(0x80), Uint8Array.of(0));
  };
  const varbytes = (value: Uint8Array): Uint8Array => concatBytes(padded(value.length), value);
  const attestation = (item: Attestation): Uint8Array => {
    const tag = attestationBytes(item).subarray(0, 8);
    if (item.type === 'unknown') return concatBytes(Uint8Array.of(0), tag, varbytes(item.payload));
    const payload = item.type === 'pending' ? varbytes(utf8ToBytes(item.uri)) : padded(item.height);
    return concatBytes(Uint8Array.of(0), tag, varbytes(payload));
  };
  const operation = (op: Operation): Uint8Array =>
    'operand' in op ? concatBytes(operationBytes(op).subarray(0, 1), varbytes(op.operand)) : operationBytes(op);
  const node = (at: Timestamp): Uint8Array => {
    const items = [
      ...at.operations.map(
        ({ op, next }) =>
          () =>
            concatBytes(operation(op), node(next)),
      ),
      ...at.attestations.map((item) => () => attestation(item)),
    ].flatMap((write) => (choose() % 5 === 4 ? [write, write] : [write]));
    const written = items.map((write) => write());
    return concatBytes(
      ...written.map((item, i) => (i < written.length - 1 ? concatBytes(Uint8Array.of(0xff), item) : item)),
    );
  };
  return node(timestamp);
}

/** One damage to a byte string; positions are taken modulo its length. */
export interface Mutation {
  readonly kind: 'flip' | 'set' | 'delete' | 'insert' | 'cut' | 'repeat' | 'swap';
  readonly at: number;
  readonly length: number;
  readonly value: number;
}

/** Any damage, with bytes that mean something to the format more often than others. */
export const arbitraryMutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom('flip', 'set', 'delete', 'insert', 'cut', 'repeat', 'swap'),
  at: fc.nat({ max: 100_000 }),
  length: fc.integer({ min: 1, max: 48 }),
  value: fc.oneof(fc.constantFrom(0x00, 0xff, 0xf0, 0xf1, 0xf2, 0xf3, 0x02, 0x03, 0x08, 0x67, 0x80, 0x7f), fc.nat(255)),
});

/** The bytes after the damage; the input is left alone. */
export function mutated(input: Uint8Array, { kind, at, length, value }: Mutation): Uint8Array {
  if (input.length === 0) return Uint8Array.of(value);
  const start = at % input.length;
  const before = input.subarray(0, start);
  const after = input.subarray(start);
  switch (kind) {
    case 'flip':
      return input.with(start, input[start]! ^ (1 << (value % 8)));
    case 'set':
      return input.with(start, value);
    case 'delete':
      return concatBytes(before, after.subarray(length));
    case 'insert':
      return concatBytes(before, Uint8Array.of(value), after);
    case 'cut':
      return before.slice();
    case 'repeat':
      return concatBytes(before, after.subarray(0, length), after);
    case 'swap':
      return concatBytes(before, after.subarray(length), after.subarray(0, length));
  }
}
