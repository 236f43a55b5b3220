import type { EntityManager } from '@mikro-orm/postgresql'
import type { Pool, PoolClient } from 'pg'
import { SECOND } from '../durations.ts'
import { poolOf } from './prepared.ts'

/** A pooler gives each transaction another connection. Prepared statements and LISTEN need one connection for good. */
export class TransactionPooling extends Error {
  constructor() {
    super(
      'DATABASE_URL leads to a pooler that pools by transaction or statement, which loses prepared statements and notifications. ' +
        'Connect to PostgreSQL directly, or set the pooler to pool by session (PgBouncer: pool_mode = session).',
    )
  }
}

/** Connections held in transactions while the first one is asked again. */
const HELD = 2
/** What else runs at that moment can hide a pooler from one round. */
const ROUNDS = 3
/** A pooler may have no server connection left to give. */
const PATIENCE = 5 * SECOND

/**
 * Checks that each connection of the pool keeps its own server process.
 *
 * Behind a pooler in transaction mode, a connection that runs no transaction holds no server process. So a second
 * connection that begins a transaction gets the same process, or pushes the first connection onto another one.
 *
 * @throws {TransactionPooling}
 */
export async function checkSessionPooling(em: EntityManager): Promise<void> {
  const pool = await poolOf(em)
  if (!pool) return
  for (let round = 0; round < ROUNDS; round++) await checkOnce(pool)
}

async function checkOnce(pool: Pool): Promise<void> {
  const clients: PoolClient[] = []
  try {
    const first = await connect(pool, clients)
    const process = await processOf(first)
    for (let held = 0; held < HELD; held++) {
      const other = await connect(pool, clients)
      await beginTransaction(other)
      if ((await processOf(other)) === process || (await processOf(first)) !== process) throw new TransactionPooling()
    }
  } finally {
    for (const client of clients) client.release(true)
  }
}

const within = (text: string) => ({ text, query_timeout: PATIENCE })

async function connect(pool: Pool, clients: PoolClient[]): Promise<PoolClient> {
  const client = await pool.connect()
  clients.push(client)
  return client
}

async function beginTransaction(client: PoolClient): Promise<void> {
  try {
    await client.query(within('begin'))
  } catch (error) {
    if (error instanceof Error && /statement pooling/i.test(error.message)) throw new TransactionPooling()
    throw error
  }
}

async function processOf(client: PoolClient): Promise<number | undefined> {
  const { rows } = await client.query<{ pid: number }>(within('select pg_backend_pid() as pid'))
  return rows[0]?.pid
}
