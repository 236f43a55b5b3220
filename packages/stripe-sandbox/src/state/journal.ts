/** One row that a transaction changed, as a state file records it. */
export interface Change {
  readonly table: string
  readonly id: string
  /** The new row, or null if it was removed. */
  readonly row: unknown
}

interface Undo {
  readonly table: string
  readonly id: string
  readonly current: () => unknown
  readonly restore: () => void
}

/**
 * Makes a group of changes atomic.
 *
 * All work in the sandbox is synchronous, so only one transaction is open at a time. A nested transaction is a
 * savepoint.
 */
export class Journal {
  readonly #undo: Undo[] = []
  readonly #listeners: ((changes: Change[]) => void)[] = []
  #depth = 0

  /** Calls `listener` after each outermost transaction that changed something. */
  onCommit(listener: (changes: Change[]) => void): void {
    this.#listeners.push(listener)
  }

  /** Runs `work`. If it throws, this restores every row and rethrows the error. */
  transaction<T>(work: () => T): T {
    const savepoint = this.#undo.length
    this.#depth += 1
    try {
      return work()
    } catch (error) {
      for (const change of this.#undo.splice(savepoint).reverse()) change.restore()
      throw error
    } finally {
      this.#depth -= 1
      if (this.#depth === 0) this.#commit()
    }
  }

  /** Runs `work` for its result only, and undoes all its changes. */
  rehearse<T>(work: () => T): T {
    const savepoint = this.#undo.length
    this.#depth += 1
    try {
      return work()
    } finally {
      for (const change of this.#undo.splice(savepoint).reverse()) change.restore()
      this.#depth -= 1
    }
  }

  /** Records how to undo a change. Outside a transaction, the change is committed immediately. */
  note(undo: Undo): void {
    this.#undo.push(undo)
    if (this.#depth === 0) this.#commit()
  }

  #commit(): void {
    if (this.#undo.length === 0) return
    const changes = new Map<string, Change>()
    for (const { table, id, current } of this.#undo.splice(0))
      changes.set(`${table}/${id}`, { table, id, row: current() ?? null })
    const committed = [...changes.values()]
    for (const listener of this.#listeners) listener(committed)
  }
}
