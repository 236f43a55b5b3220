import { GOOD_CARD, payOnPage } from '../../pay.ts'
import { customerOf, type Act, type World } from './world.ts'

const PLANS = ['pro', 'vip', 'story-trial'] as const

/** Parts of a subscription that an act of the user may change, because the act is about them. */
export interface Allowance {
  /** The plan's price, and with it the scheduled change. */
  readonly plan?: boolean
  /** When it ends. This drops a scheduled change, too. */
  readonly end?: boolean
}

interface UserAct {
  readonly act: Act
  readonly may: Allowance
}

const subscriptions = ({ hero }: World) => hero.api.billing.subscriptions

/** What the user does in the product and on Stripe's pages. */
export const USER_ACTS = {
  subscribes: {
    may: {},
    act: async (world, choose) => {
      const planCode = choose(PLANS) ?? 'pro'
      const page = await world.hero.insist(() => subscriptions(world).subscribe.mutate({ planCode }))
      return page && `subscribes to ${planCode}, and ${await pay(world, page)}`
    },
  },
  'opens a checkout page': {
    may: {},
    act: async (world, choose) => {
      const planCode = choose(PLANS) ?? 'pro'
      await world.hero.insist(() => subscriptions(world).subscribe.mutate({ planCode }))
      return `opens the checkout page of ${planCode}`
    },
  },
  upgrades: {
    may: {},
    act: async (world) => {
      const page = await world.hero.insist(() => subscriptions(world).upgrade.mutate({ planCode: 'vip' }))
      return page && `upgrades to vip by checkout, and ${await pay(world, page)}`
    },
  },
  'changes plan': {
    may: { plan: true },
    act: async (world, choose) => {
      const planCode = choose(PLANS) ?? 'pro'
      await world.hero.insist(() => subscriptions(world).change.mutate({ planCode }))
      return `changes to ${planCode}`
    },
  },
  'previews and changes plan': {
    may: { plan: true },
    act: async (world, choose) => {
      const planCode = choose(PLANS) ?? 'pro'
      const preview = await world.hero.insist(() => subscriptions(world).previewChange.query({ planCode }))
      if (!preview) return null
      const { prorationDate, dueNowCents } = preview
      await world.hero.insist(() => subscriptions(world).change.mutate({ planCode, prorationDate }))
      return `changes to ${planCode}, for ${dueNowCents} now`
    },
  },
  cancels: {
    may: { end: true },
    act: async (world) => {
      await world.hero.insist(() => subscriptions(world).cancel.mutate())
      return 'cancels'
    },
  },
  resumes: {
    may: { end: true },
    act: async (world) => {
      await world.hero.insist(() => subscriptions(world).resume.mutate())
      return 'resumes'
    },
  },
  'opens the portal': {
    may: {},
    act: async (world) => {
      const portal = await world.hero.insist(() => world.hero.api.billing.portal.mutate())
      if (portal) await fetch(portal.url)
      return 'opens the portal'
    },
  },
  'closes the account': {
    may: { end: true },
    act: async (world) => {
      if (world.closedAt !== null || !(await customerOf(world))) return null
      await world.hero.insist(() => world.hero.api.auth.deactivate.mutate())
      world.closedAt = Math.floor(world.faulty.app.stripe.now().getTime() / 1_000)
      return 'closes the account'
    },
  },
} satisfies Record<string, UserAct>

export type UserActName = keyof typeof USER_ACTS

async function pay(world: World, page: { checkoutUrl: string; sessionId: string }): Promise<string> {
  const { location } = await payOnPage(page.checkoutUrl, GOOD_CARD)
  if (!location) return 'can not pay'
  await world.hero.insist(() => subscriptions(world).sync.mutate({ sessionId: page.sessionId }))
  return 'pays'
}
