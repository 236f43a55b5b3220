import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reportOverage } from '../../src/billing/index.ts'
import { anAdmin } from '../admin.ts'
import { advance } from '../progress.ts'
import { stripeClient } from '../stripe.ts'
import { createTestApp, type TestApp } from '../test-app.ts'
import { readInvoices, readMoney, readRevenue } from './read-books.ts'
import {
  aWalker,
  current,
  DISCOUNT_NAMES,
  endAndBuyAgain,
  endLaterAndBuyAgain,
  kindOf,
  notePlan,
  pauseAndResume,
  pick,
  settle,
  STEPS,
  toPeriodEnd,
  UNIT_PRICES,
  upgradeOnPage,
  type Api,
  type Kind,
  type Walker,
} from './walker.ts'

type Preview = Awaited<ReturnType<Api['billing']['subscriptions']['previewChange']['query']>>

/**
 * Takes customers through random steps, and checks their books after each one: a preview is what is charged, an invoice is the sum of its lines, a payment's row says the same, the balance is the sum of its
 * changes, and revenue counts what is paid.
 */
export function describeWalks(seeds: readonly number[], steps: number): void {
  describe('whatever happens in a row, the books are right', () => {
    let app: TestApp
    let admin: Api
    beforeAll(async () => {
      app = await createTestApp({ TAX: 'stripe' })
      admin = (await anAdmin(app)).api
      const standard = { type: 'standard', standard: { place_of_supply_scheme: 'standard' } } as const
      for (const [country, key] of [
        ['DE', 'de'],
        ['FR', 'fr'],
        ['HU', 'hu'],
      ] as const) {
        await stripeClient(app).tax.registrations.create({
          ...{ country, active_from: 'now' },
          country_options: { [key]: standard },
        })
      }
      await stripeClient(app).tax.settings.update({ head_office: { address: { country: 'DE' } } })
    })
    afterAll(() => app[Symbol.asyncDispose]())

    test.each(seeds)('seed %i', { timeout: 600_000 }, async (seed) => {
      const walker = await aWalker(app, admin, seed)
      const done: string[] = []
      try {
        await expectRightBooks(walker)
        for (let step = 0; step < steps; step += 1) {
          done.push('…')
          await take(walker, (what) => void (done[done.length - 1] = what))
          await settle(walker)
          await expectRightBooks(walker)
        }
        await STEPS['use is reported'](walker)
        expect({ units: await billedUnits(walker, true) }).toEqual({ units: usedUnits(walker) })
      } catch (error) {
        throw new Error(`${walker.currency}, seed ${seed}, after: ${done.join('; ')}`, { cause: error })
      } finally {
        const live = await current(walker)
        if (live) await admin.admin.subscriptions.cancel.mutate({ id: live.id, at: 'now' })
      }
    })
  })
}

/** Takes a random step. */
async function take(walker: Walker, tell: (what: string) => void): Promise<void> {
  const chance = walker.random()
  if (chance < 0.25) return changePlan(walker, tell)
  if (chance < 0.42) return renew(walker, tell)
  if (chance < 0.46) {
    tell('it ends at once, and another is bought')
    await reportOverage(walker.app.scope())
    await dropUnreported(walker)
    return endAndBuyAgain(walker)
  }
  if (chance < 0.5) {
    tell('it ends with its period, and another is bought')
    return endLaterAndBuyAgain(walker)
  }
  if (chance < 0.55 && ['small', 'tried'].includes((await kindOf(walker)) ?? '')) {
    tell('a higher plan is bought on a page')
    return upgradeOnPage(walker)
  }
  if (chance < 0.57) {
    tell('collection is paused for a day')
    return pauseAndResume(walker, 0)
  }
  const names = Object.keys(STEPS) as [keyof typeof STEPS, ...(keyof typeof STEPS)[]]
  const name = pick(walker, names)
  tell(name)
  await STEPS[name](walker)
}

async function changePlan(walker: Walker, tell: (what: string) => void): Promise<void> {
  const { api, accountId, app } = walker
  const [from, live] = [await kindOf(walker), await current(walker)]
  if (!from || !live || live.status === 'past_due') return tell('no change')
  const kinds = (['small', 'large', 'year'] as const).filter((kind) => kind !== from)
  const to = pick(walker, kinds as [Kind, ...Kind[]])
  const code = walker.random() < 0.3 ? `WALK-${pick(walker, DISCOUNT_NAMES)}-${walker.currency}` : null
  const isKnown = code !== null && (await stripeClient(app).promotionCodes.list({ code })).data.length > 0
  const input = { accountId, planCode: walker.plan(to), ...(isKnown && { promotionCode: code }) }
  tell(`from ${from} to ${to}${isKnown ? ` with ${code}` : ''}`)
  // What is used until now is billed with it, so it must be known before.
  await reportOverage(app.scope())
  await advance(app, { seconds: 5 })
  const [before, preview] = [
    await readMoney(app, walker.customer),
    await api.billing.subscriptions.previewChange.query(input),
  ]
  await api.billing.subscriptions.change.mutate({ ...input, prorationDate: preview.prorationDate })
  await settle(walker)
  const after = await readMoney(app, walker.customer)
  const isNow = (await kindOf(walker)) === to
  tell(`from ${from} to ${to}${isKnown ? ` with ${code}` : ''} (${isNow ? 'now' : 'later'})`)
  expect({ charged: after.charged - before.charged }).toEqual({ charged: preview.dueNowCents })
  if (isNow && preview.creditCents > 0) {
    // What is charged for a new period is also on the balance for a moment.
    const [made] = (await stripeClient(app).invoices.list({ customer: walker.customer, limit: 1 })).data
    const credit = before.balance - after.balance - preview.dueNowCents + Math.max(0, made?.total ?? 0)
    expect({ credit }).toEqual({ credit: preview.creditCents })
  }
  if (isNow) {
    const isNewPeriod = (await current(walker))?.currentPeriodStart.getTime() !== live.currentPeriodStart.getTime()
    notePlan(walker, to, { isNewPeriod })
    if (walker.isRefunded) await dropUnreported(walker)
  }
  if (walker.random() < 0.5) await renewAs(walker, preview, isNow ? null : to, tell)
}

