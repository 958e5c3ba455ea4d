import type { Catalogue, Format } from '../i18n/catalogue.js';

/** The language of the page: its words, and how it writes dates and numbers. */
export interface Words {
  catalogue: Catalogue;
  format: Format;
}
