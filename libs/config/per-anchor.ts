import { z } from 'zod';
import { itemsOf } from '#setting/setting.js';

/** Name of an anchor: its kind's, or `<kind>:<name>` where there are several of a kind. */
const ANCHOR_NAME = /^[a-z0-9]+(?::[a-z0-9-]+)?$/;

/** A whole number for each of some anchors, `name=number`, separated by commas. */
export const perAnchor = (digits: number, what: string, example: string) =>
  z.string().transform((text, context) => {
    const entries = itemsOf(text).map((part) => part.split('='));
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
