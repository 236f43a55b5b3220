import { z } from 'zod'
import {
  InvitationView,
  MemberView,
  UpdateAccountInput as UpdateOwnAccountInput,
} from '../accounts/accounts.schemas.ts'
import { ListAccountsInput, UpdateAccountInput as UpdateUserInput } from '../auth/account.schemas.ts'
import { UserView } from '../auth/auth.schemas.ts'
import { IdentityList } from '../auth/identity.schemas.ts'
import { ProfileView } from '../auth/profile.schemas.ts'
import { SubscriptionView } from '../billing/billing.schemas.ts'
import { PROVIDERS } from '../billing/provider.schemas.ts'
import { AccountPrivateData, AccountPublicData, dataRevision, UserPrivateData } from '../platform/own-data.schemas.ts'
import { id, PageInput, pageOf } from './admin.schemas.ts'

export { ByMember, MemberPage, PageOfAccount, SetRoleInput } from '../accounts/accounts.schemas.ts'
export { UserView } from '../auth/auth.schemas.ts'
export {
  AccountOwnData,
  ChangeAccountDataInput,
  ChangeUserDataInput,
  UserOwnData,
} from '../platform/own-data.schemas.ts'
export const UpdateAccountInput = UpdateOwnAccountInput.omit({ publicData: true })
export { UpdateUserInput }

const planCode = z.string().regex(/^[a-z0-9_-]{1,64}$/, 'must be a plan code')
const kind = z.enum(['personal', 'organization'])
const role = MemberView.shape.role
const { status, accessReason } = SubscriptionView.shape

/** A subscription in a list of people or accounts. */
export const SubscriptionSummary = SubscriptionView.pick({
  ...{ id: true, status: true, provider: true, priceCents: true, currency: true, billingPeriod: true, interval: true },
  ...{ currentPeriodEnd: true, cancelAt: true, hasAccess: true, accessReason: true, accessUntil: true },
}).extend({ planCode: z.string(), planName: z.string() })
export type SubscriptionSummary = z.infer<typeof SubscriptionSummary>

/** About billing, each filter means the user's personal account. */
export const ListUsersInput = ListAccountsInput.extend({
  hasSubscription: z.boolean().optional(),
  planCode: planCode.optional(),
  isPastDue: z.boolean().optional(),
})
export type ListUsersInput = z.infer<typeof ListUsersInput>
export const UserListItem = UserView.extend({
  /** The live subscription of the personal account. */
  subscription: SubscriptionSummary.nullable(),
  /** How many organizations the user belongs to. */
  organizations: z.int(),
  identities: z.array(z.enum(['google', 'github'])),
  /** Null if no login is on record: old sessions are deleted. */
  lastLoginAt: z.date().nullable(),
})
export type UserListItem = z.infer<typeof UserListItem>
export const UserPage = pageOf(UserListItem)

const Membership = z.object({
  id: z.uuid(),
  kind,
  name: z.string(),
  role,
  joinedAt: z.date(),
  members: z.int(),
  subscription: SubscriptionSummary.nullable(),
})
export type Membership = z.infer<typeof Membership>

/** The names of the fields that the configuration of this server has. */
const OwnFieldNames = z.object({ publicData: z.array(z.string()), privateData: z.array(z.string()) })

export const UserDetails = UserView.extend({
  privateData: UserPrivateData,
  dataRevision,
  ownFields: OwnFieldNames,
  profile: ProfileView,
  identities: IdentityList,
  subscriptions: z.array(SubscriptionView),
  stripeCustomerId: z.string().nullable(),
  hasPassword: z.boolean(),
  lastLoginAt: z.date().nullable(),
  /** The accounts that the user belongs to, the personal one first. */
  accounts: z.array(Membership),
  /** The open sessions, last used first. */
  sessions: z.array(
    z.object({ id: z.uuid(), createdAt: z.date(), lastUsedAt: z.date(), ip: z.string(), userAgent: z.string() }),
  ),
  mails: z.object({
    /** How many are not sent yet. */
    waiting: z.int(),
    lastSentAt: z.date().nullable(),
    recent: z.array(z.object({ id: z.uuid(), template: z.string(), createdAt: z.date(), sentAt: z.date().nullable() })),
  }),
})
export type UserDetails = z.infer<typeof UserDetails>

