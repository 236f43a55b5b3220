import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { auditOf } from '../../test/admin.ts'
import { firstOf } from '../../test/long.ts'
import { planAtStripe } from '../../test/plans.ts'
import { aGrant, aPayingUser } from '../../test/purchases.ts'
import { environmentOf } from '../../test/server-process.ts'
import { calm, failNext } from '../../test/stripe.ts'
import { createTestApp, paymobSettings, type TestApp } from '../../test/test-app.ts'
import { readConfig } from '../config.ts'
import { applyPlansFile } from './apply-plans.ts'

const folder = mkdtempSync(join(tmpdir(), 'plans-'))
let app: TestApp
beforeAll(async () => (app = await createTestApp({}, { paymob: true })))
afterEach(() => calm(app))
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await app[Symbol.asyncDispose]()
})

const MONTHLY = `{ billingPeriod: 'monthly', currency: 'usd', priceCents: 1_900 }`
const YEARLY = `{ billingPeriod: 'yearly', currency: 'usd', priceCents: 19_000 }`
const POUNDS = `{ billingPeriod: 'monthly', currency: 'egp', priceCents: 90_000, provider: 'paymob' }`

/** A plans file without the seeded plans, except `pro`. */
const fileOf = ({
  pro = `features: { exports: true }`,
  prices = `${MONTHLY}, ${YEARLY}, ${POUNDS}`,
  more = '',
} = {}) => `
  import { definePlans } from '@tollgate/client'
  const TEAM: number = 15
  export default definePlans({
    tiers: { team: TEAM },
    features: ['exports', 'projects'],
    plans: {
      pro: { name: 'Pro', tier: 'pro', prices: [${prices}], ${pro} },
      ${more}
    },
  })`
const TEAM = `team: { name: 'Team', tier: 'team', seats: { included: 2 }, prices: [
  { billingPeriod: 'monthly', currency: 'usd', priceCents: 4_000, perSeatCents: 500 }], features: { projects: { limit: 9, per: 'total' } } },`

