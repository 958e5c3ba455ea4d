import { sha256 } from '@noble/hashes/sha2.js';
import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { displayHash } from '#bitcoin/block-hash.js';
import { parseBlockHeader } from '#bitcoin/block-header.js';
import type { BlockSource } from '#source/block-source.js';
import { SourceError } from '#source/error.js';
import type { EvmSource } from '#source/evm-source.js';
import { knownChain } from '#evm/chain.js';
import { serializeTimestamp } from '#ots/codec.js';
import { pathFrom } from '#ots/timestamp-path.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import { ed25519NoteSigner } from '#tlog/ed25519.js';
import { formatVerifierKey } from '#tlog/verifier-key.js';
import { otsFile } from './ots-file.js';
import { formatProof, type Proof } from './proof.js';
import { sampleBlock, sampleBlockSource } from './testing/sample-block.js';
import { sampleProof, type SampleProof } from './testing/sample-proof.js';
import { timestampAttestation } from './testing/timestamp-attestation.js';
import type { FindingOf, CheckName } from './finding.js';
import type { Verification } from './verification.js';
import { verifyProof, type VerifyInput } from './verify.js';

/** What the tests give in place of the sample's own. */
type Given = Partial<VerifyInput> & { blockSources?: readonly BlockSource[]; evmSources?: readonly EvmSource[] };
const verify = (
  sample: SampleProof,
  { blockSources = [sample.blockSource], evmSources = [], ...input }: Given = {},
): Promise<Verification> =>
  verifyProof({
    proof: sample.text,
    digests: sample.digests,
    trustedKeys: [sample.key],
    sources: { bitcoin: blockSources, evm: evmSources },
    now: sample.now,
    ...input,
  });
const outcomes = ({ findings }: Verification) =>
  Object.fromEntries(findings.map(({ check, outcome }) => [check, outcome]));
const find = <Check extends CheckName>({ findings }: Verification, check: Check) =>
  findings.find((finding): finding is FindingOf<Check> => finding.check === check);
const broken = (name: string, code: SourceError['code']): BlockSource => ({
  name,
  header: () => Promise.reject(new SourceError(code, `${name}: did not work`)),
});
const sample = sampleProof();

