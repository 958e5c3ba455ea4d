import { sha256 } from '@noble/hashes/sha2.js';
import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { displayHash } from '#bitcoin/block-hash.js';
import { parseBlockHeader } from '#bitcoin/block-header.js';
import { BlockSourceError, type BlockSource } from '#bitcoin/block-source.js';
import { knownChain } from '#evm/chain.js';
import type { EvmSource } from '#evm/evm-source.js';
import { serializeTimestamp } from '#ots/codec.js';
import { pathFrom } from '#ots/timestamp-path.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import { ed25519NoteSigner } from '#tlog/ed25519.js';
import { formatVerifierKey } from '#tlog/verifier-key.js';
import { formatProof, type Proof } from './proof.js';
import { sampleBlock, sampleBlockSource } from './testing/sample-block.js';
import { sampleProof, type SampleProof } from './testing/sample-proof.js';
import { timestampAttestation } from './testing/timestamp-attestation.js';
import { verifyProof, type Verification, type VerifyInput } from './verify.js';

const verify = (sample: SampleProof, input: Partial<VerifyInput> = {}): Promise<Verification> =>
  verifyProof({
    proof: sample.text,
    digests: sample.digests,
    trustedKeys: [sample.key],
    blockSources: [sample.blockSource],
    now: sample.now,
    ...input,
  });
const statuses = ({ checks }: Verification) => Object.fromEntries(checks.map(({ code, status }) => [code, status]));
const check = ({ checks }: Verification, code: string) => checks.find((candidate) => candidate.code === code);
const broken = (name: string, code: BlockSourceError['code']): BlockSource => ({
  name,
  header: () => Promise.reject(new BlockSourceError(code, `${name}: did not work`)),
});
const sample = sampleProof();

