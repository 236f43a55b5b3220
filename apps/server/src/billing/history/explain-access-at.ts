import type { EntityManager } from '@mikro-orm/postgresql'
import { graceEnd } from '../access/grace-end.ts'
import { plannedEnd } from '../access/planned-end.ts'
import type { BillingScope } from '../billing-scope.ts'
import type { AccessPolicy } from '../billing.settings.ts'
import type { ExplainedCause, Explanation, ToldAccess } from '../explain.schemas.ts'
import { readStates, type State } from './read-states.ts'
import { nextChange, tellAccess, type Told } from './tell-access.ts'

/** How many payments are shown. */
const PAYMENTS = 5

interface Question {
  accountId: string
  /** In billing time: now, unless it is given. */
  at?: Date | undefined
  /** Milliseconds of grace instead of PAST_DUE_GRACE: what would have been. */
  grace?: number | undefined
}

/**
 * Says whether an account had access at a moment, on which facts, and what changed it next. The recorded states decide
 * as the row did then. Leeway and grace are today's settings: earlier ones are not recorded.
 */
export async function explainAccessAt(
  { em, billing }: Pick<BillingScope, 'em' | 'billing'>,
  { accountId, at, grace }: Question,
): Promise<Explanation> {
  const billingNow = await billing.time.now()
  const moment = at ?? billingNow
  const policy = billing.settings
  const states = await readStates(em, accountId)
  const told = tellAccess(states, moment, policy)
  const next = nextChange(states, { at: moment, until: billingNow }, policy)
  const plans = await readPlans(em, states)
  const causes = await readCauses(em, [told.state, next?.told.state ?? null])
  const account = await readAccount(em, accountId)
  const access = (one: Told, by: AccessPolicy): ToldAccess => toldAccess(one, plans, { moment, by })
  return {
    ...{ accountId, at: moment, now: billingNow, closedAt: account.closedAt },
    ...access(told, policy),
    historyFrom: states[0]?.at ?? null,
    since: told.state && sinceOf(told.state, causes),
    next: next && {
      ...{ at: next.at, by: next.by, access: toldAccess(next.told, plans, { moment: next.at, by: policy }) },
      cause: next.by === 'change' && next.told.state ? (causes.get(next.told.state) ?? null) : null,
    },
    whatIf:
      grace === undefined
        ? null
        : access(tellAccess(states, moment, { ...policy, pastDueGrace: grace }), { ...policy, pastDueGrace: grace }),
    payments: await readPayments(em, accountId, moment),
  }
}

interface PlanRow {
  id: string
  code: string
  name: string
  tier: string
}

async function readPlans(em: EntityManager, states: readonly State[]): Promise<Map<string, PlanRow>> {
  const ids = [...new Set(states.map(({ planId }) => planId))]
  const rows = await em.execute<PlanRow[]>('select id, code, name, tier from plans where id = any(?::uuid[])', [
    `{${ids.join(',')}}`,
  ])
  return new Map(rows.map((row) => [row.id, row]))
}

function toldAccess(
  { hasAccess, accessReason, accessUntil, state, isUnknown }: Told,
  plans: ReadonlyMap<string, PlanRow>,
  { moment, by }: { moment: Date; by: AccessPolicy },
): ToldAccess {
  const plan = state && plans.get(state.planId)
  return {
    hasAccess,
    reason: isUnknown ? 'unknown' : state ? accessReason : 'no_subscription',
    until: accessUntil,
    tier: hasAccess ? (plan?.tier ?? 'free') : 'free',
    planCode: hasAccess ? (plan?.code ?? null) : null,
    subscription: state && {
      ...{ id: state.subscriptionId, provider: state.provider, status: state.status, planName: plan?.name ?? '' },
      ...factsOf(state, by),
      isPeriodOver: new Date(state.current_period_end) <= moment,
    },
  }
}

function factsOf(state: State, policy: AccessPolicy) {
  const currentPeriodEnd = new Date(state.current_period_end)
  const pastDueSince = dateOrNull(state.past_due_since)
  const isLate = state.status === 'past_due'
  const end = { cancelAt: dateOrNull(state.cancel_at), cancelAtPeriodEnd: state.cancel_at_period_end, currentPeriodEnd }
  const facts = { currentPeriodEnd, pastDueSince, endsAt: plannedEnd(end) }
  return {
    ...{ ...facts, pausedFrom: dateOrNull(state.paused_from) },
    graceEndsAt: isLate ? graceEnd(facts, policy) : null,
  }
}

const sinceOf = (state: State, causes: ReadonlyMap<State, ExplainedCause>): NonNullable<Explanation['since']> => ({
  ...{ at: state.at, recordedAt: state.recordedAt, isOpenBefore: state.isOpenBefore },
  cause: causes.get(state) ?? null,
})

interface CauseRow {
  id: string
  type: string
  provider_event_id: string
}

/** What made the states: an event with its type, a call with the address of its user, or a job. */
async function readCauses(
  em: EntityManager,
  states: readonly (State | null)[],
): Promise<ReadonlyMap<State, ExplainedCause>> {
  const causes = new Map<State, ExplainedCause>()
  for (const state of states) {
    if (!state?.cause) continue
    const [kind, id = null, userId = null] = state.cause.split(':')
    if (kind === 'event') {
      const [event] = await em.execute<CauseRow[]>(
        'select id, type, provider_event_id from provider_events where id = ?::uuid',
        [id],
      )
      causes.set(state, {
        kind,
        id,
        what: event?.type ?? null,
        providerEventId: event?.provider_event_id ?? null,
        by: null,
      })
    } else if (kind === 'call') {
      const [user] = await em.execute<{ email: string }[]>('select email from users where id = ?::uuid', [userId])
      causes.set(state, { kind, id: userId, what: id, providerEventId: null, by: user?.email ?? null })
    } else if (kind === 'comparison' || kind === 'sweep' || kind === 'upgrade' || kind === 'reversal') {
      causes.set(state, { kind, id: null, what: null, providerEventId: null, by: null })
    }
  }
  return causes
}

async function readAccount(em: EntityManager, accountId: string): Promise<{ closedAt: Date | null }> {
  const [row] = await em.execute<{ closed_at: string | null }[]>('select closed_at from accounts where id = ?', [
    accountId,
  ])
  return { closedAt: dateOrNull(row?.closed_at ?? null) }
}

async function readPayments(em: EntityManager, accountId: string, at: Date): Promise<Explanation['payments']> {
  const rows = await em.execute<
    {
      id: string
      amount: string
      currency: string
      status: string
      invoice_number: string | null
      created_at: string
    }[]
  >(
    `select id, amount::text, currency, status, invoice_number, created_at from payments
     where account_id = ? and created_at <= ? order by created_at desc, id desc limit ?`,
    [accountId, at, PAYMENTS],
  )
  return rows.map(({ id, amount, currency, status, invoice_number, created_at }) => ({
    ...{ id, amountCents: Number(amount), currency, status, invoiceNumber: invoice_number },
    createdAt: new Date(created_at),
  }))
}

const dateOrNull = (moment: string | null): Date | null => (moment === null ? null : new Date(moment))
