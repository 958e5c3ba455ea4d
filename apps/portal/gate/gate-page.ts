import { formatFor } from '#words/format.js';
import { GATE_LANGUAGES } from '#words/gate.js';
import { CodeCamera, type CameraFault } from '../code-camera.js';
import { CodeReader } from '../code-reader.js';
import { element } from '../element.js';
import { brandMark, icon } from '../icon.js';
import { readKey } from '../offered-key.js';
import { answerBanner, factsView, historyView, permitView, readyBanner, type Told, TONES } from './answer-view.js';
import { keep } from './kept.js';
import type { Knowledge } from './knowledge.js';
import { scanView } from './scan-view.js';
import { type SetupState, setupView } from './setup-view.js';

/** An answer goes after this time: it must not be taken for the next person's. */
const ANSWER_MS = 45_000;

/** A code that was out of view for so long is another showing of it. */
const GONE_MS = 1500;

/** Answers remembered on the page, and nowhere else. */
const HISTORY = 6;

/** A file with a log's key is shorter than this. */
const KEY_MAX_BYTES = 1024;

/** How often what has an age is drawn again. */
const REDRAW_EVERY_MS = 15_000;

/** The page of a gate: scan, answer, next scan, without a touch. */
export class GatePage {
  readonly #reader = new CodeReader();
  readonly #video = element('video', { class: 'camera', muted: true, playsinline: true, 'aria-hidden': 'true' });
  readonly #camera = new CodeCamera(this.#video, this.#reader, (text) => this.#look(text));
  // Never replaced: what a screen reader listens to, and where a hand scanner types.
  readonly #live = element('div', { class: 'answer', role: 'status', 'aria-live': 'assertive', 'aria-atomic': 'true' });
  readonly #field = element('input', {
    id: 'code',
    type: 'text',
    autocomplete: 'off',
    spellcheck: 'false',
    autocapitalize: 'off',
  });
  #told: Told | null = null;
  #history: Told[] = [];
  #cameraFault: CameraFault | null = null;
  #imageFault = false;
  #setup: SetupState = { offered: null, problem: null, isOpening: false };
  #clearing: number | undefined;
  /** The code that the camera saw last, and when. */
  #seen = { text: '', atMs: 0 };

  constructor(
    private readonly root: HTMLElement,
    private readonly knowledge: Knowledge,
    private tag: string,
  ) {
    // A hand scanner types into whatever has the focus: what is typed beside other fields goes where codes go.
    document.addEventListener('keydown', (event) => {
      const target = event.target as HTMLElement;
      if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
      if (
        target.closest('input, select, textarea') !== null ||
        (event.key === ' ' && target.closest('button, summary'))
      )
        return;
      this.#field.focus();
    });
    document.addEventListener('dragover', (event) => event.preventDefault());
    document.addEventListener('drop', (event) => {
      event.preventDefault();
      const [file] = event.dataTransfer?.files ?? [];
      if (file !== undefined) void this.#takeFile(file);
    });
    window.setInterval(() => this.#drawStrip(), REDRAW_EVERY_MS);
  }

  get #language() {
    const { locale, words } = GATE_LANGUAGES[this.tag]!;
    return { words, locale, format: formatFor({ locale }), packAsOfMs: this.knowledge.pack?.asOfMs ?? null };
  }

  /** Draws everything. */
  draw(): void {
    const { words } = this.#language;
    document.documentElement.lang = this.tag;
    document.title = words.title;
    this.#field.placeholder = words.fieldHint;
    this.root.replaceChildren(
      this.#header(),
      element(
        'main',
        {},
        element('div', { id: 'strip' }),
        element(
          'div',
          { class: 'columns' },
          this.#live,
          element('div', { id: 'permit', class: 'card' }),
          element('div', { id: 'scan', class: 'scan card' }),
          element('div', { id: 'facts', class: 'card' }),
          element('div', { id: 'history' }),
        ),
        element('div', { id: 'setup-place' }),
      ),
      element('footer', {}, element('p', { class: 'soft privacy' }, words.privacy)),
    );
    this.#drawStrip();
    this.#drawAnswer();
    this.#drawScan();
    this.#drawSetup();
    this.#field.focus({ preventScroll: true });
  }

  #header(): HTMLElement {
    const { words } = this.#language;
    const choice = element(
      'select',
      { 'aria-label': words.language },
      ...[
        ['zh-CN', '简体中文'],
        ['zh-TW', '繁體中文'],
        ['en', 'English'],
      ].map(([tag, name]) => element('option', { value: tag!, lang: tag!, selected: tag === this.tag }, name!)),
    );
    choice.addEventListener('change', () => {
      this.tag = choice.value;
      void keep('language', this.tag);
      this.draw();
    });
    return element('header', {}, brandMark(), element('h1', {}, words.title), choice);
  }

  /** How old the pack is: what every answer depends on, always in view. */
  #drawStrip(): void {
    const { words, format } = this.#language;
    const { pack } = this.knowledge;
    const standing = this.knowledge.standing();
    const text =
      pack === null
        ? words.pack.none
        : `${words.packAge(format.span(Math.max(0, Date.now() - pack.asOfMs)))} · ${words.pack[standing as 'fresh']}`;
    document
      .getElementById('strip')!
      .replaceChildren(
        element(
          'p',
          { class: 'strip', 'data-standing': standing },
          icon(standing === 'fresh' ? 'passed' : 'unavailable'),
          element('span', {}, `${words.pack.title} · ${text}`),
          this.#setupLink(),
        ),
      );
  }

  #setupLink(): HTMLElement {
    const link = element('a', { href: '#setup' }, this.#language.words.setup);
    link.addEventListener('click', () => document.getElementById('setup')?.setAttribute('open', ''));
    return link;
  }

  #drawAnswer(): void {
    const language = this.#language;
    const told = this.#told;
    this.#live.replaceChildren(
      told === null ? readyBanner(language.words, this.knowledge.key !== null) : answerBanner(told, language),
    );
    document.getElementById('permit')!.replaceChildren(...(told === null ? [] : permitView(told, language)));
    document.getElementById('facts')!.replaceChildren(...(told === null ? [] : factsView(told, language)));
    document.getElementById('history')!.replaceChildren(...historyView(this.#history, language));
  }

  #drawScan(): void {
    const isOn = this.#camera.isOn;
    const fault = this.#cameraFault ?? (this.#imageFault ? 'no-code' : null);
    const parts = scanView(
      this.#language.words,
      { field: this.#field, video: isOn ? this.#video : null, fault },
      {
        camera: () => void this.#toggleCamera(),
        image: (file) => void this.#takeFile(file),
        text: (text) => this.#tell(text),
      },
    );
    document.getElementById('scan')!.replaceChildren(...parts);
  }

  #drawSetup(): void {
    const place = document.getElementById('setup-place')!;
    const view = setupView(this.knowledge, this.#setup, this.#language, {
      offer: (text) => this.#offer(text),
      trust: (offered) =>
        void this.knowledge.trust(offered).then(() => {
          this.#setup = { ...this.#setup, offered: null, problem: null };
          this.#redraw();
        }),
      cancel: () => {
        this.#setup = { ...this.#setup, offered: null };
        this.#drawSetup();
      },
      remove: () => void this.knowledge.forget().then(() => this.#redraw()),
      file: (file) => void this.#takeFile(file),
    });
    place.replaceChildren(view);
  }

  #redraw(): void {
    this.#told = null;
    this.#drawStrip();
    this.#drawAnswer();
    this.#drawSetup();
  }

  #offer(text: string): void {
    const offered = readKey(text);
    this.#setup = { ...this.#setup, offered, problem: offered === null ? 'bad-key' : null };
    this.#drawSetup();
    if (offered !== null) document.getElementById('trust')?.focus();
  }

  /** A picture of a code, a key, or a pack. */
  async #takeFile(file: File): Promise<void> {
    if (file.type.startsWith('image/')) {
      const text = await this.#reader.readPicture(file);
      this.#imageFault = text === null;
      this.#drawScan();
      if (text !== null) this.#tell(text);
      return;
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    const text = bytes.length > KEY_MAX_BYTES ? '' : new TextDecoder().decode(bytes);
    if (readKey(text) !== null) {
      this.#offer(text);
      return;
    }
    if (this.knowledge.key === null) {
      this.#setup = { ...this.#setup, problem: 'needs-key' };
      this.#drawSetup();
      return;
    }
    this.#setup = { offered: null, problem: null, isOpening: true };
    this.#drawSetup();
    // Shown before the work begins, which takes a moment for a large pack.
    await new Promise((resolve) => setTimeout(resolve, 30));
    const problem = await this.knowledge.load(bytes);
    this.#setup = { offered: null, problem, isOpening: false };
    if (problem === null) this.#redraw();
    else this.#drawSetup();
  }

  async #toggleCamera(): Promise<void> {
    if (this.#camera.isOn) this.#camera.stop();
    else this.#cameraFault = await this.#camera.start();
    this.#drawScan();
    document.getElementById('camera')?.focus();
  }

  /** What the camera sees: a code is told once while it stays in view. */
  #look(text: string | null): void {
    const now = Date.now();
    if (text === null) return;
    const isAnother = text !== this.#seen.text || now - this.#seen.atMs > GONE_MS;
    this.#seen = { text, atMs: now };
    if (isAnother) this.#tell(text);
  }

  #tell(text: string): void {
    if (this.knowledge.key === null) {
      this.#setup = { ...this.#setup, problem: 'needs-key' };
      this.#drawSetup();
      return;
    }
    if (this.#told !== null) this.#history = [this.#told, ...this.#history].slice(0, HISTORY);
    // Scanners and keyboards put white space around what they read.
    this.#told = { said: this.knowledge.decide(text.trim()), atMs: Date.now() };
    this.#imageFault = false;
    this.#drawAnswer();
    this.#drawStrip();
    // Where a device can: felt without a look.
    if ('vibrate' in navigator) navigator.vibrate(TONES[this.#told.said.answer] === 'good' ? 60 : [120, 80, 120]);
    window.clearTimeout(this.#clearing);
    this.#clearing = window.setTimeout(() => {
      this.#history = [this.#told!, ...this.#history].slice(0, HISTORY);
      this.#told = null;
      this.#drawAnswer();
    }, ANSWER_MS);
  }
}
