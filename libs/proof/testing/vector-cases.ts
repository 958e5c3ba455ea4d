import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { base64 } from '@scure/base';
import { serializeTimestamp } from '#ots/codec.js';
import { HEXLIFY, KECCAK256, REVERSE, RIPEMD160, SHA1 } from '#ots/operation.js';
import { pathFrom } from '#ots/timestamp-path.js';
import type { Attestation } from '#ots/attestation.js';
import { ed25519NoteSigner } from '#tlog/ed25519.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { signCosignature } from '#tlog/cosignature.js';
import { formatNote, MAX_SIGNATURES, type NoteSignature, parseNote, signNote } from '#tlog/note.js';
import { formatVerifierKey } from '#tlog/verifier-key.js';
import { PROOF_MAX_NOTE_CHARACTERS, type Proof } from '../proof.js';
import type { CheckStatus } from '../verdict.js';
import { sampleBlock, type SampleBlock } from './sample-block.js';
import { sampleProof, type SampleOptions, type SampleProof } from './sample-proof.js';
import { source, vector, type VectorCase } from './vector-case.js';

const sample = sampleProof();
const blinded = sampleProof({ blinded: true, algorithms: ['sha256', 'sm3'] });

/** The proof with another timestamp in its first attestation, made of the root of its first checkpoint. */
function withTimestamp(from: SampleProof, make: (root: Uint8Array) => Uint8Array): Proof {
  const proof = structuredClone(from.proof);
  const [checkpoint] = proof.log.checkpoints;
  const { root } = parseCheckpoint(parseNote(checkpoint!.note).text);
  checkpoint!.attestations[0] = { type: 'opentimestamps', timestamp: base64.encode(make(root)) };
  return proof;
}

const ending = (attestations: Attestation[]) => (root: Uint8Array) =>
  serializeTimestamp(pathFrom(root).append(Uint8Array.of(1)).sha256().end(attestations));

/** A block whose attestation goes through every operation that there is. */
function everyOperation(): { proof: Proof; block: SampleBlock } {
  let block: SampleBlock | undefined;
  const proof = withTimestamp(sample, (root) => {
    const path = pathFrom(root).apply(SHA1, HEXLIFY, KECCAK256, REVERSE, RIPEMD160).prepend(Uint8Array.of(7)).sha256();
    block = sampleBlock(120, path.message, 1_772_355_600);
    return serializeTimestamp(path.end([{ type: 'bitcoin', height: 120 }]));
  });
  return { proof, block: block! };
}

const witness = ed25519NoteSigner('witness.example/w1', sha256(utf8ToBytes('sample witness key')));

/** The note with other signature lines than its own. */
function resigned(note: string, lines: (own: NoteSignature, text: string) => NoteSignature[]): string {
  const { text, signatures } = parseNote(note);
  return formatNote({ text, signatures: lines(signatures[0]!, text) });
}

/** The proof with every note's signature lines replaced: of the batch's checkpoint and of each of the log's. */
function withLines(proof: Proof, lines: (own: NoteSignature, text: string) => NoteSignature[]): Proof {
  const { batch, log } = proof;
  const checkpoints = log.checkpoints.map((item) => ({ ...item, note: resigned(item.note, lines) }));
  return {
    ...proof,
    batch: { ...batch, checkpoint: resigned(batch.checkpoint, lines) },
    log: { ...log, checkpoints },
  };
}

/** A witness's line, dated: the specification's own kind. */
const cosignature = (text: string): NoteSignature => signCosignature(text, 1_772_352_010, witness);

/** A line of a kind that nothing here knows, as long as such signatures get. */
const unknownLine: NoteSignature = {
  name: 'another.example/key',
  keyId: Uint8Array.of(1, 2, 3, 4),
  signature: new Uint8Array(2_500).fill(9),
};

