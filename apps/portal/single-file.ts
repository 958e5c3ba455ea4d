import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { defaultClientConditions, type Plugin, type UserConfig } from 'vite';

/** What a page may do beyond what every one of these may. */
interface Allowed {
  /** More sources of `script-src`. */
  script?: readonly string[];
  /** More directives. */
  more?: readonly string[];
}

/** What the page may do: run its own script, show a chosen image, and reach nothing. */
function policy(script: string, style: string, allowed: Allowed): string {
  return [
    "default-src 'none'",
    [`script-src '${sha256(script)}'`, ...(allowed.script ?? [])].join(' '),
    `style-src '${sha256(style)}'`,
    'img-src blob: data:',
    ...(allowed.more ?? []),
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}

/** Builds a page as one file, `dist/apps/portal/<name>.html`, beside the citizens' page and after it. `folder`: where its page and configuration are. */
export function singleFileBuild(
  folder: string | URL,
  name: string,
  allowed: Allowed,
  plugins: Plugin[] = [],
): UserConfig {
  return {
    root: fileURLToPath(new URL('.', folder)),
    base: './',
    // Subpath imports (`#proof/…`) mean TypeScript sources under this condition; without it, the Node build in `dist/`.
    resolve: { conditions: ['sealroot-source', ...defaultClientConditions] },
    plugins: [...plugins, singleFile(allowed)],
    build: {
      outDir: fileURLToPath(new URL('../../../dist/apps/portal', folder)),
      emptyOutDir: false,
      target: 'es2022',
      cssCodeSplit: false,
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: fileURLToPath(new URL(`${name}.html`, folder)),
        output: { codeSplitting: false },
      },
    },
  };
}

/** Puts script and style into the page, with a policy that names them by hash: one file that runs wherever it is opened from. */
const singleFile = (allowed: Allowed): Plugin => ({
  name: 'single-file',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      const files = Object.values(bundle);
      const page = files.find((file) => file.fileName.endsWith('.html'));
      const scripts = files.filter((file) => file.type === 'chunk');
      const styles = files.filter((file) => file.fileName.endsWith('.css'));
      if (page?.type !== 'asset' || scripts.length !== 1 || styles.length !== 1 || files.length !== 3)
        throw new Error(`Expected a page, a script and a style, got ${files.map((file) => file.fileName).join(', ')}`);
      // Inside of an element neither may end it.
      const script = scripts[0]!.code.trim().replaceAll('</script', String.raw`<\/script`);
      // Inside of an element this would begin a comment, after which its end is another one.
      if (script.includes('<!--')) throw new Error('Putting a script into a page: expected none with "<!--"');
      const style = textOf(styles[0]!).trim();
      const html = textOf(page)
        .replace(/<script [^>]*><\/script>\s*/, '')
        .replace(/<link [^>]*stylesheet[^>]*>\s*/, '')
        .replace(
          /<meta charset="utf-8" ?\/?>/,
          (charset) =>
            `${charset}\n    <meta http-equiv="Content-Security-Policy" content="${policy(script, style, allowed)}" />`,
        )
        .replace('</head>', () => `  <style>${style}</style>\n  </head>`)
        .replace('</body>', () => `  <script type="module">${script}</script>\n  </body>`);
      for (const file of [...scripts, ...styles]) delete bundle[file.fileName];
      page.source = html;
    },
  },
});

function textOf(file: { type: string; source?: string | Uint8Array }): string {
  const source = file.source ?? '';
  return typeof source === 'string' ? source : new TextDecoder().decode(source);
}

function sha256(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
