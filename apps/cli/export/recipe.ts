import { hexToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { inclusionPathSides } from '#merkle/inclusion.js';
import type { Proof } from '#proof/proof.js';
import { parseBatchEntry } from '#statement/batch-entry.js';
import { DIGEST_ALGORITHMS } from '#statement/digest.js';
import { formatStatement } from '#statement/statement.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import { parseVerifierKey, sameKeyId } from '#tlog/verifier-key.js';
import type { ExportPart } from '#proof/anchors/attestation-export.js';

/** What prints the digest of a file first, for each algorithm. */
const DIGEST_COMMAND = {
  sha256: 'sha256sum',
  sha512: 'sha512sum',
  'sha3-256': 'openssl dgst -sha3-256 -r',
  sm3: 'openssl dgst -sm3 -r',
} as const;

/** DER of an Ed25519 public key up to its 32 bytes (RFC 8410). */
const ED25519_SPKI = hexToBytes('302a300506032b6570032100');

/** What is signed as it is signed, and a shell script that leads from the document to each checkpoint with stock programs alone. */
export function exportRecipe(proof: Proof, documentName: string): ExportPart {
  const jcs = formatStatement(proof.statement);
  const entry = base64.decode(proof.batch.entry);
  const key = parseVerifierKey(proof.log.key);
  const signatures = proof.log.checkpoints.flatMap(({ note }) => {
    const read = parseNote(note);
    const own = read.signatures.find((line) => line.name === key.name && sameKeyId(line.keyId, key.id));
    const { size } = parseCheckpoint(read.text);
    return own === undefined ? [] : [{ name: `checkpoint-${size}.sig`, content: own.signature }];
  });
  return {
    files: [
      { name: 'statement.json', content: jcs },
      { name: 'batch-entry.bin', content: entry },
      { name: 'log-key.pem', content: pem(key.publicKey) },
      ...signatures,
      { name: 'verify.sh', content: script(proof, signatures.length > 0) },
    ],
    lines: [
      'statement.json: the exact statement, byte for byte: agency, time of receipt and terms are in it. batch-entry.bin: the exact batch entry.',
      'log-key.pem, checkpoint-N.sig: the key that signed, as the proof says, and its signature over checkpoint-N.txt, for openssl.',
      'verify.sh: leads from the document to the root in each checkpoint with sha256sum, xxd and openssl alone, and checks the signatures:',
      '',
      `    sh verify.sh ${documentName}`,
    ],
  };
}

function script(proof: Proof, signed: boolean): string {
  const { batch, log, salt, statement } = proof;
  const algorithm = DIGEST_ALGORITHMS.find((name) => statement.digests[name] !== undefined)!;
  const entry = parseBatchEntry(base64.decode(batch.entry));
  const command = DIGEST_COMMAND[algorithm];
  const toHex = 'cut -d" " -f1';
  const lines = [
    '#!/bin/sh',
    '# Usage: sh verify.sh DOCUMENT, in this folder. Ends with 0 when every line holds.',
    'set -eu',
    `same() { if [ "$2" = "$3" ]; then echo "holds: $1"; else echo "DOES NOT HOLD: $1: $2, expected $3"; exit 1; fi; }`,
    // The way of RFC 9162: a leaf is hashed with 00 before it, two nodes with 01.
    `hash() { xxd -r -p | sha256sum | ${toHex}; }`,
    `left() { h=$(printf '01%s%s' "$1" "$h" | hash); }`,
    `right() { h=$(printf '01%s%s' "$h" "$1" | hash); }`,
    '',
    '# The document has the digest in the statement.',
    // As standard input: of a name with a backslash or line break the programs would show more than the digest.
    `digest=$(${command} <"$1" | ${toHex})`,
  ];
  if (statement.blinded === true) {
    lines.push(
      salt === undefined ? '[ -n "${SALT:-}" ] || { echo "set SALT to the salt in hex"; exit 1; }' : `SALT=${salt}`,
      `digest=$(printf '%s%s' "$SALT" "$digest" | xxd -r -p | ${command} | ${toHex})`,
    );
  }
  lines.push(
    `same 'the document is the one in the statement' "$digest" ${statement.digests[algorithm]!}`,
    `grep -q "\\"${algorithm}\\":\\"$digest\\"" statement.json`,
    '',
    '# From statement and digest to the root of the batch.',
    `h=$(printf '00%s%s' "$digest" "$(sha256sum statement.json | ${toHex})" | hash)`,
    ...climb(batch.path, batch.index, entry.size),
    `same 'the record is in the batch' "$h" "$(tail -c 64 batch-entry.bin | head -c 32 | xxd -p -c 32)"`,
    '',
    '# From the batch entry to the root in each checkpoint.',
  );
  for (const { note, path } of log.checkpoints) {
    const { size } = parseCheckpoint(parseNote(note).text);
    const name = `checkpoint-${size}`;
    lines.push(
      `h=$(printf '00%s' "$(xxd -p batch-entry.bin | tr -d '\\n')" | hash)`,
      ...climb(path, entry.number, size),
      `same 'the batch is in ${name}' "$h" "$(sed -n 3p ${name}.txt | openssl base64 -d | xxd -p -c 32)"`,
      ...(signed
        ? [`openssl pkeyutl -verify -pubin -inkey log-key.pem -rawin -in ${name}.txt -sigfile ${name}.sig`]
        : []),
    );
  }
  return `${lines.join('\n')}\n`;
}

/** One line for each hash of an inclusion path, the leaf's sibling first. */
function climb(path: readonly string[], index: number, size: number): string[] {
  const sides = inclusionPathSides(index, size);
  return path.map((sibling, i) => `${sides[i]} ${sibling}`);
}

function pem(publicKey: Uint8Array): string {
  const text = base64.encode(Uint8Array.from([...ED25519_SPKI, ...publicKey]));
  return `-----BEGIN PUBLIC KEY-----\n${text}\n-----END PUBLIC KEY-----\n`;
}
