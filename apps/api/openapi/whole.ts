import { z } from 'zod';

/** A parameter that is a whole number from `from` to `to`, in decimal without leading zeros; handlers get the number. */
export const whole = (description: string, example: number, to: number, from = 0) =>
  z
    .string()
    .regex(/^(0|[1-9]\d{0,15})$/, { error: 'expected a whole number', abort: true })
    .transform(Number)
    .pipe(z.int(`expected at most ${to}`).min(from, `expected at least ${from}`).max(to, `expected at most ${to}`))
    .meta({ description, examples: [example] });
