import { DocumentCheck } from './document-check.js';
import { listenForDrops } from './dropped-files.js';
import { button, element } from './element.js';
import { takeFiles, type GivenDigest, type GivenFiles, type Refusal } from './given-files.js';
import type { Language } from '#words/language.js';
import type { SpokenLanguage } from '#words/spoken.js';
import { checkMany, type ManyItem, nameOf } from './many-check.js';
import { ManyView } from './views/many-view.js';
import { isPaperCode, readPasted } from './pasted.js';
import { readCode } from './read-code.js';
import { rememberChoice } from './language-choice.js';
import { isWorking, type Stage } from './stage.js';
import { announcement, stageView } from './stage-view.js';
import { askedAt, dropArea, fileList, type Role } from './views/intake-view.js';
import { paperText } from './views/paper-text.js';
import type { PageSurroundings, PrintedCode } from './surroundings.js';
import { introduction, masthead } from './views/masthead.js';
import { updateProgress } from './views/progress-view.js';
import { unlessEnded } from './unless-ended.js';
import { type Words, wordsOf } from './views/words.js';

/** Shortest time between two spoken progress messages, in milliseconds: a screen reader must be able to finish one. */
const SPOKEN_PROGRESS_MS = 5_000;

/** The page: keeps what was given and where the check stands, and draws both in the chosen language. */
export class Page {
  #given: GivenFiles = {};
  #stage: Stage = { name: 'idle' };
  #refusal: Refusal | undefined;
  /** Where the answer is about a code that was found in a document. */
  #code: PrintedCode | undefined;
  #running: AbortController | undefined;
  /** Documents in a table, while there are many; `opened` when one of them is looked at. */
  #many: ManyItem[] | undefined;
  #manyView: ManyView | undefined;
  #manyRunning: AbortController | undefined;
  #opened = false;
  /** Whether the check of the given files has shown an answer, which may still change by itself. */
  #answered = false;
  #spoken = '';
  #spokenAt = 0;
  readonly #live = element('div', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' });
  readonly #intake = element('div', { class: 'intake' });
  readonly #result = element('section', { class: 'result', 'aria-live': 'off' });

  constructor(
    private readonly root: HTMLElement,
    private language: Language,
    private readonly surroundings: PageSurroundings,
  ) {
    const { giving } = surroundings;
    if (giving) giving.onChange = () => this.#startAgain();
    listenForDrops((files) => void this.#take(files));
  }

  /** Draws the whole page; also after the language changed. */
  draw(): void {
    const { page: words, tag } = this.language;
    const { page, result } = words;
    const { footer, giving, languages } = this.surroundings;
    giving?.draw(this.language);
    document.documentElement.lang = tag;
    document.title = page.title;
    this.#result.setAttribute('aria-label', result.region);
    const skip = element('a', { class: 'skip', href: '#check' }, page.skip);
    this.root.replaceChildren(
      skip,
      masthead(this.language, languages, (chosen) => void this.#changeLanguage(chosen)),
      element(
        'main',
        { id: 'check', tabindex: -1 },
        introduction(this.language),
        this.#intake,
        this.#result,
        giving?.view,
        this.#live,
      ),
      footer(this.#words),
    );
    this.#drawIntake();
    this.#drawResult();
  }

  get #words(): Words {
    return wordsOf(this.language, this.surroundings.place);
  }

  async #changeLanguage(chosen: SpokenLanguage): Promise<void> {
    let language: Language;
    try {
      language = await chosen.load();
    } catch (error) {
      console.info('the words of a language could not be fetched:', error);
      this.#speak(this.language.page.unreachable.title);
      return;
    }
    rememberChoice(chosen.tag);
    this.language = language;
    this.draw();
    document.querySelector<HTMLElement>(`[data-language="${chosen.tag}"]`)?.focus();
  }

  async #take(files: File[]): Promise<void> {
    const taken = await takeFiles(this.#given, files);
    if (typeof taken === 'string') return this.#refuse(taken);
    if ('many' in taken) return this.#startMany(taken.many);
    this.#begin(taken);
  }

  /** Takes what came as a text: a digest, or a file of it. */
  takeText(given: GivenDigest | File | undefined): void {
    if (given instanceof File) void this.#take([given]);
    if (given === undefined || given instanceof File) return;
    this.#begin({ digest: given });
  }

  /** Takes what a code on paper says, from its text or a picture of it. */
  async #takeCode(code: string | File): Promise<void> {
    const given = await readCode(code);
    if (typeof given === 'string') return this.#refuse(given);
    if (given instanceof File || !('digest' in given)) return this.takeText(given);
    this.#begin(given);
  }

