import { ANCHOR_KINDS, DEFAULT_ANCHOR } from '#anchors/kinds.js';

/** Example values that several routes show: one record of one agency. */
export const EXAMPLE_SHA256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
export const EXAMPLE_TIME = '2026-03-02T09:30:00.123Z';
export const EXAMPLE_RECORD_ID = '019cae01-0e7b-7a35-8d21-6f0c1b2a3948';
const EXAMPLE_NONCE = '5b1c0f6e2d3a49788796a5b4c3d2e1f0';
export const EXAMPLE_HASH = '3c9683017f9e4bf33d0fbedd26bf143fd72de9b9dd145441b75f0604047ea28e';

export const EXAMPLE_REQUEST = {
  digests: { sha256: EXAMPLE_SHA256 },
  profile: 'generic@1',
  reference: 'FILE-2026-000123',
};

export const EXAMPLE_STATEMENT = {
  agency: 'records.example.gov',
  digests: { sha256: EXAMPLE_SHA256 },
  kind: 'record',
  nonce: EXAMPLE_NONCE,
  profile: 'generic@1',
  receivedAt: EXAMPLE_TIME,
  reference: 'FILE-2026-000123',
  v: 1,
};

export const EXAMPLE_RECEIPT = {
  note: `records.example.gov/log/receipt\n2\nPJaDAX+eS/M9D77dJr8UP9ct6bndFFRBt18GBAR+oo4=\nt ${EXAMPLE_TIME}\n\n— records.example.gov/log/receipt c2lnbmF0dXJl\n`,
  index: 1,
  path: ['n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg='],
};

/** A receipt and the time that it promises. */
export const EXAMPLE_PROMISE = { receipt: EXAMPLE_RECEIPT, includeBy: '2026-03-02T09:30:10.123Z' };

export const EXAMPLE_ACCEPTED = {
  id: EXAMPLE_RECORD_ID,
  outcome: 'accepted',
  stage: 'accepted',
  receivedAt: EXAMPLE_TIME,
  statement: EXAMPLE_STATEMENT,
  leafHash: EXAMPLE_HASH,
};

/** An anchor that costs money. */
export const EXAMPLE_PAID_ANCHOR = ANCHOR_KINDS.find(({ isPaid }) => isPaid)!.name;

export const EXAMPLE_ANCHOR = {
  anchor: DEFAULT_ANCHOR,
  state: 'pending',
  detail: 'submitted to 3 of 4 calendars; waiting for Bitcoin',
  checkpointSize: 18,
  since: '2026-03-02T09:31:00.412Z',
};

export const EXAMPLE_NOTE =
  'records.example.gov/log\n18\nPJaDAX+eS/M9D77dJr8UP9ct6bndFFRBt18GBAR+oo4=\n\n— records.example.gov/log c2lnbmF0dXJl\n';
