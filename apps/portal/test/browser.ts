import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { projectRoot } from '#database/project-root.js';

export const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Whether Chromium is installed. Says aloud how to install it when it is not; with CI set, that is an error. */
export function hasChromium(): boolean {
  if (existsSync(CHROMIUM)) return true;
  const advice = `Chromium is missing at ${CHROMIUM}, the page is not tested in a browser: apt-get install chromium (or set CHROMIUM)`;
  if (process.env['CI']) throw new Error(advice);
  console.warn(advice);
  return false;
}

/** A headless browser; each context of it has a fresh profile. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
}

/** What the page did that it must not do: asked other hosts, violated its policy, or met an unexpected error. */
export function watchForFaults(context: BrowserContext, origin: () => string): string[] {
  const faults: string[] = [];
  context.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin()) && !url.startsWith('blob:')) faults.push(`asked ${url}`);
  });
  context.on('weberror', (error) => faults.push(`error ${error.error().message}`));
  context.on('console', (message) => {
    // The browser itself logs each refused request as an error; those are part of the tests.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.push(message.text());
  });
  return faults;
}

/** Folder of the built page. @throws Error when it is not built */
export function builtPage(): string {
  const folder = join(projectRoot(), 'dist', 'apps', 'portal');
  if (!existsSync(join(folder, 'index.html')))
    throw new Error(`testing the page: expected it in ${folder}; "npm run build" makes it`);
  return folder;
}
