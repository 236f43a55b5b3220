import { setTimeout as sleep } from 'node:timers/promises'
import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin } from '../../../test/admin.ts'
import { createLossyApp, type LossyApp } from '../../../test/lossy-app.ts'
import { planAtStripe, TEAM } from '../../../test/plans.ts'
import { jobsDone } from '../../../test/progress.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { stripeClient } from '../../../test/stripe.ts'

describe('while a checkout page is opened or a plan is changed', () => {
  let app: LossyApp
  let plans: TollgateClient['api']['billing']['plans']
  beforeAll(async () => {
    app = await createLossyApp()
    plans = (await anAdmin(app)).api.billing.plans
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const aShopper = async () => (await app.as(await app.aUser())).api.billing.subscriptions
  const openPagesOf = async (name: string) => {
    const { data } = await stripeClient(app).checkout.sessions.list({ limit: 100, expand: ['data.line_items'] })
    return data.filter(({ status, line_items }) => status === 'open' && line_items?.data[0]?.description === name)
  }

  test.each([
    ['before Stripe has created the page', 'POST /v1/checkout/sessions'],
    ['while Stripe is asked whether the page is still open', 'GET /v1/checkout/sessions/'],
  ])('retiring the plan %s gives PLAN_NOT_FOUND and leaves no page open', async (when, call) => {
    const name = `Retired ${when.length}`
    const { id, code } = await plans.create.mutate({ ...TEAM, code: `gone-${when.length}`, name })
    const subscriptions = await aShopper()
    if (call.startsWith('GET')) await subscriptions.subscribe.mutate({ planCode: code })
    app.proxy.meanwhile(call, () => plans.delete.mutate({ id }))
    expect(await reasonOf(subscriptions.subscribe.mutate({ planCode: code }))).toBe('PLAN_NOT_FOUND')
    await jobsDone(app, 'expire-plan-checkouts')
    expect(await openPagesOf(name)).toEqual([])
  })

  test('closing the account gives ACCOUNT_DISABLED and leaves no page open', async () => {
    const { code } = await plans.create.mutate({ ...TEAM, code: 'closing', name: 'Closing' })
    const { api } = await app.as(await app.aUser())
    app.proxy.meanwhile('POST /v1/checkout/sessions', async () => {
      await api.auth.deactivate.mutate()
      await jobsDone(app, 'account-closed')
      await jobsDone(app, 'expire-checkouts')
    })
    expect(await reasonOf(api.billing.subscriptions.subscribe.mutate({ planCode: code }))).toBe('ACCOUNT_DISABLED')
    expect(await openPagesOf('Closing')).toEqual([])
  })

  test('a new price of the plan is the price on the page', async () => {
    const { id, code } = await plans.create.mutate({ ...TEAM, code: 'dearer', name: 'Dearer' })
    const subscriptions = await aShopper()
    app.proxy.meanwhile('POST /v1/checkout/sessions', () => plans.update.mutate({ id, priceCents: 9_900 }))
    const { sessionId } = await subscriptions.subscribe.mutate({ planCode: code })
    const pages = await openPagesOf('Dearer')
    expect(pages.map(({ id: page, amount_total }) => [page, amount_total])).toEqual([[sessionId, 9_900]])
  })

  test('a plan whose price changes during every attempt gives BUSY and leaves no page open', async () => {
    const { id, code } = await plans.create.mutate({ ...TEAM, code: 'restless', name: 'Restless' })
    const subscriptions = await aShopper()
    let [priceCents, isRestless] = [6_000, true]
    const reprice = async () => {
      if (isRestless) app.proxy.meanwhile('POST /v1/checkout/sessions', reprice)
      priceCents += 100
      await plans.update.mutate({ id, priceCents })
    }
    app.proxy.meanwhile('POST /v1/checkout/sessions', reprice)
    expect(await reasonOf(subscriptions.subscribe.mutate({ planCode: code }))).toBe('BUSY')
    expect(await openPagesOf('Restless')).toEqual([])

    isRestless = false
    expect(await reasonOf(subscriptions.subscribe.mutate({ planCode: code }))).toBe('fine')
    expect(await openPagesOf('Restless')).toHaveLength(1)
  })

  test('a change of the subscription is considered before the page is handed out', async () => {
    const { subscriptions } = (await app.as(await aPayingUser(app, 'pro'))).api.billing
    app.proxy.meanwhile('POST /v1/checkout/sessions', async () => {
      await subscriptions.change.mutate({ planCode: 'vip' })
      await jobsDone(app, 'expire-checkouts')
    })
    expect(await reasonOf(subscriptions.upgrade.mutate({ planCode: 'vip' }))).toBe('SAME_PLAN')
    expect(await openPagesOf('VIP')).toEqual([])
  })

  test.each([
    ['a change in place', 'higher', 'vip', 'POST /v1/subscriptions/'],
    ['a scheduled change', 'lower', 'free', 'POST /v1/subscription_schedules/'],
    ['a preview', 'looked-at', 'vip', 'POST /v1/invoices/create_preview'],
  ] as const)('%s is stale when the plan gets a new price meanwhile', async (what, code, tier, call) => {
    const { id } = await plans.create.mutate({ ...TEAM, code, name: code, tier, priceCents: 6_000 })
    const { subscriptions } = (await app.as(await aPayingUser(app, 'pro'))).api.billing
    await subscriptions.previewChange.query({ planCode: code })
    app.proxy.meanwhile(call, () => plans.update.mutate({ id, priceCents: 7_000 }))
    const ask = () =>
      what === 'a preview'
        ? reasonOf(subscriptions.previewChange.query({ planCode: code }))
        : reasonOf(subscriptions.change.mutate({ planCode: code }))
    expect(await ask()).toBe('PREVIEW_STALE')
    expect(await subscriptions.current.query()).toMatchObject({ plan: { code: 'pro' }, scheduledChange: null })
    expect(await ask()).toBe('fine')
  })

  test('retiring a plan expires its open pages', async () => {
    const { id, code } = await plans.create.mutate({ ...TEAM, code: 'shut', name: 'Shut' })
    for (const subscriptions of [await aShopper(), await aShopper()]) {
      await subscriptions.subscribe.mutate({ planCode: code })
    }
    expect(await openPagesOf('Shut')).toHaveLength(2)
    await plans.delete.mutate({ id })
    await jobsDone(app, 'expire-plan-checkouts')
    expect(await openPagesOf('Shut')).toEqual([])
  })

  test.each([
    ['price', { priceCents: 8_800 }, 'POST /v1/prices', 'PLAN_INACTIVE'],
    ['name', { name: 'Another' }, 'POST /v1/products/', 'fine'], // the plan is locked, so retiring it waits
  ])(
    'a change of %s that races with retiring the plan leaves nothing on offer at Stripe',
    async (what, change, call, outcome) => {
      const { id, code } = await plans.create.mutate({ ...TEAM, code: `overtaken-${what}` })
      await (await aShopper()).subscribe.mutate({ planCode: code })
      let retired: Promise<unknown> | undefined
      app.proxy.meanwhile(call, async () => {
        retired = plans.delete.mutate({ id })
        await Promise.race([retired, sleep(1_000)])
      })
      expect(await reasonOf(plans.update.mutate({ id, ...change }))).toBe(outcome)
      await retired
      await jobsDone(app, 'sync-plan')
      const { product, offered } = await planAtStripe(app, id)
      expect(product?.active).toBe(false)
      expect(offered).toEqual([])
    },
  )
})
