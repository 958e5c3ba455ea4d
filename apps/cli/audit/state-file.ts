import { type AuditState, emptyAudit } from '#audit/audit.js';
import { AuditError } from '#audit/error.js';
import { formatState, parseState } from '#audit/kept-state.js';
import { CliError } from '../cli-error.js';
import { findInput } from '../input-file.js';
import { nativeSha256 } from '../native-sha256.js';
import { writeWholeFile } from '../output-file.js';

/** What is kept beside the state of the audit itself. */
export interface StateNotes {
  /** Verifier key that signed the heads that were seen: another one is noticed. */
  key: string;
  /** Ordinals of watched records by their ids, as far as they were found in the log. */
  places: Record<string, number>;
}

/** The state of an audit in a file: replaced as a whole, so that a run that is killed leaves what the last one wrote, and the next goes on from there. */
export class StateFile {
  private constructor(
    readonly path: string,
    readonly state: AuditState,
    /** Null in a new file. */
    public notes: StateNotes | null,
  ) {}

  /**
   * Reads the file, or begins a new state when there is none. `keepEvents`: whether the state must hold every event.
   *
   * @throws CliError `no-input` when it cannot be read, `bad-data` when it is no such state
   */
  static async open(path: string, keepEvents: boolean): Promise<StateFile> {
    const bytes = await findInput(path);
    if (bytes === undefined) return new StateFile(path, emptyAudit(nativeSha256, keepEvents), null);
    try {
      const { notes, state } = parseState(bytes, nativeSha256);
      if ((state.replay.events !== null) === keepEvents) return new StateFile(path, state, notes as StateNotes);
    } catch (error) {
      if (!(error instanceof AuditError)) throw error;
      throw new CliError('bad-data', `Reading ${path}: ${error.message}`, { cause: error });
    }
    const [wanted, got] = keepEvents ? ['watch', 'audit'] : ['audit', 'watch'];
    throw new CliError(
      'bad-data',
      `Reading ${path}: expected a state of sealroot ${wanted}, got one of sealroot ${got}`,
    );
  }

  /** Writes the state as it is now. @throws CliError `cannot-create` */
  async save(): Promise<void> {
    await writeWholeFile(this.path, formatState(this.state, this.notes, nativeSha256), { replace: true });
  }
}
