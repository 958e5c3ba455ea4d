// What the published package has.
export { type CallOptions, type ClientOptions, type FoundRecord, Sealroot, type StoredRecord } from './client.js';
export { ProblemError, SdkError, type SdkErrorCode } from './error.js';
export { type EventData, type FeedEvent, type FeedOptions } from './event.js';
export {
  blindDigests,
  digestDocument,
  digestsToHex,
  type DigestBytes,
  type DocumentSource,
  drawSalt,
  type HashOptions,
  type RunningHash,
} from './hashing.js';
export { type ImportGroup, type ImportOptions, type ImportPart, type ImportState } from './import.js';
export { type Platform, SDK_VERSION } from './platform.js';
export { describeProblem, type Problem, PROBLEM_CODES, type ProblemCode } from './problem.js';
export { type FoundPrivately, type FoundRecords, type PrivateProof } from './private-lookup.js';
export { checkReceipt, type CheckedReceipt } from './promise.js';
export { type ProofAnswer, type ProofLine, type ProofOptions, type RecordStage, type WaitOptions } from './proof.js';
export {
  type AcceptedEvent,
  type AcceptedRecord,
  computedReference,
  coveredLeaves,
  type RecordRequest,
  saysWhatWasAsked,
} from './record.js';
export { agencySigner, keyRegistration, type LocalSigner, type Signer, signChange, signRecords } from './signing.js';
export {
  type AcceptedChange,
  type AcceptedChanges,
  type AcceptedReliance,
  type ChangeOutcome,
  type StatusChange,
} from './status.js';
export { type ItemOutcome, type Submitted, type SubmittedMany } from './submission.js';
export { type TransportOptions } from './transport.js';
export { verify, type VerifyOptions } from './verify.js';
export { type ReceivedWebhook, verifyWebhook, type WebhookOptions } from './webhook.js';
export type { Finding } from '#proof/finding.js';
export type { Verdict, Verification } from '#proof/verification.js';
export type { Receipt } from '#receipt/receipt.js';
export { createBitcoinNodeSource } from '#source/bitcoin-node-source.js';
export { createEsploraSource } from '#source/esplora-source.js';
export { createEvmNodeSource } from '#source/evm-node-source.js';
export { createPackSource } from '#source/pack-source.js';
export type { AgencySignature } from '#statement/agency-signature.js';
export type { DigestAlgorithm, Digests } from '#statement/digest.js';
export type { RecordStatement } from '#statement/statement.js';
export { parseVerifierKey, type VerifierKey } from '#tlog/verifier-key.js';
