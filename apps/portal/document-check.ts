import { bytesToHex } from '@noble/hashes/utils.js';
import type { Proof } from '#proof/proof.js';
import type { FoundPrivately, FoundRecords } from '#sdk/private-lookup.js';
import { checkDocument } from '#proof/document-check.js';
import { ProofError } from '#proof/error.js';
import { mergeProofs } from '#proof/merge-proofs.js';
import { sourceNeeds } from '#proof/source-needs.js';
import { verifyProof } from '#proof/verify.js';
import type { DigestAlgorithm } from '#statement/digest.js';
import { type Found, OTHER_ALGORITHMS } from './find-record.js';
import type { GivenDigest, GivenFiles } from './given-files.js';
import { FileContent } from './file-content.js';
import { HashFileError, type DocumentDigests } from './hash-file.js';
import type { PdfSearch } from './pdf-search.js';
import { findLeftProof, findRegisteredPart } from './inside.js';
import { mayHaveChanged, statusTimeOf } from './newer-status.js';
import { algorithmsOf, anyDigestOf, readServiceProof } from './service-proof.js';
import { searchPages } from './search-pages.js';
import { readSubject, type Subject } from './subject.js';
import { twinDigests } from './twin-digests.js';
import { otsState, readOtsKey } from './ots-key.js';
import { checkTimestamp, unreadable as unreadableProof } from './timestamp-check.js';
import { ServiceError } from './service-client.js';
import type { Outcome } from './stage.js';
import type { CheckSurroundings, Register } from './surroundings.js';

/** Pauses before looking again for a record that is about to be sealed, in milliseconds: often at first, then with patience. */
const SEAL_PAUSES_MS = [700, 700, 1000, 1000, 2000, 5000];

/** Pause before looking again whether a pending anchor was confirmed, in milliseconds. Bitcoin finds a block every ten minutes. */
const ANCHOR_PAUSE_MS = 30_000;

/** The whole way from given files to a verdict, in order. One object serves one set of files; `signal` ends it. */
export class DocumentCheck {
  #digests: DocumentDigests = {};

  constructor(
    private readonly files: GivenFiles,
    private readonly surroundings: CheckSurroundings,
    private readonly signal: AbortSignal,
  ) {}

  /** Runs until the verdict is final; while it is pending, looks again by itself. Never rejects except when aborted or by a fault of this page. */
  async run(): Promise<void> {
    const { onStage } = this.surroundings;
    if (this.files.digest) {
      await this.#verifyDigest(this.files.digest, this.files.document);
      return;
    }
    try {
      const { document, proof, unreadable } = await readSubject(this.files);
      if (unreadable) {
        onStage({ name: 'verified', outcome: await unreadableProof(unreadable, this.surroundings.now()) });
        return;
      }
      if (!document) {
        onStage({ name: 'need-document' });
        return;
      }
      // All that may be asked for in one pass: to hash a small document in four ways is quicker than to read it twice.
      const others = proof ? algorithmsOf(proof) : document.bytes?.isSmall ? OTHER_ALGORITHMS : [];
      await this.#digest(document, [...new Set<DigestAlgorithm>(['sha256', ...others])]);
      if (proof) await this.#verifyGiven(document, proof);
      else await this.#verifyFound(document);
    } catch (error) {
      if (error instanceof HashFileError) onStage({ name: 'bad-document', code: error.code });
      else throw error;
    }
  }

