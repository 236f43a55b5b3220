import type { Source } from './source.ts'
import type { Subject } from './subject.ts'

/**
 * All sources of a timeline, but for the audit log. A person's has what they did, what was sent to them, and the billing
 * of their personal account. An organization's has its own billing and the mails about it.
 */
export function sourcesOf({ id, email, providerCustomerId }: Subject): Source[] {
  return [
    ...(email === null ? ofOrganization(id) : ofPerson(id, email)),
    ...billingOf(id),
    ...(providerCustomerId === null ? [] : [eventsOf(providerCustomerId)]),
    namelessEventsOf(id),
  ]
}

const MAIL = {
  ...{ name: 'mail', kinds: ['mail'], rank: 50, from: 'mails mail', at: 'mail.created_at', key: 'mail.id' },
  facts: `jsonb_build_object('template', mail.template, 'recipient', mail.recipient, 'sentAt', mail.sent_at)`,
} as const satisfies Partial<Source>

const INVITATION = {
  ...{ name: 'invitation', kinds: ['invitation'], rank: 20 },
  ...{ from: 'invitations invitation', at: 'invitation.created_at', key: 'invitation.id' },
  facts: `jsonb_build_object('step', 'received', 'email', invitation.email, 'role', invitation.role,
        'account', (select jsonb_build_object('id', account.id, 'name', account.name)
          from accounts account where account.id = invitation.account_id),
        'actor', (select jsonb_build_object('id', sender.id, 'email', sender.email)
          from users sender where sender.id = invitation.invited_by_id))`,
} as const satisfies Partial<Source>

function ofOrganization(id: string): Source[] {
  return [
    {
      ...{ name: 'organization', kinds: ['sign_up'], rank: 1 },
      ...{ from: 'accounts account', at: 'account.created_at', key: 'account.id' },
      where: { sql: 'account.id = ?', values: [id] },
      facts: `jsonb_build_object('of', 'organization', 'provider', null)`,
    },
    { ...MAIL, where: { sql: 'mail.account_id = ?', values: [id] } },
  ]
}

function ofPerson(id: string, email: string): Source[] {
  return [
    {
      ...{ name: 'user', kinds: ['sign_up'], rank: 1 },
      ...{ from: 'users person', at: 'person.created_at', key: 'person.id' },
      where: { sql: 'person.id = ?', values: [id] },
      facts: `jsonb_build_object('of', 'user', 'provider', person.provider)`,
    },
    {
      ...{ name: 'identity', kinds: ['login_method'], rank: 5 },
      ...{ from: 'identities identity', at: 'identity.linked_at', key: 'identity.id' },
      where: { sql: 'identity.user_id = ?', values: [id] },
      facts: `jsonb_build_object('provider', identity.provider, 'email', identity.email)`,
    },
    {
      ...{ name: 'session', kinds: ['login'], rank: 10 },
      ...{ from: 'sessions session', at: 'session.created_at', key: 'session.id' },
      where: { sql: 'session.user_id = ?', values: [id] },
      facts: `jsonb_build_object('ip', session.ip, 'userAgent', session.user_agent, 'expiresAt', session.expires_at,
        'endedAt', session.ended_at, 'endedReason', session.ended_reason)`,
    },
    // Sent to an address that was theirs, or to their present one before any user had verified it.
    { ...INVITATION, where: { sql: 'invitation.user_id = ?', values: [id] } },
    { ...INVITATION, where: { sql: 'invitation.user_id is null and invitation.email = ?', values: [email] } },
    { ...MAIL, where: { sql: 'mail.user_id = ?', values: [id] } },
    {
      ...MAIL,
      // Of older versions, or sent before anyone had the address. Only an invitation may come before the sign-up.
      where: {
        sql: `mail.user_id is null and mail.recipient = ? and (mail.template = 'invitation'
          or mail.created_at >= (select created_at from users where id = ?))`,
        values: [email, id],
      },
    },
  ]
}

/** The plan and the price that a subscription began with: what its first change of plan has changed. */
const AT_FIRST = `coalesce((select entry.before from audit_entries entry
  where entry.target_id = s.id::text and entry.action = 'subscription.change_plan'
  order by entry.created_at, entry.id limit 1), '{}')`

