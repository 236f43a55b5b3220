/** Works through a sequence with so many at once, taking the next one only when there is room; the first error ends it. */
export async function inParallel<T>(
  atOnce: number,
  items: AsyncIterable<T>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>()
  // Kept here: while the next item is waited for nobody listens, and a rejection unheard ends the whole process.
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
    // Nothing goes on behind the caller's back.
    await Promise.all(running)
  }
  if (failures.length > 0) throw failures[0]
}
