import type { FeatureName } from '@tollgate/client'
import type { Kysely } from 'kysely'

/** Runs SQL in the database of the server, with its pool. Your own tables are in the schema `app`. */
export interface SqlConnection {
  /** Runs one statement with `$1`, `$2` … for the values. */
  query<Row extends object = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** The same connection as Kysely, with the types of your tables. */
  kysely<Tables>(): Kysely<Tables>
}

/** A transaction: everything in it happens, or nothing does. */
export interface Transaction<JobName extends string = string> extends SqlConnection {
  /**
   * Counts what an account uses of a feature, as part of this transaction. A limit that is used up throws
   * `FEATURE_REQUIRED` with the cheapest plan that allows more, so the whole transaction is undone.
   *
   * The counter is locked until the transaction ends: do slow work before it.
   */
  consume(use: {
    accountId: string
    feature: FeatureName
    /** By default 1. */
    amount?: number
    /** Names what is counted, so that it counts once. By default, each call counts. */
    key?: string
  }): Promise<Usage>
  /** Adds a job, which runs if and only if this transaction commits. */
  send(job: JobName, data: object, options?: { startAfter?: Date }): Promise<void>
}

/** What is used of a feature, and what is left. Null is any amount. */
export interface Usage {
  used: number
  limit: number | null
  remaining: number | null
  resetsAt: Date | null
}
