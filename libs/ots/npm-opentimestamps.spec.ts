import { createRequire } from 'node:module';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, it } from 'vitest';
import { parseDetachedFile, serializeDetachedFile } from './codec.js';
import { RIPEMD160, SHA1 } from './testing/operations.js';
import { pathFrom } from './timestamp-path.js';
import { listAttestations } from './visit.js';

/** What these tests use of the package, which has no types. */
interface NpmOpenTimestamps {
  DetachedTimestampFile: {
    deserialize(bytes: Uint8Array): { fileDigest(): number[]; serializeToBytes(): Uint8Array; timestamp: NpmTimestamp };
  };
  Notary: { BitcoinBlockHeaderAttestation: new (height: number) => { height: number } };
}

interface NpmTimestamp {
  allAttestations(): Map<number[], unknown>;
}

const npm = createRequire(import.meta.url)('opentimestamps') as NpmOpenTimestamps;

describe('npm opentimestamps', () => {
  it('reads our detached file as we do and writes the same bytes', () => {
    const digest = sha256(hexToBytes('00'));
    const timestamp = pathFrom(digest)
      .append(hexToBytes('00112233445566778899aabbccddeeff'))
      .sha256()
      .prepend(hexToBytes('ab'))
      .apply(SHA1, RIPEMD160)
      .end([
        { type: 'bitcoin', height: 358391 },
        { type: 'litecoin', height: 70 },
        { type: 'pending', uri: 'https://calendar.example' },
      ]);
    const bytes = serializeDetachedFile({ hash: 'sha256', digest, timestamp });
    const read = npm.DetachedTimestampFile.deserialize(bytes);
    expect(Uint8Array.from(read.fileDigest())).toEqual(digest);
    expect(bytesToHex(Uint8Array.from(read.serializeToBytes()))).toBe(bytesToHex(bytes));
    // Its map is keyed by the message object, one attestation for each: the last one read.
    const messages = [...read.timestamp.allAttestations().keys()].map((message) =>
      bytesToHex(Uint8Array.from(message)),
    );
    expect(messages).toEqual([bytesToHex(listAttestations(timestamp)[0]!.message)]);
  });

  it('finds the same block height as we do', () => {
    const digest = sha256(hexToBytes('01'));
    const timestamp = pathFrom(digest)
      .sha256()
      .end([{ type: 'bitcoin', height: 700_000 }]);
    const bytes = serializeDetachedFile({ hash: 'sha256', digest, timestamp });
    const [attestation] = npm.DetachedTimestampFile.deserialize(bytes).timestamp.allAttestations().values();
    expect(attestation).toBeInstanceOf(npm.Notary.BitcoinBlockHeaderAttestation);
    expect(attestation).toMatchObject({ height: 700_000 });
    expect(parseDetachedFile(bytes).timestamp).toEqual(timestamp);
  });
});
