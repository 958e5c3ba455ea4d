import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.js';

interface Route {
  method: string;
  url: string;
  pattern: RegExp;
}

/** Which methods the registered routes take, so that a wrong method is told apart from an unknown address. */
export class RouteTable {
  readonly #routes: Route[] = [];

  /** Adds a route as Fastify names it: `:name` stands for one segment, `*` for any rest. */
  add(method: string | string[], url: string): void {
    const source = url
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replace(/:[A-Za-z0-9_]+/g, '[^/]+')
      .replace('*', '.*');
    for (const name of [method].flat()) this.#routes.push({ method: name, url, pattern: new RegExp(`^${source}$`) });
  }

  /** All routes, as they were added. */
  entries(): { method: string; url: string }[] {
    return this.#routes.map(({ method, url }) => ({ method, url }));
  }

  /** Why nothing is served at the address of `request`: the method, or the address itself. */
  unknown({ method, url }: Pick<FastifyRequest, 'method' | 'url'>): Problem {
    const path = url.split('?', 1)[0]!;
    const methods = this.methods(path);
    if (methods.length === 0 || methods.includes(method))
      return new Problem('not-found', `Nothing is served at ${method} ${path}.`);
    const allow = methods.join(', ');
    return new Problem('method-not-allowed', `Expected ${allow}, got ${method}.`, { headers: { allow } });
  }

  /** Methods taken at `path` (no query), sorted; empty when the address is unknown. */
  methods(path: string): string[] {
    return [...new Set(this.#routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))].sort();
  }
}