describe('a proof that holds', () => {
  it('is authentic, with every check passed', async () => {
    const result = await verify(sample);
    expect(result.verdict).toBe('authentic');
    expect(statuses(result)).toEqual({
      format: 'passed',
      document: 'passed',
      'record-id': 'passed',
      'batch-inclusion': 'passed',
      'batch-checkpoint': 'passed',
      'log-inclusion': 'passed',
      'log-checkpoint': 'passed',
      'log-key': 'passed',
      anchor: 'passed',
      beacon: 'not-applicable',
      validity: 'not-applicable',
    });
    expect(result.record).toMatchObject({ id: sample.proof.id, agency: 'licences.example', batch: 2 });
    expect(result.existedBefore).toMatchObject({
      time: '2026-03-01T09:00:00.000Z',
      height: 120,
      place: 'regtest',
      test: true,
    });
  });

  it('is authentic in every shape of batch and log', async () => {
    for (const batchSize of [1, 2, 3, 7, 33]) {
      for (const index of new Set([0, batchSize >> 1, batchSize - 1])) {
        for (const size of [1, 2, 3, 7, 20]) {
          for (const batchNumber of new Set([0, size - 1])) {
            const checkpoints = [{ size, attestations: ['bitcoin' as const] }];
            const result = await verify(sampleProof({ batchSize, index, batchNumber, checkpoints }));
            expect(result.verdict, `${index} of ${batchSize}, ${batchNumber} of ${size}`).toBe('authentic');
          }
        }
      }
    }
  });

  it('is read from text, from bytes and from a value, with any white space and order of members', async () => {
    const value = JSON.parse(sample.text) as Proof;
    const reordered = {
      log: value.log,
      batch: value.batch,
      statement: value.statement,
      id: value.id,
      format: value.format,
    };
    for (const proof of [utf8ToBytes(sample.text), value, JSON.stringify(reordered, null, 2)]) {
      expect((await verify(sample, { proof })).verdict).toBe('authentic');
    }
  });

  it('says which chain the block is on, and that another than the main chain proves nothing', async () => {
    const anchor = check(await verify(sample), 'anchor');
    expect(anchor?.message).toContain('no later than 2026-03-01T09:00:00.000Z (block 120 of regtest');
    expect(anchor?.message).toContain('not Bitcoin');
    expect(anchor?.data).toMatchObject({ network: 'regtest', height: 120, source: 'sample blocks' });
    const unnamed = { name: 'bare', header: (height: number) => sample.blockSource.header(height) };
    expect(check(await verify(sample, { blockSources: [unnamed] }), 'anchor')?.data).toMatchObject({
      network: 'unknown',
    });
  });

  it('counts no chain for tests when told so', async () => {
    const result = await verify(sample, { publicOnly: true });
    expect(result.verdict).toBe('unavailable');
    expect(result.existedBefore).toBeUndefined();
    expect(check(result, 'anchor')).toMatchObject({ status: 'unavailable', data: { reason: 'test-place' } });
  });

  it('says how deep the block lies, as far as the sources can tell', async () => {
    const finality = async (...tips: (number | null | Error)[]) => {
      const blockSources = tips.map((tip, i): BlockSource => {
        const source = { ...sample.blockSource, name: `source ${i}` };
        if (tip === null) return source;
        return { ...source, tip: () => (typeof tip === 'number' ? Promise.resolve(tip) : Promise.reject(tip)) };
      });
      const result = await verify(sample, { blockSources });
      expect(result.verdict).toBe('authentic');
      const { finality: said, depth } = check(result, 'anchor')!.data!;
      expect(result.existedBefore?.finality).toBe(said);
      return [said, depth];
    };
    expect(await finality(null)).toEqual(['unknown', undefined]);
    expect(await finality(new Error('away'))).toEqual(['unknown', undefined]);
    expect(await finality(120)).toEqual(['confirmed', 1]);
    expect(await finality(124)).toEqual(['confirmed', 5]);
    expect(await finality(125)).toEqual(['final', 6]);
    expect(await finality(null, 300)).toEqual(['final', 181]);
    expect(await finality(121, 300)).toEqual(['confirmed', 2]);
    // A tip below a block that the same source shows is a race between two questions.
    expect(await finality(119)).toEqual(['confirmed', 1]);
  });

  it('is not believed to be on the main chain with regtest work', async () => {
    const result = await verify(sample, { blockSources: [sampleBlockSource(sample.blocks, 'liar', 'mainnet')] });
    expect(result.verdict).toBe('unavailable');
    expect(check(result, 'anchor')?.message).toContain('bad-work');
  });

  it('needs no document: then the verdict is about whatever document has the digest', async () => {
    const result = await verify(sample, { digests: undefined });
    expect(result.verdict).toBe('authentic');
    expect(statuses(result)['document']).toBe('not-applicable');
  });

  it('needs no trusted key: then it says that nobody checked the signer', async () => {
    const result = await verify(sample, { trustedKeys: [] });
    expect(result.verdict).toBe('authentic');
    expect(check(result, 'log-key')).toMatchObject({ status: 'not-applicable' });
    expect(check(result, 'log-key')?.message).toContain('Nobody checked');
  });
});

describe('the document', () => {
  it('is a mismatch when its digest is another', async () => {
    const result = await verify(sample, { digests: { sha256: sha256(utf8ToBytes('another')) } });
    expect(result.verdict).toBe('mismatch');
    expect(statuses(result)).toMatchObject({ document: 'failed', 'batch-inclusion': 'passed', anchor: 'passed' });
    expect(result.existedBefore).toBeUndefined();
  });

  it('is compared by every algorithm that both sides have', async () => {
    const both = sampleProof({ algorithms: ['sha512', 'sm3'] });
    expect((await verify(both)).verdict).toBe('authentic');
    expect((await verify(both, { digests: { sm3: both.digests.sm3! } })).verdict).toBe('authentic');
    const oneWrong = { sha512: both.digests.sha512!, sm3: new Uint8Array(32) };
    expect((await verify(both, { digests: oneWrong })).verdict).toBe('mismatch');
  });

  it('cannot be compared by an algorithm that was not recorded', async () => {
    const result = await verify(sampleProof({ algorithms: ['sm3'] }), { digests: sample.digests });
    expect(result.verdict).toBe('unavailable');
    expect(check(result, 'document')).toMatchObject({ status: 'unavailable', data: { reason: 'other-algorithm' } });
  });

  it('is compared through the salt when blinded, and cannot be without', async () => {
    const blinded = sampleProof({ blinded: true, algorithms: ['sha256', 'sm3', 'sha512', 'sha3-256'] });
    expect((await verify(blinded)).verdict).toBe('authentic');
    const { salt: _, ...without } = blinded.proof;
    const result = await verify(blinded, { proof: formatProof(without) });
    expect(result.verdict).toBe('unavailable');
    expect(check(result, 'document')).toMatchObject({ status: 'unavailable', data: { reason: 'no-salt' } });
    const wrong = { ...blinded.proof, salt: '00'.repeat(32) };
    expect((await verify(blinded, { proof: formatProof(wrong) })).verdict).toBe('mismatch');
  });

  it('with a digest of the wrong length is an error of the caller', async () => {
    const refused = expect.objectContaining({ name: 'ProofError', code: 'bad-digest' });
    await expect(verify(sample, { digests: { sha256: new Uint8Array(31) } })).rejects.toThrow(refused);
  });
});

