import { z } from 'zod';
import { parseProxyUrl, ProxySettingError } from '#outbound/proxy-settings.js';

/** A proxy's address; kept as text. */
export const proxyUrl = z.string().superRefine((text, context) => {
  try {
    parseProxyUrl(text);
  } catch (error) {
    if (!(error instanceof ProxySettingError)) throw error;
    context.addIssue(error.message);
  }
});
