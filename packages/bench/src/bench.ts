import { generateKeyPairSync } from 'node:crypto'
import { availableParallelism, loadavg } from 'node:os'
import { CannotStart } from '@tollgate/local/cannot-start'
import { answerCommandLine } from '@tollgate/local/command-line'
import { rejectWhen, stopSignal } from '@tollgate/local/stop-signal'
import { startThrowawayStack } from '@tollgate/local/throwaway-stack'
import { Pool } from 'pg'
import { startCeiling } from './ceiling.ts'
import { compare, type Comparison, type Verdict } from './compare.ts'
import { deliveryToAccess, dropDeliveries } from './delivery-to-access.ts'
import { calls, CONNECTIONS, figures, type Bench, type CallTarget } from './figures.ts'
import { keepBusy, quantile } from './load.ts'
import { people } from './people.ts'
import { startApi, type Api } from './shortcuts/api-process.ts'
import { usageCalls } from './usage-calls.ts'
import { measureVerify } from './verify-tokens.ts'
import { withoutWorker } from './without-worker.ts'

const ROUNDS = 5
/** How long each measurement of a round takes, in milliseconds. */
const STRETCH = 1_500
const DELIVERIES = 40
/** Targets for latencies, in milliseconds. */
const READS_P99 = { mark: 40, wrongAbove: 200 }
const USAGE_P99 = { mark: 10, wrongAbove: 500 }
/** How many connections count on one hot counter. */
const HOT = 64
const DELIVERY_P50 = { mark: 100, wrongAbove: 1_000 }

/** Limits that no call reaches. They show what counting the calls costs. */
const WITH_LIMITS = { RATE_LIMIT_ENABLED: 'true', RATE_LIMIT: '100000000/1m', RATE_LIMIT_READS: '100000000/1m' }
/** The figures to measure again with rate limits. */
const LIMITED = /^(?:logins|auth\.me|refreshes)/

const USAGE = `Usage: npm run bench

Measures a throwaway copy of what npm start runs, for some minutes: each figure beside its ceiling on this machine.

It has no options.`

process.umask(0o077)
process.exit(await run())

/** Prints every figure next to its ceiling from the same run. @returns the exit code: 1 if a figure fails. */
async function run(): Promise<number> {
  const answered = answerCommandLine(process.argv.slice(2), USAGE)
  if (answered !== null) return answered
  const signal = stopSignal()
  try {
    console.log(introduction())
    const verdicts = await Promise.race([measureAll(signal), rejectWhen(signal)])
    return verdicts.includes('FAILED') ? 1 : 0
  } catch (error) {
    if (signal.aborted) console.error('\nStopped before the end.')
    else console.error(error instanceof CannotStart ? `\n${error.message}` : error)
    return 1
  }
}

function introduction(): string {
  const cores = availableParallelism()
  const load = loadavg()[0]?.toFixed(1)
  return `${cores} cores, load average ${load} before the start. This takes about three minutes.

Each line compares the server with its ceiling: the least code that does the same core work on this machine.
Rates are calls per second over ${CONNECTIONS} connections, as the median of ${ROUNDS} rounds.
A round measures the ceiling for ${STRETCH / 1000} s, then the server for ${STRETCH / 1000} s.
The ratio is server / ceiling: the median, and in parentheses the lowest and the highest round.

  ok      the target is met
  slow    the target is missed, but nothing is broken
  FAILED  so slow that something is broken; the exit code is 1
`
}

async function measureAll(signal: AbortSignal): Promise<Verdict[]> {
  console.log(heading('Rate limits off'))
  const verdicts = await withStack({ RATE_LIMIT_ENABLED: 'false' }, signal, async (bench, pool) => {
    const rates = await withoutWorker(bench.endpoints, pool, async () => [
      ...(await measureRates(bench)),
      ...(await measureMixes(bench)),
      await measureUsage(bench),
    ])
    return [...rates, await measureDelivery(bench, pool)]
  })
  console.log(heading('\nRate limits on'))
  const limited = await withStack(WITH_LIMITS, signal, (bench, pool) =>
    withoutWorker(bench.endpoints, pool, () => measureRates(bench, LIMITED)),
  )
  return [...verdicts, ...limited, ...(await measureVerify())]
}

async function withStack<T>(
  settings: Record<string, string>,
  signal: AbortSignal,
  measure: (bench: Bench, pool: Pool) => Promise<T>,
): Promise<T> {
  await using stack = await startThrowawayStack({ ...process.env, LOG_LEVEL: 'warn', ...settings }, signal)
  const pool = new Pool({ connectionString: stack.endpoints.databaseUrl, max: 2 })
  await using cleanUp = new AsyncDisposableStack()
  cleanUp.defer(() => pool.end())
  const ceiling = cleanUp.use(await startCeiling(stack.endpoints.databaseUrl))
  const { endpoints } = stack
  const callers = await people(endpoints.api, CONNECTIONS)
  const counting = cleanUp.use(await startApi(endpoints.databaseUrl))
  const usage = await usageCalls(endpoints, callers, counting.endpoints.api)
  const signing = cleanUp.use(
    await startApi(endpoints.databaseUrl, { settings: { ACCESS_TOKEN_PRIVATE_KEY: newKey() } }),
  )
  const signed = { es256: await targetAt(signing), hs256: await targetAt(counting) }
  return await measure({ endpoints, ceiling, people: callers, usage, signed }, pool)
}

