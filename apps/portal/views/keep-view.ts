import { EmbedError } from '#embed/error.js';
import { nameWithoutProof } from '#embed/file-name.js';
import type { Proof } from '#proof/proof.js';
import { inOrder } from '#words/joints.js';
import { download, keptFiles } from '../download.js';
import { button, element } from '../element.js';
import { icon } from '../icon.js';
import { withProof } from '../inside.js';
import { linkTo } from '../pasted.js';
import type { Outcome } from '../stage.js';
import type { Words } from './words.js';

/** What to keep: the document with its proof inside, where that can be made, and the proof alone. */
export function keepView({ language, page, telling }: Words, outcome: Outcome & { proof: Proof }): HTMLElement {
  const { cannotEmbed, inContainer, keepBeside, proofAlone, withProof: label } = page.result;
  const { digests, document, documentName, embeddable, proof } = outcome;
  const refusal = element('p', { class: 'keep-refusal', 'aria-live': 'polite' });
  const alone = keptFiles(proof, documentName, digests.sha256).find(({ kind }) => kind === 'proof');
  async function keepWithProof(from: Blob): Promise<void> {
    try {
      const { file, name, obstacle } = await withProof(from, documentName, proof);
      await download({ name, mediaType: file.type, content: () => Promise.resolve(file) });
      if (obstacle !== undefined) refusal.textContent = inOrder(language.joints, cannotEmbed[obstacle], inContainer);
    } catch (error) {
      if (!(error instanceof EmbedError)) throw error;
      refusal.textContent = inOrder(language.joints, cannotEmbed[error.code], keepBeside);
    }
  }
  async function copyLink(): Promise<void> {
    const link = linkTo(proof, new URL('.', location.href).href);
    try {
      await navigator.clipboard.writeText(link);
      refusal.textContent = page.details.copied;
    } catch (error) {
      console.info('copying was refused:', error);
      refusal.replaceChildren(element('a', { href: link }, page.result.copyLink));
    }
  }
  return element(
    'div',
    { class: 'keep' },
    document && embeddable
      ? button(
          { class: 'button', 'data-keep': 'with-proof' },
          () => void keepWithProof(document),
          icon('download'),
          element('span', {}, label),
        )
      : undefined,
    alone &&
      button(
        { class: 'button', 'data-keep': 'proof' },
        () => void download(alone),
        icon('download'),
        element('span', {}, proofAlone),
      ),
    // Nobody else has the file that this page is.
    telling.place.kind === 'file'
      ? undefined
      : button(
          { class: 'button', 'data-keep': 'link' },
          () => void copyLink(),
          icon('copy'),
          element('span', {}, page.result.copyLink),
        ),
    refusal,
  );
}

/** Downloads the part of a file that was registered. */
export function keepRegisteredPart({ document, documentName }: Outcome): void {
  if (document === undefined) return;
  const content = () => Promise.resolve(document);
  void download({ name: nameWithoutProof(documentName), mediaType: 'application/octet-stream', content });
}
