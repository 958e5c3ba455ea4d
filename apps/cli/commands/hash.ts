import { blindDigests, digestsToHex } from '#sdk/hashing.js';
import { SALT_BYTES } from '#statement/blinding.js';
import type { DigestAlgorithm } from '#statement/digest.js';
import type { Context } from '../context.js';
import { digestFile } from '../file-digest.js';
import { visible } from '../terminal.js';

/** Options of `sealroot hash`. */
export interface HashOptions {
  algorithm: DigestAlgorithm;
  blind?: true | undefined;
  json?: true | undefined;
}

/** Prints the digest of each file as `sha256sum` does; with `--blind`, a fresh salt and the blinded digest as well. */
export async function hashFiles(context: Context, files: readonly string[], options: HashOptions): Promise<void> {
  const { terminal } = context;
  const { algorithm } = options;
  for (const file of files) {
    const digests = await digestFile(file, [algorithm], context.stdin);
    const digest = digestsToHex(digests)[algorithm];
    if (options.blind !== true) {
      if (options.json) terminal.json({ file, algorithm, digest });
      else terminal.print(`${digest}  ${visible(file)}`);
      continue;
    }
    const salt = context.randomBytes(SALT_BYTES);
    const saltHex = Buffer.from(salt).toString('hex');
    const blinded = digestsToHex(blindDigests(digests, salt))[algorithm];
    if (options.json) {
      terminal.json({ file, algorithm, digest, salt: saltHex, blinded });
    } else {
      terminal.print(visible(file));
      terminal.print(`  digest   ${digest}`);
      terminal.print(`  salt     ${saltHex}`);
      terminal.print(`  blinded  ${blinded}`);
    }
  }
  if (options.blind)
    terminal.note(
      'Keep each salt with its document: without it nobody can show that the blinded digest is the document’s.',
    );
}
