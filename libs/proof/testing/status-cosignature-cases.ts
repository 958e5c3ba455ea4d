import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { withClock } from '#tlog/clock.js';
import { signCosignature, withCosignature } from '#tlog/cosignature.js';
import { ed25519NoteSigner } from '#tlog/testing/note-signer.js';
import { formatNote, type Note, parseNote } from '#tlog/note.js';
import { COSIGNATURE_TYPE, formatVerifierKey, type NoteSigner } from '#tlog/verifier-key.js';
import type { Proof } from '../proof.js';
import type { SampleLog } from './sample-log.js';
import { proofOf, recordLog, statusVector } from './status-vector.js';
import type { VectorCase } from './vector-case.js';

const sound = recordLog();
const { log } = sound;
const [first, second] = ['witness.example/w1', 'witness.example/w2'].map((name) =>
  ed25519NoteSigner(name, sha256(utf8ToBytes(name))),
) as [NoteSigner, NoteSigner];
const keyOf = ({ name, publicKey }: NoteSigner, type: 1 | 4 = COSIGNATURE_TYPE) =>
  formatVerifierKey(name, publicKey, type);
const seconds = (time: string) => Date.parse(`2026-03-01T${time}Z`) / 1000;

/** The sound record's proof with other lines on its status' checkpoint. */
function cosigned(sign: (note: Note, log: SampleLog) => Note): Proof {
  return proofOf(sound, (status) => {
    status.checkpoint.note = formatNote(sign(parseNote(status.checkpoint.note), log));
  });
}

const clock = (time: string) => (note: Note) => withClock(note, seconds(time), log.signer);
const witness = (note: Note, time: string, by = first) =>
  withCosignature(note, signCosignature(note.text, seconds(time), by));

/** The note with the last byte of its last line's signature flipped. */
const broken = ({ text, signatures }: Note): Note => ({
  text,
  signatures: signatures.map((line, i) =>
    i < signatures.length - 1
      ? line
      : { ...line, signature: line.signature.map((byte, k) => (k === 71 ? byte ^ 1 : byte)) },
  ),
});

/** Who says when: the log's clock and trusted witnesses. */
export function statusCosignatureCases(): VectorCase[] {
  const told = (
    about: string,
    proof: Proof,
    asOf: string,
    word: string,
    witnessKeys: string[],
    cosignature: 'passed'[],
  ) =>
    statusVector(about, 'authentic', proof, {
      witnessKeys,
      checks: { cosignature },
      answer: { asOf: `2026-03-01T${asOf}Z`, word },
    });
  const both = cosigned((note) => witness(clock('08:30:00')(note), '08:31:00'));
  const wrong = (about: string, sign: (note: Note) => Note, checks: ('passed' | 'failed')[]) =>
    statusVector(about, 'mismatch', cosigned(sign), { witnessKeys: [keyOf(first)], checks: { cosignature: checks } });
  const far = 253_402_300_800;
  return [
    told('the log’s clock', cosigned(clock('08:30:00')), '08:30:00.000', 'clock', [], ['passed']),
    told(
      'the log’s clock, behind the last batch',
      cosigned(clock('08:01:00')),
      '08:02:00.000',
      'batch',
      [],
      ['passed'],
    ),
    told(
      'the log’s clock at the second of the last batch',
      cosigned(clock('08:02:00')),
      '08:02:00.000',
      'batch',
      [],
      ['passed'],
    ),
    told('clock and a witness that nobody trusts', both, '08:30:00.000', 'clock', [], ['passed']),
    told('clock and a trusted witness', both, '08:31:00.000', first.name, [keyOf(first)], ['passed', 'passed']),
    told(
      'clock and a witness at the same second',
      cosigned((note) => witness(clock('08:30:00')(note), '08:30:00')),
      '08:30:00.000',
      'clock',
      [keyOf(first)],
      ['passed', 'passed'],
    ),
    told(
      'two witnesses, the first line the newer, and one that has not signed',
      cosigned((note) => witness(witness(note, '08:45:00'), '08:44:00', second)),
      '08:45:00.000',
      first.name,
      [keyOf({ ...first, name: 'witness.example/w3' }), keyOf(second), keyOf(first)],
      ['passed', 'passed'],
    ),
    told('a key of another type for a witness', both, '08:30:00.000', 'clock', [keyOf(first, 1)], ['passed']),
    told(
      'the log’s own key for a witness',
      cosigned((note) =>
        witness(note, '08:40:00', { ...first, ...log.signer, name: first.name, sign: log.signer.sign }),
      ),
      '08:02:00.000',
      'batch',
      [keyOf({ ...log.signer, name: first.name })],
      [],
    ),
    told(
      'the clock’s line right and then wrong',
      cosigned((note) => {
        const right = clock('08:30:00')(note);
        return { ...right, signatures: [...right.signatures, broken(right).signatures.at(-1)!] };
      }),
      '08:30:00.000',
      'clock',
      [],
      ['passed'],
    ),
    wrong('a wrong line of the clock', (note) => broken(clock('08:30:00')(note)), ['failed']),
    wrong(
      'a wrong line of a trusted witness beside a right one of the clock',
      (note) => broken(witness(clock('08:30:00')(note), '08:31:00')),
      ['passed', 'failed'],
    ),
    wrong(
      'a wrong line of the clock beside a right one of a witness',
      (note) => {
        const line = witness(note, '08:31:00').signatures.at(-1)!;
        return withCosignature(broken(clock('08:30:00')(note)), line);
      },
      ['failed', 'passed'],
    ),
    wrong(
      'a clock’s line of 64 bytes',
      (note) => {
        const { text, signatures } = clock('08:30:00')(note);
        return {
          text,
          signatures: signatures.map((line, i) => (i === 0 ? line : { ...line, signature: line.signature.slice(8) })),
        };
      },
      ['failed'],
    ),
    wrong('a clock in the year 10000', (note) => withClock(note, far, log.signer), ['failed']),
    statusVector(
      'a clock in the last second of 9999',
      'unavailable',
      cosigned((note) => withClock(note, far - 1, log.signer)),
      {
        checks: { cosignature: 'passed', times: 'failed', 'status-age': 'unavailable' },
        answer: { asOf: '9999-12-31T23:59:59.000Z', word: 'clock' },
      },
    ),
    statusVector(
      'a wrong line of a witness that nobody trusts',
      'authentic',
      cosigned((note) => broken(witness(note, '08:31:00'))),
    ),
  ];
}
