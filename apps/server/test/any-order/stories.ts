import type { TollgateClient } from '@tollgate/client'
import type Stripe from 'stripe'

/** The person whose subscription a story is about. */
export interface Hero {
  readonly api: TollgateClient['api']
  readonly stripe: Stripe
  customer(): Promise<string>
  /** Repeats a call until it gets an answer. Null if an earlier try took effect although its answer was lost. */
  insist<T>(call: () => Promise<T>): Promise<T | null>
  /** Buys on the checkout page, and returns to the page that asks for a sync. */
  buy(how: 'subscribe' | 'upgrade', planCode: string, cards?: readonly string[]): Promise<void>
  declineCharges(on: boolean): Promise<void>
}

export interface Step {
  /** Days since the story began. */
  readonly day: number
  act(hero: Hero): Promise<unknown>
}

const DECLINED = '4000000000000002'
const GOOD = '4242424242424242'
const DISPUTED = '4000000000000259'

const start = (planCode: string, cards?: readonly string[]): Step => ({
  day: 0,
  act: (hero) => hero.buy('subscribe', planCode, cards),
})
const charge = async ({ stripe, customer }: Hero) => {
  const [last] = (await stripe.charges.list({ customer: await customer() })).data.filter(({ paid }) => paid)
  return last?.id ?? ''
}
const cancel = (day: number): Step => ({
  day,
  act: ({ api, insist }) => insist(() => api.billing.subscriptions.cancel.mutate()),
})
const resume = (day: number): Step => ({
  day,
  act: ({ api, insist }) => insist(() => api.billing.subscriptions.resume.mutate()),
})
const change = (day: number, planCode: string): Step => ({
  day,
  act: ({ api, insist }) => insist(() => api.billing.subscriptions.change.mutate({ planCode })),
})
const decline = (day: number, on: boolean): Step => ({ day, act: (hero) => hero.declineCharges(on) })
const refund = (day: number, amount?: number): Step => ({
  day,
  act: async (hero) => hero.stripe.refunds.create({ charge: await charge(hero), ...(amount ? { amount } : {}) }),
})

export interface Story {
  readonly steps: readonly Step[]
  /** The templates of the mails that an undisturbed run sends, in alphabetical order. */
  readonly mails: readonly string[]
}

const [STARTED, RENEWED, CHANGED] = ['subscription-started', 'subscription-renewed', 'plan-changed']
const REFUNDED = 'payment-refunded'
const [FAILED, CANCELED] = ['payment-failed', 'subscription-canceled']

/** The lives of subscriptions. Each ends on LAST_DAY. */
export const STORIES: Record<string, Story> = {
  'a first payment, declined once, and a renewal': {
    steps: [start('pro', [DECLINED, GOOD])],
    mails: [RENEWED, STARTED],
  },
  'a renewal that fails and recovers': {
    steps: [start('pro'), decline(10, true), decline(34, false)],
    mails: [RENEWED, STARTED],
  },
  'a renewal that fails for good': {
    steps: [start('pro'), decline(10, true)],
    mails: [FAILED, CANCELED, STARTED],
  },
  'an upgrade by checkout': {
    steps: [start('pro'), { day: 10, act: (hero) => hero.buy('upgrade', 'vip') }],
    mails: [CHANGED, RENEWED, STARTED],
  },
  'an upgrade in place, and back': {
    steps: [start('pro'), change(10, 'vip'), change(20, 'pro')],
    mails: [CHANGED, CHANGED, RENEWED, STARTED],
  },
  'a cancellation that is undone': { steps: [start('pro'), cancel(10), resume(20)], mails: [RENEWED, STARTED] },
  'a cancellation, and the lapse': { steps: [start('pro'), cancel(10)], mails: [CANCELED, STARTED] },
  'refunds, one part and then all': {
    steps: [start('pro'), refund(10, 700), refund(20)],
    mails: [REFUNDED, REFUNDED, RENEWED, STARTED],
  },
  'a dispute': { steps: [start('pro', [DISPUTED])], mails: [RENEWED, STARTED] },
  'a trial that is paid': { steps: [start('story-trial')], mails: [RENEWED, RENEWED, STARTED] },
  'a trial that is canceled': { steps: [start('story-trial'), cancel(10)], mails: [CANCELED, STARTED] },
}

/** After the first renewal, all of Stripe's attempts to collect it, and the end of canceled subscriptions. */
export const LAST_DAY = 50
