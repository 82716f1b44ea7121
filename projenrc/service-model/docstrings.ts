import * as documentation from './documentation';

type Kind = keyof typeof documentation;

/** The limits that a docstring can name. */
export interface Limits {
  readonly [limit: string]: unknown;
}

/** Reads the docstrings of documentation.ts, and remembers which entries are used and which are missing. */
export class Docstrings {
  readonly missing = new Set<string>();
  private readonly used = new Set<string>();

  /** Returns the first text that there is for the names. */
  find(kind: Kind, names: readonly string[], limits: Limits = {}): string | undefined {
    const name = names.find((each) => Object.hasOwn(documentation[kind], each));
    if (name === undefined) return undefined;
    this.used.add(`${kind} ${name}`);
    return documentation[kind][name]!.replace(/\{(\w+)\}/g, (_, limit) => {
      if (limits[limit] === undefined) {
        throw new Error(`The docstring of ${name} names the ${limit}, which the model does not have.`);
      }
      return String(limits[limit]);
    });
  }

  /** Returns the text for the names, or a text of the limits alone. */
  need(kind: Kind, names: readonly string[], limits: Limits = {}): string | undefined {
    const text = this.find(kind, names, limits);
    if (text === undefined) this.missing.add(`${kind}: ${names[0]}`);
    return text ?? ofLimits(limits);
  }

  /** Fails if an entry is about something that is not in the model. */
  checkUsed(): void {
    for (const kind of Object.keys(documentation) as Kind[]) {
      const unused = Object.keys(documentation[kind]).filter((name) => !this.used.has(`${kind} ${name}`));
      if (unused.length > 0) {
        throw new Error(`documentation.ts has ${kind} that are not in the model: ${unused.join(', ')}.`
          + ' Remove or rename them.');
      }
    }
  }
}

function ofLimits({ type, minimum, maximum }: Limits): string | undefined {
  const unit = { string: ' characters', list: ' items', map: ' entries' }[String(type)] ?? '';
  if (minimum === undefined && maximum === undefined) return undefined;
  if (maximum === undefined) return `At least ${minimum}${unit}.`;
  return minimum === undefined ? `At most ${maximum}${unit}.` : `${minimum} to ${maximum}${unit}.`;
}
