import { setImmediate as endOfTick } from 'node:timers/promises'

/** Maximum number of items in a batch. In a larger one, the first would wait long for the last. */
const LARGEST = 100

/**
 * Does all of a batch or nothing, and gives the results in the order of the items.
 *
 * It must tolerate that an item is done twice: when a batch fails, each of its items is done again alone, and the batch
 * may have been committed although its answer was lost. Storing an event does nothing the second time. Counting a call
 * then counts twice, which is only stricter. Rotating a refresh token finds it already rotated and continues as a
 * repeated refresh.
 */
export type BatchWork<Item, Result> = (items: readonly Item[]) => Promise<readonly Result[]>

interface Waiting<Item, Result> {
  item: Item
  resolve(result: Result): void
  reject(error: unknown): void
}

/**
 * Works on one batch at a time. Items that arrive meanwhile form the next batch, as with a database's group commit: a
 * single item waits for nothing, and many items share one transaction.
 *
 * If a batch fails, each of its items is done again alone, side by side. So an item fails only on its own account.
 *
 * @returns adds an item; resolves when the item's batch is done.
 */
export function inBatches<Item, Result>(work: BatchWork<Item, Result>): (item: Item) => Promise<Result> {
  let waiting: Waiting<Item, Result>[] = []
  let isWorking = false

  async function workOff(): Promise<void> {
    isWorking = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, LARGEST)
      waiting = waiting.slice(LARGEST)
      await resolveBatch(work, batch)
    }
    isWorking = false
  }

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!isWorking) void workOff()
    })
}

/**
 * Makes one batch of the items that arrive in one tick of the event loop. It does not wait for other batches.
 *
 * This is for statements that nearly every request needs. A write to the database's socket costs more than all other
 * work on such a statement, and requests that arrive together share one write.
 *
 * @returns adds an item; resolves when the item's batch is done. A failed batch is handled as in {@link inBatches}.
 */
export function inBatchesByTick<Item, Result>(work: BatchWork<Item, Result>): (item: Item) => Promise<Result> {
  let gathered: Waiting<Item, Result>[] = []

  async function workOff(): Promise<void> {
    await endOfTick()
    const gatheredNow = gathered
    gathered = []
    for (let start = 0; start < gatheredNow.length; start += LARGEST) {
      void resolveBatch(work, gatheredNow.slice(start, start + LARGEST))
    }
  }

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      gathered.push({ item, resolve, reject })
      if (gathered.length === 1) void workOff()
    })
}

async function resolveBatch<Item, Result>(
  work: BatchWork<Item, Result>,
  batch: readonly Waiting<Item, Result>[],
): Promise<void> {
  try {
    const results = await work(batch.map(({ item }) => item))
    if (results.length !== batch.length) throw new Error('A batch came back with results missing.')
    for (const [place, result] of results.entries()) batch[place]?.resolve(result)
  } catch (error) {
    if (batch.length === 1) return batch[0]?.reject(error)
    await Promise.all(batch.map((each) => resolveBatch(work, [each])))
  }
}