  #begin(given: GivenFiles): void {
    this.#given = given;
    this.#endMany();
    this.#start();
  }

  #refuse(refusal: Refusal): void {
    this.#refusal = refusal;
    this.#drawIntake();
    this.#speak(this.#refusalText() ?? '');
  }

  #remove(role: Role): void {
    this.#given = { ...this.#given, [role]: undefined };
    this.#start();
    document.getElementById('files')?.focus();
  }

  /** Starts a check of what is given now, and ends the one before, whose answer stays until there is another where that is to be so. */
  #start(keepAnswer = false): void {
    this.#running?.abort();
    this.#refusal = undefined;
    this.#code = undefined;
    this.#answered = keepAnswer;
    this.#spoken = '';
    const running = new AbortController();
    this.#running = running;
    const { digest, document: file, proof, ots } = this.#given;
    if (!keepAnswer) this.#stage = { name: 'idle' };
    this.#drawIntake();
    this.#drawResult();
    if (!file && !proof && !ots && !digest) return;
    const check = new DocumentCheck(
      this.#given,
      {
        ...this.surroundings,
        onStage: (stage) => running.signal.aborted || this.#enter(stage),
        onCode: (code) => (this.#code = code),
      },
      running.signal,
    );
    check.run().catch(unlessEnded(running));
  }

  /** There is something else to go by: what was checked is checked anew. */
  #startAgain(): void {
    if (this.#many !== undefined && !this.#opened) this.#startMany(this.#many.map(({ files }) => files));
    else this.#start(this.#answered);
  }

  /** Checks many documents, and shows them in a table. */
  #startMany(many: readonly GivenFiles[]): void {
    this.#running?.abort();
    this.#endMany();
    const running = new AbortController();
    this.#manyRunning = running;
    this.#refusal = undefined;
    this.#given = {};
    this.#stage = { name: 'idle' };
    this.#many = many.map((files) => ({ files, name: nameOf(files) }));
    this.#showMany();
    // To look into every page of a thousand files takes hours: whoever opens one has its pages searched.
    const asked = { ...this.surroundings, searchPdf: undefined };
    checkMany(this.#many, asked, (index) => this.#manyView?.update(index), running.signal).catch(unlessEnded(running));
  }

  #endMany(): void {
    this.#manyRunning?.abort();
    this.#many = undefined;
  }

  #showMany(): void {
    this.#opened = false;
    this.#clear();
    document.getElementById('result-title')?.focus();
  }

  /** One document of the table, as if it had been given alone; the table stays for the way back. */
  #open(item: ManyItem): void {
    this.#given = item.files;
    this.#opened = true;
    this.#start();
  }

  #cancel(): void {
    this.#endMany();
    this.#clear();
    document.getElementById('files')?.focus();
  }

  #clear(): void {
    this.#running?.abort();
    this.#given = {};
    this.#stage = { name: 'idle' };
    this.#drawIntake();
    this.#drawResult();
  }

  #enter(stage: Stage): void {
    // Once there is an answer, work behind it goes on unseen: the answer stays until there is a better one.
    if (isWorking(stage) && this.#answered) return;
    const before = this.#stage;
    this.#stage = stage;
    if (isWorking(stage)) {
      if (before.name === stage.name) updateProgress(this.#words, this.#result, stage);
      else this.#drawResult();
      if (!isWorking(before)) this.#drawIntake();
      this.#speak(announcement(this.#words, stage));
      return;
    }
    this.#drawResult();
    this.#drawIntake();
    // An answer that changed by itself is spoken; one that the reader asked for is focused, which speaks it.
    if (this.#answered) this.#speak(announcement(this.#words, stage));
    else document.getElementById('result-title')?.focus();
    this.#answered = stage.name !== 'choosing';
  }

  #speak(text: string): void {
    const now = this.surroundings.now().getTime();
    if (text === this.#spoken && now - this.#spokenAt < SPOKEN_PROGRESS_MS) return;
    this.#spoken = text;
    this.#spokenAt = now;
    this.#live.textContent = text;
  }

  #refusalText(): string | undefined {
    return this.#refusal && this.language.page.intake.refusals[this.#refusal];
  }

  #drawIntake(): void {
    const words = this.#words;
    const hadFocus = this.#intake.contains(document.activeElement);
    const files = fileList(words, this.#given, (role) => this.#remove(role));
    this.#intake.replaceChildren(
      dropArea(
        words,
        this.#many === undefined ? askedAt(this.#stage, this.#given) : 'next',
        this.#refusalText(),
        (chosen) => void this.#take(chosen),
        (text) => (isPaperCode(text) ? void this.#takeCode(text) : this.takeText(readPasted(text))),
        (code) => void this.#takeCode(code),
      ),
      ...(files ? [files] : []),
    );
    if (hadFocus) document.getElementById('files')?.focus();
  }

  #drawResult(): void {
    const actions = {
      onCancel: () => this.#cancel(),
      onAgain: () => this.#start(),
      onWithoutProof: () => {
        this.#given = { document: this.#given.document };
        this.#start();
      },
    };
    this.#manyView = undefined;
    if (this.#many !== undefined && !this.#opened) {
      const onOpen = (item: ManyItem) => this.#open(item);
      this.#manyView = new ManyView(this.#words, this.#many, { onOpen, onCancel: actions.onCancel });
      this.#result.replaceChildren(this.#manyView.root);
      return;
    }
    const view = stageView(this.#words, this.#stage, this.#given.document !== undefined, actions);
    const hadFocus = this.#result.contains(document.activeElement);
    const back =
      this.#many && button({ class: 'button quiet back' }, () => this.#showMany(), this.language.page.many.back);
    const paper = view && paperText(this.#words, this.#code ?? this.#given);
    this.#result.replaceChildren(...[back, paper, view].filter((each) => each !== undefined));
    if (hadFocus) (document.getElementById('result-title') ?? document.getElementById('files'))?.focus();
  }
}