/** Proofs that hold. */
export function holdingCases(): VectorCase[] {
  const shape = (about: string, options: SampleOptions) => vector(about, sampleProof(options), 'authentic');
  const at = (size: number) => [{ size, attestations: ['bitcoin' as const] }];
  const { proof, block } = everyOperation();
  const late = sampleProof({
    checkpoints: [
      { size: 3, attestations: [] },
      { size: 6, attestations: ['pending', 'bitcoin'] },
      { size: 9, attestations: ['bitcoin'] },
    ],
  });
  const lateChecks = {
    'log-inclusion': ['passed', 'passed', 'passed'],
    'log-checkpoint': ['passed', 'passed', 'passed'],
    anchor: ['pending', 'passed', 'passed'],
  } as const;
  const pretty = `\n${JSON.stringify(sample.proof, null, 2)}\n`;
  const everything = sampleProof({
    algorithms: ['sha256', 'sha512', 'sha3-256', 'sm3'],
    beacon: `bitcoin 940000 ${'0f'.repeat(32)}`,
    statement: {
      reference: '证照 2026/4711 "B"',
      claims: {
        '€': [1.5, -1e-7, 0.000001, 123456789012.25, 9007199254740991],
        '😀': null,
        '\ufb33': { deep: [true, false, {}] },
        a: '\u001f\u2028',
      },
      validFrom: '2026-01-01T00:00:00.000Z',
      validUntil: '2026-12-31T23:59:59.999Z',
      supersedes: '019ca868-447b-7000-8000-000000000000',
      provenance: { sha256: '11'.repeat(32) },
      agencySignature: { key: 'key-1', alg: 'EdDSA', value: 'A'.repeat(86) },
    },
  });
  return [
    vector('one record of three, batch 2 of a log of 5, one Bitcoin attestation', sample, 'authentic'),
    shape('the only record of the only batch: no path at all', {
      batchSize: 1,
      index: 0,
      batchNumber: 0,
      checkpoints: at(1),
    }),
    shape('the last of an odd number of records', { batchSize: 7, index: 6, batchNumber: 4, checkpoints: at(5) }),
    shape('the first of 1000 records in the first of 1000 batches', {
      batchSize: 1000,
      index: 0,
      batchNumber: 0,
      checkpoints: at(1000),
    }),
    shape('record 999 of 1000', { batchSize: 1000, index: 999, batchNumber: 511, checkpoints: at(513) }),
    vector('blinded SHA-256 and SM3', blinded, 'authentic'),
    vector('every member of a statement', everything, 'authentic', {
      checks: { beacon: 'unavailable', validity: 'passed' },
    }),
    vector('three checkpoints, the first not anchored', late, 'authentic', {
      checks: Object.fromEntries(Object.entries(lateChecks).map(([code, list]) => [code, [...list]])),
    }),
    vector('white space and another order of members', sample, 'authentic', { proof: pretty }),
    vector('an attestation through every operation of OpenTimestamps', sample, 'authentic', {
      proof,
      blockSources: [source([block])],
    }),
    ...cosignedCases(),
    vector('no document', sample, 'authentic', { digests: {}, checks: { document: 'not-applicable' } }),
    vector('no trusted key', sample, 'authentic', { trustedKeys: [], checks: { 'log-key': 'not-applicable' } }),
    vector('one source down, another not', sample, 'authentic', { blockSources: [source([]), source(sample.blocks)] }),
  ];
}

/** Notes that carry more lines than the log's own. */
function cosignedCases(): VectorCase[] {
  const signed = (about: string, lines: (own: NoteSignature, text: string) => NoteSignature[]) =>
    vector(about, sample, 'authentic', { proof: withLines(sample.proof, lines) });
  return [
    signed('checkpoints that a witness has cosigned too', (own, text) => [own, cosignature(text)]),
    signed("lines of unknown keys before and after the log's own", (own, text) => [
      unknownLine,
      own,
      cosignature(text),
    ]),
    signed("a line that is wrong, under the log's name, by a key that is not its", (own) => [
      own,
      { ...own, keyId: own.keyId.toReversed(), signature: own.signature.toReversed() },
    ]),
    signed("the log's own line twice", (own) => [own, own]),
    signed(`${MAX_SIGNATURES} lines`, (own) => [own, ...repeated(shortLine, MAX_SIGNATURES - 1)]),
    vector(`a note of ${PROOF_MAX_NOTE_CHARACTERS} characters`, sample, 'authentic', {
      proof: {
        ...sample.proof,
        batch: { ...sample.proof.batch, checkpoint: longNote(PROOF_MAX_NOTE_CHARACTERS) },
      },
    }),
  ];
}

const shortLine: NoteSignature = { ...unknownLine, signature: Uint8Array.of(5) };
const repeated = (line: NoteSignature, times: number) => Array.from({ length: times }, () => line);

