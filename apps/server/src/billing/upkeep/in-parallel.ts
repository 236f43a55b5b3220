/**
 * Works on up to `atOnce` items at the same time, and takes the next item only when there is room.
 *
 * @throws the first error, after all started work has finished. No item is taken after an error.
 */
export async function inParallel<T>(
  atOnce: number,
  items: AsyncIterable<T>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>()
  // Errors are kept here: an unhandled rejection while we wait for the next item would end the process.
  const failures: unknown[] = []
  try {
    for await (const item of items) {
      if (failures.length > 0) break
      const run = work(item)
        .catch((error: unknown) => void failures.push(error))
        .finally(() => running.delete(run))
      running.add(run)
      if (running.size >= atOnce) await Promise.race(running)
    }
  } finally {
    // No work continues after the caller has its answer.
    await Promise.all(running)
  }
  if (failures.length > 0) throw failures[0]
}
