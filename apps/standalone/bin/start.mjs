// `npm start`: builds what is stale, then runs the service in this same process, so that signals reach it; package.json's `exec` leaves no shell between.
await import('../../../.ci/build.mjs');
await import('../../../dist/apps/standalone/main.js');
