import { TspError } from '#tsp/error.js';
import { CliError } from './cli-error.js';
import { readInput } from './input-file.js';

/** First byte of DER of a certificate: no PEM text begins so, which may have words before the certificate. */
const DER_SEQUENCE = 0x30;

/**
 * The certificates, DER, in files of trusted roots: each a PEM bundle, or one certificate in DER.
 *
 * @throws CliError `no-input`, `bad-data`.
 */
export async function readTimeStampRoots(paths: readonly string[]): Promise<Uint8Array[]> {
  if (paths.length === 0) return [];
  const [{ parsePemCertificates }, { parseTrustedRoots }] = await Promise.all([
    import('#tsp/pem.js'),
    import('#tsp/trusted-roots.js'),
  ]);
  const roots: Uint8Array[] = [];
  for (const path of paths) {
    const bytes = await readInput(path);
    try {
      const isDer = bytes[0] === DER_SEQUENCE && bytes[1] === 0x82;
      const found = isDer ? [new Uint8Array(bytes)] : parsePemCertificates(bytes.toString('latin1'));
      parseTrustedRoots(found);
      roots.push(...found);
    } catch (error) {
      if (!(error instanceof TspError)) throw error;
      throw new CliError('bad-data', `Reading ${path}: ${error.message}`, { cause: error });
    }
  }
  return roots;
}
