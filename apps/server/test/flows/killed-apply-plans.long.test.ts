import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { SyncPlan } from '../../src/billing/billing.queues.ts'
import { planAtStripe } from '../plans.ts'
import { jobsDone } from '../progress.ts'
import { aPayingUser } from '../purchases.ts'
import { randomFrom } from '../random-from.ts'
import { environmentOf, killed, runVerb } from '../server-process.ts'
import { calm, failNext, stripeClient } from '../stripe.ts'
import { createTestApp, type TestApp } from '../test-app.ts'

const PROGRAM = new URL('../../src/main.ts', import.meta.url).pathname
const ROUNDS = Number(process.env['TOLLGATE_ROUNDS'] ?? 30)
/** Longer than a run takes after its first output, in milliseconds: some runs come to their end. */
const LONGEST_RUN = 1_500

interface Price {
  billingPeriod: 'monthly' | 'yearly'
  currency: string
  priceCents: number
}
interface FilePlan {
  name: string
  tier: string
  prices: Price[]
  features: object
}

test(`apply-plans is killed in ${ROUNDS} rounds, and the next run leaves what the file says, once`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-plans-'))
  await using stack = new AsyncDisposableStack()
  stack.defer(() => rmSync(folder, { recursive: true }))
  const stateFile = join(folder, 'stripe')
  const app = stack.use(await createTestApp({}, { sandbox: { stateFile } }))
  const file = join(folder, 'plans.json')
  const apply = async (words = '') => runVerb(app, `apply-plans --file ${file}${words}`)
  const random = randomFrom(Number(process.env['TOLLGATE_SEED'] ?? 1))

  writeFileSync(file, JSON.stringify({ plans: plansOf(0, random) }))
  expect(await apply()).toMatchObject({ code: 0 })
  const payer = await aPayingUser(app, 'pro')
  const { billing } = (await app.as(payer)).api
  const has = async () => ({
    features: Object.keys((await billing.entitlements.query()).features).length,
    exports: (await billing.entitlements.query()).features['exports']?.allowed,
    priceCents: (await billing.subscriptions.current.query())?.priceCents,
  })
  const atFirst = await has()

  let kills = 0
  for (let round = 1; round <= ROUNDS; round += 1) {
    const plans = plansOf(round, random)
    writeFileSync(file, JSON.stringify({ plans }))
    if (round % 5 === 1) {
      await settled(app)
      const before = await everything(app, stateFile)
      expect(await apply(' --dry-run --exit-code')).toMatchObject({ code: 2 })
      expect(await everything(app, stateFile)).toEqual(before)
      await takesNothing(app, { file, plans, apply })
    }
    for (let run = 0; run < 3; run += 1) {
      const count = 1 + Math.floor(random() * 3)
      if (random() < 0.5) await failNext(app, { count, afterExecution: random() < 0.5, reset: random() < 0.3 })
      const deploys = random() < 0.3 ? 2 : 1
      await Promise.all(
        Array.from({ length: deploys }, async () => (kills += (await killedRun(app, file, random())) ? 1 : 0)),
      )
      await calm(app)
    }
    const done = await apply()
    expect({ round, ...done }).toEqual({ round, code: 0, output: expect.any(String) })
    expect(await apply(' --dry-run --exit-code')).toMatchObject({ code: 0 })
    await settled(app)
    await expectAtStripe(app, plans, round)
    expect(await has()).toEqual({ ...atFirst, features: expect.any(Number) })
  }
  process.stdout.write(`${kills} runs were killed in ${ROUNDS} rounds\n`)
  expect(kills).toBeGreaterThan(ROUNDS)
}, 3_600_000)

/** Another list of plans in each round: prices that come and go, a new plan, one that is retired, and new features. */
function plansOf(round: number, random: () => number): Record<string, FilePlan> {
  const price = (of: Partial<Price> = {}): Price => ({
    ...{ billingPeriod: 'monthly', currency: 'usd', priceCents: 1_900 + 100 * Math.floor(random() * 3) },
    ...of,
  })
  const yearly = price({ billingPeriod: 'yearly', priceCents: 19_000 })
  const prices = [price(), ...[yearly, price({ currency: 'eur' })].filter(() => random() < 0.6)]
  const overage = { unitPriceCents: 1 + Math.floor(random() * 3) }
  const counted = { exports: true, [`calls_${round % 3}`]: { limit: 10, per: 'period', overage } }
  return {
    pro: { name: `Pro ${round % 2}`, tier: 'pro', prices, features: { exports: true } },
    [`plan-${round}`]: { name: `Plan ${round}`, tier: 'vip', prices: [price(), yearly], features: counted },
    [`plan-${round + 1}`]: { name: 'Next', tier: 'pro', prices: [price()], features: {} },
  }
}

