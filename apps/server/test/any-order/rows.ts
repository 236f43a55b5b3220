import type { Client } from 'pg'

/** All billing tables that events, jobs, and the API write, in the order in which rows can be restored. */
const TABLES = [
  'customers',
  'checkouts',
  'subscriptions',
  'payments',
  'disputes',
  'plan_changes',
  'refunds',
  'mails',
  'provider_events',
  'reconciliation_findings',
  'provider_cursors',
] as const

/** A user's rows by table, as JSON. */
export type Snapshot = ReadonlyMap<(typeof TABLES)[number], unknown[]>

const OF_USER: Record<string, string> = {
  customers: 'user_id = $1',
  checkouts: 'customer_id in (select id from customers where user_id = $1)',
  subscriptions: 'user_id = $1',
  payments: 'user_id = $1',
  disputes: 'payment_id in (select id from payments where user_id = $1)',
  plan_changes: 'subscription_id in (select id from subscriptions where user_id = $1)',
  refunds: 'payment_id in (select id from payments where user_id = $1)',
  mails: 'recipient = (select email from users where id = $1)',
}

export async function takeSnapshot(database: Client, userId: string): Promise<Snapshot> {
  const snapshot = new Map<(typeof TABLES)[number], unknown[]>()
  for (const table of TABLES) {
    const where = OF_USER[table]
    if (!where) continue
    const { rows } = await database.query<{ row: unknown }>(
      `select to_jsonb(t) as row from ${table} t where ${where}`,
      [userId],
    )
    snapshot.set(
      table,
      rows.map(({ row }) => row),
    )
  }
  return snapshot
}

/** Replaces all billing in the database with this snapshot of one customer. */
export async function restore(database: Client, snapshot: Snapshot): Promise<void> {
  const forget = TABLES.toReversed().map((table) => `delete from ${table}`)
  await database.query(`begin; ${forget.join('; ')}; delete from pgboss.job`)
  for (const [table, rows] of snapshot) {
    await database.query(`insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1)`, [
      JSON.stringify(rows),
    ])
  }
  await database.query('commit')
}

/** The final rows, without our own ids and without the times at which they were written. */
export interface Outcome {
  subscriptions: unknown[]
  payments: unknown[]
  disputes: unknown[]
  checkouts: unknown[]
  mails: string[]
  /** Mails that were not sent, and events and jobs that are not done. */
  loose: unknown[]
}

export async function outcomeOf(database: Client): Promise<Outcome> {
  const select = async (sql: string) =>
    (await database.query<{ row: Record<string, unknown> }>(`select to_jsonb(t) as row from (${sql}) t`)).rows.map(
      ({ row }) => row,
    )
  const without = (rows: Record<string, unknown>[], ...names: string[]) =>
    rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name))))
  const subscriptions = await select('select * from subscriptions order by provider_subscription_id')
  const byId = new Map(subscriptions.map((row) => [String(row['id']), String(row['provider_subscription_id'])]))
  const payments = await select('select * from payments order by provider_invoice_id')
  const mails = await select('select fact from mails')
  const named = (text: string) =>
    text.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => byId.get(id) ?? id)
  return {
    subscriptions: without(subscriptions, 'id', 'created_at', 'updated_at', 'swept_at'),
    payments: without(payments, 'id', 'updated_at', 'recovered_at').map((row) => ({
      ...row,
      subscription_id: byId.get(String(row['subscription_id'])) ?? null,
    })),
    disputes: without(
      await select('select * from disputes order by provider_dispute_id'),
      'id',
      'payment_id',
      'updated_at',
    ),
    checkouts: without(await select('select provider_session_id, status from checkouts order by 1')),
    mails: mails.map(({ fact }) => named(String(fact))).toSorted(),
    loose: [
      ...(await select('select fact from mails where sent_at is null and dropped_at is null')),
      ...(await select("select type, status, last_error from provider_events where status in ('received', 'failed')")),
      ...(await select("select name, state, data, output from pgboss.job where state not in ('completed')")),
    ],
  }
}