/** Proofs that hold as far as they can be checked. */
export function openCases(): VectorCase[] {
  const promised = sampleProof({ checkpoints: [{ size: 5, attestations: ['pending'] }] });
  const none = sampleProof({ checkpoints: [{ size: 5, attestations: [] }] });
  const expired = sampleProof({ statement: { validUntil: '2026-03-31T23:59:59.999Z' } });
  const future = sampleProof({ statement: { validFrom: '2026-04-01T00:00:00.001Z' } });
  const { salt: _, ...unsalted } = blinded.proof;
  const lie = sampleBlock(120, new Uint8Array(32).fill(7), 1_772_355_600);
  const notCurrent = { checks: { validity: 'failed' } } as const;
  const unseen = { checks: { anchor: 'unavailable' } } as const;
  const sm3 = sampleProof({ algorithms: ['sm3'] });
  return [
    vector('a promise of a calendar', promised, 'pending', { checks: { anchor: 'pending' } }),
    vector('no attestation yet', none, 'pending', { checks: { anchor: 'pending' } }),
    vector(
      'a promise, and expired',
      sampleProof({
        checkpoints: [{ size: 5, attestations: ['pending'] }],
        statement: { validUntil: '2026-03-31T23:59:59.999Z' },
      }),
      'pending',
      { checks: { anchor: 'pending', validity: 'failed' } },
    ),
    vector('expired a millisecond ago', expired, 'authentic-not-current', notCurrent),
    vector('valid in a millisecond', future, 'authentic-not-current', notCurrent),
    vector('no block source', sample, 'unavailable', { blockSources: [], ...unseen }),
    vector('a source without that block', sample, 'unavailable', { blockSources: [source([])], ...unseen }),
    vector('sources that contradict each other', sample, 'unavailable', {
      blockSources: [source(sample.blocks), source([lie], 'liar')],
      ...unseen,
    }),
    vector('sources that show the attested Merkle root in blocks of different times', sample, 'unavailable', {
      blockSources: [
        source(sample.blocks),
        source([sampleBlock(120, sample.blocks[0]!.header.slice(36, 68), 1_700_000_000)], 'liar'),
      ],
      ...unseen,
    }),
    vector('a source that says main chain and shows regtest work', sample, 'unavailable', {
      blockSources: [source(sample.blocks, 'liar', 'mainnet')],
      ...unseen,
    }),
    vector('a header of 79 bytes', sample, 'unavailable', {
      blockSources: [source([{ height: 120, header: sample.blocks[0]!.header.slice(1) }])],
      ...unseen,
    }),
    vector('blinded, and the salt is lost', blinded, 'unavailable', {
      proof: unsalted,
      checks: { document: 'unavailable' },
    }),
    vector('a document hashed by an algorithm that was not recorded', sm3, 'unavailable', {
      digests: { sha256: bytesToHex(sample.digests.sha256!) },
      checks: { document: 'unavailable' },
    }),
    vector('66 attestations by blocks, of which 64 are looked up', sample, 'unavailable', {
      proof: withTimestamp(
        sample,
        ending(Array.from({ length: 66 }, (_, i): Attestation => ({ type: 'bitcoin', height: 1000 + i }))),
      ),
      checks: { anchor: [...Array.from({ length: 64 }, (): CheckStatus => 'unavailable'), 'failed'] },
    }),
    ...severalAnchors(lie),
  ];
}

function severalAnchors(lie: SampleBlock): VectorCase[] {
  const two = sampleProof({ checkpoints: [{ size: 5, attestations: ['bitcoin', 'bitcoin', 'pending'] }] });
  const [first, second] = two.blocks as [SampleBlock, SampleBlock];
  const other = sampleBlock(121, new Uint8Array(32).fill(7), 1_772_355_600);
  const about = (what: string) => `two Bitcoin attestations and a promise: ${what}`;
  const anchors = (...anchor: CheckStatus[]) => ({ checks: { anchor } });
  return [
    vector(about('one bad, one good'), two, 'authentic', {
      blockSources: [source([lie, second])],
      ...anchors('failed', 'passed', 'pending'),
    }),
    vector(about('one good, one not to be had'), two, 'authentic', {
      blockSources: [source([first])],
      ...anchors('passed', 'unavailable', 'pending'),
    }),
    vector(about('one bad, one not to be had'), two, 'unavailable', {
      blockSources: [source([lie])],
      ...anchors('failed', 'unavailable', 'pending'),
    }),
    vector(about('both bad'), two, 'mismatch', {
      blockSources: [source([lie, other])],
      ...anchors('failed', 'failed', 'pending'),
    }),
  ];
}

