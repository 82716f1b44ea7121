/**
 * Renders a value as an XML element. Objects become child elements in order, arrays become `member` elements as in the
 * Query protocol, and undefined values are omitted.
 */
export function xmlElement(name: string, value: unknown, attributes = ''): string {
  return value === undefined || value === null ? '' : `<${name}${attributes}>${content(value)}</${name}>`;
}

/** A list without a wrapper element, as in S3. */
export class Flattened {
  constructor(readonly elements: readonly unknown[]) {}
}

function content(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((element) => xmlElement('member', element)).join('');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, nested]) =>
        nested instanceof Flattened
          ? nested.elements.map((element) => xmlElement(name, element)).join('')
          : xmlElement(name, nested),
      )
      .join('');
  }
  return escaped(String(value));
}

/** Escapes text, and replaces the characters that XML does not allow. */
function escaped(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"'\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