/** Lets the period end right after a change, whose preview has said what is charged then. */
async function renewAs(walker: Walker, preview: Preview, to: Kind | null, tell: (what: string) => void): Promise<void> {
  tell('a change, and then a renewal')
  await toPeriodEnd(walker, 30)
  const next = await walker.api.billing.subscriptions.nextPayment.query({ accountId: walker.accountId })
  const charged = await passPeriodEnd(walker, to)
  expect({ preview: preview.nextPaymentCents, next: next?.amountCents }).toEqual({ preview: charged, next: charged })
}

async function renew(walker: Walker, tell: (what: string) => void): Promise<void> {
  tell('a renewal')
  await reportOverage(walker.app.scope())
  await toPeriodEnd(walker, 30)
  const later = (await current(walker))?.scheduledChange ?? null
  const to = (['small', 'large', 'year'] as const).find((kind) => walker.plan(kind) === later?.plan.code) ?? null
  const next = await walker.api.billing.subscriptions.nextPayment.query({ accountId: walker.accountId })
  expect({ charged: await passPeriodEnd(walker, to) }).toEqual({ charged: next?.amountCents ?? 0 })
}

/** @returns what the renewal's invoice was for. */
async function passPeriodEnd(walker: Walker, to: Kind | null): Promise<number> {
  const { app, customer } = walker
  const known = new Set((await readInvoices(app, walker)).map(({ id }) => id))
  await advance(app, { hours: 2 })
  await settle(walker)
  const made = (await readInvoices(app, { ...walker, customer })).filter(({ id }) => !known.has(id))
  const kind = to ?? (await kindOf(walker))
  if (kind) notePlan(walker, kind, { isNewPeriod: true })
  return made.reduce((sum, { due }) => sum + due, 0)
}

/** What is not billed by now never is: decision 0046 names the cases. */
async function dropUnreported(walker: Walker): Promise<void> {
  const billed = await billedUnits(walker, false)
  for (const price of Object.keys(walker.units)) walker.units[price] = billed[price] ?? 0
}

async function billedUnits(walker: Walker, withNext: boolean): Promise<Record<string, number>> {
  const units: Record<string, number> = {}
  const add = (more: Record<string, number>) => {
    for (const [price, count] of Object.entries(more)) units[price] = (units[price] ?? 0) + count
  }
  for (const invoice of await readInvoices(walker.app, walker)) add(invoice.units)
  if (withNext) {
    const next = await walker.api.billing.subscriptions.nextPayment.query({ accountId: walker.accountId })
    const kind = await kindOf(walker)
    const price = String(UNIT_PRICES[kind ?? 'small'])
    for (const { units: count } of next?.overage ?? []) add({ [price]: count })
  }
  return units
}

/** What is to be billed, without prices of which nothing was used. */
const usedUnits = ({ units }: Walker) => Object.fromEntries(Object.entries(units).filter(([, count]) => count > 0))

async function expectRightBooks(walker: Walker): Promise<void> {
  const { app, customer, granted } = walker
  for (const { id, status, reason, said, computed, due, computedDue, row } of await readInvoices(app, walker)) {
    const what = { id, reason }
    expect({ ...what, ...said }).toEqual({ ...what, ...computed })
    if (status === 'draft' || status === 'void') continue
    expect({ ...what, due }).toEqual({ ...what, due: computedDue })
    expect({ ...what, row }).toEqual({ ...what, row: due === 0 ? null : { ...said, due } })
  }
  const money = await readMoney(app, customer)
  expect({ balance: money.balance }).toEqual({ balance: money.moved })
  // No more credit than what was paid and kept, and what was given.
  expect(-money.balance).toBeLessThanOrEqual(money.charged - money.refunded + Math.max(0, granted))
  const revenue = await readRevenue(app, customer)
  // An amount per period is rounded to the smallest unit, and then counts up to twelve times.
  if (revenue && Math.abs(revenue.row - revenue.computed) > 13) expect(revenue.row).toBe(revenue.computed)
}