describe('the log key', () => {
  const other = formatVerifierKey('log.example/sealroot', ed25519NoteSigner('x', new Uint8Array(32).fill(9)).publicKey);

  it('is a mismatch when none of the trusted ones', async () => {
    const result = await verify(sample, { trustedKeys: [other] });
    expect(result.verdict).toBe('mismatch');
    expect(statuses(result)).toMatchObject({ 'log-key': 'failed', anchor: 'passed' });
    expect((await verify(sample, { trustedKeys: [other, sample.key] })).verdict).toBe('authentic');
  });

  it('is not trusted under another name', async () => {
    const renamed = sampleProof({ origin: 'other.example/log' });
    expect((await verify(renamed, { trustedKeys: [sample.key] })).verdict).toBe('mismatch');
  });

  it('that cannot be read is an error of the caller', async () => {
    const refused = expect.objectContaining({ name: 'ProofError', code: 'bad-key' });
    await expect(verify(sample, { trustedKeys: ['nonsense'] })).rejects.toThrow(refused);
  });
});

describe('anchors', () => {
  const attested = (...attestations: ('pending' | 'bitcoin')[]) =>
    sampleProof({ checkpoints: [{ size: 5, attestations }] });
  const wrongBlock = (height: number) => sampleBlock(height, new Uint8Array(32).fill(7), 1_772_355_600);
  const anchors = ({ checks }: Verification) =>
    checks.filter(({ code }) => code === 'anchor').map(({ status }) => status);

  it('are pending when none is there, or only a promise', async () => {
    expect(await verify(attested())).toMatchObject({ verdict: 'pending' });
    const promised = await verify(attested('pending', 'pending'));
    expect(promised.verdict).toBe('pending');
    expect(anchors(promised)).toEqual(['pending', 'pending']);
    expect(check(promised, 'anchor')?.data).toMatchObject({ calendar: 'https://calendar.example' });
  });

  it('are unavailable without a source, and the message says what to compare by hand', async () => {
    const result = await verify(sample, { blockSources: [] });
    expect(result.verdict).toBe('unavailable');
    const root = Buffer.from(sample.blocks[0]!.header.slice(36, 68)).reverse().toString('hex');
    expect(check(result, 'anchor')?.message).toContain(`Merkle root of Bitcoin block 120, which must be ${root}`);
    expect(check(result, 'anchor')?.data).toMatchObject({ height: 120, merkleRoot: root, reason: 'no-source' });
  });

  it('are unavailable, never failed, when every source is down, behind, or talks nonsense', async () => {
    const nonsense: BlockSource = { name: 'nonsense', header: () => Promise.resolve(new Uint8Array(81)) };
    const thrower: BlockSource = {
      name: 'thrower',
      header: () => {
        throw new Error('broken');
      },
    };
    const workless: BlockSource = { name: 'workless', header: () => Promise.resolve(new Uint8Array(80)) };
    const down = [broken('down', 'unreachable'), broken('behind', 'no-such-block'), broken('odd', 'bad-answer')];
    for (const source of [...down, nonsense, thrower, workless]) {
      const result = await verify(sample, { blockSources: [source] });
      expect(result.verdict, source.name).toBe('unavailable');
      expect(check(result, 'anchor')?.message).toContain(source.name);
      expect((await verify(sample, { blockSources: [source, sample.blockSource] })).verdict).toBe('authentic');
    }
  });

  it('fail when the block has another Merkle root', async () => {
    const result = await verify(sample, { blockSources: [sampleBlockSource([wrongBlock(120)])] });
    expect(result.verdict).toBe('mismatch');
    expect(check(result, 'anchor')).toMatchObject({ status: 'failed', data: { reason: 'other-root' } });
  });

  it('are unavailable when two sources contradict each other', async () => {
    const liar = sampleBlockSource([wrongBlock(120)], 'liar');
    const result = await verify(sample, { blockSources: [sample.blockSource, liar] });
    expect(result.verdict).toBe('unavailable');
    expect(check(result, 'anchor')?.data).toMatchObject({ reason: 'sources-disagree' });
  });

  it('are unavailable when sources show the attested Merkle root in different blocks, whose times differ', async () => {
    const root = sample.blocks[0]!.header.slice(36, 68);
    const earlier = sampleBlockSource([sampleBlock(120, root, 1_700_000_000)], 'liar');
    for (const blockSources of [
      [earlier, sample.blockSource],
      [sample.blockSource, earlier],
    ]) {
      const result = await verify(sample, { blockSources });
      expect(result.verdict).toBe('unavailable');
      expect(check(result, 'anchor')?.data).toMatchObject({ reason: 'sources-disagree' });
      expect(check(result, 'anchor')?.message).toContain('liar');
      expect(result.existedBefore).toBeUndefined();
    }
  });

  it('are of the chain that one source names, when another that shows the same block names none', async () => {
    const silent: BlockSource = { name: 'silent', header: sample.blockSource.header };
    const result = await verify(sample, { blockSources: [silent, sample.blockSource] });
    expect(result.existedBefore).toMatchObject({ place: 'regtest', sources: 'silent, sample blocks' });
  });

  it('that pass name the sources that were not heard', async () => {
    const down = broken('down', 'unreachable');
    const result = await verify(sample, { blockSources: [sample.blockSource, down] });
    expect(check(result, 'anchor')?.message).toContain('Not heard: down: unreachable');
    expect(check(result, 'anchor')?.data?.['problem']).toContain('down');
  });

  it('are all tried: a bad one never hides a good one', async () => {
    const two = attested('bitcoin', 'bitcoin', 'pending');
    const [first, second] = two.blocks;
    const oneBad = await verify(two, { blockSources: [sampleBlockSource([wrongBlock(120), second!])] });
    expect(oneBad.verdict).toBe('authentic');
    expect(anchors(oneBad)).toEqual(['failed', 'passed', 'pending']);
    expect(oneBad.existedBefore?.height).toBe(121);
    const oneMissing = await verify(two, { blockSources: [sampleBlockSource([first!])] });
    expect(oneMissing.verdict).toBe('authentic');
    expect(anchors(oneMissing)).toEqual(['passed', 'unavailable', 'pending']);
    const badAndMissing = await verify(two, { blockSources: [sampleBlockSource([wrongBlock(120)])] });
    expect(badAndMissing.verdict).toBe('unavailable');
    const allBad = await verify(two, { blockSources: [sampleBlockSource([wrongBlock(120), wrongBlock(121)])] });
    expect(allBad.verdict).toBe('mismatch');
  });

  it('of a later checkpoint count like those of the first', async () => {
    const later = sampleProof({
      checkpoints: [
        { size: 3, attestations: [] },
        { size: 9, attestations: ['bitcoin'] },
      ],
    });
    const result = await verify(later);
    expect(result.verdict).toBe('authentic');
    expect(result.existedBefore?.checkpointSize).toBe(9);
    expect(result.checks.filter(({ code }) => code === 'log-inclusion')).toHaveLength(2);
  });

  it('ask each source once for a block, however many attestations name it', async () => {
    const twice = sampleProof();
    const [checkpoint] = twice.proof.log.checkpoints;
    checkpoint!.attestations.push(...checkpoint!.attestations);
    let asked = 0;
    const counting: BlockSource = {
      name: 'counting',
      header: (height) => {
        asked++;
        return twice.blockSource.header(height);
      },
    };
    const result = await verify(twice, { proof: formatProof(twice.proof), blockSources: [counting] });
    expect([result.verdict, asked]).toEqual(['authentic', 1]);
  });
});