async function targetAt({ endpoints }: Api): Promise<CallTarget> {
  return { endpoints, people: await people(endpoints.api, CONNECTIONS) }
}

/** A key for ES256, as the server's settings have it. */
function newKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
}

async function measureRates(bench: Bench, only = /./): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  for (const figure of figures(bench).filter(({ title }) => only.test(title))) {
    const comparison = await compare(figure, { rounds: ROUNDS, milliseconds: STRETCH })
    console.log(line(comparison))
    verdicts.push(comparison.verdict)
  }
  return verdicts
}

function heading(title: string): string {
  const columns = `${'server / ceiling'.padEnd(44)}${'server'.padStart(9)} ${'ceiling'.padStart(9)}`
  return `${title}\n  ${columns}   ${'ratio (range)'.padEnd(18)}target  result`
}

function line({ title, server, ceiling, ratio, range: [low, high], mark, verdict }: Comparison): string {
  const perSecond = (rate: number) => `${rate.toFixed(rate < 100 ? 1 : 0)}/s`.padStart(9)
  const ratios = `${ratio.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`
  return `  ${title.padEnd(44)}${perSecond(server)} ${perSecond(ceiling)}   ${ratios.padEnd(18)}${mark.toFixed(2).padEnd(6)}  ${verdict}`
}

/**
 * Measures reads during logins, and webhooks during sign-ups: neither may starve.
 *
 * @returns the verdict on the p99 of the reads.
 */
async function measureMixes(bench: Bench): Promise<Verdict[]> {
  const readers: Bench = { ...bench, people: await people(bench.endpoints.api, CONNECTIONS) }
  const length = STRETCH * 4
  const [reads] = await Promise.all([
    keepBusy(CONNECTIONS, length, calls(readers).me),
    keepBusy(CONNECTIONS, length, calls(bench).logIn),
  ])
  const [webhooks] = await Promise.all([
    keepBusy(CONNECTIONS, length, calls(bench).webhook),
    keepBusy(2 * CONNECTIONS, length, calls(bench).register),
  ])
  const verdict = judge(reads.p99, READS_P99)
  console.log(
    `\n  auth.me during ${CONNECTIONS} concurrent logins: ${Math.round(reads.perSecond)}/s, p50 ${ms(reads.p50)}, p99 ${ms(reads.p99)} (target ${READS_P99.mark} ms)  ${verdict}`,
  )
  console.log(
    `  webhooks during ${2 * CONNECTIONS} concurrent sign-ups: ${Math.round(webhooks.perSecond)}/s, p99 ${ms(webhooks.p99)}`,
  )
  return [verdict]
}

/**
 * Measures how long a counted use takes, and counts on one counter from many connections. A deadlock there would be
 * answered with an error, which ends the measurement.
 *
 * @returns the verdict on the p99 of the counters that are spread.
 */
async function measureUsage({ usage }: Bench): Promise<Verdict> {
  const spread = await keepBusy(CONNECTIONS, STRETCH * 2, usage.spread)
  const hot = await keepBusy(HOT, STRETCH * 2, usage.hot)
  const verdict = judge(spread.p99, USAGE_P99)
  console.log(
    `  uses counted, ${CONNECTIONS} connections with a counter each: ${Math.round(spread.perSecond)}/s, p50 ${ms(spread.p50)}, p99 ${ms(spread.p99)} (target ${USAGE_P99.mark} ms)  ${verdict}`,
  )
  console.log(
    `  uses counted, ${HOT} connections on one counter: ${Math.round(hot.perSecond)}/s, p99 ${ms(hot.p99)}, no deadlock`,
  )
  return verdict
}

async function measureDelivery({ endpoints }: Bench, pool: Pool): Promise<Verdict> {
  const took: number[] = []
  await dropDeliveries(endpoints, 1)
  for (let round = 0; round < DELIVERIES; round++) took.push(await deliveryToAccess(endpoints, pool))
  await dropDeliveries(endpoints, 0)
  const verdict = judge(quantile(took, 0.5), DELIVERY_P50)
  console.log(
    `  from a webhook to access (${took.length} payments, one at a time): p50 ${ms(quantile(took, 0.5))} (target ${DELIVERY_P50.mark} ms), p99 ${ms(quantile(took, 0.99))}  ${verdict}`,
  )
  return verdict
}

function ms(milliseconds: number): string {
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`
}

function judge(value: number, { mark, wrongAbove }: { mark: number; wrongAbove: number }): Verdict {
  return value > wrongAbove ? 'FAILED' : value > mark ? 'slow' : 'ok'
}
