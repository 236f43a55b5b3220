import type { EntityManager } from '@mikro-orm/postgresql'
import { poolOf } from '../src/platform/database/prepared.ts'

/** Counts, from now on, how often a connection is taken for a statement or a transaction. */
export async function countStatements(em: EntityManager) {
  const pool = await poolOf(em)
  if (!pool) throw new Error('expected a pool')
  let statements = 0
  const count = () => void statements++
  pool.on('acquire', count)
  return { soFar: () => statements, stop: () => void pool.off('acquire', count) }
}
