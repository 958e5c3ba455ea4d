import { getServers, promises as dns } from 'node:dns';

/** What one resolver says about a TXT record: whether it shows the text that is looked for, none such, or gives no answer that means anything. */
export interface ResolverAnswer {
  /** Address and port. */
  resolver: string;
  says: 'seen' | 'absent' | 'unanswered';
  /** Why there is no answer, by the resolver library's code, such as `ETIMEOUT`. */
  code?: string;
}

/** What the resolvers say together: all of them the one or the other, some this and some that, or not all of them anything. */
export type TxtOutcome = 'seen' | 'absent' | 'disputed' | 'unanswered';

/** Time for one try, tries, and time in all for one resolver, in milliseconds. */
const TRY_MS = 3000;
const TRIES = 2;
const LIMIT_MS = 10_000;

/** Texts of one answer that are looked at: nobody needs more, and an answer may be made to be long. */
const MAX_TEXTS = 500;

/** Answers that mean that there is no such record. */
const NONE: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA']);

/**
 * Asks each of `servers` (addresses with or without a port; those of the system when there are none) by itself whether the name has a TXT record of exactly this
 * text, however it is cut into strings. Never throws.
 */
export async function lookUpTxt(name: string, text: string, servers: readonly string[]): Promise<ResolverAnswer[]> {
  const asked = servers.length === 0 ? getServers() : servers;
  return Promise.all(asked.map((resolver) => ask(resolver, name, text)));
}

/** What answers come to. Without any there is none. */
export function txtOutcome(answers: readonly ResolverAnswer[]): TxtOutcome {
  const said = new Set(answers.map(({ says }) => says));
  if (said.has('seen') && said.has('absent')) return 'disputed';
  if (said.size === 0 || said.has('unanswered')) return 'unanswered';
  return said.has('seen') ? 'seen' : 'absent';
}

async function ask(server: string, name: string, text: string): Promise<ResolverAnswer> {
  const resolver = new dns.Resolver({ timeout: TRY_MS, tries: TRIES });
  // Some errors of a connection would be tried for longer.
  const limit = setTimeout(() => resolver.cancel(), LIMIT_MS);
  try {
    resolver.setServers([server]);
    const records = await resolver.resolveTxt(name);
    const isSeen = records.slice(0, MAX_TEXTS).some((strings) => strings.join('') === text);
    return { resolver: server, says: isSeen ? 'seen' : 'absent' };
  } catch (error) {
    const { code = 'UNKNOWN' } = error as NodeJS.ErrnoException;
    return NONE.has(code) ? { resolver: server, says: 'absent' } : { resolver: server, says: 'unanswered', code };
  } finally {
    clearTimeout(limit);
  }
}
