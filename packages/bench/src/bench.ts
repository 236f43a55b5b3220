import { availableParallelism, loadavg } from 'node:os'
import { CannotStart } from '@tollgate/local/cannot-start'
import { rejectWhen, stopSignal } from '@tollgate/local/stop-signal'
import { startThrowawayStack } from '@tollgate/local/throwaway-stack'
import { Pool } from 'pg'
import { startCeiling } from './ceiling.ts'
import { compare, type Comparison, type Verdict } from './compare.ts'
import { deliveryToAccess, dropDeliveries } from './delivery-to-access.ts'
import { calls, CONNECTIONS, figures, type Bench } from './figures.ts'
import { keepBusy, quantile } from './load.ts'
import { people } from './people.ts'
import { withoutWorker } from './without-worker.ts'

const ROUNDS = 5
const STRETCH = 1_500
const DELIVERIES = 40

/** The marks that the limits could touch, measured once more with limits that nobody reaches. */
const WITH_LIMITS = { RATE_LIMIT_ENABLED: 'true', RATE_LIMIT: '100000000/1m', RATE_LIMIT_READS: '100000000/1m' }
const LIMITED = /^(?:log-ins|auth\.me|refreshes)/

process.umask(0o077)
process.exit(await run())

/** Prints every figure beside its own ceiling, measured in the same run; fails when one of them is wrong. */
async function run(): Promise<number> {
  const signal = stopSignal()
  try {
    console.log(
      `${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)} before it begins; ${CONNECTIONS} connections,`,
    )
    console.log(
      `medians of ${ROUNDS} rounds of ${STRETCH / 1000} s, ours and the ceiling in turn. It takes about three minutes.\n`,
    )
    const verdicts = await Promise.race([measureAll(signal), rejectWhen(signal)])
    return verdicts.includes('WRONG') ? 1 : 0
  } catch (error) {
    if (signal.aborted) console.error('\nStopped before the end.')
    else console.error(error instanceof CannotStart ? `\n${error.message}` : error)
    return 1
  }
}

async function measureAll(signal: AbortSignal): Promise<Verdict[]> {
  console.log('Rate limits off')
  const verdicts = await withStack({ RATE_LIMIT_ENABLED: 'false' }, signal, async (bench, pool) => {
    const rates = await withoutWorker(bench.endpoints, pool, async () => [
      ...(await measureRates(bench)),
      ...(await measureMixes(bench)),
    ])
    return [...rates, await measureDelivery(bench, pool)]
  })
  console.log('\nRate limits on')
  const limited = await withStack(WITH_LIMITS, signal, (bench, pool) =>
    withoutWorker(bench.endpoints, pool, () => measureRates(bench, LIMITED)),
  )
  return [...verdicts, ...limited]
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
  return await measure(
    { endpoints: stack.endpoints, ceiling, people: await people(stack.endpoints.api, CONNECTIONS) },
    pool,
  )
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

function line({ title, ours, ceiling, ratio, range: [low, high], verdict }: Comparison): string {
  const perSecond = (rate: number) => `${rate.toFixed(rate < 100 ? 1 : 0)}/s`.padStart(9)
  return `  ${title.padEnd(44)}${perSecond(ours)} ${perSecond(ceiling)}   ${ratio.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})  ${verdict}`
}

/** Reads while others log in, and webhooks while others sign up: neither may starve. @returns verdicts on the reads' p99. */
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
  const verdict = judge(reads.p99, { mark: 40, wrongAbove: 200 })
  console.log(
    `  reads while 16 log-ins run: ${Math.round(reads.perSecond)}/s, p50 ${ms(reads.p50)}, p99 ${ms(reads.p99)}  ${verdict}`,
  )
  console.log(`  webhooks while 32 sign-ups run: ${Math.round(webhooks.perSecond)}/s, p99 ${ms(webhooks.p99)}`)
  return [verdict]
}

async function measureDelivery({ endpoints }: Bench, pool: Pool): Promise<Verdict> {
  const took: number[] = []
  await dropDeliveries(endpoints, 1)
  for (let round = 0; round < DELIVERIES; round++) took.push(await deliveryToAccess(endpoints, pool))
  await dropDeliveries(endpoints, 0)
  const verdict = judge(quantile(took, 0.5), { mark: 100, wrongAbove: 1_000 })
  console.log(
    `  delivery → applied → hasAccess, one event: p50 ${ms(quantile(took, 0.5))}, p99 ${ms(quantile(took, 0.99))} of ${took.length}  ${verdict}`,
  )
  return verdict
}

function ms(milliseconds: number): string {
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`
}

function judge(value: number, { mark, wrongAbove }: { mark: number; wrongAbove: number }): Verdict {
  return value > wrongAbove ? 'WRONG' : value > mark ? 'below the mark' : 'holds'
}
