// A program of a user of the client, type-checked where only the packed client and its dependencies are installed.
import {
  createTollgateClient,
  errorText,
  isTollgateError,
  reasonText,
  type AppRouter,
  type Reason,
  type RouterInputs,
  type RouterOutputs,
  type SessionEndReason,
} from '@tollgate/client'
import { defineTexts, en, textOf, type Texts } from '@tollgate/client/texts'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
/** `true` if the type contains an `any` anywhere, else `never`. */
type Loose<T> = 0 extends 1 & T
  ? true
  : T extends Date | string | number | boolean | null | undefined
    ? never
    : T extends readonly (infer Item)[]
      ? Loose<Item>
      : T extends object
        ? { [Key in keyof T]-?: Loose<T[Key]> }[keyof T]
        : never

function exactly<A, B>(_proof: Same<A, B>): void {}

interface User {
  id: string
  email: string
  username: string
  isVerified: boolean
  isActive: boolean
  isAdmin: boolean
  provider: 'local' | 'google' | 'github'
  publicData: { [field: string]: unknown }
  createdAt: Date
}
interface Session {
  accessToken: string
  tokenType: 'Bearer'
  expiresAt: Date
  user: Flat<User>
  refreshToken?: string | undefined
  refreshExpiresAt?: Date | undefined
}
interface Plan {
  id: string
  code: string
  name: string
  description: string | null
  sortOrder: number
  highlighted: boolean
  priceCents: number
  currency: string
  billingPeriod: 'monthly' | 'yearly'
  tier: string
  tierRank: number
  trialDays: number
  seats: { included: number; perSeatCents: number | null; max: number | null } | null
  features: Record<
    string,
    | true
    | {
        limit: number | null
        per: 'period' | 'month' | 'day' | 'total'
        overage?: { unitPriceCents: number } | undefined
      }
  >
  provider: 'stripe' | 'paymob'
  prices: {
    billingPeriod: 'monthly' | 'yearly'
    currency: string
    priceCents: number
    perSeatCents: number | null
    provider: 'stripe' | 'paymob'
  }[]
  isActive: boolean
}
interface Subscription {
  id: string
  accountId: string
  status: 'pending' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled'
  provider: 'stripe' | 'manual' | 'paymob'
  plan: Flat<Plan>
  priceCents: number
  unitPriceCents: number
  quantity: number
  discountCents: number
  discounts: {
    name: string | null
    percentOff: number | null
    amountOffCents: number | null
    duration: 'once' | 'repeating' | 'forever'
    endsAt: Date | null
  }[]
  currency: string
  billingPeriod: 'monthly' | 'yearly'
  interval: { unit: 'day' | 'week' | 'month' | 'year'; count: number }
  cardManagement: 'portal' | 'cards' | null
  startedAt: Date
  timeZone: string | null
  currentPeriodStart: Date
  currentPeriodEnd: Date
  cancelAtPeriodEnd: boolean
  cancelAt: Date | null
  pause: { from: Date; until: Date | null } | null
  canceledAt: Date | null
  endedAt: Date | null
  scheduledChange: {
    plan: Flat<Plan>
    at: Date
    billingPeriod: 'monthly' | 'yearly'
    unitPriceCents: number
  } | null
  recovery: {
    since: Date
    step: string | null
    nextStepAt: Date | null
    nextRetryAt: Date | null
    amountDueCents: number
    currency: string
    payUrl: string | null
    action: 'pay' | 'authenticate' | 'update_card'
  } | null
  hasAccess: boolean
  accessUntil: Date | null
  accessReason:
    | 'active'
    | 'trialing'
    | 'ending'
    | 'past_due_grace'
    | 'pending'
    | 'past_due'
    | 'unpaid'
    | 'paused'
    | 'ended'
}
interface Payment {
  id: string
  accountId: string
  subscriptionId: string | null
  provider: 'stripe' | 'manual' | 'paymob'
  providerInvoiceId: string
  amountCents: number
  subtotalCents: number | null
  discountCents: number | null
  taxCents: number | null
  refundedCents: number
  currency: string
  status:
    | 'pending'
    | 'requires_action'
    | 'succeeded'
    | 'failed'
    | 'canceled'
    | 'uncollectible'
    | 'partially_refunded'
    | 'refunded'
    | 'disputed'
  planName: string | null
  invoiceUrl: string | null
  invoicePdfUrl: string | null
  invoiceNumber: string | null
  createdAt: Date
}
/** The same members, written out as in the API's types. */
type Flat<T> = { [K in keyof T]: T[K] }

exactly<
  RouterInputs['auth']['register'],
  {
    email: string
    username: string
    password: string
    redirectTo?: string | undefined
    publicData?: { [field: string]: unknown } | undefined
  }
