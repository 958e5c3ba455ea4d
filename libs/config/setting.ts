import { z } from 'zod';
import { parseProxyUrl, ProxySettingError } from '#outbound/proxy-settings.js';

/** A whole number in decimal. */
export const integer = (from: number, to: number) => {
  const error = `expected a whole number from ${from} to ${to}`;
  return z
    .string()
    .regex(/^\d{1,10}$/, error)
    .transform(Number)
    .pipe(z.number().min(from, error).max(to, error));
};

/** An http or https URL. */
export const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an http or https URL' });

/** A proxy's address; kept as text. */
export const proxyUrl = z.string().superRefine((text, context) => {
  try {
    parseProxyUrl(text);
  } catch (error) {
    if (!(error instanceof ProxySettingError)) throw error;
    context.addIssue(error.message);
  }
});

/** Items separated by commas. */
export const list = <T extends z.ZodType<string, string>>(item: T) =>
  z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(item));

/** Name of an anchor: `bitcoin`, or `evm:main` where there are several of a kind. */
const ANCHOR_NAME = /^[a-z0-9]+(?::[a-z0-9-]+)?$/;

/** A whole number for each of some anchors, `name=number`, separated by commas. */
export const perAnchor = (digits: number, what: string, example: string) =>
  z.string().transform((text, context) => {
    const entries = text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map((part) => part.split('='));
    const isNumber = new RegExp(`^[1-9][0-9]{0,${digits - 1}}$`);
    const good = entries.every(([name = '', number = '', more]) => {
      return ANCHOR_NAME.test(name) && isNumber.test(number) && more === undefined;
    });
    if (!good || new Set(entries.map(([name]) => name)).size < entries.length) {
      context.addIssue(`expected anchors with ${what} each, such as ${example}`);
      return z.NEVER;
    }
    return new Map(entries.map(([name, number]) => [name!, BigInt(number!)]));
  });
