import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { startStripeSandbox } from '@tollgate/stripe-sandbox'
import { Client } from 'pg'
import { expect, test } from 'vitest'
import { entities } from '../../src/entities.ts'
import { openDatabase } from '../../src/platform/database/database.ts'
import { fillTables } from '../million-rows.ts'
import { freePort } from '../server-process.ts'
import { WEBHOOK_SECRET } from '../test-app.ts'
import { createEmptyDatabase } from '../test-database.ts'
import { run, start, versionOf } from './previous-version.ts'
import { environment, live, startTraffic } from './traffic.ts'
import { watchLocks } from './watch-locks.ts'

/** The last version without usage and events: its newest migration is 0042. */
const BEFORE_USAGE = '709998bf'
const PAYMENTS_EACH = 3
/** Longer than this, no statement of the migrations may keep others from a table, in milliseconds. */
const LONGEST_LOCK = 500
/** The tables that no migration since then changes. */
const WITHOUT = ['events', 'mails', 'audit', 'refunds', 'disputes', 'findings', 'changes of MRR', 'profiles']
/** How long is measured before, in milliseconds. */
const BEFORE = 10_000

const NOW = new URL('../../src/main.ts', import.meta.url).pathname

test('a million accounts, subscriptions and their payments are migrated while the previous version runs', async () => {
  await using stack = new AsyncDisposableStack()
  const before = stack.use(versionOf(BEFORE_USAGE))
  const { url: databaseUrl } = stack.use(await createEmptyDatabase())
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const stripe = stack.use(
    await startStripeSandbox({ webhookEndpoints: [{ url: `${url}/billing/stripe/webhook`, secret: WEBHOOK_SECRET }] }),
  )
  const env = environment({ databaseUrl, url, port, stripe })
  await run(before.program, 'migrate', env)
  await run(before.program, 'seed', { ...env, SEED_ADMIN_EMAIL: '', SEED_USER_EMAIL: '' })
  const database = await openDatabase({ url: databaseUrl, entities, migrations: [], poolSize: 2 })
  stack.defer(() => database.close())
  await fillTables(database.em.fork(), PAYMENTS_EACH, WITHOUT)
  stack.use(await start(before.program, 'serve', env))
  stack.use(await start(before.program, 'work', env))

  const traffic = startTraffic(url, await live(url))
  const idle = startStatements(databaseUrl)
  await new Promise((resolve) => setTimeout(resolve, BEFORE))
  report('before', await idle.stop())

  const [locks, statements] = [watchLocks(databaseUrl), startStatements(databaseUrl)]
  const startedAt = Date.now()
  await migrate(env)
  const took = Date.now() - startedAt
  const [held, meanwhile, calls] = [await locks.stop(), await statements.stop(), await traffic.stop()]
  const slowest = Math.max(...calls.map(({ ms }) => ms))
  process.stdout.write(`migrated in ${took} ms; ${calls.length} calls, the slowest took ${Math.round(slowest)} ms\n`)
  report('meanwhile', meanwhile)
  for (const { table, mode, ms, query } of held.slice(0, 20)) {
    process.stdout.write(`${table} ${mode}: ${Math.round(ms)} ms: ${query}\n`)
  }
  expect(calls.filter(({ failure }) => failure)).toEqual([])
  expect(calls.length).toBeGreaterThan(20)
  expect(held.length).toBeGreaterThan(5)
  expect(held.filter(({ ms }) => ms > LONGEST_LOCK)).toEqual([])
  // The previous version goes on.
  await live(url)
}, 3_600_000)

function report(title: string, slowest: ReadonlyMap<string, number>): void {
  const all = [...slowest].map(([what, ms]) => `${what} ${Math.round(ms)}`).join(', ')
  process.stdout.write(`slowest statement ${title}, in ms: ${all}\n`)
}

/** Migrates, and prints how long each migration takes. */
async function migrate(env: Record<string, string>): Promise<void> {
  const child = spawn(process.execPath, [NOW, 'migrate'], { env })
  let output = ''
  let since = Date.now()
  const read = (chunk: unknown) => {
    output += String(chunk)
    if (String(chunk).includes('is locked')) process.stdout.write(`a table is locked: ${String(chunk)}`)
    for (const [, name] of String(chunk).matchAll(/Applied '([\w-]+)'/g)) {
      process.stdout.write(`${name}: ${Date.now() - since} ms\n`)
      since = Date.now()
    }
  }
  child.stdout.on('data', read)
  child.stderr.on('data', read)
  await once(child, 'close')
  if (child.exitCode !== 0) throw new Error(`migrate ended with ${child.exitCode}: ${output.slice(-2_000)}`)
}

const TABLES = {
  ...{ users: 'updated_at = updated_at', accounts: 'created_at = created_at', sessions: 'ip = ip' },
  ...{ members: 'role = role', customers: 'created_at = created_at', plans: 'updated_at = updated_at' },
  ...{ subscriptions: 'updated_at = now()', payments: 'updated_at = now()' },
  ...{ entitlement_overrides: 'reason = reason', oauth_states: 'hash = hash' },
}

/** Writes one row of each table after the other, and reads another, each table on a connection of its own. */
function startStatements(connectionString: string) {
  const over = new AbortController()
  const slowest = new Map<string, number>()
  const working = Object.entries(TABLES).map(async ([table, change]) => {
    const client = new Client({ connectionString })
    await client.connect()
    const measured = async (what: string, sql: string) => {
      const since = performance.now()
      await client.query(sql)
      slowest.set(what, Math.max(slowest.get(what) ?? 0, performance.now() - since))
    }
    while (!over.signal.aborted) {
      const row = `(select ctid from ${table} offset ${Math.floor(Math.random() * 1_000)} limit 1)`
      await measured(`write ${table}`, `update ${table} set ${change} where ctid = ${row}`)
      await measured(`read ${table}`, `select 1 from ${table} where ctid = ${row}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    await client.end()
  })
  return {
    /** @returns the longest time of each kind of statement, in milliseconds. */
    async stop(): Promise<ReadonlyMap<string, number>> {
      over.abort()
      await Promise.all(working)
      return slowest
    },
  }
}
