import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { manySubscribers } from '../../../test/many-subscribers.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { reconcile } from '../upkeep/reconcile.ts'
import { recheckNow } from './recheck.ts'

const SUBSCRIBERS = 10_000
/** One list call for a hundred objects, on two lists; plus the lists of refunds and disputes. */
const CALLS = (2 * SUBSCRIBERS) / 100 + 2

test(`what a recheck of ${SUBSCRIBERS} subscribers costs, for the table of docs/operations.md`, async () => {
  await using app = await createTestApp({}, { worker: false })
  await manySubscribers(app, SUBSCRIBERS)
  await reconcile(app.scope())
  const first = await costOf(app)
  const second = await costOf(app)
  for (const [name, { wall, active, wal }] of Object.entries({ first, second })) {
    process.stdout.write(
      `${name} recheck of ${SUBSCRIBERS} subscribers: ${CALLS} calls, ${wall.toFixed(1)} s with the sandbox, ` +
        `database busy for ${active.toFixed(2)} s, ${(wal / 1_000_000).toFixed(1)} MB of WAL\n`,
    )
  }
  expect(second.active).toBeLessThan(first.wall)
})

/** Does one recheck as fast as it can. Wall time and the database's own busy time are in seconds, WAL is in bytes. */
async function costOf(app: TestApp): Promise<{ wall: number; active: number; wal: number }> {
  const scope = app.scope()
  const settings = { ...scope.billing.settings, recheck: { ...scope.billing.settings.recheck, callsPerSecond: 10_000 } }
  const before = await loadOf(app)
  const start = performance.now()
  const done = await recheckNow({ ...scope, billing: { ...scope.billing, settings } }, () => {})
  const wall = (performance.now() - start) / 1000
  expect(done).toMatchObject({ asked: 0, failed: 0, calls: CALLS, listed: 2 * SUBSCRIBERS })
  const after = await loadOf(app)
  return { wall, active: after.active - before.active, wal: after.wal - before.wal }
}

async function loadOf(app: TestApp): Promise<{ active: number; wal: number }> {
  await sleep(2_000) // connections report what they did after a second
  const [load] = await app.scope().em.execute<{ active: number; wal: number }[]>(
    `select active_time / 1000 as active, pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as wal
     from pg_stat_database where datname = current_database()`,
  )
  if (!load) throw new Error('The database has no statistics.')
  return load
}
