const MAXIMUM_DEPTH = 32;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Parses JSON in UTF-8. Returns undefined for invalid JSON, and for deep nesting that could exhaust the stack. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes));
    return isShallow(value, MAXIMUM_DEPTH) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((member) => isShallow(member, depth - 1));
}
