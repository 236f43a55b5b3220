/** More at once would make the first of a batch wait for the last. */
const LARGEST = 100

interface Waiting<Item> {
  item: Item
  resolve(): void
  reject(error: unknown): void
}

/**
 * Gathers what comes while a batch is being worked on into the next one, as a database gathers commits: what comes alone
 * waits for nothing, and what comes in a rush shares one transaction.
 *
 * What was in a batch that fails is done again, each by itself and side by side, so that nobody fails for another's sake.
 *
 * @param work does all of a batch or nothing.
 * @returns adds an item; resolves when its batch is done.
 */
export function inBatches<Item>(work: (items: readonly Item[]) => Promise<unknown>): (item: Item) => Promise<void> {
  let waiting: Waiting<Item>[] = []
  let isWorking = false

  async function workOff(): Promise<void> {
    isWorking = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, LARGEST)
      waiting = waiting.slice(LARGEST)
      await settle(batch)
    }
    isWorking = false
  }

  async function settle(batch: readonly Waiting<Item>[]): Promise<void> {
    try {
      await work(batch.map(({ item }) => item))
      for (const { resolve } of batch) resolve()
    } catch (error) {
      if (batch.length === 1) return batch[0]?.reject(error)
      await Promise.all(batch.map((each) => settle([each])))
    }
  }

  return (item) =>
    new Promise<void>((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!isWorking) void workOff()
    })
}
