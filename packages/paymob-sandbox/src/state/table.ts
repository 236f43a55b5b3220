interface Identified {
  readonly id: number
}

/** Rows by id, in the order in which they were made. */
export class Table<Row extends Identified> {
  readonly #rows = new Map<number, Row>()
  readonly #first: number
  #last: number

  /** @param first the id of the first row. Each table starts elsewhere, so that ids of two kinds don't get mixed up. */
  constructor(first: number) {
    this.#first = first
    this.#last = first - 1
  }

  add(row: Omit<Row, 'id'>): Row {
    this.#last += 1
    // The id comes last: a copy of another row must not take its place.
    const added = Object.assign({}, row, { id: this.#last }) as Row
    this.#rows.set(added.id, added)
    return added
  }

  /** Takes an id without a row, for an order that no intention made. */
  takeId(): number {
    this.#last += 1
    return this.#last
  }

  find(id: unknown): Row | undefined {
    return typeof id === 'number' || typeof id === 'string' ? this.#rows.get(Number(id)) : undefined
  }

  get(id: number): Row {
    const row = this.#rows.get(id)
    if (!row) throw new Error(`The sandbox has no row ${id}.`)
    return row
  }

  /** Forgets the oldest rows, if there are more than `most`. */
  keepNewest(most: number): void {
    for (const id of this.#rows.keys()) {
      if (this.#rows.size <= most) return
      this.#rows.delete(id)
    }
  }

  all(): Row[] {
    return [...this.#rows.values()]
  }

  get size(): number {
    return this.#rows.size
  }

  load({ rows, last }: { rows: Row[]; last: number }): void {
    this.#last = Math.max(last, this.#first - 1)
    for (const row of rows) this.#rows.set(row.id, row)
  }

  dump(): { rows: Row[]; last: number } {
    return { rows: this.all(), last: this.#last }
  }
}