>(true)
exactly<RouterOutputs['auth']['register'], { user: Flat<User> }>(true)
exactly<RouterInputs['auth']['login'], { email: string; password: string }>(true)
exactly<RouterOutputs['auth']['login'], Flat<Session>>(true)
exactly<RouterInputs['auth']['refresh'], { refreshToken?: string | undefined } | null | undefined | void>(true)
exactly<RouterOutputs['auth']['me'], Flat<User>>(true)
exactly<RouterOutputs['auth']['verifyEmail'], { alreadyVerified: boolean }>(true)
exactly<RouterOutputs['billing']['plans']['list'], Flat<Plan>[]>(true)
exactly<
  RouterInputs['billing']['subscriptions']['subscribe'],
  {
    planCode: string
    billingPeriod?: 'monthly' | 'yearly' | undefined
    currency?: string | undefined
    promotionCode?: string | undefined
    accountId?: string | undefined
  }
>(true)
exactly<RouterOutputs['billing']['subscriptions']['subscribe'], { checkoutUrl: string; sessionId: string }>(true)
exactly<RouterOutputs['billing']['subscriptions']['current'], Flat<Subscription> | null>(true)
exactly<RouterOutputs['billing']['subscriptions']['sync'], Flat<Subscription> | null>(true)
exactly<RouterOutputs['billing']['payments']['list'], { items: Flat<Payment>[]; nextCursor: string | null }>(true)

exactly<Loose<RouterInputs>, never>(true)
exactly<Loose<RouterOutputs>, never>(true)
exactly<Loose<AppRouter['_def']['_config']['$types']['errorShape']>, never>(true)
// oxlint-disable-next-line typescript/no-explicit-any -- shows that an any would be found
exactly<Loose<{ deep: { inside: any }[] }>, true>(true)

const { api, session, oauthUrl } = createTollgateClient({ url: 'http://127.0.0.1:3000' })

export async function subscribe(): Promise<string> {
  const { user, expiresAt } = await api.auth.login.mutate({ email: 'ada@example.com', password: 'correct horse' })
  exactly<typeof user, Flat<User>>(true)
  exactly<typeof expiresAt, Date>(true)
  exactly<typeof session.current, Flat<Session> | null>(true)

  const { checkoutUrl } = await api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })
  return checkoutUrl
}

export async function mistakes(): Promise<void> {
  // @ts-expect-error -- the password is missing
  await api.auth.login.mutate({ email: 'ada@example.com' })
  // @ts-expect-error -- a plan is identified by its code
  await api.billing.subscriptions.subscribe.mutate({ plan: 'pro' })
  // @ts-expect-error -- a code is a string
  await api.billing.subscriptions.subscribe.mutate({ planCode: 1 })
  // @ts-expect-error -- `me` is a query
  await api.auth.me.mutate()
  // @ts-expect-error -- no such procedure
  await api.auth.signIn.mutate({})
  // @ts-expect-error -- the API never returns a password
  void (await api.auth.me.query()).passwordHash
  // @ts-expect-error -- the URL is missing
  createTollgateClient({})
  // @ts-expect-error -- no such provider
  oauthUrl('facebook')
  // @ts-expect-error -- no such option
  oauthUrl('google', { retrunTo: '/' })
  // @ts-expect-error -- no such reason for the end of a session
  createTollgateClient({ url: 'http://127.0.0.1:3000', onSessionEnd: (reason: 'BORED') => reason })
}

export const german: Texts = defineTexts({ ...en, UNREACHABLE: 'Keine Verbindung.' })
const { BUSY: _, ...incomplete } = en
// @ts-expect-error -- a translation has all reasons
defineTexts(incomplete)
// @ts-expect-error -- no such reason
defineTexts({ ...en, BORED: 'Langweilig.' })
export const inGerman = (error: unknown): string => textOf(error, { texts: german, locale: 'de' })

export function explainEnd(reason: SessionEndReason): string {
  exactly<
    typeof reason,
    | 'ACCOUNT_DISABLED'
    | 'LOGGED_IN_ELSEWHERE'
    | 'ORIGIN_NOT_ALLOWED'
    | 'REFRESH_TOKEN_INVALID'
    | 'REFRESH_TOKEN_MISSING'
    | 'REFRESH_TOKEN_REUSED'
    | 'REPLACED'
  >(true)
  return reasonText(reason)
}

export function explain(error: unknown): string {
  if (!isTollgateError(error)) return errorText(error)
  exactly<typeof error.data.reason, Reason>(true)
  exactly<typeof error.data.fieldErrors, Record<string, string> | undefined>(true)
  switch (error.data.reason) {
    case 'EMAIL_TAKEN':
      return 'Log in instead.'
    // @ts-expect-error -- no such reason
    case 'EMAIL_TOKEN':
      return ''
    default:
      return error.message
  }
}