/** An account has few subscriptions, so their rows are sorted without an index. */
function billingOf(accountId: string): Source[] {
  const subscription = (step: string, rank: number, at: string, condition = 'true', then = `'{}'`): Source => ({
    ...{ name: 'subscription', kinds: ['subscription'], rank },
    ...{ from: 'subscriptions s join plans plan on plan.id = s.plan_id', at, key: 's.id' },
    where: { sql: `s.account_id = ? and ${condition}`, values: [accountId] },
    facts: `jsonb_build_object('step', '${step}', 'planCode', plan.code, 'planName', plan.name, 'formerPlanName', null,
      'provider', s.provider, 'status', s.status, 'priceCents', s.price, 'currency', s.currency,
      'billingPeriod', s.billing_period,
      'endsAt', coalesce(s.ended_at, s.cancel_at, case when s.cancel_at_period_end then s.current_period_end end),
      'endedBy', case when s.superseded_at is not null then 'upgrade' when s.reversed_at is not null then 'reversal'
        when s.swept_at is not null then 'expiry' end) || ${then}`,
  })
  return [
    subscription('started', 31, 's.started_at', 'true', AT_FIRST),
    // Without what ended at once: then the end says it all.
    subscription('cancel_requested', 32, 's.canceled_at', 's.canceled_at is distinct from s.ended_at'),
    subscription('ended', 33, 's.ended_at'),
    {
      ...{ name: 'switch', kinds: ['switch'], rank: 34 },
      from: `upcoming_subscriptions upcoming join plans plan on plan.id = upcoming.plan_id
        left join subscriptions former on former.id = upcoming.replaces_id left join plans old on old.id = former.plan_id`,
      ...{ at: 'upcoming.created_at', key: 'upcoming.id' },
      where: { sql: 'upcoming.account_id = ?', values: [accountId] },
      facts: `jsonb_build_object('planCode', plan.code, 'planName', plan.name, 'formerPlanName', old.name,
        'provider', upcoming.provider, 'status', upcoming.status, 'priceCents', upcoming.price,
        'currency', upcoming.currency, 'billingPeriod', upcoming.billing_period, 'startsAt', upcoming.starts_at,
        'formerId', former.id)`,
    },
    {
      ...{ name: 'payment', kinds: ['payment'], rank: 36 },
      ...{ from: 'payments payment', at: 'payment.created_at', key: 'payment.id' },
      where: { sql: 'payment.account_id = ?', values: [accountId] },
      facts: `jsonb_build_object('amountCents', payment.amount, 'refundedCents', payment.refunded,
        'currency', payment.currency, 'status', payment.status, 'provider', payment.provider,
        'planName', coalesce(payment.plan_name, (select plan.name from subscriptions s
          join plans plan on plan.id = s.plan_id where s.id = payment.subscription_id)))`,
    },
    {
      ...{ name: 'refund', kinds: ['refund'], rank: 37 },
      from: 'refunds refund join payments payment on payment.id = refund.payment_id',
      ...{ at: 'refund.created_at', key: 'refund.id' },
      where: { sql: 'payment.account_id = ?', values: [accountId] },
      facts: `jsonb_build_object('amountCents', refund.amount, 'currency', payment.currency, 'isFull', refund.is_full,
        'status', refund.status, 'paymentId', payment.id)`,
    },
  ]
}

const EVENT = {
  ...{ from: 'provider_events event', at: 'event.received_at', key: 'event.id' },
  facts: `jsonb_build_object('type', event.type, 'status', event.status, 'attempts', event.attempts,
    'lastError', event.last_error)`,
} as const

/** Events that name no customer, such as all of Paymob's: applying them found the account. */
const namelessEventsOf = (accountId: string): Source => ({
  ...{ name: 'event', kinds: ['webhook_event'], rank: 61 },
  ...EVENT,
  where: { sql: 'event.account_id = ?', values: [accountId] },
})

/** The condition is written exactly as in the index `provider_events_customer`. */
const eventsOf = (providerCustomerId: string): Source => ({
  ...{ name: 'event', kinds: ['webhook_event'], rank: 60 },
  ...EVENT,
  where: {
    sql: `left(coalesce(event.payload #>> '{data,object,customer}', event.payload #>> '{data,object,id}'), 255) = ?`,
    values: [providerCustomerId],
  },
})
