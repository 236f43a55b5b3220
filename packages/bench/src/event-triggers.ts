import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '@tollgate/local/postgres'
import { Client } from 'pg'
import { calls, CONNECTIONS } from './figures.ts'
import { keepBusy, median } from './load.ts'
import { people } from './people.ts'
import { runVerb, startApi } from './shortcuts/api-process.ts'

// Measures what the triggers that record events cost: one API is put under load with them and without them, by turns.
// `node packages/bench/src/event-triggers.ts`, with ROUNDS=10 and STRETCH=1500 (ms) by default.
const ROUNDS = Number(process.env['ROUNDS'] ?? 10)
const STRETCH = Number(process.env['STRETCH'] ?? 1_500)
const MARK = 0.9

process.umask(0o077)
await using stack = new AsyncDisposableStack()
const dir = mkdtempSync(join(tmpdir(), 'tollgate-triggers-'))
stack.defer(() => rmSync(dir, { recursive: true, force: true }))
const { url } = stack.use(await startPostgres({ dir: join(dir, 'postgres') }))
for (const verb of ['migrate', 'seed']) await runVerb(verb, url)
const api = stack.use(await startApi(url))
const database = new Client({ connectionString: url })
await database.connect()
stack.defer(() => database.end())
const { rows: triggers } = await database.query<{ table: string; name: string }>(
  `select tgrelid::regclass::text as "table", tgname as name from pg_trigger
   where tgname ~ '_event_|_access(_|$)' and not tgisinternal`,
)

async function switchTriggers(to: 'enable' | 'disable'): Promise<void> {
  for (const { table, name } of triggers) await database.query(`alter table "${table}" ${to} trigger "${name}"`)
}

const load = loadavg()[0]?.toFixed(1)
console.log(`${availableParallelism()} cores, load ${load}, ${CONNECTIONS} connections, ${triggers.length} triggers.`)
console.log(`Medians over ${ROUNDS} rounds of ${STRETCH} ms; "with" divided by "without" in each round.\n`)
const { register, webhook } = calls({ endpoints: api.endpoints, people: await people(api.endpoints.api, 1) })
for (const [title, call] of [
  ['sign-ups', register],
  ['webhooks stored and queued', webhook],
] as const) {
  const measure = async (to: 'enable' | 'disable') => {
    await switchTriggers(to)
    return (await keepBusy(CONNECTIONS, STRETCH, call)).perSecond
  }
  await measure('enable')
  const rounds: { on: number; off: number }[] = []
  for (let round = 0; round < ROUNDS; round++) {
    // The order changes with each round, so that a load that rises or falls favors neither.
    if (round % 2 === 0) rounds.push({ on: await measure('enable'), off: await measure('disable') })
    else {
      const off = await measure('disable')
      rounds.push({ on: await measure('enable'), off })
    }
  }
  const ratios = rounds.map(({ on, off }) => on / off)
  const [on, off] = [median(rounds.map((round) => round.on)), median(rounds.map((round) => round.off))]
  const range = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`
  const result = median(ratios) >= MARK ? 'ok' : 'slow'
  console.log(
    `${title.padEnd(28)}${on.toFixed(1)}/s with, ${off.toFixed(1)}/s without: ${median(ratios).toFixed(2)} (${range}) ${result}`,
  )
}
