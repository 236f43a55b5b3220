import type { TollgateClient } from '@tollgate/client'
import { expect } from 'vitest'
import { until } from './inbox.ts'
import { aPayingUser, type PayingUser } from './purchases.ts'
import { stripeClient } from './stripe.ts'
import type { TestApp, TestUser } from './test-app.ts'

export type Api = TollgateClient['api']

/** A valid id that nothing has. */
export const UNKNOWN_ID = '0199d3a0-0000-7000-8000-000000000000'

/** Creates an admin, with a client that is logged in as them. */
export async function anAdmin(app: TestApp): Promise<TestUser & { api: Api }> {
  const admin = await app.aUser({ isAdmin: true })
  return { ...admin, api: (await app.as(admin)).api }
}

/** Creates a user who has paid for the Pro plan, and returns them with the id of their payment. */
export async function aPayment(app: TestApp, { admin }: Api): Promise<{ payer: PayingUser; id: string }> {
  const payer = await aPayingUser(app, 'pro')
  const [payment] = (await admin.payments.list.query({ userId: payer.id })).items
  expect(payment).toMatchObject({ status: 'succeeded', user: { id: payer.id, email: payer.email } })
  return { payer, id: payment?.id ?? '' }
}

/** Returns the amounts that Stripe has refunded of a customer's latest charge, oldest first. */
export async function refundsAtStripe(app: TestApp, customer: string): Promise<number[]> {
  const stripe = stripeClient(app)
  const [charge] = (await stripe.charges.list({ customer })).data
  const refunds = (await stripe.refunds.list({ charge: charge?.id ?? '' })).data
  return refunds.map(({ amount }) => amount).toReversed()
}

interface AuditRow {
  action: string
  target_type: string
  actor_id: string | null
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
  ip: string | null
  request_id: string | null
}

/** Returns the audit rows about a target, oldest first. */
export async function auditOf(app: TestApp, targetId: string): Promise<AuditRow[]> {
  return app.scope().em.execute<AuditRow[]>('select * from audit_entries where target_id = ? order by id', [targetId])
}

/**
 * Reads all pages of a list.
 *
 * @param readPage reads the page at a cursor.
 * @param between runs after each page.
 */
export async function allPages<Item>(
  readPage: (cursor: string | null | undefined) => Promise<{ items: Item[]; nextCursor: string | null }>,
  between: () => Promise<unknown> = async () => undefined,
): Promise<Item[]> {
  const all: Item[] = []
  let cursor: string | null | undefined
  do {
    const { items, nextCursor } = await readPage(cursor)
    all.push(...items)
    cursor = nextCursor
    await between()
  } while (cursor)
  return all
}

/** Asserts that a list with these timestamps is sorted, newest first. */
export function expectNewestFirst(timestamps: readonly Date[]): void {
  expect(timestamps).toEqual(timestamps.toSorted((one, other) => other.getTime() - one.getTime()))
}

/** Waits until this many statements wait for a lock, counting only those that begin with `statement`. */
export async function lockWaits(app: TestApp, count: number, statement = ''): Promise<void> {
  await until(`${count} statements to wait for a lock`, async () => {
    const waiting = await app
      .scope()
      .em.execute(
        "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database() and query like ?",
        [`${statement}%`],
      )
    return waiting.length === count
  })
}
