import { expect, it } from 'vitest';
import { html } from './html.js';

it('takes whatever is put into a template for text, also in attributes', () => {
  const hostile = `"><script>alert('1')</script>&amp;`;
  const escaped = '&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;';
  expect(html`<a title="${hostile}">${hostile}</a>`.text).toBe(`<a title="${escaped}">${escaped}</a>`);
});

it('puts markup, lists and nothing together', () => {
  expect(html`<p>${[html`<b>${1}</b>`, undefined, '<', [html`<i></i>`]]}</p>`.text).toBe('<p><b>1</b>&lt;<i></i></p>');
});
