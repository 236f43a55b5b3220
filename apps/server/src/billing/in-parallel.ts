/** Works through a sequence with so many at once, taking the next one only when there is room; the first error ends it. */
export async function inParallel<T>(
  atOnce: number,
  items: AsyncIterable<T>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>()
  try {
    for await (const item of items) {
      const run = work(item).finally(() => running.delete(run))
      running.add(run)
      if (running.size >= atOnce) await Promise.race(running)
    }
    await Promise.all(running)
  } finally {
    // Nothing goes on behind the caller's back.
    await Promise.allSettled(running)
  }
}
