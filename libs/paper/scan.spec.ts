import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import decodeQR from 'qr/decode.js';
import { afterAll, describe, expect, it } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { hasPrograms } from '#setting/testing/programs.js';
import { formatCode } from './codec.js';
import { qrModules } from './image.js';
import { makeCode } from './make.js';
import { samplePermit } from './testing/sample-code.js';
import { pgm, type Picture, rgba, scan, type Treatment } from './testing/scan.js';

// 4 pixels a module at 300 dpi: the larger form is 38 mm wide, quiet zone included.
const TREATMENTS: Record<string, Treatment> = {
  'blurred, upside down and askew': { pixels: 4, degrees: 167, blur: 1.2 },
  'stained by 5 %, blurred and turned': { pixels: 4, degrees: 7, blur: 0.8, dirt: 0.05, seed: 2 },
  'speckled by 2 %': { pixels: 4, degrees: 3, blur: 0.8, dirt: 0.02, stain: 0.5 },
};

const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });

const folder = mkdtempSync(join(tmpdir(), 'sealroot-scan-'));
afterAll(() => rmSync(folder, { recursive: true }));

const hasZbar = hasPrograms({ zbarimg: 'zbar-tools' });

const READERS: Record<string, (picture: Picture) => Promise<string> | string> = {
  'the one of the page': (picture) => decodeQR(rgba(picture), { effort: Infinity, timeLimit: Infinity }),
  'zxing-cpp': async (picture) => {
    const found = await readBarcodes(
      { ...rgba(picture), colorSpace: 'srgb' } as unknown as Parameters<typeof readBarcodes>[0],
      { formats: ['QRCode'], tryHarder: true },
    );
    return found[0]!.text;
  },
  ...(hasZbar ? { zbar } : {}),
};

function zbar(picture: Picture): string {
  const file = join(folder, 'code.pgm');
  writeFileSync(file, pgm(picture));
  const out = execFileSync('zbarimg', ['-q', '--raw', file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return out.replace(/\n$/, '');
}

describe.each(['self-contained', 'landmark'] as const)('a printed %s code', (form) => {
  const { record, document } = samplePermit();
  const text = formatCode(makeCode(record, form, document));

  it.each(Object.entries(TREATMENTS))('%s is read back by independent readers', async (_, treatment) => {
    const picture = scan(qrModules(text), treatment);
    for (const [name, read] of Object.entries(READERS)) {
      expect(await read(picture), name).toBe(text);
    }
  });
});
