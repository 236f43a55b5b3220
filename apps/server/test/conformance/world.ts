import { randomUUID } from 'node:crypto'
import type { TollgateClient } from '@tollgate/client'
import type { ProviderCapabilities } from '../../src/billing/providers/capabilities.ts'
import { expireSubscriptions } from '../../src/billing/upkeep/expire-subscriptions.ts'
import { reconcile } from '../../src/billing/upkeep/reconcile.ts'
import { mailsTo, until } from '../inbox.ts'
import type { TestApp, TestUser } from '../test-app.ts'

/** A whole server and one provider, as a customer, an operator, and a bad day see them. */
export interface World extends AsyncDisposable {
  readonly app: TestApp
  readonly capabilities: ProviderCapabilities
  /** A currency that the provider takes. */
  readonly currency: string
  /** Pays on a checkout page. A `fading` card is declined from then on. @returns whether the page accepted it. */
  pay(checkoutUrl: string, card: 'good' | 'declined' | 'fading'): Promise<boolean>
  /** Moves billing time, and waits until everything is delivered and applied. */
  advance(by: { days?: number; hours?: number }): Promise<void>
  /** The same, but no notice is waited for. */
  advanceUnseen(by: { days: number }): Promise<void>
  /** Waits until all notices are delivered and applied, and all their jobs are done. */
  settled(): Promise<void>
  /** Makes all renewals of a subscriber fail, or stops that. */
  failRenewals(subscriber: Subscriber, on: boolean): Promise<void>
  /** Loses, doubles, or reorders these shares of all notices from now on. */
  notices(shares: { drop?: number; duplicate?: number; reorder?: number }): Promise<void>
  /** Sends every notice that there ever was once more, also those that were lost, the newest first unless told. */
  sendAllAgain(order?: <T>(notices: readonly T[]) => T[]): Promise<void>
  /** Takes the provider's API down, or up again. */
  outage(isDown: boolean): Promise<void>
  /** What the provider's own books say that a subscriber has paid and got back. */
  books(subscriber: Subscriber): Promise<{ charged: number; refunded: number }>
}

export interface Subscriber extends TestUser {
  api: TollgateClient['api']
}

/** The plans that every world has: `small`, `large`, which is an upgrade, and `tried`, with a trial of 14 days. */
export const PRICES = { small: 10_000, large: 30_000, tried: 12_000 } as const

export async function makePlans(app: TestApp, provider: string, currency: string): Promise<void> {
  for (const [code, tier, price, trialDays] of [
    ['small', 'pro', PRICES.small, 0],
    ['large', 'vip', PRICES.large, 0],
    ['tried', 'pro', PRICES.tried, 14],
  ] as const) {
    await app.scope().em.execute(
      `insert into plans (id, code, name, price_cents, currency, billing_period, tier, trial_days, provider, status,
         created_at, updated_at) values (?, ?, ?, ?, ?, 'monthly', ?, ?, ?, 'active', now(), now())`,
      [randomUUID(), code, code, price, currency, tier, trialDays, provider],
    )
  }
}

export async function aVisitor({ app }: Pick<World, 'app'>): Promise<Subscriber> {
  const user = await app.aUser()
  return { ...user, api: (await app.as(user)).api }
}

/** Someone who has paid for a plan a moment ago. */
export async function aSubscriber(
  world: World,
  planCode: keyof typeof PRICES = 'small',
  card: 'good' | 'fading' = 'good',
): Promise<Subscriber> {
  const visitor = await aVisitor(world)
  const { checkoutUrl } = await visitor.api.billing.subscriptions.subscribe.mutate({ planCode })
  if (!(await world.pay(checkoutUrl, card))) throw new Error('The page did not accept the payment.')
  await until('access', async () => (await current(visitor))?.hasAccess)
  await world.settled()
  return visitor
}

export const current = async ({ api }: Subscriber) => api.billing.subscriptions.current.query()

/** The subjects of all mails that someone got, once no more are on their way. */
export const subjects = async ({ email }: Subscriber) => (await mailsTo(email)).map(({ subject }) => subject).toSorted()

/** Newest first. */
export const payments = async ({ api }: Subscriber) => (await api.billing.payments.list.query({})).items

export const statuses = async (subscriber: Subscriber) => (await payments(subscriber)).map(({ status }) => status)

/** Waits until no event is open, and no job of billing waits or runs. Jobs of a later time don't count. */
export async function appliedAll({ app }: Pick<World, 'app'>): Promise<void> {
  await until(
    'all events and jobs',
    async () => {
      const open = await app.scope().em.execute(
        `select 1 from provider_events where status in ('received', 'failed')
         union all
         select 1 from pgboss.job where state in ('created', 'retry', 'active') and start_after < now() + interval '5 seconds'
         limit 1`,
      )
      return open.length === 0
    },
    25_000,
  )
}

/** What the sweep does, which runs every few minutes. */
export const swept = async ({ app }: Pick<World, 'app'>) => expireSubscriptions(app.scope())

/** What the hourly reconciler does. */
export async function reconciled(world: World): Promise<void> {
  const { failures } = await reconcile(world.app.scope())
  if (failures.length > 0) throw new Error(`The reconciler failed: ${failures.join('; ')}`)
  await world.settled()
}
