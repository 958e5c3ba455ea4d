import { describe, expect, it } from 'vitest';
import { sampleSource } from '#audit/testing/sample-source.js';
import { formatProof, type Proof } from '#proof/proof.js';
import { SampleLog } from '#proof/testing/sample-log.js';
import { ServiceClient } from '../service-client.js';
import { findPlace, type Place } from './find-place.js';

/** A log of two batches, of which the second has the record. */
function sample() {
  const log = new SampleLog();
  log.seal({ records: [{}, {}] });
  const [, record] = log.seal({ records: [{}, {}] });
  log.seal({ others: 1 });
  return { log, record: record! };
}

/** Where a record is found in the log as far as `size`, when the service answers with this proof, or with 404. */
function place(log: SampleLog, id: string, proof: Proof | null, size = 3): Promise<Place> {
  const problem = { 'content-type': 'application/problem+json' };
  const client = new ServiceClient({
    url: 'http://service.example',
    sleep: () => Promise.resolve(),
    fetch: () =>
      Promise.resolve(
        proof === null
          ? new Response('{"code":"record-not-found"}', { status: 404, headers: problem })
          : new Response(formatProof(proof)),
      ),
  });
  const head = { origin: 'log.example/sealroot', size, note: log.checkpoint(0, size).note };
  return findPlace(id, head, client, sampleSource(log, undefined, size));
}

describe('the place of a record', () => {
  it('is its ordinal, where its proof leads into the log that was audited', async () => {
    const { log, record } = sample();
    expect(await place(log, record.id, log.proof(record))).toEqual({ state: 'found', ordinal: 3 });
    expect(await place(log, record.id, log.proof(record, { size: 2 }))).toEqual({ state: 'found', ordinal: 3 });
  });

  it('is not there yet, or not known', async () => {
    const { log, record } = sample();
    expect(await place(log, record.id, log.proof(record), 1)).toEqual({ state: 'not-yet' });
    expect(await place(log, record.id, null)).toEqual({ state: 'unknown' });
  });

  it('is elsewhere when it is proved in another log, at another index, or of another record', async () => {
    const { log, record } = sample();
    const other = new SampleLog();
    other.seal({ records: [{}] });
    const [first, second] = other.seal({ records: [{}, {}, {}] });
    const proof = log.proof(record);
    const elsewhere = { state: 'elsewhere' };
    expect(await place(log, second!.id, other.proof(second!))).toEqual(elsewhere);
    expect(await place(log, record.id, { ...proof, batch: { ...proof.batch, index: 0 } })).toEqual(elsewhere);
    expect(await place(log, first!.id, proof)).toEqual(elsewhere);
  });
});
