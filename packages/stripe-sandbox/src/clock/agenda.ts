/** Something that is due at a time. */
export interface Appointment {
  readonly at: number
  /** Of appointments at the same time, the one with the lowest order comes first. */
  readonly order: number
  readonly table: string
  readonly id: string
}

/**
 * The appointments of one timeline, soonest first (a binary heap).
 *
 * An appointment is not removed when its row changes. A new one is added, and the caller that takes an appointment
 * checks with the row that it is still valid.
 */
export class Agenda {
  readonly #heap: (Appointment & { readonly sequence: number })[] = []
  #sequence = 0

  add(appointment: Appointment): void {
    this.#sequence += 1
    const heap = this.#heap
    const added = { ...appointment, sequence: this.#sequence }
    let index = heap.push(added) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = heap[parent]
      if (!above || compare(above, added) <= 0) break
      heap[index] = above
      index = parent
    }
    heap[index] = added
  }

  peek(): Appointment | undefined {
    return this.#heap[0]
  }

  take(): Appointment | undefined {
    const heap = this.#heap
    const [first] = heap
    const last = heap.pop()
    if (!first || !last || heap.length === 0) return first
    let index = 0
    for (;;) {
      const [left, right] = [heap[2 * index + 1], heap[2 * index + 2]]
      const child = right && left && compare(right, left) < 0 ? 2 * index + 2 : 2 * index + 1
      const below = heap[child]
      if (!below || compare(last, below) <= 0) break
      heap[index] = below
      index = child
    }
    heap[index] = last
    return first
  }
}

function compare(one: Appointment & { sequence: number }, other: Appointment & { sequence: number }): number {
  return one.at - other.at || one.order - other.order || one.sequence - other.sequence
}
