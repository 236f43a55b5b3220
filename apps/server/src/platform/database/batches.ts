import { setImmediate as endOfTick } from 'node:timers/promises'

/** More at once would make the first of a batch wait for the last. */
const LARGEST = 100

/** Does all of a batch or nothing. @returns what came of each, in their order. */
export type BatchWork<Item, Result> = (items: readonly Item[]) => Promise<readonly Result[]>

interface Waiting<Item, Result> {
  item: Item
  resolve(result: Result): void
  reject(error: unknown): void
}

/**
 * Gathers what comes while a batch is being worked on into the next one, as a database gathers commits: what comes alone
 * waits for nothing, and what comes in a rush shares one transaction.
 *
 * What was in a batch that fails is done again, each by itself and side by side, so that nobody fails for another's sake.
 *
 * @returns adds an item; resolves when its batch is done.
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
 * Gathers what comes in one turn of the event loop into one batch, and waits for no other batch. For a statement that
 * nearly every request needs: a write to the database's socket costs more than all else that is done for it, and
 * requests that arrive together share one.
 *
 * @returns adds an item; what was in a batch that fails is done again, as with {@link inBatches}.
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
