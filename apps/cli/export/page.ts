import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ExportPart } from '#proof/anchors/attestation-export.js';

/** A page that is one file and needs no service. */
export type PageName = 'offline' | 'gate';

/** Where the built pages are: beside this program when it is built, and below it otherwise. */
const FOLDERS = ['../../portal/', '../../../dist/apps/portal/'];

/** A page as it was built with this program; null where it was not built. */
export async function readPage(name: PageName): Promise<{ content: Buffer; sha256: string } | null> {
  for (const folder of FOLDERS) {
    try {
      const content = await readFile(new URL(`${folder}${name}.html`, import.meta.url));
      return { content, sha256: createHash('sha256').update(content).digest('hex') };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return null;
}

/** The page that verifies the proof in any browser, from disk; nothing where it was not built. */
export async function exportPage(): Promise<ExportPart[]> {
  const page = await readPage('offline');
  if (page === null) return [];
  return [
    {
      files: [{ name: 'offline.html', content: page.content }],
      lines: [
        'offline.html: a page that verifies the document with proof.sealroot.json in any browser, opened from disk, without any network.',
        'Under "What this page goes by" it is given the log\'s key (log.vkey, once compared with what the operator publishes), a file of Bitcoin',
        'headers ("sealroot headers fetch") and root certificates. Whether it is the page that a service published, the log of that service says:',
        'look up there what this command prints, which was, when it was exported,',
        `${page.sha256}:`,
        '',
        '    sha256sum offline.html',
      ],
    },
  ];
}