describe('a proof with thousands of Bitcoin attestations', () => {
  it('has 64 of them tried and the rest refused in one check', async () => {
    const { proof } = sampleProof();
    const [checkpoint] = proof.log.checkpoints;
    const { root } = parseCheckpoint(parseNote(checkpoint!.note).text);
    const many = Array.from({ length: 4000 }, (_, i) => ({ type: 'bitcoin' as const, height: i + 1 }));
    timestampAttestation(checkpoint!.attestations).timestamp = base64.encode(
      serializeTimestamp(pathFrom(root).sha256().end(many)),
    );
    const heights: number[] = [];
    const asked: BlockSource = {
      name: 'asked',
      header: (height) => {
        heights.push(height);
        return Promise.reject(new BlockSourceError('unreachable', 'down'));
      },
    };
    const result = await verify(sample, { proof: formatProof(proof), blockSources: [asked] });
    expect(heights).toHaveLength(64);
    const anchors = result.checks.filter(({ code }) => code === 'anchor');
    expect(anchors).toHaveLength(65);
    expect(anchors.at(-1)).toMatchObject({ status: 'failed', data: { reason: 'too-many', count: 3936 } });
    expect(result.verdict).toBe('unavailable');
  });
});

describe('validity', () => {
  const between = sampleProof({
    statement: { validFrom: '2026-03-02T00:00:00.000Z', validUntil: '2026-03-31T23:59:59.999Z' },
  });

  it('ends and begins with its own last and first millisecond', async () => {
    const at = async (now: string) => (await verify(between, { now: new Date(now) })).verdict;
    expect(await at('2026-03-01T23:59:59.999Z')).toBe('authentic-not-current');
    expect(await at('2026-03-02T00:00:00.000Z')).toBe('authentic');
    expect(await at('2026-03-31T23:59:59.999Z')).toBe('authentic');
    expect(await at('2026-04-01T00:00:00.000Z')).toBe('authentic-not-current');
  });

  it('says why the record is not current, and does not turn a pending record into anything else', async () => {
    const expired = await verify(between, { now: new Date('2027-01-01T00:00:00Z') });
    expect(check(expired, 'validity')).toMatchObject({ status: 'failed', data: { reason: 'expired' } });
    const early = await verify(between, { now: new Date('2026-01-01T00:00:00Z') });
    expect(check(early, 'validity')).toMatchObject({ status: 'failed', data: { reason: 'not-yet-valid' } });
    const checkpoints = [{ size: 5, attestations: [] }];
    const pending = sampleProof({ checkpoints, statement: { validUntil: '2026-03-31T23:59:59.999Z' } });
    expect((await verify(pending, { now: new Date('2027-01-01T00:00:00Z') })).verdict).toBe('pending');
  });
});

