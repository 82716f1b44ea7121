export interface Statistics {
  readonly count: number;
  readonly minimum: number;
  readonly median: number;
  readonly p99: number;
  readonly maximum: number;
}

/** Returns the smallest value that the given share of the values does not exceed (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error('A percentile needs at least one value, got none');
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

export function statistics(values: readonly number[]): Statistics {
  return {
    count: values.length,
    minimum: percentile(values, 0),
    median: percentile(values, 0.5),
    p99: percentile(values, 0.99),
    maximum: percentile(values, 1),
  };
}

export function described({ count, minimum, median, p99, maximum }: Statistics): string {
  const of = (milliseconds: number) => `${Math.round(milliseconds)} ms`;
  return `min ${of(minimum)}, median ${of(median)}, p99 ${of(p99)}, max ${of(maximum)} (n = ${count})`;
}
