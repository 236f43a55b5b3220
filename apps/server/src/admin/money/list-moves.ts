import type { EntityManager } from '@mikro-orm/postgresql'
import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import type { AdminScope } from '../admin-scope.ts'
import { allOf } from '../lists/conditions.ts'
import type { ListMovesInput, MoveView } from '../plans.schemas.ts'

interface Row {
  id: string
  from_id: string
  from_code: string
  from_name: string
  to_id: string
  to_code: string
  to_name: string
  price_cents: number
  currency: string
  billing_period: MoveView['billingPeriod']
  at: MoveView['at']
  unit_price: string | null
  started_before: string | null
  listed_at: string | null
  actor_id: string | null
  actor_email: string | null
  created_at: string
  finished_at: string | null
  stopped_at: string | null
}

/**
 * Lists the moves of subscribers with their progress, newest first.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listMoves(
  { em }: Pick<AdminScope, 'em'>,
  { cursor, limit, id, planId, isOpen }: ListMovesInput,
): Promise<Page<MoveView>> {
  const place = cursor ? readCursor(cursor) : undefined
  const { where, values } = allOf([
    id !== undefined && ['m.id = ?', id],
    planId !== undefined && ['m.from_plan_id = ?', planId],
    isOpen !== undefined && [isOpen ? 'm.finished_at is null' : 'm.finished_at is not null'],
    place && ['(m.created_at, m.id) < (?, ?::uuid)', place.at, place.id],
  ])
  const rows = await em.execute<Row[]>(
    `select m.*, p.price_cents, p.currency, p.billing_period, u.email as actor_email,
       f.id as from_id, f.code as from_code, f.name as from_name, t.id as to_id, t.code as to_code, t.name as to_name
     from plan_moves m join plan_prices p on p.id = m.price_id join plans t on t.id = p.plan_id
       join plans f on f.id = m.from_plan_id left join users u on u.id = m.actor_id
     where ${where} order by m.created_at desc, m.id desc limit ?`,
    [...values, limit + 1],
  )
  const countsOf = await readCounts(em, rows)
  return pageOf(
    rows,
    limit,
    (row) => ({ ...viewOf(row), ...countsOf(row.id) }),
    ({ created_at, id }) => ({ at: new Date(created_at), id }),
  )
}

type Counts = Pick<MoveView, 'waiting' | 'done' | 'refused'>

async function readCounts(em: EntityManager, moves: readonly { id: string }[]): Promise<(id: string) => Counts> {
  const rows = await em.execute<{ move_id: string; status: keyof Counts; total: string }[]>(
    `select move_id, status, count(*) as total from plan_move_items where move_id = any (?::uuid[]) group by 1, 2`,
    [`{${moves.map(({ id }) => id).join(',')}}`],
  )
  const count = (id: string, status: keyof Counts) =>
    Number(rows.find((row) => row.move_id === id && row.status === status)?.total ?? 0)
  return (id) => ({ waiting: count(id, 'waiting'), done: count(id, 'done'), refused: count(id, 'refused') })
}

const momentOf = (text: string | null) => (text === null ? null : new Date(text))

function viewOf(row: Row): Omit<MoveView, keyof Counts> {
  return {
    ...{ id: row.id, at: row.at, priceCents: row.price_cents, currency: row.currency },
    billingPeriod: row.billing_period,
    from: { id: row.from_id, code: row.from_code, name: row.from_name },
    to: { id: row.to_id, code: row.to_code, name: row.to_name },
    unitPriceCents: row.unit_price === null ? null : Number(row.unit_price),
    startedBefore: momentOf(row.started_before),
    state: row.stopped_at ? 'stopped' : row.finished_at ? 'done' : row.listed_at ? 'moving' : 'listing',
    orderedBy: row.actor_id && row.actor_email ? { id: row.actor_id, email: row.actor_email } : null,
    createdAt: new Date(row.created_at),
    finishedAt: momentOf(row.finished_at),
  }
}
