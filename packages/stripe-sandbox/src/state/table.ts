import type { Journal } from './journal.ts'

/** The key of a row in an index; the index skips rows without one. */
type IndexKey<Row> = (row: Row) => string | null | undefined

/**
 * Rows by id, in creation order. A change replaces the row instead of modifying it, so a transaction can be undone and
 * an event can keep the object as it was.
 */
export class Table<Row extends { readonly id: string }, Index extends string = never> {
  readonly name: string
  readonly #rows = new Map<string, Row>()
  readonly #journal: Journal
  readonly #indexes: { name: string; of: IndexKey<Row>; ids: Map<string, Set<string>> }[]
  readonly #watchers: ((row: Row) => void)[] = []

  constructor(name: string, journal: Journal, indexes?: Record<Index, IndexKey<Row>>) {
    this.name = name
    this.#journal = journal
    this.#indexes = Object.entries<IndexKey<Row>>(indexes ?? {}).map(([key, of]) => ({ name: key, of, ids: new Map() }))
  }

  get size(): number {
    return this.#rows.size
  }

  has(id: string): boolean {
    return this.#rows.has(id)
  }

  find(id: string): Row | undefined {
    return this.#rows.get(id)
  }

  /** @throws {Error} if there is no such row: a broken reference inside the sandbox, not an error of the caller. */
  get(id: string): Row {
    const row = this.#rows.get(id)
    if (!row) throw new Error(`No row ${id} in ${this.name}`)
    return row
  }

  /** All rows, oldest first. */
  all(): Row[] {
    return [...this.#rows.values()]
  }

  /** The rows with this key in an index, oldest first. */
  by(index: Index, value: string): Row[] {
    const ids = this.#indexes.find((candidate) => candidate.name === index)?.ids.get(value)
    return ids ? [...ids].map((id) => this.get(id)) : []
  }

  insert(row: Row): Row {
    if (this.#rows.has(row.id)) throw new Error(`${this.name} already has ${row.id}`)
    this.#write(row.id, row)
    return row
  }

  patch(id: string, changes: Partial<Row>): Row {
    const row = { ...this.get(id), ...changes }
    this.#write(id, row)
    return row
  }

  remove(id: string): void {
    if (this.#rows.has(id)) this.#write(id, undefined)
  }

  /** Restores a row from a state file without journaling it; null removes the row. */
  load(id: string, row: Row | null): void {
    this.#set(id, row ?? undefined)
  }

  /** Calls `watcher` with every row that is inserted, patched or restored. */
  watch(watcher: (row: Row) => void): void {
    this.#watchers.push(watcher)
  }

  #write(id: string, row: Row | undefined): void {
    const before = this.#rows.get(id)
    this.#set(id, row)
    this.#journal.note({
      table: this.name,
      id,
      current: () => this.#rows.get(id),
      restore: () => this.#set(id, before),
    })
  }

  #set(id: string, row: Row | undefined): void {
    const before = this.#rows.get(id)
    for (const { of, ids } of this.#indexes) {
      const [old, now] = [before && of(before), row && of(row)]
      if (old === now) continue
      if (old) ids.get(old)?.delete(id)
      if (now) ids.set(now, (ids.get(now) ?? new Set()).add(id))
    }
    if (!row) {
      this.#rows.delete(id)
      return
    }
    this.#rows.set(id, row)
    for (const watcher of this.#watchers) watcher(row)
  }
}
