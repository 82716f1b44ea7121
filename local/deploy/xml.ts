/**
 * An XML element of a value: objects become children in order, arrays repeat a `member` (the Query protocol's lists),
 * `undefined` is left out.
 */
export function xmlElement(name: string, value: unknown, attributes = ''): string {
  return value === undefined || value === null ? '' : `<${name}${attributes}>${content(value)}</${name}>`;
}

/** An array that repeats its element's own name without a wrapper, as S3's lists do. */
export class Flattened {
  constructor(readonly elements: readonly unknown[]) {}
}

function content(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((element) => xmlElement('member', element)).join('');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).map(([name, nested]) => (nested instanceof Flattened ? nested.elements.map((element) => xmlElement(name, element)).join('') : xmlElement(name, nested))).join('');
  }
  return escaped(String(value));
}

/** What XML cannot hold at all, even escaped, is replaced. */
function escaped(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"'\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