/** Well-formed proofs that do not hold. */
export function mismatchCases(): VectorCase[] {
  const { proof } = sample;
  const stranger = sampleProof({ seed: new Uint8Array(32).fill(5) });
  const batch = (change: Partial<Proof['batch']>): Proof => ({ ...proof, batch: { ...proof.batch, ...change } });
  const [checkpoint] = proof.log.checkpoints;
  const log = (change: Partial<Proof['log']>): Proof => ({ ...proof, log: { ...proof.log, ...change } });
  const flipped = (hex: string) => (hex.startsWith('0') ? '1' : '0') + hex.slice(1);
  const own = parseNote(proof.batch.checkpoint);
  const underLogName = signNote(own.text, [
    ed25519NoteSigner('log.example/sealroot', sha256(utf8ToBytes('sample log key'))),
  ]);
  const tampered = { ...proof, statement: { ...proof.statement, agency: 'other.example' } };
  const bad = { checks: { anchor: 'failed' } } as const;
  const unknown: Attestation = { type: 'unknown', tag: new Uint8Array(8), payload: Uint8Array.of(1) };
  const nonCanonical = (root: Uint8Array) => {
    const one = ending([{ type: 'bitcoin', height: 120 }])(root);
    return Uint8Array.of(0xff, ...one, ...one);
  };
  return [
    vector('another document', sample, 'mismatch', {
      digests: { sha256: 'ab'.repeat(32) },
      checks: { document: 'failed' },
    }),
    vector('one digest right, another wrong', blinded, 'mismatch', {
      digests: { sha256: bytesToHex(blinded.digests.sha256!), sm3: '00'.repeat(32) },
      checks: { document: 'failed' },
    }),
    vector('another salt', blinded, 'mismatch', {
      proof: { ...blinded.proof, salt: '00'.repeat(32) },
      checks: { document: 'failed' },
    }),
    vector('another statement', sample, 'mismatch', {
      proof: tampered,
      checks: { 'record-id': 'failed', 'batch-inclusion': 'failed' },
    }),
    vector('another id', sample, 'mismatch', {
      proof: { ...proof, id: `${proof.id.slice(0, -1)}${proof.id.endsWith('0') ? 1 : 0}` },
      checks: { 'record-id': 'failed' },
    }),
    vector('another index', sample, 'mismatch', {
      proof: batch({ index: 0 }),
      checks: { 'batch-inclusion': 'failed' },
    }),
    vector('an index beyond the batch', sample, 'mismatch', {
      proof: batch({ index: 3 }),
      checks: { 'batch-inclusion': 'failed' },
    }),
    vector('a path one hash short', sample, 'mismatch', {
      proof: batch({ path: proof.batch.path.slice(1) }),
      checks: { 'batch-inclusion': 'failed' },
    }),
    vector('a path one hash long', sample, 'mismatch', {
      proof: batch({ path: [...proof.batch.path, 'ab'.repeat(32)] }),
      checks: { 'batch-inclusion': 'failed' },
    }),
    vector('a changed hash in the batch path', sample, 'mismatch', {
      proof: batch({ path: [flipped(proof.batch.path[0]!), ...proof.batch.path.slice(1)] }),
      checks: { 'batch-inclusion': 'failed' },
    }),
    vector("another batch's checkpoint", sample, 'mismatch', {
      proof: batch({ checkpoint: sampleProof({ batchNumber: 3 }).proof.batch.checkpoint }),
      checks: { 'batch-checkpoint': 'failed' },
    }),
    vector("the log's checkpoint in place of the batch's", sample, 'mismatch', {
      proof: batch({ checkpoint: checkpoint!.note }),
      checks: { 'batch-checkpoint': 'failed' },
    }),
    vector("the batch's checkpoint signed under the log's name", sample, 'mismatch', {
      proof: batch({ checkpoint: underLogName }),
      checks: { 'batch-checkpoint': 'failed' },
    }),
    vector("a stranger's signature on the batch's checkpoint", sample, 'mismatch', {
      proof: batch({ checkpoint: stranger.proof.batch.checkpoint }),
      checks: { 'batch-checkpoint': 'failed' },
    }),
    ...wronglySignedCases(),
    vector('a changed hash in the log path', sample, 'mismatch', {
      proof: log({ checkpoints: [{ ...checkpoint!, path: checkpoint!.path.map(flipped) }] }),
      checks: { 'log-inclusion': 'failed' },
    }),
    vector('a checkpoint from before the batch', sample, 'mismatch', {
      proof: log({
        checkpoints: [
          {
            path: [],
            note: sampleProof({ batchNumber: 0, checkpoints: [{ size: 1, attestations: [] }] }).proof.log
              .checkpoints[0]!.note,
            attestations: [],
          },
        ],
      }),
      checks: { 'log-inclusion': 'failed', anchor: 'pending' },
    }),
    vector("a stranger's checkpoint of the same tree", sample, 'mismatch', {
      proof: log({ checkpoints: stranger.proof.log.checkpoints }),
      checks: { 'log-checkpoint': 'failed' },
    }),
    vector('a stranger who signs everything, with a key to compare', stranger, 'mismatch', {
      trustedKeys: [sample.key],
      checks: { 'log-key': 'failed' },
    }),
    vector("a stranger's key named in the proof", sample, 'mismatch', {
      proof: log({ key: stranger.key }),
      checks: { 'batch-checkpoint': 'failed', 'log-checkpoint': 'failed', 'log-key': 'failed' },
    }),
    vector('the right key under another name', sample, 'mismatch', {
      proof: log({
        key: formatVerifierKey(
          'other.example/log',
          ed25519NoteSigner('x', sha256(utf8ToBytes('sample log key'))).publicKey,
        ),
      }),
      checks: { 'log-checkpoint': 'failed', 'log-key': 'failed' },
    }),
    vector('a block with another Merkle root', sample, 'mismatch', {
      blockSources: [source([sampleBlock(120, new Uint8Array(32), 1_772_355_600)])],
      ...bad,
    }),
    vector('an attestation of 33 bytes by Bitcoin', sample, 'mismatch', {
      proof: withTimestamp(sample, (root) =>
        serializeTimestamp(
          pathFrom(root)
            .append(Uint8Array.of(1))
            .end([{ type: 'bitcoin', height: 120 }]),
        ),
      ),
      ...bad,
    }),
    vector('an attestation by Litecoin', sample, 'mismatch', {
      proof: withTimestamp(sample, ending([{ type: 'litecoin', height: 120 }])),
      ...bad,
    }),
    vector('an unknown attestation', sample, 'mismatch', { proof: withTimestamp(sample, ending([unknown])), ...bad }),
    vector('a timestamp that is not canonical', sample, 'mismatch', {
      proof: withTimestamp(sample, nonCanonical),
      ...bad,
    }),
    vector('a timestamp with a byte too many', sample, 'mismatch', {
      proof: withTimestamp(sample, (root) => Uint8Array.of(...ending([{ type: 'bitcoin', height: 120 }])(root), 0)),
      ...bad,
    }),
    vector('no timestamp at all', sample, 'mismatch', {
      proof: withTimestamp(sample, () => new Uint8Array(0)),
      ...bad,
    }),
  ];
}

