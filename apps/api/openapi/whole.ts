import { z } from 'zod';

/** A parameter that is a whole number from 0 to `to`, in decimal without leading zeros. */
export const whole = (description: string, example: string, to: number) =>
  z
    .string()
    .regex(/^(0|[1-9]\d{0,15})$/, { error: 'expected a whole number', abort: true })
    .refine((digits) => Number(digits) <= to, `expected at most ${to}`)
    .meta({ description, examples: [example] });
