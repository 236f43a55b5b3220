import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import type { Change } from './journal.ts'

/** Where rows come from and go back to. */
export interface Storable {
  readonly name: string
  all(): { readonly id: string }[]
  load(id: string, row: unknown): void
}

const COMPACT_ABOVE_BYTES = 64 * 1024 * 1024

/**
 * Keeps the tables in a file, one JSON line a transaction, so that a `kill -9` loses nothing that was answered.
 *
 * A commit is appended (some microseconds: the kernel has it, the disk later). At the start, at the end and when the file has grown large
 * it is replaced by a fresh copy of the rows, written beside it and renamed over it.
 */
export class StateFile {
  readonly #path: string
  readonly #tables: Map<string, Storable>
  #size = 0

  constructor(path: string, tables: Storable[]) {
    this.#path = path
    this.#tables = new Map(tables.map((table) => [table.name, table]))
  }

  /** Reads the file back, if there is one. A last line that was cut short by a kill was never answered and is left out. */
  load(): void {
    if (existsSync(this.#path)) {
      for (const line of readFileSync(this.#path, 'utf8').split('\n')) {
        for (const { table, id, row } of readLine(line)) this.#tables.get(table)?.load(id, row)
      }
    }
    this.compact()
  }

  append(changes: readonly Change[]): void {
    const line = `${JSON.stringify(changes)}\n`
    appendFileSync(this.#path, line, { mode: 0o600 })
    this.#size += line.length
    if (this.#size > COMPACT_ABOVE_BYTES) this.compact()
  }

  compact(): void {
    const lines = [...this.#tables.values()].flatMap((table) =>
      table.all().map((row) => JSON.stringify([{ table: table.name, id: row.id, row }])),
    )
    const fresh = `${this.#path}.new`
    const file = openSync(fresh, 'w', 0o600)
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''))
    fsyncSync(file)
    closeSync(file)
    renameSync(fresh, this.#path)
    this.#size = statSync(this.#path).size
  }
}

function readLine(line: string): Change[] {
  try {
    const changes: unknown = JSON.parse(line)
    return Array.isArray(changes) ? (changes as Change[]) : []
  } catch {
    return []
  }
}
