/**
 * Visits every ID after its dependencies, and independent IDs in parallel. Skips the dependents of a failed visit.
 *
 * @param dependencies Returns the dependencies of an ID. Dependencies that are not in `ids` are ignored.
 * @param visit Returns whether the visit succeeded.
 * @param signal Prevents further visits once it is aborted.
 */
export async function inDependencyOrder(
  ids: Iterable<string>,
  dependencies: (id: string) => Iterable<string>,
  visit: (id: string) => Promise<boolean>,
  signal?: AbortSignal,
): Promise<void> {
  const all = new Set(ids);
  const visits = new Map<string, Promise<boolean>>();
  const begin = (id: string): Promise<boolean> => {
    const begun = visits.get(id);
    if (begun) return begun;
    const visited = (async () => {
      const ready = await Promise.all([...dependencies(id)].filter((other) => all.has(other)).map(begin));
      return ready.every(Boolean) && !signal?.aborted && visit(id);
    })();
    visits.set(id, visited);
    return visited;
  };
  await Promise.all([...all].map(begin));
}

/** Returns a function that gives the direct dependents of an ID. */
export function dependants(
  ids: Iterable<string>,
  dependencies: (id: string) => Iterable<string>,
): (id: string) => ReadonlySet<string> {
  const reverse = new Map<string, Set<string>>();
  for (const id of ids) {
    for (const dependency of dependencies(id)) reverse.set(dependency, (reverse.get(dependency) ?? new Set()).add(id));
  }
  return (id) => reverse.get(id) ?? new Set();
}
