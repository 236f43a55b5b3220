import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '@tollgate/local/postgres'
import { Pool } from 'pg'
import { startCeiling } from './ceiling.ts'
import { CONNECTIONS } from './figures.ts'
import { mutate } from './http-calls.ts'
import { keepBusy, median, type Load } from './load.ts'
import { PASSWORD, people, type Person } from './people.ts'
import { runVerb, startApi } from './shortcuts/api-process.ts'
import { FEATURE, usageCalls } from './usage-calls.ts'
import type { InProcessTask } from './usage/use-in-process.ts'

// Measures counted uses beside bare updates of a counter: each without HTTP, and each behind HTTP.
// `node packages/bench/src/usage.ts`, with ROUNDS=7 and STRETCH=1500 (ms) by default.
const ROUNDS = Number(process.env['ROUNDS'] ?? 7)
const STRETCH = Number(process.env['STRETCH'] ?? 1_500)
/** How many connections count on one counter. */
const HOT = 64

process.umask(0o077)
await using stack = new AsyncDisposableStack()
const dir = mkdtempSync(join(tmpdir(), 'tollgate-usage-'))
stack.defer(() => rmSync(dir, { recursive: true, force: true }))
const { url } = stack.use(await startPostgres({ dir: join(dir, 'postgres') }))
for (const verb of ['migrate', 'seed']) await runVerb(verb, url)
const { api } = stack.use(await startApi(url)).endpoints
const ceiling = stack.use(await startCeiling(url))
const users = await people(api, CONNECTIONS)
const usage = await usageCalls({ api, admin: await anAdmin(users[0]) }, users, api)
const inProcess = stack.use(await startInProcess())

const uses = (connections: number, accounts: readonly Person[]) => (milliseconds: number) =>
  inProcess.measure({ accounts: accounts.map(({ id }) => id), feature: FEATURE, connections, milliseconds })
const cells = {
  'bare update': (milliseconds: number) => ceiling.measure({ name: 'count', connections: CONNECTIONS, milliseconds }),
  consume: uses(CONNECTIONS, users),
  'bare update over HTTP': (milliseconds: number) =>
    keepBusy(CONNECTIONS, milliseconds, (connection) => mutate(ceiling.url, 'count', { connection })),
  'consume over HTTP': (milliseconds: number) => keepBusy(CONNECTIONS, milliseconds, usage.spread),
  [`one counter, ${HOT} connections`]: uses(HOT, users.slice(0, 1)),
  [`one counter, ${HOT} connections, HTTP`]: (milliseconds: number) => keepBusy(HOT, milliseconds, usage.hot),
}

console.log(
  `${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${STRETCH} ms. Medians.\n`,
)
const results = new Map<string, Load[]>(Object.keys(cells).map((name) => [name, []]))
for (const measure of Object.values(cells)) await measure(STRETCH / 2)
for (let round = 0; round < ROUNDS; round++) {
  // The order changes with each round, so that a load that rises or falls favors no cell.
  const order = Object.entries(cells)
  for (const [name, measure] of round % 2 === 0 ? order : order.toReversed()) {
    results.get(name)?.push(await measure(STRETCH))
  }
}
for (const [name, loads] of results) {
  const of = (key: keyof Load) => median(loads.map((load) => load[key]))
  const latency = `p50 ${of('p50').toFixed(1).padStart(5)} ms  p99 ${of('p99').toFixed(1).padStart(5)} ms`
  console.log(`${name.padEnd(36)}${Math.round(of('perSecond')).toString().padStart(6)}/s  ${latency}`)
}
console.log()
for (const [over, name] of [
  ['consume', 'bare update'],
  ['consume over HTTP', 'bare update over HTTP'],
  ['consume over HTTP', 'bare update'],
] as const) {
  const [ours, theirs] = [results.get(over) ?? [], results.get(name) ?? []]
  const ratios = ours.map(({ perSecond }, round) => perSecond / (theirs[round]?.perSecond ?? Number.NaN))
  const range = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`
  console.log(`${`${over} / ${name}`.padEnd(46)}${median(ratios).toFixed(2)} (${range})`)
}

async function anAdmin(person: Person | undefined): Promise<{ email: string; password: string }> {
  const pool = new Pool({ connectionString: url, max: 1 })
  await pool.query('update users set is_admin = true, is_verified = true where id = $1', [person?.id])
  await pool.end()
  return { email: person?.email ?? '', password: PASSWORD }
}

async function startInProcess(): Promise<AsyncDisposable & { measure(task: InProcessTask): Promise<Load> }> {
  const child = fork(join(import.meta.dirname, 'usage/use-in-process.ts'), {
    env: { ...process.env, DATABASE_URL: url },
  })
  await once(child, 'message')
  return {
    async measure(task) {
      child.send(task)
      const [answer] = (await once(child, 'message')) as [Load | { error: string }]
      if ('error' in answer) throw new Error(answer.error)
      return answer
    },
    async [Symbol.asyncDispose]() {
      child.disconnect()
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}
