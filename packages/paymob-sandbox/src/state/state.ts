import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Rows } from './rows.ts'
import { Table } from './table.ts'

type Dump = { clockOffset: number } & { [Name in keyof Rows]: { rows: Rows[Name][]; last: number } }

/** All rows of the sandbox, in memory and, if there is a path, in a file. */
export class State {
  readonly plans = new Table<Rows['plans']>(7001)
  readonly intentions = new Table<Rows['intentions']>(217_503_001)
  readonly transactions = new Table<Rows['transactions']>(192_036_001)
  readonly cards = new Table<Rows['cards']>(2001)
  readonly subscriptions = new Table<Rows['subscriptions']>(1201)
  readonly callbacks = new Table<Rows['callbacks']>(1)
  /** How far the sandbox's clock is ahead of the wall clock, in milliseconds. */
  clockOffset = 0
  readonly #path: string | undefined

  constructor(path: string | undefined) {
    this.#path = path
    if (path === undefined || !existsSync(path)) return
    const dump = JSON.parse(readFileSync(path, 'utf8')) as Dump
    this.clockOffset = dump.clockOffset
    this.plans.load(dump.plans)
    this.intentions.load(dump.intentions)
    this.transactions.load(dump.transactions)
    this.cards.load(dump.cards)
    this.subscriptions.load(dump.subscriptions)
    this.callbacks.load(dump.callbacks)
  }

  /** Writes the file before an answer is sent, and atomically: a `kill -9` loses nothing that was answered. */
  save(): void {
    if (this.#path === undefined) return
    const dump: Dump = {
      clockOffset: this.clockOffset,
      plans: this.plans.dump(),
      intentions: this.intentions.dump(),
      transactions: this.transactions.dump(),
      cards: this.cards.dump(),
      subscriptions: this.subscriptions.dump(),
      callbacks: this.callbacks.dump(),
    }
    writeFileSync(`${this.#path}.new`, JSON.stringify(dump), { mode: 0o600 })
    renameSync(`${this.#path}.new`, this.#path)
  }
}
