import type { LogSource } from '#audit/log-source.js';
import { formatTilePath } from '#tlog/tile-path.js';
import { CliError } from '../cli-error.js';
import { problemIn } from '#sdk/answer.js';
import { describeProblem } from '#sdk/problem.js';
import type { ServiceClient } from '../service-client.js';

/**
 * The public log of a service. Whatever is no answer of the expected kind is CliError `unavailable`: a page of an error or of a sign-in says nothing
 * about the log.
 */
export function serviceSource(client: ServiceClient): LogSource {
  const bytes = async (path: string, mediaType = 'application/octet-stream') => {
    const answer = await client.send(path, { accept: mediaType });
    const problem = problemIn(answer);
    const got = answer.headers.get('content-type') ?? 'no media type';
    if (answer.status === 200 && got.startsWith(mediaType)) return answer.bytes;
    const said = problem === undefined ? `${answer.status} with ${got}` : describeProblem(problem);
    throw new CliError('unavailable', `GET ${client.url}${path}: expected ${mediaType}, got ${said}`);
  };
  return {
    checkpoint: async () => new TextDecoder().decode(await bytes('/v1/log/checkpoint', 'text/plain')),
    tile: (level, index, width) => bytes(`/v1/log/${formatTilePath(level, index, width)}`),
    bundle: (index, width) => bytes(`/v1/log/${formatTilePath('entries', index, width)}`),
    page: (index) => bytes(`/v1/log/entries/${index}`),
  };
}
