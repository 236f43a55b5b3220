/** What happens to users and accounts, as events tell it. Dates are ISO 8601 strings, as they were sent. */
export type TollgateEvent =
  | Event<'user.created' | 'user.updated' | 'user.deactivated' | 'user.deleted', UserState>
  | Event<'account.created' | 'account.updated' | 'account.deleted', AccountState>
  | Event<'member.added' | 'member.changed' | 'member.removed', MemberState>
  | Event<'subscription.changed', SubscriptionState>
  | Event<'payment.changed', PaymentState>
  | Event<'entitlements.changed', EntitlementsState>

export type EventType = TollgateEvent['type']

interface Event<Type extends string, Data> {
  readonly id: string
  readonly type: Type
  /** When the change was made. */
  readonly timestamp: string
  /** Grows by one with each event of the object. */
  readonly version: number
  /** The account that the object belongs to. Null for a user. */
  readonly accountId: string | null
  /** The full state of the object after the change. */
  readonly data: Data
}

export interface UserState {
  readonly id: string
  readonly email: string
  readonly username: string
  readonly isVerified: boolean
  readonly isActive: boolean
  readonly isAdmin: boolean
  readonly provider: string
  /** The fields that your own configuration adds to users. */
  readonly publicData: Readonly<Record<string, unknown>>
  readonly createdAt: string
}

export interface AccountState {
  readonly id: string
  readonly kind: 'personal' | 'organization'
  readonly name: string
  /** False for a deleted organization, and for the account of a disabled user. */
  readonly isOpen: boolean
  /** The fields that your own configuration adds to accounts. */
  readonly publicData: Readonly<Record<string, unknown>>
  readonly createdAt: string
}

export interface MemberState {
  readonly accountId: string
  readonly userId: string
  readonly role: string
  readonly joinedAt: string
}

/** A subscription, with more fields than these. */
export interface SubscriptionState {
  readonly id: string
  readonly status: string
  readonly plan: { readonly code: string; readonly name: string; readonly tier: string }
  readonly quantity: number
  readonly currency: string
  readonly priceCents: number
  readonly currentPeriodStart: string
  readonly currentPeriodEnd: string
  readonly cancelAtPeriodEnd: boolean
  readonly hasAccess: boolean
  readonly accessUntil: string | null
  readonly [field: string]: unknown
}

/** A payment, with more fields than these. */
export interface PaymentState {
  readonly id: string
  readonly subscriptionId: string | null
  readonly status: string
  readonly amountCents: number
  readonly refundedCents: number
  readonly currency: string
  readonly createdAt: string
  readonly [field: string]: unknown
}

/** What an account may use. `id` is the account's. */
export interface EntitlementsState {
  readonly id: string
  readonly tier: string
  readonly planCode: string | null
  readonly until: string | null
  readonly features: Readonly<
    Record<
      string,
      {
        readonly allowed: boolean
        readonly limit: number | null
        readonly used: number
        readonly remaining: number | null
        readonly resetsAt: string | null
      }
    >
  >
}
