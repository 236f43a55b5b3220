// The examples of the document: one person with a session, a plan, a subscription, and a payment.

import { AddOnConflict } from '../billing/billing.errors.ts'
import { CodeNotValid } from '../billing/discount.errors.ts'
import { DEFAULT_PROVIDER } from '../billing/provider.schemas.ts'

export const USER = {
  id: '0198c5f2-6a3e-7c41-9d3b-5f0e8a1c2b7d',
  email: 'ada@example.com',
  username: 'ada',
  isVerified: true,
  isActive: true,
  isAdmin: false,
  provider: 'local',
  publicData: {},
  createdAt: '2026-11-02T09:30:00.000Z',
}

export const USER_EVENT = {
  id: 'evt_0198c5f2-6a3e-7c41-9d3b-5f0e8a1c2b9f',
  type: 'user.updated',
  timestamp: '2026-11-02T09:31:00.000Z',
  version: 2,
  accountId: null,
  data: USER,
}

export const SESSION = {
  accessToken: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTk4YzVmMiJ9.c2lnbmF0dXJl',
  tokenType: 'Bearer',
  expiresAt: '2026-11-02T09:45:00.000Z',
  user: USER,
}

export const PASSWORD = 'correct horse battery'

/** An example token of an emailed link. */
export const MAILED_TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiIwMTk4YzVmMyJ9.c2lnbmF0dXJl'

export const PROFILE = {
  firstName: 'Ada',
  lastName: 'Lovelace',
  avatarUrl: 'https://example.com/ada.png',
  timeZone: 'Europe/London',
  hasPassword: true,
  updatedAt: '2026-11-02T10:00:00.000Z',
}

const MONTHLY = { billingPeriod: 'monthly', currency: 'usd', perSeatCents: null, provider: DEFAULT_PROVIDER }

export const PLAN = {
  id: '0198c5f2-70aa-7b10-8c55-1d2e3f405162',
  code: 'pro',
  name: 'Pro',
  description: 'All features, and a spreadsheet of your payments.',
  sortOrder: 20,
  highlighted: true,
  priceCents: 1_900,
  currency: 'usd',
  billingPeriod: 'monthly',
  tier: 'pro',
  tierRank: 10,
  trialDays: 0,
  seats: null,
  features: { sso: true, exports: { limit: 100, per: 'month' } },
  provider: DEFAULT_PROVIDER,
  prices: [{ ...MONTHLY, priceCents: 1_900 }],
  isActive: true,
}

export const REVISED_PLAN = { ...PLAN, revision: 'b5Jc1rX0qV2mT8sd' }

export const HIGHER_PLAN = {
  ...PLAN,
  id: '0198c5f2-70ab-7e35-9a01-7f8e9dacb0c1',
  code: 'vip',
  name: 'VIP',
  description: 'Everything in Pro, and priority support.',
  sortOrder: 30,
  highlighted: false,
  priceCents: 4_900,
  prices: [
    { ...MONTHLY, priceCents: 4_900 },
    { ...MONTHLY, billingPeriod: 'yearly', priceCents: 49_000 },
  ],
  tier: 'vip',
  tierRank: 20,
}

export const RESERVATION = '0198c5f2-7c3e-7a10-8d21-6b7c8d9e0f13'

export const USAGE = {
  ...{ allowed: true, used: 1_500, limit: 100_000, remaining: 98_500 },
  resetsAt: '2026-12-02T10:00:00.000Z',
}

export const ENTITLEMENTS = {
  ...{ tier: 'pro', planCode: 'pro', until: '2026-12-02T10:00:00.000Z' },
  features: { 'ai.tokens': USAGE, sso: { allowed: true, limit: null, used: 0, remaining: null, resetsAt: null } },
}

export const CHECKOUT = {
  checkoutUrl: 'https://checkout.stripe.com/c/pay/cs_live_a1b2c3d4',
  sessionId: 'cs_live_a1b2c3d4',
}

export const SUBSCRIPTION = {
  id: '0198c5f3-0b1c-7d2e-8f30-415263748596',
  accountId: USER.id,
  status: 'active',
  provider: DEFAULT_PROVIDER,
  plan: PLAN,
  priceCents: 1_900,
  unitPriceCents: 1_900,
  quantity: 1,
  discountCents: 0,
  discounts: [],
  currency: 'usd',
  billingPeriod: 'monthly',
  interval: { unit: 'month', count: 1 },
  cardManagement: 'portal',
  startedAt: '2026-11-02T10:05:00.000Z',
  timeZone: null,
  currentPeriodStart: '2026-11-02T10:05:00.000Z',
  currentPeriodEnd: '2026-12-02T10:05:00.000Z',
  cancelAtPeriodEnd: false,
  cancelAt: null,
  pause: null,
  canceledAt: null,
  endedAt: null,
  scheduledChange: null,
  hasAccess: true,
  accessUntil: '2026-12-02T10:05:00.000Z',
  accessReason: 'active',
  recovery: null,
}

export const PAYMENT = {
  id: '0198c5f3-1a2b-7c3d-8e4f-506172839405',
  accountId: USER.id,
  subscriptionId: SUBSCRIPTION.id,
  provider: DEFAULT_PROVIDER,
  providerInvoiceId: 'in_1a2b3c4d',
  amountCents: 1_900,
  subtotalCents: 1_900,
  discountCents: 0,
  taxCents: 0,
  refundedCents: 0,
  currency: 'usd',
  status: 'succeeded',
  planName: 'Pro',
  invoiceUrl: 'https://invoice.stripe.com/i/in_1a2b3c4d',
  invoicePdfUrl: 'https://pay.stripe.com/invoice/in_1a2b3c4d/pdf',
  invoiceNumber: '7C3F0A2B-0001',
  createdAt: '2026-11-02T10:05:00.000Z',
}

export const PERSONAL_ACCOUNT = {
  id: USER.id,
  kind: 'personal',
  name: 'ada',
  role: 'owner',
  publicData: {},
  createdAt: USER.createdAt,
}

export const ORGANIZATION = {
  id: '0198c5f4-2c3d-7e4f-8a51-627384950617',
  kind: 'organization',
  name: 'Analytical Engines',
  role: 'owner',
  publicData: {},
  createdAt: '2026-11-03T08:00:00.000Z',
}

export const MEMBER = {
  user: { id: '0198c5f4-3d4e-7f50-9b62-738495061728', username: 'grace', email: 'grace@example.com' },
  role: 'billing',
  joinedAt: '2026-11-04T14:20:00.000Z',
}

export const INVITATION = {
  id: '0198c5f4-4e5f-7061-8c73-849506172839',
  email: 'charles@example.com',
  role: 'member',
  invitedBy: 'ada',
  createdAt: '2026-11-03T08:05:00.000Z',
  sentAt: '2026-11-03T08:05:00.000Z',
  expiresAt: '2026-11-10T08:05:00.000Z',
  isExpired: false,
}

export const ADD_ON_CONFLICT = new AddOnConflict('interval')
export const CODE_NOT_VALID = new CodeNotValid('unknown')