describe('a batch that names a block of an EVM chain', () => {
  const hash = 'ab'.repeat(32);
  const beacon = sampleProof({ beacon: `evm-100 77 ${hash}` });
  // Of the two chains that are asked, the one is itself and the other an impostor.
  const block0Of = (chainId: number) => (chainId === 100 ? hexToBytes(knownChain(100)!.genesis!) : new Uint8Array(32));
  const evm = (name: string, chainId: number, shown: string, timeMs = 1_772_351_000_000): EvmSource => ({
    name,
    chainId: () => Promise.resolve(chainId),
    block: (number) => Promise.resolve({ hash: number === 77 ? hexToBytes(shown) : block0Of(chainId), timeMs }),
  });
  const verdictOn = async (...evmSources: EvmSource[]) => {
    const result = await verify(beacon, { evmSources });
    expect(result.verdict).toBe('authentic');
    return { ...check(result, 'beacon'), after: result.existedAfter?.time };
  };

  it('was closed after it, when sources of that chain show it', async () => {
    expect(await verdictOn(evm('rpc', 100, hash), evm('other', 1, hash))).toMatchObject({
      status: 'passed',
      after: '2026-03-01T07:43:20.000Z',
      data: { chain: 'evm-100', height: 77, hash, source: 'rpc' },
    });
  });

  it('has no earliest time when sources tell different times of that block', async () => {
    const early = evm('early', 100, hash, 1_772_350_000_000);
    expect(await verdictOn(evm('rpc', 100, hash), early)).toMatchObject({
      status: 'unavailable',
      data: { reason: 'sources-disagree' },
      after: undefined,
    });
  });

  it('hears no source that serves another chain under a known id', async () => {
    const named = sampleProof({ beacon: `evm-1 77 ${hash}` });
    const result = await verify(named, { evmSources: [evm('impostor', 1, hash)] });
    expect(check(result, 'beacon')).toMatchObject({ status: 'unavailable', data: { reason: 'no-answer' } });
    expect(check(result, 'beacon')?.message).toContain('impostor');
    expect(result.existedAfter).toBeUndefined();
  });

  it('has no earliest time otherwise', async () => {
    const other = 'cd'.repeat(32);
    const none = { after: undefined };
    expect(await verdictOn(evm('rpc', 100, other))).toMatchObject({ status: 'failed', ...none });
    expect(await verdictOn(evm('rpc', 100, hash), evm('liar', 100, other))).toMatchObject({
      status: 'unavailable',
      data: { reason: 'sources-disagree' },
      ...none,
    });
    expect(await verdictOn(evm('rpc', 100, hash), evm('liar', 100, hash, 0))).toMatchObject({
      status: 'unavailable',
      data: { reason: 'sources-disagree' },
      ...none,
    });
    expect(await verdictOn(evm('other', 1, hash))).toMatchObject({ status: 'unavailable', ...none });
    expect(await verdictOn()).toMatchObject({ status: 'unavailable', data: { reason: 'no-source' }, ...none });
  });
});

