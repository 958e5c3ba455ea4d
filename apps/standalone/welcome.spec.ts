import { expect, it } from 'vitest';
import { welcomeText } from './welcome.js';

const start = { url: 'http://127.0.0.1:3001', origin: 'a.example/log', demo: null, dataDir: '/var/lib/sealroot' };

it('a start names the key of the demo agency where there is one', () => {
  const text = welcomeText({ ...start, isTrial: true });
  expect(text).toContain(
    'submit README.md --wait --key-file /var/lib/sealroot/demo-api-key --url http://127.0.0.1:3001',
  );
});

it('a start on a database of its own names how to make an agency and a key, and no file that is not there', () => {
  const text = welcomeText({ ...start, isTrial: false });
  expect(text).not.toContain('demo-api-key');
  expect(text).toContain('agency create registry.example.gov --name "Land registry" --url http://127.0.0.1:3001');
  expect(text).toContain('key create registry.example.gov');
});
