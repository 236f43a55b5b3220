/** What runs side by side for one endpoint. */
export interface Lane {
  /** Looks for work if there is room. What is called while it looks makes it look again. */
  fill(): Promise<void>
  /** Whether nothing runs and nothing is being looked for. */
  isIdle(): boolean
}

interface LaneWork<Item> {
  /** Maximum items that run at once. */
  readonly room: number
  take(limit: number): Promise<readonly Item[]>
  /** Must not throw. */
  run(item: Item): Promise<void>
}

/**
 * Works on the items of one endpoint, up to `room` at once. Each endpoint has a lane of its own, so a slow one only fills
 * its own room.
 */
export function createLane<Item>({ room, take, run }: LaneWork<Item>): Lane {
  let running = 0
  /** Who asks while it looks shares the next look. */
  let looking: Promise<void> | undefined
  let next: Promise<void> | undefined
  /** Whether the last look found as much as there was room for. */
  let mayHaveMore = false

  async function work(item: Item): Promise<void> {
    running += 1
    await run(item)
    running -= 1
    if (mayHaveMore) await fill().catch(() => {}) // the next poll looks again
  }

  async function look(): Promise<void> {
    const free = room - running
    mayHaveMore = true
    if (free === 0) return
    const items = await take(free)
    mayHaveMore = items.length === free
    for (const item of items) void work(item)
  }

  async function fill(): Promise<void> {
    if (looking) {
      next ??= looking
        .catch(() => {}) // its own callers get the error
        .then(() => {
          next = undefined
          return fill()
        })
      return next
    }
    looking = look().finally(() => (looking = undefined))
    return looking
  }

  return { fill, isIdle: () => running === 0 && !looking && !next }
}
