import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readSync, renameSync, statSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import type { Change } from './journal.ts'
import { upgradeRow } from './upgrade-row.ts'

/** A table that can be saved to a state file and loaded from it. */
export interface Storable {
  readonly name: string
  all(): { readonly id: string }[]
  has(id: string): boolean
  load(id: string, row: unknown): void
}

/**
 * How much to append before the file is rewritten. It is also at least the size of the last rewrite; otherwise a large
 * state would be rewritten all the time.
 */
const APPEND_AT_LEAST_BYTES = 64 * 1024 * 1024

/** How much to read or write at a time: a large state would exceed the maximum length of a string. */
const CHUNK = 4 * 1024 * 1024

/**
 * Keeps the tables in a file, one line of JSON per transaction, so a `kill -9` loses no change that was answered.
 *
 * Each commit is appended, which takes microseconds: the kernel has the data at once, the disk later. At startup, at
 * shutdown and when the file has grown large, a fresh copy of all rows is written next to it and renamed over it.
 */
export class StateFile {
  readonly #path: string
  /** By name, with the prefix of their account. */
  readonly #tables = new Map<string, Storable>()
  #file: number | null = null
  #compacted = 0
  #appended = 0

  constructor(path: string) {
    this.#path = path
  }

  /** Adds the tables of an account. In the file, `prefix` comes before their names. */
  add(prefix: string, tables: Storable[]): void {
    for (const table of tables) this.#tables.set(`${prefix}${table.name}`, table)
  }

  /**
   * Loads the file, if it exists. It skips a last line that a kill cut short: that change was never answered.
   *
   * @param addMissing adds the tables with a prefix that the file has and that are not known yet.
   */
  load(addMissing: (prefix: string) => void): void {
    if (existsSync(this.#path)) {
      for (const line of linesOf(this.#path)) {
        for (const { table, id, row } of readLine(line)) {
          const prefix = table.slice(0, table.indexOf('/') + 1)
          if (prefix !== '' && !this.#tables.has(table)) addMissing(prefix)
          this.#tables.get(table)?.load(id, upgradeRow(table.slice(prefix.length), row))
        }
      }
    }
    this.compact()
  }

  /** Appends the changes of one transaction in the account with this prefix. */
  append(prefix: string, changes: readonly Change[]): void {
    const named = prefix === '' ? changes : changes.map((change) => ({ ...change, table: `${prefix}${change.table}` }))
    const line = `${JSON.stringify(named)}\n`
    this.#file ??= openSync(this.#path, 'a', 0o600)
    appendFileSync(this.#file, line)
    this.#appended += line.length
    if (this.#appended > Math.max(APPEND_AT_LEAST_BYTES, this.#compacted)) this.compact()
  }

  /** Replaces the file with a fresh copy of all rows. */
  compact(): void {
    const fresh = `${this.#path}.new`
    const file = openSync(fresh, 'w', 0o600)
    let chunk = ''
    for (const [name, table] of this.#tables) {
      for (const row of table.all()) {
        chunk += `${JSON.stringify([{ table: name, id: row.id, row }])}\n`
        if (chunk.length < CHUNK) continue
        appendFileSync(file, chunk)
        chunk = ''
      }
    }
    appendFileSync(file, chunk)
    fsyncSync(file)
    closeSync(file)
    renameSync(fresh, this.#path)
    this.close()
    this.#compacted = statSync(this.#path).size
    this.#appended = 0
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file)
    this.#file = null
  }
}

function* linesOf(path: string): Generator<string> {
  const file = openSync(path, 'r')
  try {
    const buffer = Buffer.allocUnsafe(CHUNK)
    const decoder = new StringDecoder('utf8')
    let rest = ''
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
      const lines = (rest + decoder.write(buffer.subarray(0, read))).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
    yield rest
  } finally {
    closeSync(file)
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
