import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '@tollgate/local/postgres'
import { calls, CONNECTIONS } from './figures.ts'
import { keepBusy, median } from './load.ts'
import { people } from './people.ts'
import { runVerb, startApi, type Api } from './shortcuts/api-process.ts'
import { SHORTCUTS, type Shortcut } from './shortcuts/shortcuts.ts'

// Measures what each shortcut of the hot path gains: an API with it and an API without it share one database, and are put
// under load by turns. `node packages/bench/src/shortcuts.ts [NAME...]`, with ROUNDS=9 and STRETCH=1500 (ms) by default.
const ROUNDS = Number(process.env['ROUNDS'] ?? 9)
const STRETCH = Number(process.env['STRETCH'] ?? 1_500)
const SERVER = join(import.meta.dirname, '../../../apps/server')

interface Stretch {
  perSecond: number
  /** Milliseconds of a core that the API used for each call. */
  cpu: number
}

process.umask(0o077)
await using stack = new AsyncDisposableStack()
const dir = mkdtempSync(join(tmpdir(), 'tollgate-shortcuts-'))
stack.defer(() => rmSync(dir, { recursive: true, force: true }))
const { url } = stack.use(await startPostgres({ dir: join(dir, 'postgres') }))
for (const verb of ['migrate', 'seed']) await runVerb(verb, url)
const complete = stack.use(await startApi(url))

const load = loadavg()[0]?.toFixed(1)
console.log(
  `${availableParallelism()} cores, load ${load}, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${STRETCH} ms.`,
)
console.log(
  'Medians over the rounds. The gain is "with" compared to "without", in each round; then the lowest and highest.\n',
)
console.log(`${'shortcut'.padEnd(20)}${'call'.padEnd(10)}    with  without    gain (range)          API's CPU per call`)
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(SHORTCUTS)
for (const name of names) {
  const shortcut = SHORTCUTS[name]
  if (!shortcut) throw new Error(`There is no shortcut "${name}": ${Object.keys(SHORTCUTS).join(', ')}.`)
  if (shortcut.needs && !existsSync(join(SERVER, shortcut.needs.folder))) {
    console.log(`${name.padEnd(20)}not measured: run \`${shortcut.needs.command}\` first.`)
    continue
  }
  await using plain = await startApi(url, { without: name })
  for (const call of shortcut.calls) console.log(await measure(name, call, plain))
}

async function measure(name: string, call: Shortcut['calls'][number], plain: Api): Promise<string> {
  const [withIt, withoutIt] = [await loadOn(complete, call), await loadOn(plain, call)]
  await withIt(STRETCH / 2)
  await withoutIt(STRETCH / 2)
  const rounds: { with: Stretch; without: Stretch }[] = []
  for (let round = 0; round < ROUNDS; round++) {
    // The order changes with each round, so that a load that rises or falls favors neither.
    if (round % 2 === 0) rounds.push({ with: await withIt(STRETCH), without: await withoutIt(STRETCH) })
    else {
      const without = await withoutIt(STRETCH)
      rounds.push({ with: await withIt(STRETCH), without })
    }
  }
  const gains = rounds.map((round) => round.with.perSecond / round.without.perSecond)
  const cpu = rounds.map((round) => round.with.cpu / round.without.cpu)
  const rate = (side: 'with' | 'without') => `${Math.round(median(rounds.map((round) => round[side].perSecond)))}/s`
  const range = `(${percent(Math.min(...gains))} … ${percent(Math.max(...gains))})`
  return [
    `${name.padEnd(20)}${call.padEnd(10)}${rate('with').padStart(8)} ${rate('without').padStart(8)}`,
    `${percent(median(gains)).padStart(6)} ${range.padEnd(20)} ${percent(median(cpu)).padStart(6)}`,
  ].join('  ')
}

async function loadOn(api: Api, name: Shortcut['calls'][number]): Promise<(milliseconds: number) => Promise<Stretch>> {
  const call = calls({ endpoints: api.endpoints, people: await people(api.endpoints.api, CONNECTIONS) })[name]
  return async (milliseconds) => {
    let count = 0
    const before = api.cpu() ?? Number.NaN
    const { perSecond } = await keepBusy(CONNECTIONS, milliseconds, async (connection) => {
      await call(connection)
      count += 1
    })
    return { perSecond, cpu: ((api.cpu() ?? Number.NaN) - before) / count }
  }
}

function percent(ratio: number): string {
  const change = Math.round((ratio - 1) * 100)
  return `${change > 0 ? '+' : ''}${change} %`
}