describe('a batch that names a block of a test chain', () => {
  const ATTESTED_SECONDS = 1_772_355_600;
  const seenAt = async (seconds: number, input: Partial<VerifyInput> = {}) => {
    const seen = sampleBlock(118, new Uint8Array(32).fill(1), seconds);
    const hash = displayHash(parseBlockHeader(seen.header).hash);
    const named = sampleProof({ beacon: `bitcoin-regtest 118 ${hash}` });
    return verify(named, { blockSources: [sampleBlockSource([...named.blocks, seen])], ...input });
  };

  it('is told to prove nothing outside a test, and counts for nothing when only public chains do', async () => {
    const told = await seenAt(ATTESTED_SECONDS - 600);
    expect(check(told, 'beacon')?.message).toContain('chain for tests');
    expect(told.existedAfter).toMatchObject({ test: true });
    const uncounted = await seenAt(ATTESTED_SECONDS - 600, { publicOnly: true });
    expect(check(uncounted, 'beacon')).toMatchObject({ status: 'unavailable', data: { reason: 'test-place' } });
    expect(uncounted.verdict).toBe('unavailable');
    expect([uncounted.existedAfter, uncounted.existedBefore]).toEqual([undefined, undefined]);
  });

  it('says so when its time comes after the one by which the record existed, and only then', async () => {
    const ordered = await seenAt(ATTESTED_SECONDS);
    expect(check(ordered, 'beacon')?.message).not.toContain('contradict');
    const torn = await seenAt(ATTESTED_SECONDS + 1);
    expect(torn.verdict).toBe('authentic');
    expect(check(torn, 'beacon')).toMatchObject({
      status: 'passed',
      message: expect.stringContaining('The two clocks contradict each other') as string,
      data: { contradicts: '2026-03-01T09:00:00.000Z' },
    });
  });
});
