// Compiles the contract with the compiler that package.json pins. `node compile.mjs` prints the result, `--write` puts it into
// checkpoint-anchor.json, `--check` compares it with that file and ends with 1 when they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const SOURCE = 'checkpoint-anchor.sol';
const CONTRACT = 'CheckpointAnchor';

/** Everything that the bytecode depends on. Without metadata its bytes come from the code alone, not from comments or file names; the
 * instructions are those of 2022, which consortium chains know as well. */
const settings = {
  evmVersion: 'paris',
  optimizer: { enabled: true, runs: 200 },
  metadata: { appendCBOR: false, bytecodeHash: 'none' },
};

const solc = createRequire(import.meta.url)('solc');
const content = readFileSync(new URL(SOURCE, import.meta.url), 'utf8');
const output = JSON.parse(
  solc.compile(
    JSON.stringify({
      language: 'Solidity',
      sources: { [SOURCE]: { content } },
      settings: { ...settings, outputSelection: { [SOURCE]: { [CONTRACT]: ['abi', 'evm'] } } },
    }),
  ),
);
if (output.errors?.length > 0) throw new Error(output.errors.map((error) => error.formattedMessage).join('\n'));

const { abi, evm } = output.contracts[SOURCE][CONTRACT];
const result = `${JSON.stringify(
  {
    contract: CONTRACT,
    compiler: solc.version(),
    settings,
    abi,
    selectors: evm.methodIdentifiers,
    bytecode: `0x${evm.bytecode.object}`,
    deployedBytecode: `0x${evm.deployedBytecode.object}`,
  },
  null,
  2,
)}\n`;

const file = new URL('checkpoint-anchor.json', import.meta.url);
if (process.argv.includes('--write')) writeFileSync(file, result);
else if (!process.argv.includes('--check')) process.stdout.write(result);
else if (JSON.stringify(JSON.parse(readFileSync(file, 'utf8'))) !== JSON.stringify(JSON.parse(result))) {
  process.stderr.write(`Compiling ${SOURCE}: expected what checkpoint-anchor.json holds, got\n${result}`);
  process.exitCode = 1;
}