/** Notes whose other lines do not make up for the log's own. */
function wronglySignedCases(): VectorCase[] {
  const signed = (about: string, lines: (own: NoteSignature, text: string) => NoteSignature[]) =>
    vector(about, sample, 'mismatch', {
      proof: withLines(sample.proof, lines),
      checks: { 'batch-checkpoint': 'failed', 'log-checkpoint': 'failed' },
    });
  const wrong = (line: NoteSignature) => ({ ...line, signature: line.signature.toReversed() });
  return [
    signed("a witness's line alone", (_, text) => [cosignature(text)]),
    signed("the log's own line right and then wrong", (own, text) => [own, cosignature(text), wrong(own)]),
    signed("the log's own line wrong and then right", (own) => [wrong(own), own]),
    signed("the log's own signature under another name", (own, text) => [
      { ...own, name: witness.name },
      cosignature(text),
    ]),
  ];
}

/** Texts that are no proof. */
export function malformedCases(): VectorCase[] {
  const text = sample.text.trimEnd();
  const replaced = (from: string | RegExp, to: string) => {
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`expected a place for ${to}, got none`);
    return changed;
  };
  const hash = sample.proof.batch.path[0]!;
  const texts: Record<string, string> = {
    nothing: '',
    'no JSON': 'proof',
    null: 'null',
    'a list': '[]',
    'a byte order mark': `\ufeff${text}`,
    'two values': `${text}{}`,
    'a trailing comma': replaced(/\}$/, ',}'),
    'a repeated member': replaced('{"batch"', `{"id":"${sample.proof.id}","batch"`),
    'a repeated member, once in escapes': replaced('{"batch"', `{"i\\u0064":"${sample.proof.id}","batch"`),
    'a lone surrogate': replaced('"nonce"', '"claims":{"a":"\\ud800"},"nonce"'),
    'a number beyond a double': replaced('"nonce"', '"claims":{"a":1e400},"nonce"'),
    'a claim of 2^53': replaced('"nonce"', '"claims":{"a":9007199254740992},"nonce"'),
    'claims 9 levels deep': replaced('"nonce"', `"claims":${'{"a":'.repeat(9)}1${'}'.repeat(9)},"nonce"`),
    'another format': replaced('sealroot/proof@1', 'sealroot/proof@2'),
    'an unknown member': replaced('{"batch"', '{"extra":1,"batch"'),
    'a missing member': replaced(/"id":"[^"]*",/, ''),
    'an id in upper case': replaced(sample.proof.id, sample.proof.id.toUpperCase()),
    'a salt without blinding': replaced('"statement"', `"salt":"${hash}","statement"`),
    'blinded: false': replaced('"digests"', '"blinded":false,"digests"'),
    'a hash in upper case': replaced(hash, hash.toUpperCase()),
    'a short hash': replaced(hash, hash.slice(2)),
    'a negative index': replaced('"index":1', '"index":-1'),
    'an index of minus zero': replaced('"index":1', '"index":-0'),
    'an index that is no whole number': replaced('"index":1', '"index":1.5'),
    'an index as text': replaced('"index":1', '"index":"1"'),
    'base64 with spare bits': replaced(/("entry":"[^"]*)"/, '$1AB=="'),
    base64url: replaced(/"entry":"..../, '"entry":"-_-_'),
    'a batch entry of another version': replaced(
      /"entry":"[^"]*"/,
      `"entry":"${base64.encode(utf8ToBytes(`sealroot/batch@2\nlog.example/sealroot\n2\n3\n2026-03-01T08:00:01.000Z\n-\n\n${'x'.repeat(32)}`))}"`,
    ),
    'an empty batch': replaced(
      /"entry":"[^"]*"/,
      `"entry":"${base64.encode(utf8ToBytes(`sealroot/batch@1\nlog.example/sealroot\n2\n0\n2026-03-01T08:00:01.000Z\n-\n\n${'x'.repeat(32)}`))}"`,
    ),
    'a note without signature': replaced(/\\n\\n— [^"]*"/, '\\n\\n"'),
    'a line that is no signature after one that is': replaced(/(— [^\\]*\\n)"/, '$1x\\n"'),
    'an empty line after the signature': replaced(/(— [^\\]*\\n)"/, '$1\\n"'),
    'a signature of no byte beside one that holds': replaced(/(— [^\\]*\\n)"/, '$1— w AQIDBA==\\n"'),
    [`a note with ${MAX_SIGNATURES + 1} signatures`]: replaced(
      /(— [^\\]*\\n)"/,
      `$1${'— w AQIDBAU=\\n'.repeat(MAX_SIGNATURES)}"`,
    ),
    [`a note of ${PROOF_MAX_NOTE_CHARACTERS + 1} characters`]: replaced(
      JSON.stringify(sample.proof.batch.checkpoint),
      JSON.stringify(longNote(PROOF_MAX_NOTE_CHARACTERS + 1)),
    ),
    'a checkpoint with an extension line': replaced(/=\\n\\n—/, '=\\nmore\\n\\n—'),
    'a key whose id does not fit': replaced(/(\+)([0-9a-f]{8})(\+)/, '$100000000$3'),
    'no checkpoint': replaced(/"checkpoints":\[.*\],"key"/, '"checkpoints":[],"key"'),
    'an attestation of another type': replaced('"opentimestamps"', '"rfc3161"'),
    'a statement of another kind': replaced('"kind":"record"', '"kind":"status"'),
    'a statement with an unknown member': replaced('"kind"', '"extra":1,"kind"'),
    'a receipt before 1970': replaced(/"receivedAt":"2026/, '"receivedAt":"1926'),
  };
  return Object.entries(texts).map(([about, proof]) => vector(about, sample, 'mismatch', { proof }));
}

/** The batch's checkpoint with a further line by a key whose name makes the note that long. */
function longNote(characters: number): string {
  const named = (name: string) => resigned(sample.proof.batch.checkpoint, (own) => [own, { ...shortLine, name }]);
  return named('w'.repeat(characters - named('w').length + 1));
}