  async #verifyGiven(document: Subject, given: Proof): Promise<void> {
    const first = await this.#verify(document, given, { proofFrom: 'file', grown: false });
    if (first.verification.verdict === 'pending') await this.#watch(document, first, 0);
    else if (mayHaveChanged(first.verification)) await this.#renewStatus(document, first);
  }

  /** Shows what has become of the record since a proof was kept, where its log's service can say so. */
  async #renewStatus(document: Subject, first: Outcome & { proof: Proof }): Promise<void> {
    const { id, salt } = first.proof;
    const { register } = this.surroundings;
    if (register === undefined) return;
    try {
      const answer = await register.proof(id, anyDigestOf(first.proof), this.signal);
      if (answer.state !== 'ready') return;
      const merged = mergeProofs(first.proof, readServiceProof(answer.text, id, salt));
      if (typeof merged === 'string') {
        console.info('the service has another proof of this record:', merged);
        return;
      }
      const outcome = await this.#compute(document, merged, { proofFrom: 'file', grown: true });
      const [shown, newer] = [first, outcome].map(({ verification }) => statusTimeOf(verification));
      if (newer !== undefined && (shown === undefined || newer > shown))
        this.surroundings.onStage({ name: 'verified', outcome });
    } catch (error) {
      if (!(error instanceof ServiceError) && !(error instanceof ProofError)) throw error;
      console.info('a newer status could not be fetched:', error);
    }
  }

  async #verifyFound(document: Subject): Promise<void> {
    const { onStage, register } = this.surroundings;
    const sha256 = this.#digests.sha256 ?? new Uint8Array();
    const digestHex = bytesToHex(sha256);
    const otsKey = this.files.ots && readOtsKey(this.files.ots.bytes, sha256);
    const digest = (algorithms: readonly DigestAlgorithm[]) => this.#digest(document, algorithms);
    const find = (where: Register) => where.findRecords(sha256, otsKey, digest, this.signal);
    if (register !== undefined && (await this.#verifyRecord(register, document, digestHex, find))) return;
    const { ots } = this.files;
    if (register === undefined && ots) {
      const outcome = await checkTimestamp(document, ots.bytes, sha256, this.surroundings, this.signal);
      onStage({ name: 'verified', outcome });
      return;
    }
    const left = document.bytes && (await findLeftProof(document.bytes));
    if (left) {
      await this.#verify(document, left, { proofFrom: 'file', grown: false });
      return;
    }
    const pages = await searchPages(document, this.surroundings, this.signal);
    if (pages?.state === 'found') await this.#verifyCode(pages);
    else onStage({ name: 'not-found', digestHex, ots: otsState(this.files.ots !== undefined, otsKey), pages });
  }

  /** What is recorded of the text or digest that a code on a page says: of the page itself it shows nothing. */
  async #verifyCode({ code, page }: Extract<PdfSearch, { state: 'found' }>): Promise<void> {
    this.#digests = {};
    this.surroundings.onCode?.({ page, text: code.text });
    await this.#verifyDigest(code.digest, code.document);
  }

  /** What is recorded of a digest: without a document nothing is compared, the answer is about whichever has it. */
  async #verifyDigest({ algorithms, hex, saltHex }: GivenDigest, file: File | undefined): Promise<void> {
    const { onStage, register } = this.surroundings;
    const find = async (where: Register) => ({ ...(await where.findByDigest(algorithms, hex, this.signal)), saltHex });
    const bytes = file && new FileContent(file);
    const document = { name: file?.name ?? hex, ...(bytes && { bytes }) };
    if (register !== undefined && (await this.#verifyRecord(register, document, hex, find))) return;
    onStage({ name: 'not-found', digestHex: hex, ots: 'none' });
  }

  /** Verifies the record that is found and chosen; false when there is none. */
  async #verifyRecord(
    register: Register,
    document: Subject,
    digestHex: string,
    find: (where: Register) => Promise<Found>,
  ): Promise<boolean> {
    const { onStage } = this.surroundings;
    onStage({ name: 'searching' });
    try {
      const found = await find(register);
      const { records, saltHex } = found;
      const record = records.length > 1 || found.hasMore ? await this.#choose(found) : records[0];
      if (!record) return false;
      const proof = await this.#awaitProof(register, record, saltHex, digestHex);
      const outcome = await this.#verify(document, proof, { proofFrom: 'service', grown: false });
      if (outcome.verification.verdict === 'pending') await this.#watch(document, outcome, ANCHOR_PAUSE_MS);
    } catch (error) {
      if (!(error instanceof ServiceError) && !(error instanceof ProofError)) throw error;
      // A proof that the service garbled is the service's failure, not a forged document.
      console.info('the service gave no usable answer:', error);
      onStage({ name: 'unreachable', digestHex });
    }
    return true;
  }

  #choose({ hasMore, records }: FoundRecords): Promise<FoundPrivately> {
    return new Promise((resolve, reject) => {
      this.signal.addEventListener('abort', () => reject(this.signal.reason), { once: true });
      this.surroundings.onStage({ name: 'choosing', records, hasMore, choose: resolve });
    });
  }

  async #awaitProof(
    register: Register,
    record: FoundPrivately,
    saltHex: string | undefined,
    digestHex: string,
  ): Promise<Proof> {
    const { pause, onStage } = this.surroundings;
    for (let attempt = 0; ; attempt++) {
      const answer = await register.proof(record.id, record.digestHex, this.signal);
      if (answer.state === 'ready') return readServiceProof(answer.text, record.id, saltHex);
      if (answer.state === 'no-such-record')
        throw new ServiceError('bad-answer', `proof of ${record.id}: expected one, got none`);
      if (attempt === 0) onStage({ name: 'waiting', record, digestHex, delays: await register.delays(this.signal) });
      await pause(SEAL_PAUSES_MS[Math.min(attempt, SEAL_PAUSES_MS.length - 1)] ?? ANCHOR_PAUSE_MS, this.signal);
    }
  }

  /** Fetches the proof again and again until it is no longer pending, where somebody can be asked. The service being away meanwhile changes nothing. */
  async #watch(document: Subject, first: Outcome & { proof: Proof }, firstPauseMs: number): Promise<void> {
    const { register, pause } = this.surroundings;
    if (register === undefined) return;
    const { id, salt } = first.proof;
    let shown: Outcome = first;
    for (let pauseMs = firstPauseMs; shown.verification.verdict === 'pending'; pauseMs = ANCHOR_PAUSE_MS) {
      await pause(pauseMs, this.signal);
      let newer: Proof;
      try {
        const answer = await register.proof(id, anyDigestOf(first.proof), this.signal);
        if (answer.state !== 'ready') continue;
        newer = readServiceProof(answer.text, id, salt);
      } catch (error) {
        if (!(error instanceof ServiceError) && !(error instanceof ProofError)) throw error;
        console.info('the proof could not be fetched again:', error);
        continue;
      }
      const quiet = await this.#compute(document, newer, {
        proofFrom: first.proofFrom,
        grown: first.proofFrom === 'file',
      });
      // Only a proof that says more replaces the one shown; a worse one from the network must not.
      if (!['authentic', 'authentic-not-current'].includes(quiet.verification.verdict)) continue;
      shown = quiet;
      this.surroundings.onStage({ name: 'verified', outcome: shown });
    }
  }

  async #verify(
    document: Subject,
    proof: Proof,
    origin: Pick<Outcome, 'proofFrom' | 'grown'>,
  ): Promise<Outcome & { proof: Proof }> {
    this.surroundings.onStage({ name: 'verifying' });
    const outcome = await this.#compute(document, proof, origin);
    this.surroundings.onStage({ name: 'verified', outcome });
    return outcome;
  }

  async #compute(
    document: Subject,
    proof: Proof,
    origin: Pick<Outcome, 'proofFrom' | 'grown'>,
  ): Promise<Outcome & { proof: Proof }> {
    const { basis, hasher, now, register } = this.surroundings;
    const needed = algorithmsOf(proof);
    const digests = await this.#digest(document, needed);
    const { ots } = this.files;
    const isSame = checkDocument(proof, digests).outcome !== 'failed';
    const { bytes } = document;
    const sealed =
      document.sealed ?? (isSame || !bytes ? undefined : await findRegisteredPart(bytes, proof, hasher, this.signal));
    const verification = await verifyProof({
      proof,
      digests,
      twins: isSame || !bytes ? [] : await twinDigests(bytes, needed, hasher, this.signal),
      sealed,
      companions: ots === undefined ? [] : [{ file: ots.name, bytes: ots.bytes }],
      ...(await basis(sourceNeeds(proof), this.signal)),
      now: now(),
    });
    this.signal.throwIfAborted();
    const compared = sealed?.document ?? bytes;
    const isInside = document.sealed !== undefined && !origin.grown;
    const delays = await register?.delays(this.signal, verification);
    return {
      verification,
      ...(delays && { delays }),
      proof,
      digests,
      ...(compared && { document: compared.blob }),
      embeddable: !isInside && compared !== undefined,
      documentName: document.name,
      ...origin,
    };
  }

  /** The document's digests so far, with these among them. */
  async #digest(document: Subject, algorithms: readonly DigestAlgorithm[]): Promise<DocumentDigests> {
    const missing = algorithms.filter((algorithm) => this.#digests[algorithm] === undefined);
    const { bytes } = document;
    if (missing.length === 0 || !bytes) return this.#digests;
    const { onStage } = this.surroundings;
    const totalBytes = bytes.size;
    onStage({ name: 'hashing', doneBytes: 0, totalBytes });
    const onProgress = (doneBytes: number) => onStage({ name: 'hashing', doneBytes, totalBytes });
    const more = await this.surroundings.hasher.hash(await bytes.toHash(), missing, {
      onProgress,
      signal: this.signal,
    });
    this.#digests = { ...this.#digests, ...more };
    return this.#digests;
  }
}