/** Starts a run, and kills it a moment after its first output. @returns false if it ended before. */
async function killedRun(app: TestApp, file: string, share: number): Promise<boolean> {
  const env = environmentOf(app)
  const child: ChildProcess = spawn(process.execPath, [PROGRAM, 'apply-plans', '--file', file], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env,
  })
  const exit = once(child, 'exit')
  if (child.stdout) await Promise.race([once(child.stdout, 'data'), exit])
  await Promise.race([sleep(share * LONGEST_RUN), exit])
  if (child.exitCode !== null) return false
  await killed(child)
  return true
}

const settled = (app: TestApp) => jobsDone(app, SyncPlan.name)

/** All rows of the database, and what the sandbox has written down. */
async function everything(app: TestApp, stateFile: string): Promise<Record<string, unknown>> {
  const { em } = app.scope()
  const tables = await em.execute<{ name: string }[]>(
    `select quote_ident(table_name) as name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
  )
  const rows: Record<string, unknown> = {}
  for (const { name } of tables) {
    const [row] = await em.execute<{ digest: string | null }[]>(
      `select md5(string_agg(each::text, ',' order by each::text)) as digest from ${name} each`,
    )
    rows[name] = row?.digest
  }
  return {
    ...rows,
    jobs: await em.execute('select count(*) from pgboss.job'),
    stripe: readFileSync(stateFile, 'utf8').length,
  }
}

/** A file that takes a feature from a payer changes nothing. */
async function takesNothing(
  app: TestApp,
  { file, plans, apply }: { file: string; plans: Record<string, FilePlan>; apply(): Promise<{ code: number | null }> },
): Promise<void> {
  const onSale = async () => app.client().api.billing.plans.list.query()
  const before = await onSale()
  const { pro } = plans
  writeFileSync(file, JSON.stringify({ plans: { ...plans, pro: { ...pro, features: {} } } }))
  expect(await apply()).toMatchObject({ code: 3 })
  expect(await onSale()).toEqual(before)
  writeFileSync(file, JSON.stringify({ plans }))
}

/** Each price of the file is on offer once, and there is no price that we do not know. */
async function expectAtStripe(app: TestApp, plans: Record<string, FilePlan>, round: number): Promise<void> {
  const { em } = app.scope()
  const rows = await em.execute<{ id: string; code: string; status: string; known: string[] | null }[]>(
    `select id, code, status, (select jsonb_agg(provider_price_id) from plan_prices where plan_id = plans.id) as known
     from plans where code = 'pro' or code like 'plan-%'`,
  )
  expect(rows.filter(({ status }) => status === 'draft')).toEqual([])
  for (const { id, code, status, known } of rows) {
    const { product, prices, offered } = await planAtStripe(app, id)
    const wanted = plans[code]
    expect({ round, code, status, isActive: product?.active, name: product?.name }).toMatchObject(
      wanted ? { status: 'active', isActive: true, name: wanted.name } : { status: 'retired', isActive: false },
    )
    expect({ round, code, unknown: prices.filter((price) => !known?.includes(price.id)) }).toMatchObject({
      unknown: [],
    })
    expect(new Set(prices.map(({ lookup_key: key }) => key)).size).toBe(prices.length)
    if (!wanted) continue
    const terms = wanted.prices.map((one) => [
      one.priceCents,
      one.currency,
      one.billingPeriod === 'yearly' ? 'year' : 'month',
    ])
    expect({ round, code, offered: offered.map(String).toSorted() }).toEqual({
      round,
      code,
      offered: terms.map(String).toSorted(),
    })
  }
  const meters = (await stripeClient(app).billing.meters.list({ limit: 100 })).data.map(({ event_name: name }) => name)
  expect(new Set(meters).size).toBe(meters.length)
}
