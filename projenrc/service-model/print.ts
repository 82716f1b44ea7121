/** The maximum length of a line. */
export const WIDTH = 120;

/** TypeScript code, for example the name of a constant. Everything else is printed as a literal. */
export class Code {
  constructor(readonly text: string) {}
}

const key = (name: string) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name));
const quoted = (text: string) => `'${JSON.stringify(text).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'")}'`;

/**
 * Prints a value as a TypeScript literal in the style of the project, without members that are undefined. An object or
 * an array is printed on one line if it fits.
 *
 * @param indent The number of spaces before the line that the literal ends on.
 * @param before The number of characters before the literal on its line.
 * @param after The number of characters after the literal on its line.
 */
export function literal(value: unknown, indent = 0, before = indent, after = 1): string {
  const flat = onOneLine(value);
  if (before + flat.length + after <= WIDTH && !isLong(value)) return flat;
  if (isObject(value)) return onLines(value, indent);
  if (!Array.isArray(value)) return flat;
  return `[\n${wrapped(value.map(onOneLine), ' '.repeat(indent + 2))}\n${' '.repeat(indent)}]`;
}

/** Prints an object with one line for each member. */
function onLines(value: object, indent = 0): string {
  const members = entries(value).map(([name, of]) => {
    const start = `${' '.repeat(indent + 2)}${key(name)}: `;
    return `${start}${literal(of, indent + 2, start.length)},\n`;
  });
  return `{\n${members.join('')}${' '.repeat(indent)}}`;
}

const entries = (value: object) => Object.entries(value).filter(([, of]) => of !== undefined);

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
  && !Array.isArray(value) && !(value instanceof Code) && !(value instanceof RegExp);

/** Returns whether an object is easier to read with one line for each member. */
const isLong = (value: unknown) => isObject(value) && entries(value).length > 4;

function onOneLine(value: unknown): string {
  if (value instanceof Code) return value.text;
  if (value instanceof RegExp) return String(value);
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`;
  if (isObject(value)) {
    const members = entries(value).map(([name, of]) => `${key(name)}: ${onOneLine(of)}`);
    return members.length > 0 ? `{ ${members.join(', ')} }` : '{}';
  }
  return String(value);
}

/** Prints a call that bundlers can remove if its result is not used. Omits undefined arguments at the end. */
export function pureCall(name: string, values: readonly unknown[], before: number): string {
  const start = `/* @__PURE__ */ ${name}(`;
  const given = [...values];
  while (given.length > 0 && given[given.length - 1] === undefined) given.pop();
  const flat = `${start}${given.map(onOneLine).join(', ')})`;
  if (before + flat.length + 1 <= WIDTH && !given.some(isLong)) return flat;
  const [first, ...rest] = given;
  if (isObject(first)) return `${start}${[onLines(first), ...rest.map(onOneLine)].join(', ')})`;
  return `${start}\n${wrapped(given.map(onOneLine), '  ')}\n)`;
}

/** Prints items with commas on lines that are as full as possible. */
export function wrapped(items: readonly string[], indent: string): string {
  return filled(items.map((item) => `${item},`), indent).join('\n');
}

function filled(words: readonly string[], indent: string): string[] {
  const result: string[] = [];
  let line = '';
  for (const word of words) {
    const longer = line ? `${line} ${word}` : indent + word;
    if (line && longer.length > WIDTH) {
      result.push(line);
      line = indent + word;
    } else {
      line = longer;
    }
  }
  return line ? [...result, line] : result;
}

/** Prints a docstring, or nothing without a text. Each line of the text starts a new line. */
export function docstring(text: string | undefined, indent = ''): string {
  if (!text) return '';
  const flat = `${indent}/** ${text} */`;
  if (flat.length <= WIDTH && !text.includes('\n')) return `${flat}\n`;
  const lines = text.split('\n')
    .flatMap((line) => (line ? filled(line.split(' '), `${indent} * `) : [`${indent} *`]));
  return `${indent}/**\n${lines.join('\n')}\n${indent} */\n`;
}

/** Prints `import { A, B } from 'module';`, or nothing without names. */
export function importOf(names: Iterable<string>, module: string, kind = 'import'): string {
  const sorted = [...new Set(names)].sort();
  if (sorted.length === 0) return '';
  const flat = `${kind} { ${sorted.join(', ')} } from '${module}';`;
  return flat.length <= WIDTH ? `${flat}\n` : `${kind} {\n${wrapped(sorted, '  ')}\n} from '${module}';\n`;
}
