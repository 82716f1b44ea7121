/**
 * Visits every id after those it depends on, and otherwise all at once. What depends on a failed visit is not visited.
 *
 * @param dependencies may name ids that are not among `ids`: they count as done.
 * @param visit says whether it succeeded.
 * @param signal once aborted, nothing more is begun.
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
      const ready = await Promise.all([...dependencies(id)].filter((other) => all.has(other) && other !== id).map(begin));
      return ready.every(Boolean) && !signal?.aborted && visit(id);
    })();
    visits.set(id, visited);
    return visited;
  };
  await Promise.all([...all].map(begin));
}

/** The other way round: who depends on each id. */
export function dependants(ids: Iterable<string>, dependencies: (id: string) => Iterable<string>): (id: string) => ReadonlySet<string> {
  const reverse = new Map<string, Set<string>>();
  for (const id of ids) {
    for (const dependency of dependencies(id)) reverse.set(dependency, (reverse.get(dependency) ?? new Set()).add(id));
  }
  return (id) => reverse.get(id) ?? new Set();
}
