import { availableParallelism } from 'node:os';
import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

/** Subpath imports (`#merkle/…`) resolve to TypeScript sources under this condition, to `dist/` without it. */
const conditions = ['sealroot-source', ...defaultServerConditions];

/** Files that one process runs after each other share what they have loaded: loading a service anew takes five seconds of a core. What a file changes for its
 * whole process it puts back; one that replaces a module loads everything anew (`vi.resetModules`). */
const isolate = false;

const resolution = { resolve: { conditions }, ssr: { resolve: { conditions } } };

export default defineConfig({
  test: {
    // Of the whole run: projects that extended this configuration would each start a server of their own.
    globalSetup: ['libs/database/testing-server.ts'],
    // End-to-end tests wait for servers half of their time: more files at a time than there are cores.
    maxWorkers: availableParallelism() + 2,
    projects: [
      {
        ...resolution,
        test: { name: 'unit', isolate, include: ['libs/**/*.spec.ts', 'apps/**/*.spec.ts'], testTimeout: 120_000 },
      },
      {
        ...resolution,
        test: {
          name: 'e2e',
          isolate,
          include: ['apps/*/test/**/*.e2e-spec.ts', 'libs/**/*.e2e-spec.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          // Longest wait for what must come; how fast it comes is the bench's to say.
          expect: { poll: { timeout: 90_000, interval: 50 } },
        },
      },
    ],
  },
});
