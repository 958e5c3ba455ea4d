// `npm start`: builds what is stale, then runs the service in this same process, so that signals reach it.
await import('../../../.ci/build.mjs');
await import('../../../dist/apps/standalone/main.js');
