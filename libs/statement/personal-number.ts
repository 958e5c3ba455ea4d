import { isTime } from './time.js';

/** Numbers that name a person or lead to one, and have no place in what is kept for ever and shown with every proof. */
export type PersonalNumber = 'identity-card' | 'bank-card' | 'phone';

/** What was found in a text, and where. */
export interface FoundNumber {
  kind: PersonalNumber;
  /** Where it begins, in characters from 1, and where it ends. */
  from: number;
  to: number;
}

/** What every one of them has at least: most texts have less, and need no closer look. */
const EIGHT_DIGITS = /[0-9](?:[ .()-]{0,2}[0-9]){7}/;

/** 18 characters of GB 11643, in one piece or as 6, 8 and 4; letters may stand before them, as in "ID…". */
const IDENTITY_CARD = /(?<![0-9])[1-9][0-9]{5}[ -]?(?:19|20)[0-9]{6}[ -]?[0-9]{3}[0-9Xx](?![0-9A-Za-z])/g;

/** 14 to 19 digits, in one piece or as fours (American Express: 4, 6 and 5). */
const BANK_CARD =
  /(?<![0-9A-Za-z])(?<![0-9][ -])(?:[0-9]{14,19}|[0-9]{4}(?:[ -][0-9]{4}){3}(?:[ -]?[0-9]{1,3})?|[0-9]{4}[ -][0-9]{6}[ -][0-9]{5})(?![0-9A-Za-z]|[ -][0-9])/g;

/** A number of the international plan as it is written for people: a plus sign, then digits with separators. */
const INTERNATIONAL_PHONE = /(?<![0-9A-Za-z+])\+[1-9](?:[ .()-]{0,2}[0-9]){7,14}(?![0-9A-Za-z])/g;

/** A Chinese mobile number, also with the country's code before it. */
const CHINESE_MOBILE =
  /(?<![0-9A-Za-z.])(?<![0-9][ -])(?:(?:00)?86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9A-Za-z]|\.[0-9]|[ -][0-9])/g;

/** Codes of provinces with which an identity card number may begin (GB/T 2260); 83 and 91 to 93 are of residence permits. */
const PROVINCES = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91 92 93'.split(
    ' ',
  ),
);

/** Ranges of issuers by their first four digits, and how long their numbers are. */
const ISSUERS: readonly { from: number; to: number; lengths: readonly number[] }[] = [
  { from: 6200, to: 6299, lengths: [16, 17, 18, 19] }, // UnionPay
  { from: 4000, to: 4999, lengths: [16] }, // Visa
  { from: 5100, to: 5599, lengths: [16] }, // Mastercard
  { from: 2221, to: 2720, lengths: [16] },
  { from: 3400, to: 3499, lengths: [15] }, // American Express
  { from: 3700, to: 3799, lengths: [15] },
  { from: 3528, to: 3589, lengths: [16] }, // JCB
  { from: 3000, to: 3059, lengths: [14] }, // Diners Club
  { from: 3600, to: 3699, lengths: [14] },
  { from: 3800, to: 3999, lengths: [14] },
  { from: 6011, to: 6011, lengths: [16] }, // Discover
  { from: 6440, to: 6599, lengths: [16] },
];

/** Country codes that are in use (ITU-T E.164, list of assigned codes). */
const COUNTRY_CODES =
  /^(?:1|7|2(?:0|7|1[1-368]|[2-6][0-9]|9[0179])|3(?:[0-469]|5[0-9]|7[0-8]|8[0-35-79])|4(?:[013-9]|2[013])|5(?:[1-8]|0[0-9]|9[0-9])|6(?:[0-6]|7[02-9]|8[0-35-9]|9[0-2])|8(?:[1246]|0[08]|5[02356]|7[08]|8[0-38])|9(?:[0-58]|6[0-8]|7[0-79]|9[2-68]))/;

/** Chinese mobile prefixes that are in use. */
const MOBILE_PREFIX = /^1(?:3[0-9]|4[5-9]|5[0-35-9]|6[2567]|7[0-8]|8[0-9]|9[0-35-9])/;

/**
 * The first number in a text that looks like one of a resident identity card (GB 11643: region, birth date, check character of ISO 7064 MOD 11-2),
 * a bank card (an issuer's range, its length, the Luhn digit) or a phone (E.164 with a plus sign, or a Chinese mobile number); null when there is
 * none. Digits that are alike by chance pass but for one in some 10^5, some 100 and some 20 of their length; cards and phones with a letter right
 * before or after them pass always. Numbers of identity cards of before 1999 have no check digit and are not looked for.
 */
export function findPersonalNumber(text: string): FoundNumber | null {
  // Full-width digits are digits too.
  const plain = text.normalize('NFKC');
  if (!EIGHT_DIGITS.test(plain)) return null;
  return (
    find(plain, IDENTITY_CARD, 'identity-card', isIdentityCard) ??
    find(plain, BANK_CARD, 'bank-card', isBankCard) ??
    find(plain, INTERNATIONAL_PHONE, 'phone', (digits) => COUNTRY_CODES.test(digits)) ??
    find(plain, CHINESE_MOBILE, 'phone', (digits) => MOBILE_PREFIX.test(digits.slice(-11)))
  );
}

const NAMES: Readonly<Record<PersonalNumber, string>> = {
  'identity-card': "a resident identity card (GB 11643: region, birth date and check character are a card's)",
  'bank-card': "a bank card (an issuer's range, and the check digit holds)",
  phone: 'a phone',
};

/** What is wrong with a text that holds such a number, and what to do instead, as a sentence that does not repeat it; null when it holds none. */
export function personalNumberProblem(text: string): string | null {
  const found = findPersonalNumber(text);
  if (found === null) return null;
  const instead =
    found.kind === 'identity-card'
      ? 'put a number of your own there that only your register links to the person'
      : 'put a number of your own there; one that only looks like this passes with a letter right before it';
  return (
    `expected no personal data, got what looks like the number of ${NAMES[found.kind]} at characters ${found.from} to ${found.to}: ` +
    `what is recorded is kept for ever and shown with each proof; ${instead}`
  );
}

function find(
  text: string,
  pattern: RegExp,
  kind: PersonalNumber,
  holds: (digits: string) => boolean,
): FoundNumber | null {
  for (const match of text.matchAll(pattern)) {
    if (holds(match[0].replace(/[^0-9Xx]/g, '')))
      return { kind, from: match.index + 1, to: match.index + match[0].length };
  }
  return null;
}

function isIdentityCard(number: string): boolean {
  if (!PROVINCES.has(number.slice(0, 2))) return false;
  const [, year, month, day] = /^.{6}(.{4})(.{2})(.{2})/.exec(number)!;
  if (!isTime(`${year}-${month}-${day}T00:00:00.000Z`)) return false;
  // ISO 7064 MOD 11-2: the sum of digits, each times 2^(places to its right), is 1 modulo 11.
  let sum = 0;
  for (const character of number) sum = (sum * 2 + (/[Xx]/.test(character) ? 10 : Number(character))) % 11;
  return sum === 1;
}

function isBankCard(number: string): boolean {
  const first = Number(number.slice(0, 4));
  if (!ISSUERS.some(({ from, to, lengths }) => first >= from && first <= to && lengths.includes(number.length)))
    return false;
  let sum = 0;
  for (let i = 0; i < number.length; i++) {
    const digit = Number(number[number.length - 1 - i]);
    const doubled = digit * 2;
    sum += i % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