export const UserUpdatePreview = z.object({
  /** Why the change would be refused; null if it would be made. */
  refusal: z.enum(['CANNOT_CHANGE_SELF', 'LAST_ADMIN', 'ADMIN_ONLY']).nullable(),
  /** What would change. Empty if everything is like this already. */
  changes: z.array(z.enum(['disable', 'enable', 'make_admin', 'remove_admin', 'verify', 'unverify'])),
  /** Open sessions that would end. */
  sessions: z.int(),
  /** Links in mails that would no longer work. */
  links: z.int(),
  /** Open checkout pages that would expire. */
  checkouts: z.int(),
  /** The personal account's live subscription, and what would become of it. */
  subscription: SubscriptionSummary.extend({
    effect: z.enum(['none', 'ends_with_period', 'ends_now', 'can_be_resumed']),
  }).nullable(),
  /** Organizations that stay as they are, but where this changes who can act. */
  organizations: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      role,
      members: z.int(),
      /** Whether no owner would be left who can log in. */
      losesLastOwner: z.boolean(),
    }),
  ),
  /** Open moves of subscribers that they ordered as an admin. These go on until another admin stops them. */
  moves: z.array(z.object({ id: z.uuid(), from: z.string(), to: z.string() })),
})
export type UserUpdatePreview = z.infer<typeof UserUpdatePreview>

export const EndSessionsResult = z.object({ ended: z.int() })
export const SentResult = z.object({ sent: z.boolean() })

export const ListAllAccountsInput = PageInput.extend({
  /** Any part of the account's name, or of its user's address or username; or an id. */
  search: z.string().trim().max(320, 'is too long').optional(),
  kind: kind.optional(),
  planCode: planCode.optional(),
  /** The status of the live subscription; `none` without one. */
  status: z.enum([...status.exclude(['canceled']).options, 'none']).optional(),
  /** Minimum number of members. */
  minMembers: z.int().min(1, 'must be at least 1').max(1000, 'must be at most 1000').optional(),
  /** Whether it is closed: an organization that was deleted, or the account of a disabled user. */
  isClosed: z.boolean().optional(),
})
export type ListAllAccountsInput = z.infer<typeof ListAllAccountsInput>

const Owner = z.object({ id: z.uuid(), email: z.string(), username: z.string(), isActive: z.boolean() })
export const AccountListItem = z.object({
  id: z.uuid(),
  kind,
  name: z.string(),
  createdAt: z.date(),
  isClosed: z.boolean(),
  /** The longest-standing owner, if possible one who can log in. Null for an organization without owners. */
  owner: Owner.nullable(),
  members: z.int(),
  subscription: SubscriptionSummary.nullable(),
})
export type AccountListItem = z.infer<typeof AccountListItem>
export const AccountPage = pageOf(AccountListItem)

/** Whether an account has access now, and everything that a sentence about it needs. */
export const AccessExplanation = z.object({
  hasAccess: z.boolean(),
  reason: z.enum([...accessReason.options, 'no_subscription', 'user_disabled', 'account_deleted']),
  /** When access ends if nothing changes. */
  until: z.date().nullable(),
  planName: z.string().nullable(),
  provider: SubscriptionView.shape.provider.nullable(),
  status: status.nullable(),
  currentPeriodEnd: z.date().nullable(),
  /** When it is set to end; null if it renews. */
  endsAt: z.date().nullable(),
  pastDueSince: z.date().nullable(),
  /** When the grace period ends or has ended. */
  graceEndsAt: z.date().nullable(),
  pausedFrom: z.date().nullable(),
  pausedUntil: z.date().nullable(),
  endedAt: z.date().nullable(),
  endedBy: z.enum(['upgrade', 'reversal', 'expiry']).nullable(),
})
export type AccessExplanation = z.infer<typeof AccessExplanation>

export const AccountCredit = z.object({
  /** What lowers the next payments. What is added to the next payment instead is negative. */
  credit: z.array(z.object({ currency: z.string(), cents: z.int() })),
})
export type AccountCredit = z.infer<typeof AccountCredit>

const PaymentSummary = z.object({
  currency: z.string(),
  /** What was paid, less what was refunded. */
  netCents: z.int(),
  refundedCents: z.int(),
  paid: z.int(),
  open: z.int(),
  failed: z.int(),
  disputed: z.int(),
  lastPaidAt: z.date().nullable(),
})

export const AccountDetails = AccountListItem.extend({
  publicData: AccountPublicData,
  privateData: AccountPrivateData,
  dataRevision,
  ownFields: OwnFieldNames,
  closedAt: z.date().nullable(),
  access: AccessExplanation,
  seats: z.object({ used: z.int(), included: z.int(), max: z.int().nullable() }).nullable(),
  subscriptions: z.array(SubscriptionView),
  customer: z
    .object({
      provider: z.enum(PROVIDERS),
      providerCustomerId: z.string().nullable(),
      trialUsedAt: z.date().nullable(),
      createdAt: z.date(),
    })
    .nullable(),
  payments: z.array(PaymentSummary),
  owners: z.array(Owner),
  /** The first page of `admin.accounts.members.list`. */
  memberPage: pageOf(MemberView),
  invitations: z.array(InvitationView),
})
export type AccountDetails = z.infer<typeof AccountDetails>

export const ByAccountId = z.object({ id: id.toLowerCase() })
