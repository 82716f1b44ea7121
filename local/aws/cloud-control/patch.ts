import { ServiceError } from '../http/service-error';

type Container = { [name: string]: unknown } | unknown[];

interface PatchOperation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

/**
 * Applies a patch to properties, and returns the result. It has the operations `add`, `replace` and `remove`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6902
 */
export function patch(properties: object, document: string): { [name: string]: unknown } {
  const patched = structuredClone(properties) as { [name: string]: unknown };
  for (const { op, path, value } of operationsOf(document)) {
    const names = path.split('/').slice(1).map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = names.pop();
    // Only own members, so that a path does not reach prototypes.
    const parent = names.reduce<unknown>(
      (at, name) => (isContainer(at) && Object.hasOwn(at, name) ? at[name as never] : undefined), patched);
    if (last === undefined || !isContainer(parent) || !canChange(parent, last, op)) {
      throw invalid(`no value is at ${path}`);
    }
    change(parent, last, op, value);
  }
  return patched;
}

function operationsOf(document: string): PatchOperation[] {
  try {
    const operations = JSON.parse(document);
    if (Array.isArray(operations)) return operations;
  } catch {
    // The error below is clearer.
  }
  throw invalid('PatchDocument must be a list of operations in JSON');
}

/** Returns whether an operation can change a position. Only `add` can change a position that does not exist. */
function canChange(parent: Container, name: string, op: string): boolean {
  if (!Array.isArray(parent)) return op === 'add' || Object.hasOwn(parent, name);
  if (name === '-') return op === 'add';
  return /^\d+$/.test(name) && Number(name) < parent.length + (op === 'add' ? 1 : 0);
}

function change(parent: Container, name: string, op: string, value: unknown): void {
  if (op !== 'add' && op !== 'replace' && op !== 'remove') throw invalid(`the operation ${op} is not supported`);
  if (!Array.isArray(parent)) {
    if (op === 'remove') delete parent[name];
    else Object.defineProperty(parent, name, { value, enumerable: true, writable: true, configurable: true });
    return;
  }
  const index = name === '-' ? parent.length : Number(name);
  if (op === 'add') parent.splice(index, 0, value);
  else if (op === 'replace') parent[index] = value;
  else parent.splice(index, 1);
}

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

const invalid = (reason: string) => new ServiceError('ValidationException', `The patch document is invalid: ${reason}`);