describe('a proof that holds', () => {
  it('is authentic, with every check passed', async () => {
    const result = await verify(sample);
    expect(result.verdict).toBe('authentic');
    expect(outcomes(result)).toEqual({
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
      times: 'passed',
      validity: 'not-applicable',
    });
    expect(result.record).toMatchObject({ id: sample.proof.id, agency: 'licences.example', batch: 2 });
    expect(result).toMatchObject({
      who: 'log',
      still: { state: 'unknown' },
      when: {
        notAfter: {
          time: '2026-03-01T09:00:00.000Z',
          kind: 'bitcoin',
          standing: 'test',
          by: { height: 120, network: 'regtest' },
        },
        contradicted: false,
      },
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

  it('tells the block with its chain, and decides nothing by a source that cannot name its chain', async () => {
    expect(find(await verify(sample), 'anchor')).toMatchObject({
      outcome: 'passed',
      subject: { kind: 'checkpoint', size: 5 },
      network: 'regtest',
      standing: 'test',
      height: 120,
      sources: ['sample blocks'],
    });
    const unnamed = { name: 'bare', header: (height: number) => sample.blockSource.header(height) };
    expect(find(await verify(sample, { blockSources: [unnamed] }), 'anchor')).toMatchObject({
      outcome: 'unavailable',
      reason: 'not-asked',
      silent: [{ source: 'bare', reason: 'unknown-chain' }],
    });
  });

  it('counts no chain for tests when told so', async () => {
    const result = await verify(sample, { publicOnly: true });
    expect(result.verdict).toBe('unavailable');
    expect(result.when.notAfter).toBeUndefined();
    expect(find(result, 'anchor')).toMatchObject({ outcome: 'unavailable', reason: 'test-chain' });
  });

  it('says how deep the block lies', async () => {
    const deep: BlockSource = { ...sample.blockSource, tip: () => Promise.resolve(124) };
    const result = await verify(sample, { blockSources: [deep] });
    expect(find(result, 'anchor')).toMatchObject({ finality: 'confirmed', depth: 5 });
    expect(result.when.notAfter?.finality).toBe('confirmed');
  });

  it('is not believed to be on the main chain with regtest work', async () => {
    const result = await verify(sample, { blockSources: [sampleBlockSource(sample.blocks, 'liar', 'mainnet')] });
    expect(result.verdict).toBe('unavailable');
    expect(find(result, 'anchor')).toMatchObject({ silent: [{ source: 'liar', reason: 'bad-answer' }] });
  });

  it('needs no document: then the verdict is about whatever document has the digest', async () => {
    const result = await verify(sample, { digests: undefined });
    expect(result.verdict).toBe('authentic');
    expect(outcomes(result)['document']).toBe('not-applicable');
  });

  it('needs no trusted key: then it says that nobody checked the signer', async () => {
    const result = await verify(sample, { trustedKeys: [] });
    expect(result).toMatchObject({ verdict: 'authentic', who: 'unchecked' });
    expect(find(result, 'log-key')).toMatchObject({ outcome: 'not-applicable', key: sample.key });
    const unreachable = await verify(sample, { trustedKeys: 'unreachable' });
    expect(unreachable).toMatchObject({ verdict: 'authentic', who: 'unchecked' });
    expect(find(unreachable, 'log-key')).toMatchObject({ outcome: 'unavailable' });
  });
});

describe('the document', () => {
  it('is a mismatch when its digest is another', async () => {
    const result = await verify(sample, { digests: { sha256: sha256(utf8ToBytes('another')) } });
    expect(result.verdict).toBe('mismatch');
    expect(outcomes(result)).toMatchObject({ document: 'failed', 'batch-inclusion': 'passed', anchor: 'passed' });
    expect(result.when).toEqual({ contradicted: false });
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
    expect(find(result, 'document')).toMatchObject({ outcome: 'unavailable', reason: 'other-algorithm' });
  });

  it('is compared through the salt when blinded, and cannot be without', async () => {
    const blinded = sampleProof({ blinded: true, algorithms: ['sha256', 'sm3', 'sha512', 'sha3-256'] });
    expect((await verify(blinded)).verdict).toBe('authentic');
    const { salt: _, ...without } = blinded.proof;
    const result = await verify(blinded, { proof: formatProof(without) });
    expect(result.verdict).toBe('unavailable');
    expect(find(result, 'document')).toMatchObject({ outcome: 'unavailable', reason: 'no-salt' });
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
    expect(outcomes(result)).toMatchObject({ 'log-key': 'failed', anchor: 'passed' });
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
  const anchors = ({ findings }: Verification) =>
    findings.filter(({ check }) => check === 'anchor').map(({ outcome }) => outcome);

  it('are pending when none is there, or only a promise', async () => {
    expect(await verify(attested())).toMatchObject({ verdict: 'pending' });
    const promised = await verify(attested('pending', 'pending'));
    expect(promised.verdict).toBe('pending');
    expect(anchors(promised)).toEqual(['pending', 'pending']);
    expect(find(promised, 'anchor')).toMatchObject({ reason: 'promised', calendar: 'https://calendar.example' });
  });

  it('are unavailable without a source, with what to compare by hand', async () => {
    const result = await verify(sample, { blockSources: [] });
    expect(result.verdict).toBe('unavailable');
    const root = Buffer.from(sample.blocks[0]!.header.slice(36, 68)).reverse().toString('hex');
    expect(find(result, 'anchor')).toMatchObject({ height: 120, merkleRoot: root, reason: 'not-asked', silent: [] });
  });

  it('are unavailable, never failed, when every source is down, behind, or talks nonsense', async () => {
    const nonsense: BlockSource = {
      ...sample.blockSource,
      name: 'nonsense',
      header: () => Promise.resolve(new Uint8Array(81)),
    };
    const thrower: BlockSource = {
      ...sample.blockSource,
      name: 'thrower',
      header: () => {
        throw new Error('broken');
      },
    };
    const down = [broken('down', 'unreachable'), broken('behind', 'no-such-block'), broken('odd', 'bad-answer')];
    for (const source of [...down, nonsense, thrower]) {
      const result = await verify(sample, { blockSources: [source] });
      expect(result.verdict, source.name).toBe('unavailable');
      expect(find(result, 'anchor')).toMatchObject({ silent: [{ source: source.name }] });
      const beside = await verify(sample, { blockSources: [source, sample.blockSource] });
      expect(beside.verdict).toBe('authentic');
      expect(find(beside, 'anchor')).toMatchObject({ silent: [{ source: source.name }] });
    }
  });

  it('fail when the block has another Merkle root', async () => {
    const result = await verify(sample, { blockSources: [sampleBlockSource([wrongBlock(120)])] });
    expect(result.verdict).toBe('mismatch');
    expect(find(result, 'anchor')).toMatchObject({ outcome: 'failed', reason: 'other-block', got: { height: 120 } });
  });

  it('are unavailable when two sources contradict each other, whichever comes first', async () => {
    const liar = sampleBlockSource([wrongBlock(120)], 'liar');
    const root = sample.blocks[0]!.header.slice(36, 68);
    const earlier = sampleBlockSource([sampleBlock(120, root, 1_700_000_000)], 'earlier');
    for (const pair of [liar, earlier].flatMap((one) => [
      [one, sample.blockSource],
      [sample.blockSource, one],
    ])) {
      const result = await verify(sample, { blockSources: pair });
      expect(result.verdict).toBe('unavailable');
      expect(find(result, 'anchor')).toMatchObject({ reason: 'contradicted' });
      expect(result.when.notAfter).toBeUndefined();
    }
  });

  it('are all tried: a bad one never hides a good one', async () => {
    const two = attested('bitcoin', 'bitcoin', 'pending');
    const [first, second] = two.blocks;
    const oneBad = await verify(two, { blockSources: [sampleBlockSource([wrongBlock(120), second!])] });
    expect(oneBad.verdict).toBe('authentic');
    expect(anchors(oneBad)).toEqual(['failed', 'passed', 'pending']);
    expect(oneBad.when.notAfter?.by).toMatchObject({ height: 121 });
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
    expect(result.when.notAfter?.subject).toEqual({ kind: 'checkpoint', size: 9 });
    expect(result.findings.filter(({ check }) => check === 'log-inclusion')).toHaveLength(2);
  });

  it('ask each source once for a block, however many attestations name it', async () => {
    const twice = sampleProof();
    const [checkpoint] = twice.proof.log.checkpoints;
    checkpoint!.attestations.push(...checkpoint!.attestations);
    let asked = 0;
    const counting: BlockSource = {
      ...twice.blockSource,
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
  it('has 64 of them tried, and one finding for the rest', async () => {
    const { proof } = sampleProof();
    const [checkpoint] = proof.log.checkpoints;
    const { root } = parseCheckpoint(parseNote(checkpoint!.note).text);
    const many = Array.from({ length: 4000 }, (_, i) => ({ type: 'bitcoin' as const, height: i + 1 }));
    timestampAttestation(checkpoint!.attestations).timestamp = base64.encode(
      serializeTimestamp(pathFrom(root).sha256().end(many)),
    );
    const heights: number[] = [];
    const asked: BlockSource = {
      ...sample.blockSource,
      name: 'asked',
      header: (height) => {
        heights.push(height);
        return Promise.reject(new SourceError('unreachable', 'down'));
      },
    };
    const result = await verify(sample, { proof: formatProof(proof), blockSources: [asked] });
    expect(heights).toHaveLength(64);
    const anchors = result.findings.filter(({ check }) => check === 'anchor');
    expect(anchors).toHaveLength(65);
    expect(anchors.at(-1)).toMatchObject({ outcome: 'unavailable', reason: 'too-many', count: 3936 });
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

  it('says why the record is out of force, also while no anchor is confirmed', async () => {
    const expired = await verify(between, { now: new Date('2027-01-01T00:00:00Z') });
    expect(find(expired, 'validity')).toMatchObject({ outcome: 'failed', reason: 'expired' });
    const early = await verify(between, { now: new Date('2026-01-01T00:00:00Z') });
    expect(find(early, 'validity')).toMatchObject({ outcome: 'failed', reason: 'not-yet-valid' });
    const checkpoints = [{ size: 5, attestations: [] }];
    const pending = sampleProof({ checkpoints, statement: { validUntil: '2026-03-31T23:59:59.999Z' } });
    expect(await verify(pending, { now: new Date('2027-01-01T00:00:00Z') })).toMatchObject({
      verdict: 'authentic-not-current',
      still: { state: 'expired', since: '2026-03-31T23:59:59.999Z' },
    });
  });
});

describe('a batch that names a block', () => {
  const hash = 'ab'.repeat(32);
  const genesis = knownChain(100)!.genesis!;
  const evm = (name: string, shown = hash, timeMs = 1_772_351_000_000, block0 = genesis): EvmSource => ({
    name,
    chainId: () => Promise.resolve(100),
    block: (number) => Promise.resolve({ hash: hexToBytes(number === 77 ? shown : block0), timeMs }),
  });
  const told = async (...evmSources: EvmSource[]) => {
    const result = await verify(sampleProof({ beacon: `evm-100 77 ${hash}` }), { evmSources });
    expect(result.verdict).toBe('authentic');
    return { ...find(result, 'beacon'), after: result.when.notBefore?.time };
  };

  it('was closed after it, when sources of that chain show it', async () => {
    expect(await told(evm('rpc'))).toMatchObject({
      outcome: 'passed',
      after: '2026-03-01T07:43:20.000Z',
      chain: 'evm-100',
      height: 77,
      hash,
      sources: ['rpc'],
      standing: 'public',
    });
  });

  it('has no earliest time otherwise', async () => {
    const [other, none] = ['cd'.repeat(32), undefined];
    expect(await told(evm('rpc', other))).toMatchObject({ outcome: 'failed', reason: 'other-block', after: none });
    const contradicted = { outcome: 'unavailable', reason: 'contradicted', after: none };
    expect(await told(evm('rpc'), evm('liar', other))).toMatchObject(contradicted);
    expect(await told(evm('rpc'), evm('early', hash, 1_772_350_000_000))).toMatchObject(contradicted);
    const impostor = evm('impostor', hash, 1_772_351_000_000, other);
    const silent = [{ source: 'impostor', reason: 'other-chain' }];
    expect(await told(impostor)).toMatchObject({ outcome: 'unavailable', reason: 'not-asked', silent, after: none });
    expect(await told()).toMatchObject({ outcome: 'unavailable', reason: 'not-asked', silent: [], after: none });
  });

  it('of a test chain is told as such, and counts for nothing when only public chains do', async () => {
    const seen = sampleBlock(118, new Uint8Array(32).fill(1), 1_772_355_000);
    const name = displayHash(parseBlockHeader(seen.header).hash);
    const named = sampleProof({ beacon: `bitcoin-regtest 118 ${name}` });
    const blockSources = [sampleBlockSource([...named.blocks, seen])];
    expect((await verify(named, { blockSources })).when.notBefore).toMatchObject({ standing: 'test' });
    const uncounted = await verify(named, { blockSources, publicOnly: true });
    expect(find(uncounted, 'beacon')).toMatchObject({ outcome: 'unavailable', reason: 'test-chain' });
    expect(uncounted).toMatchObject({ verdict: 'unavailable', when: { contradicted: false } });
  });
});

describe('contradicting times', () => {
  it('are named, each pair with what was allowed for, and change no verdict', async () => {
    const late = sampleProof({ statement: { receivedAt: '2099-01-01T00:00:00.000Z' } });
    const result = await verify(late);
    expect(result).toMatchObject({ verdict: 'authentic', when: { contradicted: true } });
    const times = find(result, 'times');
    expect(
      times?.outcome === 'failed' && times.contradictions.map(({ earlier, later }) => `${earlier.role} ${later.role}`),
    ).toEqual(['received sealed', 'received anchor', 'received now']);
  });
});

describe('files that came with a proof', () => {
  const other = sampleProof({ document: utf8ToBytes('another document') });
  const beside = async (bytes: Uint8Array, given: Given = {}) =>
    verify(sample, { companions: [{ file: 'doc.ots', bytes }], ...given });

  it('join the anchors when they are about the same document', async () => {
    const result = await beside(otsFile(sample.proof));
    expect(find(result, 'companion')).toEqual({ check: 'companion', file: 'doc.ots', outcome: 'passed' });
    const anchors = result.findings.filter(({ check }) => check === 'anchor');
    expect(anchors).toHaveLength(2);
    expect(anchors[1]).toMatchObject({ outcome: 'passed', subject: { kind: 'document', file: 'doc.ots' } });
  });

  it('are a mismatch when they are about another document', async () => {
    for (const given of [{}, { digests: {} }]) {
      const result = await beside(otsFile(other.proof), given);
      expect(result.verdict).toBe('mismatch');
      expect(find(result, 'companion')).toMatchObject({ outcome: 'failed', reason: 'other-document' });
    }
  });

  it('are told as what they are when they cannot be read, and take nothing from the proof', async () => {
    const file = otsFile(sample.proof);
    const cases: [Uint8Array, string][] = [
      [file.slice(0, -3), 'cut-short'],
      [file.with(65, 0xee), 'damaged'],
      [utf8ToBytes('<!DOCTYPE html><html>Sign in</html>'), 'html'],
      [new Uint8Array(), 'empty'],
    ];
    for (const [bytes, kind] of cases) {
      const result = await beside(bytes);
      expect(result.verdict, kind).toBe('authentic');
      expect(find(result, 'companion')).toMatchObject({ outcome: 'unavailable', reason: 'unreadable', kind });
    }
  });

  it('are a mismatch when they are a proof about another document, whether it is blinded or not', async () => {
    for (const blinded of [false, true]) {
      const { text, proof } = sampleProof({ document: utf8ToBytes('another document'), blinded });
      const result = await beside(utf8ToBytes(text));
      expect(result.verdict).toBe('mismatch');
      expect(find(result, 'companion')).toMatchObject({
        outcome: 'failed',
        reason: 'other-document',
        blinded,
        recorded: proof.statement.digests.sha256,
      });
    }
    const alone = await beside(utf8ToBytes(other.text), { digests: {} });
    expect(find(alone, 'companion')).toMatchObject({ outcome: 'failed', reason: 'other-document' });
  });

  it('are a proof of its own when their record is about the same document, and take nothing from the proof', async () => {
    for (const further of [sampleProof({ blinded: true }), sampleProof({ batchNumber: 1 })]) {
      const result = await beside(utf8ToBytes(further.text));
      expect(result.verdict).toBe('authentic');
      expect(find(result, 'companion')).toEqual({
        check: 'companion',
        file: 'doc.ots',
        outcome: 'unavailable',
        reason: 'another-proof',
        id: further.proof.id,
      });
    }
  });

  it('cannot be compared when they are a blinded proof that nothing opens', async () => {
    const { salt: _, ...closed } = sampleProof({ document: utf8ToBytes('another document'), blinded: true }).proof;
    const result = await beside(utf8ToBytes(formatProof(closed)));
    expect(result.verdict).toBe('authentic');
    expect(find(result, 'companion')).toMatchObject({ outcome: 'unavailable', reason: 'not-comparable' });
  });
});

describe('a proof that cannot be read', () => {
  it('is told as what the file is, and nothing is said of the document', async () => {
    const { text } = sample;
    const utf16 = new Uint8Array(new Uint16Array([...text].map((c) => c.charCodeAt(0))).buffer);
    const note = sample.proof.log.checkpoints[0]!.note;
    const cases: [unknown, string][] = [
      ['', 'empty'],
      ['<!doctype html><title>Sign in</title>', 'html'],
      ['\n<HTML><body>', 'html'],
      [utf8ToBytes('%PDF-1.7\n'), 'pdf'],
      [utf8ToBytes('PK\u0003\u0004'), 'zip'],
      [utf16, 'utf-16'],
      [Uint8Array.of(0xff, 0xfe, ...utf16), 'utf-16'],
      [`\ufeff${text}`, 'byte-order-mark'],
      [utf8ToBytes(`\ufeff${text}`), 'byte-order-mark'],
      [Buffer.from(text).toString('base64'), 'base64'],
      [
        Buffer.from(text)
          .toString('base64')
          .replace(/(.{76})/g, '$1\n'),
        'base64',
      ],
      [Buffer.from(text).toString('hex'), 'hex'],
      [text.slice(0, 700), 'cut-short'],
      [text.trimEnd().slice(0, -1), 'cut-short'],
      ['{"receipt":"eyJ","records":[]}', 'receipt'],
      [note, 'signed-note'],
      ['{"a":1}', 'other-json'],
      ['[1]', 'other-json'],
      [text.replace('sealroot/proof@1', 'sealroot/proof@9'), 'newer-version'],
      [text.replace('"v":1', '"v":2'), 'newer-version'],
      [text.replace('"index":1', '"index":"1"'), 'damaged'],
      [text.replace('{"batch"', '{"batch":1,"batch"'), 'damaged'],
      [' '.repeat(2_097_153), 'too-large'],
      ['just a text', 'damaged'],
    ];
    for (const [proof, reason] of cases) {
      const result = await verify(sample, { proof });
      expect(result, reason).toMatchObject({
        verdict: 'unreadable',
        who: 'unchecked',
        when: { contradicted: false },
        findings: [{ check: 'format', outcome: 'failed', reason }],
      });
      expect(result.record).toBeUndefined();
    }
  });
});

describe('members that this version does not check', () => {
  it('are named as carried', async () => {
    const carrying = sampleProof({ statement: { provenance: { sha256: '11'.repeat(32) } } });
    expect(find(await verify(carrying), 'carried')).toEqual({
      check: 'carried',
      outcome: 'not-applicable',
      members: ['provenance'],
    });
  });
});

describe('line endings', () => {
  it('are named as the cause where the document with others matches', async () => {
    const crlf = { sha256: sha256(utf8ToBytes('Licence no. 4711\r\n')) };
    const twins = [sample.digests];
    expect(find(await verify(sample, { digests: crlf, twins }), 'document')).toMatchObject({ reason: 'line-endings' });
    expect(find(await verify(sample, { digests: crlf }), 'document')).toMatchObject({ reason: 'differs' });
  });
});
