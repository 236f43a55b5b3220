import { readRecheck, readWebhookLag } from './billing/index.ts'
import type { Deps } from './deps.ts'
import { readBacklog, readFeedBacklog } from './events/index.ts'
import { countRecentMails } from './mail/index.ts'
import { SECOND } from './platform/durations.ts'
import { readQueues } from './platform/jobs/read-queues.ts'
import { addGauge } from './platform/metrics.ts'

/** How long a value is reused. Several Prometheus servers may ask often. */
const FRESH_FOR = 2 * SECOND

/**
 * Adds metrics of the whole system to a process's metrics: the queues, Stripe's events, and the mails; and this
 * process's own pool. They are read from the database, so every API process reports the same, and workers need no port.
 */
export function watchSystem({ database, clock, metrics, billing }: Deps): void {
  const { registry } = metrics
  const queues = remembered(() => readQueues(database.em.fork()))
  const lag = remembered(() => readWebhookLag(database.em.fork(), clock))
  const backlog = remembered(() => readBacklog(database.em.fork(), clock.now()))
  const feed = remembered(() => readFeedBacklog(database.em.fork(), clock.now()))
  const mails = remembered(() => countRecentMails(database.em.fork(), clock))

  const ofQueues = (value: 'waiting' | 'running' | 'oldest') => async () =>
    (await queues()).map((figures) => ({ labels: { queue: figures.queue }, value: figures[value] }))
  const queue = ['queue']
  addGauge(
    registry,
    'tollgate_queue_waiting_jobs',
    'Jobs that wait; in dead-letter, jobs that were given up',
    ofQueues('waiting'),
    queue,
  )
  addGauge(registry, 'tollgate_queue_running_jobs', 'Jobs that a worker is running', ofQueues('running'), queue)
  addGauge(
    registry,
    'tollgate_queue_oldest_seconds',
    'How long the oldest due job has waited',
    ofQueues('oldest'),
    queue,
  )

  addGauge(
    registry,
    'tollgate_webhook_open_events',
    'Events that are stored but not applied',
    async () => (await lag()).open,
  )
  addGauge(
    registry,
    'tollgate_webhook_oldest_open_seconds',
    'Age of the oldest event that is not applied',
    async () => (await lag()).oldestOpen,
  )
  addGauge(
    registry,
    'tollgate_webhook_lag_seconds',
    'Time from receiving to applying an event, over the last five minutes',
    async () => {
      const { p50, p99 } = await lag()
      return [
        { labels: { quantile: '0.5' }, value: p50 },
        { labels: { quantile: '0.99' }, value: p99 },
      ]
    },
    ['quantile'],
  )
  addGauge(
    registry,
    'tollgate_recheck_age_seconds',
    'Time since a recheck of everything at a provider last finished',
    async () => {
      const ages = [...billing.providers.keys()].map(async (provider) => {
        const recheck = await readRecheck(database.em.fork(), provider)
        if (!recheck?.lastFinishedAt) return []
        const value = (clock.now().getTime() - new Date(recheck.lastFinishedAt).getTime()) / SECOND
        return [{ labels: { provider }, value }]
      })
      return (await Promise.all(ages)).flat()
    },
    ['provider'],
  )
  addGauge(
    registry,
    'tollgate_mails_last_hour',
    'Mails queued in the last hour, by state',
    async () => Object.entries(await mails()).map(([state, value]) => ({ labels: { state }, value })),
    ['state'],
  )
  addGauge(
    registry,
    'tollgate_events_held',
    'Events that can not be presented, so they have no place in the feed',
    async () => (await feed()).held,
  )
  addGauge(
    registry,
    'tollgate_events_oldest_seconds',
    'How long the oldest event has waited for its place in the feed',
    async () => (await feed()).oldest,
  )
  addGauge(
    registry,
    'tollgate_deliveries',
    'Webhooks that wait for their next attempt, and those that were given up (parked)',
    async () => {
      const { waiting, parked } = await backlog()
      return [
        { labels: { state: 'waiting' }, value: waiting },
        { labels: { state: 'parked' }, value: parked },
      ]
    },
    ['state'],
  )
  addGauge(
    registry,
    'tollgate_deliveries_oldest_seconds',
    'How long the oldest webhook that is due has waited',
    async () => (await backlog()).oldestDue,
  )
  addGauge(
    registry,
    'tollgate_webhook_endpoints',
    'Webhook endpoints by state: fine, failing, or off',
    async () => Object.entries((await backlog()).endpoints).map(([state, value]) => ({ labels: { state }, value })),
    ['state'],
  )
  addGauge(
    registry,
    'tollgate_database_connections',
    'This process’s pool: connections by state, and callers waiting for one',
    async () => {
      const pool = await poolOf(database)
      return Object.entries(pool).map(([state, value]) => ({ labels: { state }, value }))
    },
    ['state'],
  )
}

async function poolOf(database: Deps['database']): Promise<{ busy: number; idle: number; waiting: number }> {
  const pool: unknown = await database.em.getConnection().getNativeClient()
  const count = (name: string) => (typeof pool === 'object' && pool ? Number(Reflect.get(pool, name)) : 0)
  return { busy: count('totalCount') - count('idleCount'), idle: count('idleCount'), waiting: count('waitingCount') }
}

/** Reads at most once per {@link FRESH_FOR}, and once for all callers that ask at the same time. */
function remembered<T>(read: () => Promise<T>): () => Promise<T> {
  let last: { at: number; value: Promise<T> } | undefined
  return () => {
    if (!last || performance.now() - last.at > FRESH_FOR) last = { at: performance.now(), value: read() }
    return last.value
  }
}
