/** The result of a load; times are in milliseconds. */
export interface Load {
  perSecond: number
  p50: number
  p99: number
}

/**
 * Keeps a number of connections busy. Each makes one call after another.
 *
 * @param call gets the number of the connection. If a call rejects, this rejects.
 */
export async function keepBusy(
  connections: number,
  milliseconds: number,
  call: (connection: number) => Promise<unknown>,
): Promise<Load> {
  const took: number[] = []
  const startedAt = performance.now()
  const end = startedAt + milliseconds
  await Promise.all(
    Array.from({ length: connections }, async (_, connection) => {
      while (performance.now() < end) {
        const calledAt = performance.now()
        await call(connection)
        took.push(performance.now() - calledAt)
      }
    }),
  )
  const perSecond = (took.length * 1000) / (performance.now() - startedAt)
  return { perSecond, p50: quantile(took, 0.5), p99: quantile(took, 0.99) }
}

/** The quantile of the values; `share` is from 0 to 1. It is always one of the values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)
