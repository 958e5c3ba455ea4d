/// <reference lib="webworker" />
// First, and all of it here: a library that reads a stranger's file runs beside nothing else, and is ended with this worker.
import 'pdfjs-dist/legacy/build/pdf.worker.mjs';
import { getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import jbig2 from 'pdfjs-dist/wasm/jbig2.wasm?url';
import openjpeg from 'pdfjs-dist/wasm/openjpeg.wasm?url';
import { readCodes } from './code-area.js';

/** What the worker is asked: a PDF, and where to answer. The library listens and speaks at the worker's own port. */
export interface PdfRequest {
  file: ArrayBuffer;
  port: MessagePort;
}

/** What the worker answers: how many pages it will look at, what codes each has, why it cannot go on, that all were looked at. */
export type PdfAnswer =
  | { pages: number; of: number }
  | { page: number; texts: string[] }
  | { failure: 'encrypted' | 'unreadable' }
  | { done: true };

/** Most pages that are looked at: a permit has its code on one of the first, or on the last. */
const MAX_PAGES = 30;

/** How finely a page is drawn, in dots per inch: as a printer does, for which codes are made. */
const DOTS_PER_INCH = 300;

/** Most pixels of a page as it is drawn: A3 at that fineness is a little more. */
const MAX_PAGE_PIXELS = 16_000_000;

/** Most pixels of a picture in the file, and of whatever is drawn on the way. */
const MAX_IMAGE_PIXELS = 40_000_000;

const POINTS_PER_INCH = 72;

self.addEventListener('message', ({ data }: MessageEvent<PdfRequest | Record<string, unknown>>) => {
  if (data.port instanceof MessagePort) void look(data as PdfRequest);
});

async function look({ file, port }: PdfRequest): Promise<void> {
  const answer = (message: PdfAnswer) => port.postMessage(message);
  try {
    const document = await getDocument({
      data: new Uint8Array(file),
      CanvasFactory: OffscreenCanvases,
      FilterFactory: NoFilters,
      BinaryDataFactory: OwnDecoders,
      // Text is drawn as its own outlines, or not at all: no font is fetched or installed.
      disableFontFace: true,
      useSystemFonts: false,
      enableXfa: false,
      maxImageSize: MAX_IMAGE_PIXELS,
      canvasMaxAreaInBytes: MAX_IMAGE_PIXELS * 4,
      wasmUrl: '/',
      verbosity: 0,
    }).promise;
    const pages = pagesOf(document.numPages);
    answer({ pages: pages.length, of: document.numPages });
    for (const page of pages) answer({ page, texts: await readPage(document, page) });
    answer({ done: true });
  } catch (error) {
    const { name } = error as Error;
    console.info('a PDF could not be read:', error);
    answer({ failure: name === 'PasswordException' ? 'encrypted' : 'unreadable' });
  }
}

/** The first pages in their order; where not all are looked at, the last after the first. */
function pagesOf(count: number): number[] {
  const first = Array.from({ length: Math.min(count, MAX_PAGES) }, (_, index) => index + 1);
  return count <= MAX_PAGES ? first : [1, count, ...first.slice(1, -1)];
}

/** The texts of the codes on a page; none where it cannot be drawn. */
async function readPage(document: PDFDocumentProxy, number: number): Promise<string[]> {
  const page = await document.getPage(number);
  try {
    const { height, width } = page.getViewport({ scale: 1 });
    const scale = Math.min(DOTS_PER_INCH / POINTS_PER_INCH, Math.sqrt(MAX_PAGE_PIXELS / (width * height)));
    const viewport = page.getViewport({ scale });
    const { canvas, context } = canvasOf(
      Math.max(1, Math.floor(viewport.width)),
      Math.max(1, Math.floor(viewport.height)),
    );
    // The library's types know canvases of documents only.
    await page.render({ canvas: canvas as unknown as HTMLCanvasElement, viewport, background: '#fff' }).promise;
    return readCodes(context);
  } catch (error) {
    console.info(`page ${number} of a PDF could not be drawn:`, error);
    return [];
  } finally {
    page.cleanup();
  }
}

interface CanvasAndContext {
  canvas: OffscreenCanvas | null;
  context: OffscreenCanvasRenderingContext2D | null;
}

function canvasOf(width: number, height: number) {
  if (!(width * height <= MAX_IMAGE_PIXELS))
    throw new Error(`drawing a page: expected a smaller canvas, got ${width}x${height}`);
  const canvas = new OffscreenCanvas(width, height);
  return { canvas, context: canvas.getContext('2d', { willReadFrequently: true })! };
}

/** What the library draws on: there is no document here. */
class OffscreenCanvases {
  create(width: number, height: number) {
    return canvasOf(width, height);
  }

  reset({ canvas }: CanvasAndContext, width: number, height: number): void {
    Object.assign(canvas!, { width, height });
  }

  destroy(drawn: CanvasAndContext): void {
    this.reset(drawn, 0, 0);
    Object.assign(drawn, { canvas: null, context: null });
  }

  getNoAlphaContext(canvas: OffscreenCanvas) {
    return canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  }
}

/** Filters are made of a document's elements. */
class NoFilters {
  addFilter = none;
  addHCMFilter = none;
  addAlphaFilter = none;
  addLuminosityFilter = none;
  addKnockoutFilter = none;
  addHighlightHCMFilter = none;
  addSelectionHCMFilter = none;
  addSelectionFilter = none;
  createSelectionStyle = () => null;
  destroy(): void {}
}

function none(): string {
  return 'none';
}

/** What the library needs for pictures of two kinds, from the page's own files. Fonts and tables of characters are not had. */
class OwnDecoders {
  async fetch({ filename }: { filename: string }): Promise<Uint8Array> {
    const address = { 'jbig2.wasm': jbig2, 'openjpeg.wasm': openjpeg }[filename];
    if (address === undefined) throw new Error(`drawing a page: expected none but our own files, got ${filename}`);
    const response = await fetch(address);
    if (!response.ok) throw new Error(`fetching ${filename}: expected it, got ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  }
}
