import { z } from 'zod';

/** Settings by their names in the environment: each a schema that reads the text and describes the setting. */
export type SettingShape = Readonly<Record<string, z.ZodType<unknown, string | undefined>>>;

/** `BITCOIN_RPC_URL` as the code writes it: `bitcoinRpcUrl`. */
export type SettingName<Key extends string> = Key extends `${infer Head}_${infer Rest}`
  ? `${Lowercase<Head>}${Capitalize<SettingName<Rest>>}`
  : Lowercase<Key>;

/** Settings as the code sees them. */
export type SettingsOf<Shape extends SettingShape> = {
  [Key in keyof Shape & string as SettingName<Key>]: z.output<Shape[Key]>;
};

/** The name of a setting in code. */
export const settingName = (key: string): string =>
  key.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Marks a setting whose value no message shows; last in its chain of calls. */
export const SECRET = { secret: true } as const;

/** Marks a list whose empty value means none, not the default; last in its chain of calls. */
export const MAY_BE_EMPTY = { mayBeEmpty: true } as const;

/** Whether a setting has one of these marks. */
export const isMarked = (setting: z.ZodType, mark: typeof SECRET | typeof MAY_BE_EMPTY): boolean =>
  Object.keys(mark).every((name) => setting.meta()?.[name] === true);

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

/** Items separated by commas. */
export const list = <T extends z.ZodType<string, string>>(item: T) =>
  z
    .string()
    .transform((text) => itemsOf(text))
    .pipe(z.array(item));

/** What stands between the commas of a text. */
export const itemsOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