let files = 0
/** Runs the verb on a file with this content, several times at once. */
async function applyAtOnce(content: string, times: number, words: string[] = []) {
  const path = join(folder, `${(files += 1)}.plans.ts`)
  writeFileSync(path, content)
  const lines: string[] = []
  const spies = (['log', 'error'] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation((line: string) => void lines.push(line)),
  )
  const config = readConfig({ ...environmentOf(app), ...paymobSettings(app.paymob) })
  const run = async () => applyPlansFile(config, app.deps.log, ['--file', path, ...words])
  try {
    return { codes: await Promise.all(Array.from({ length: times }, run)), lines }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}

async function apply(content: string, ...words: string[]) {
  const { codes, lines } = await applyAtOnce(content, 1, words)
  return { code: codes[0], lines }
}

const plansOnSale = async () => {
  const plans = await app.client().api.billing.plans.list.query()
  return Object.fromEntries(plans.map(({ code, ...plan }) => [code, plan]))
}

test('a dry run says what would happen, changes nothing, and may tell it by its exit code', async () => {
  const before = await plansOnSale()
  const { code, lines } = await apply(fileOf({ more: TEAM }), '--dry-run')
  expect(code).toBe(0)
  expect(lines).toEqual(
    expect.arrayContaining([
      '~ pro (0 subscribers)',
      '    price: + 190.00 USD a year, through Stripe',
      '    price: + 900.00 EGP a month, through Paymob',
      '    at Paymob: creates 1 price',
      '+ team (new)',
      '    tier: team (rank 15)',
      '    at Stripe: creates a product and 1 price',
      '- vip (retired)',
      'A dry run: nothing has changed.',
    ]),
  )
  expect((await apply(fileOf({ more: TEAM }), '--dry-run', '--exit-code')).code).toBe(2)
  expect(await plansOnSale()).toEqual(before)
})

test.each(
  firstOf(3, [
    [
      'retired:vip',
      'must be one of remove-feature:PLAN:FEATURE, lower-limit:PLAN:FEATURE, charge-overage:PLAN:FEATURE,',
    ],
    ['retire:vipp', 'names an unknown plan; the plans are free, pro, '],
    ['lower-limit:pro:export', 'names an unknown feature; the features are '],
    ['retire:vip:exports', 'must be one of '],
    ['lower-limit:pro', 'must be one of '],
  ]),
)('an unknown name of --allow is refused, and nothing changes: %s', async (name, problem) => {
  const before = await plansOnSale()
  for (const words of [['--dry-run'], []]) {
    const { code, lines } = await apply(fileOf({ more: TEAM }), ...words, '--allow', name, '--allow', 'retire:vip')
    expect([code, lines]).toEqual([1, [expect.stringContaining(`--allow ${name}: ${problem}`)]])
  }
  expect(await plansOnSale()).toEqual(before)
})

test('two at once: one applies the file, and the other one has nothing to do', async () => {
  const content = fileOf({ more: TEAM })
  const { codes, lines } = await applyAtOnce(content, 2)
  expect(codes).toEqual([0, 0])
  expect(lines.filter((line) => line.startsWith('Done: create'))).toEqual(['Done: create team'])
  expect(lines.filter((line) => line.startsWith('Nothing to do'))).toHaveLength(1)

  const { pro, team, ...others } = await plansOnSale()
  expect(Object.keys(others)).toEqual([])
  expect(pro?.prices.map(({ priceCents, provider }) => [priceCents, provider])).toEqual([
    [1_900, 'stripe'],
    [19_000, 'stripe'],
    [90_000, 'paymob'],
  ])
  expect(team).toMatchObject({ tier: 'team', tierRank: 15, seats: { included: 2, perSeatCents: 500 }, sortOrder: 20 })
  expect((await planAtStripe(app, team?.id ?? '')).prices).toHaveLength(1)
  expect(await auditOf(app, team?.id ?? '')).toMatchObject([{ action: 'plan.create' }])
  expect((await apply(content, '--dry-run', '--exit-code')).code).toBe(0)
})

test('it keeps its lock while it works, however short the database lets transactions wait', async () => {
  const { em } = app.scope()
  const content = fileOf({ more: TEAM })
  expect((await apply(content)).code).toBe(0)
  const [database] = await em.execute<{ name: string }[]>('select current_database() as name')
  await em.execute(`alter database ${database?.name} set idle_in_transaction_session_timeout = 500`)
  const waiting = `select 1 from pg_stat_activity where datname = current_database() and pid <> ?
    and state = 'idle in transaction' and clock_timestamp() - state_change > interval '700 ms'`
  try {
    const applying = await em.transactional(async (held) => {
      const [own] = await held.execute<{ pid: number }[]>('select pg_backend_pid() as pid')
      await held.execute('lock table plans in access exclusive mode')
      const started = apply(content)
      await expect.poll(() => app.scope().em.execute(waiting, [own?.pid]), { timeout: 10_000 }).toHaveLength(1)
      return [started]
    })
    expect(await applying[0]).toEqual({ code: 0, lines: ['Nothing to do: the plans are those of the file.'] })
  } finally {
    await em.execute(`alter database ${database?.name} reset idle_in_transaction_session_timeout`)
  }
})

test('a run that fails in the middle is finished by the next one, once', async () => {
  const content = fileOf({
    pro: 'features: { exports: true, projects: true }',
    prices: `${MONTHLY}, ${POUNDS}`,
    more: `${TEAM} solo: { name: 'Solo', tier: 'pro', prices: [${MONTHLY}, ${YEARLY}] },`,
  })
  // The plan's change needs no new price, so the creation is the first call to Stripe that fails.
  await failNext(app)
  const failed = await apply(content)
  expect(failed.code).toBe(1)
  expect(failed.lines.join('\n')).toContain('Run this again: it continues where it stopped.')
  expect(await plansOnSale()).not.toHaveProperty('solo')
  await calm(app)
  const { code, lines } = await apply(content)
  expect([code, lines.at(-1)]).toEqual([0, 'Done: create solo'])
  const { solo } = await plansOnSale()
  expect((await planAtStripe(app, solo?.id ?? '')).offered).toHaveLength(2)
  expect((await apply(content)).lines).toEqual(['Nothing to do: the plans are those of the file.'])
})

test('nothing is taken from subscribers unless it is allowed by name', async () => {
  const present = fileOf({ more: TEAM })
  await apply(present, '--allow', 'retire:solo')
  const payer = await aPayingUser(app, 'pro')
  await aGrant(app, await app.aUser(), 'team')
  const less = fileOf({ pro: 'features: {}', prices: `{ ...${MONTHLY}, priceCents: 2_900 }, ${POUNDS}` })
  const refused = await apply(less)
  expect(refused.code).toBe(3)
  expect(refused.lines).toEqual(
    expect.arrayContaining([
      '    price: 19.00 USD a month -> 29.00 USD a month; 1 subscriber keeps the old one',
      '    ! they lose exports: needs --allow remove-feature:pro:exports',
      '  --allow remove-feature:pro:exports --allow retire:team',
    ]),
  )
  expect((await apply(less, '--allow', 'retire:team')).code).toBe(3)
  expect((await plansOnSale())['pro']).toMatchObject({ priceCents: 1_900, features: { exports: true } })

  const { code } = await apply(less, '--allow', 'retire:team', '--allow', 'remove-feature:pro:exports')
  expect(code).toBe(0)
  expect(await plansOnSale()).toMatchObject({ pro: { priceCents: 2_900, features: {} } })
  const { api } = await app.as(payer)
  expect(await api.billing.subscriptions.current.query()).toMatchObject({ priceCents: 1_900 })
})

test('it stops before it takes something from someone who subscribes while it runs', async () => {
  const before = (await plansOnSale())['pro']
  const newcomer = await app.aUser()
  const first = `first: { name: 'First', tier: 'pro', prices: [${MONTHLY}] },`
  const file = fileOf({
    prices: `{ ...${MONTHLY}, priceCents: 2_900 }, ${POUNDS}`,
    pro: `features: { projects: true }`,
  })
  const { em } = app.scope()
  await apply(file)
  await em.execute("delete from subscriptions where plan_id = (select id from plans where code = 'pro')")
  await em.execute(`
    create function subscribe_now() returns trigger language plpgsql as $$ begin
      insert into subscriptions (id, user_id, plan_id, provider, status, price_cents, currency, billing_period, started_at,
        current_period_start, current_period_end, created_at, updated_at)
      select gen_random_uuid(), '${newcomer.id}', id, 'manual', 'active', 0, 'usd', 'monthly', now(), now(), now(), now(), now()
      from plans where code = 'pro'; return null; end $$;
    create trigger subscribe_now after insert on plans for each row when (new.code = 'first') execute function subscribe_now()`)
  const less = file.replace('features: { projects: true }', 'features: {}').replace('plans: {', `plans: { ${first}`)
  const { code, lines } = await apply(less)
  await em.execute('drop function subscribe_now cascade')
  expect([code, lines.slice(-3)]).toEqual([
    3,
    [
      'Done: create first',
      'Stopped before pro: someone who has just subscribed would lose something. If that is meant, add',
      '  --allow remove-feature:pro:projects',
    ],
  ])
  expect((await plansOnSale())['pro']).toMatchObject({ features: { projects: true }, id: before?.id })
})

test('it stops at a plan that an admin changes while it runs, and the next run applies the file', async () => {
  const { em } = app.scope()
  await em.execute(`
    create function change_now() returns trigger language plpgsql as $$ begin
      update plans set description = 'Better.' where code = 'pro'; return null; end $$;
    create trigger change_now after insert on plans for each row when (new.code = 'second') execute function change_now()`)
  const second = `second: { name: 'Second', tier: 'pro', prices: [${MONTHLY}] },`
  const content = fileOf({ pro: `description: 'Ours.', features: { exports: true, projects: true }` })
  const file = content.replace('plans: {', `plans: { ${second}`)
  const { code, lines } = await apply(file)
  await em.execute('drop function change_now cascade')
  expect([code, lines.at(-2)]).toEqual([1, 'Done: create second'])
  expect(lines.at(-1)).toContain('Run this again')
  expect((await plansOnSale())['pro']).toMatchObject({ description: 'Better.' })
  expect((await apply(file)).code).toBe(0)
  expect((await plansOnSale())['pro']).toMatchObject({ description: 'Ours.' })
})

test.each([
  ['no such file', null, 'there is no such file'],
  ['an error in it', 'export default nothing', '.plans.ts:1: nothing is not defined'],
  ['a slip in its syntax', '\nconst a: = 1', '.plans.ts:2: '],
  ['an await', 'export default await 1', 'there must be no await at the top level'],
  ['no default export', 'export const plans = 1', 'the default export must be definePlans({…})'],
  ['a bad value', fileOf({ prices: '{ priceCents: -1 }' }), 'plans.pro.prices.0.priceCents: must not be negative'],
  ['a misspelled field', fileOf({ pro: 'featurs: {}' }), 'plans.pro: Unrecognized key: "featurs"'],
  [
    'a bad name',
    fileOf({ pro: "features: { 'All exports': true }" }),
    'features.All exports: must be 1 to 64 characters',
  ],
  [
    'an unknown feature',
    fileOf({ pro: 'features: { exprots: true }' }),
    'plans.pro.features.exprots: is not among the features',
  ],
])('a file with %s changes nothing, and exits with 1', async (_, content, line) => {
  const before = await plansOnSale()
  const end = content === null ? await apply('', '--file', join(folder, 'none.ts')) : await apply(content)
  expect([end.code, end.lines.join('\n')]).toEqual([1, expect.stringContaining(line)])
  expect(await plansOnSale()).toEqual(before)
})
