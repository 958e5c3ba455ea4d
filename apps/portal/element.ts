/** What an element may be given: attributes by name; `true` sets an empty attribute, `undefined` and `false` leave it out. */
export type Attributes = Record<string, string | number | boolean | undefined>;

/** A child: a node, text (always set as text, never parsed), or nothing. */
export type Child = Node | string | undefined;

/** Makes an HTML element. Text children become text nodes, so untrusted words from a proof can never become markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  setAttributes(made, attributes);
  append(made, children);
  return made;
}

/** Makes an SVG element; same rules as {@link element}. */
export function svgElement<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  setAttributes(made, attributes);
  append(made, children);
  return made;
}

/** A button that does not submit a form. */
export function button(attributes: Attributes, onPress: () => void, ...children: Child[]): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, ...children);
  made.addEventListener('click', onPress);
  return made;
}

function setAttributes(target: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    target.setAttribute(name, value === true ? '' : String(value));
  }
}

function append(target: Element, children: Child[]): void {
  for (const child of children) if (child !== undefined) target.append(child);
}
