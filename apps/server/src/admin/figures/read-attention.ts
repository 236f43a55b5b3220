import type { EntityManager } from '@mikro-orm/postgresql'
import { ExpireSubscriptions } from '../../billing/index.ts'
import { after } from '../../platform/clock.ts'
import { HOUR, MINUTE, SECOND } from '../../platform/durations.ts'
import { DEAD_LETTER_QUEUE } from '../../platform/jobs/jobs.ts'
import { readQueues } from '../../platform/jobs/read-queues.ts'
import type { AdminScope } from '../admin-scope.ts'
import { WAITING_FINDINGS, type Attention, type AttentionItem } from '../figures.schemas.ts'
import { trialFilter } from './trials.ts'

/** How long a due job may wait until we say that no worker runs. */
const LONGEST_WAIT = 5 * MINUTE
/** The sweep runs every hour. */
const LONGEST_WITHOUT_SWEEP = 3 * HOUR

const SEVERITIES: readonly AttentionItem['severity'][] = ['critical', 'warning', 'info']

/**
 * Reads what needs a person, the worst first. Each item counts exactly the rows of its target.
 */
export async function readAttention(scope: AdminScope): Promise<Attention> {
  const { em } = scope
  const found = [
    ...(await readWorker(scope)),
    ...(await readFailures(em)),
    ...(await readFindings(em)),
    ...(await readCustomers(scope)),
  ]
  return {
    items: found
      .filter(({ count }) => count > 0)
      .toSorted((one, other) => SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity)),
  }
}

async function readWorker({ em, clock }: AdminScope): Promise<AttentionItem[]> {
  const queues = await readQueues(em)
  const late = queues.filter(({ oldest }) => oldest * SECOND > LONGEST_WAIT)
  const oldest = Math.max(0, ...late.map((queue) => queue.oldest)) * SECOND
  const lastSweep = await readLastSweep(em)
  const isSwept = lastSweep === null || lastSweep > after(clock.now(), -LONGEST_WITHOUT_SWEEP)
  const target = { list: 'queues', filters: {} } as const
  return [
    {
      ...{ kind: 'jobs_overdue', severity: 'critical', count: late.length, due: null, target },
      since: late.length > 0 ? after(clock.now(), -oldest) : null,
    },
    { kind: 'sweep_overdue', severity: 'critical', count: isSwept ? 0 : 1, since: lastSweep, due: null, target },
  ]
}

/** When a sweep last ended; null if there was none, or if its job is deleted by now. */
async function readLastSweep(em: EntityManager): Promise<Date | null> {
  const [row] = await em.execute<{ at: string | null }[]>(
    "select max(completed_on) as at from pgboss.job where name = ? and state = 'completed'",
    [ExpireSubscriptions.name],
  )
  return row?.at ? new Date(row.at) : null
}

interface Count {
  count: string
  since: string | null
}

async function read(em: EntityManager, from: string, since: string, values: readonly unknown[] = []) {
  const [row] = await em.execute<Count[]>(`select count(*) as count, min(${since}) as since from ${from}`, [...values])
  return { count: Number(row?.count ?? 0), since: row?.since ? new Date(row.since) : null, due: null }
}

async function readFailures(em: EntityManager): Promise<AttentionItem[]> {
  const events = await read(
    em,
    "provider_events where status in ('received', 'failed') and status = 'failed'",
    'received_at',
  )
  const letters = "pgboss.job where name = ? and state < 'active'"
  const jobs = await read(em, letters, 'created_on', [DEAD_LETTER_QUEUE])
  const mails = await read(em, 'mails where failed_at is not null', 'failed_at')
  return [
    {
      ...{ kind: 'failed_webhook_events', severity: 'critical', ...events },
      target: { list: 'webhookEvents', filters: { status: 'failed' } },
    },
    { kind: 'failed_jobs', severity: 'warning', ...jobs, target: { list: 'jobs', filters: { state: 'failed' } } },
    {
      ...{ kind: 'failed_mails', severity: 'warning', ...mails },
      target: { list: 'mails', filters: { state: 'failed' } },
    },
  ]
}

async function readFindings(em: EntityManager): Promise<AttentionItem[]> {
  const of = (kind: string) =>
    read(em, 'reconciliation_findings where kind = ? and resolved_at is null', 'found_at', [kind])
  const item = (kind: (typeof WAITING_FINDINGS)[number], count: Awaited<ReturnType<typeof of>>): AttentionItem => ({
    ...{ kind, severity: 'warning', ...count },
    target: { list: 'findings', filters: { kind, isOpen: true } },
  })
  const items: AttentionItem[] = []
  for (const kind of WAITING_FINDINGS) items.push(item(kind, await of(kind)))
  return items
}

async function readCustomers({ em, billing }: AdminScope): Promise<AttentionItem[]> {
  const [disputes] = await em.execute<(Count & { due: string | null })[]>(
    `select count(*) as count, min(opened_at) as since, min(due_by) as due from disputes where status = 'needs_response'`,
  )
  const pastDue = await read(em, "subscriptions where status = 'past_due'", 'past_due_since')
  const unpaid = await read(em, "subscriptions where status = 'unpaid'", 'past_due_since')
  const ending = trialFilter({ state: 'ending' }, await billing.time.now())
  const trials = await read(em, `subscriptions where ${ending.where}`, 'trial_end', ending.values)
  return [
    {
      ...{ kind: 'disputes', severity: 'critical', count: Number(disputes?.count ?? 0) },
      since: disputes?.since ? new Date(disputes.since) : null,
      due: disputes?.due ? new Date(disputes.due) : null,
      target: { list: 'disputes', filters: { status: 'needs_response' } },
    },
    {
      ...{ kind: 'past_due', severity: 'warning', ...pastDue },
      target: { list: 'subscriptions', filters: { status: 'past_due' } },
    },
    { kind: 'unpaid', severity: 'info', ...unpaid, target: { list: 'subscriptions', filters: { status: 'unpaid' } } },
    {
      ...{ kind: 'trials_ending', severity: 'info', count: trials.count, since: null, due: trials.since },
      target: { list: 'trials', filters: { state: 'ending' } },
    },
  ]
}
