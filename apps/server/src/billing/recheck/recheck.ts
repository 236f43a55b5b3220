import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '../../platform/database/ids.ts'
import { SECOND } from '../../platform/durations.ts'
import { countingCalls, withTimeBudget, type BillingScope, type CallingScope } from '../billing-scope.ts'
import { PaymentProviderError } from '../billing.errors.ts'
import { JOB_PROVIDER_BUDGET } from '../billing.settings.ts'
import { atEachProvider } from '../upkeep/at-each-provider.ts'
import { isolateFailures } from '../upkeep/isolate-failures.ts'
import { reconcileObject } from '../upkeep/reconcile-object.ts'
import { createCallBudget, type CallBudget } from './call-budget.ts'
import { findChangedDisputes, findChangedInvoices, findChangedRefunds } from './find-changed-payments.ts'
import { findChangedSubscriptions, findUnlistedSubscriptions } from './find-changed-subscriptions.ts'
import {
  holdRecheck,
  isDue,
  newRecheck,
  readRecheck,
  releaseRecheck,
  STEPS,
  storeRecheck,
  type RecheckState,
} from './recheck-state.ts'
import type { Slice } from './slice.ts'

/** How long one job works. Less than a minute, because the next job comes every minute. */
const RUN = 45 * SECOND

type Finder = (scope: CallingScope, state: RecheckState) => Promise<Slice>

const FINDERS: Record<RecheckState['step'], Finder> = {
  subscriptions: findChangedSubscriptions,
  unlisted: findUnlistedSubscriptions,
  invoices: findChangedInvoices,
  refunds: findChangedRefunds,
  disputes: findChangedDisputes,
}

/** A provider without lists has listed nothing, so each live subscription is asked for. */
function finderOf({ capabilities }: CallingScope['billing']['provider'], step: RecheckState['step']): Finder {
  return capabilities.eventLists || step === 'unlisted' ? FINDERS[step] : async () => NOTHING
}

const NOTHING: Slice = { listed: 0, unreadable: [], toAsk: [], next: null }

/**
 * Compares every live subscription and recent payment with the provider, in slices of one page. The provider's lists
 * have a hundred objects a call; only what differs is fetched and converged, one by one, under its customer's lock.
 *
 * This does the next slices, for less than a minute, or nothing if no recheck is due. After each slice its place is
 * stored, so that any process continues there, also after a crash.
 *
 * @param options.stopping ends it after the present slice.
 * @returns the state after the last slice at the first provider; null if nothing was due there, or another process is at
 *   it.
 */
export async function recheck(
  scope: BillingScope,
  { run = RUN, stopping }: { run?: number; stopping?: AbortSignal | undefined } = {},
): Promise<RecheckState | null> {
  if (scope.billing.settings.recheck.every === null) return null
  const end = performance.now() + run
  const [first = null] = await atEachProvider(scope, async (there) => {
    try {
      return await recheckWhile(there, {
        mayBegin: (state) => isTime(there, state),
        mayContinue: () => performance.now() < end && !stopping?.aborted,
      })
    } catch (error) {
      if (!(error instanceof PaymentProviderError && error.isOutage())) throw error
      const provider = there.billing.provider.name
      there.log.warn(
        { err: error, provider },
        'the provider does not answer: the recheck of everything continues later',
      )
      return null
    }
  })
  return first
}

/**
 * Does all of it at once at the scope's provider, for a person who waits: starts over, even if another recheck has not
 * finished. While another process is at it, this waits.
 *
 * @param onSlice is called after each slice.
 * @throws {PaymentProviderError} while the provider is down. What is done so far stays done.
 */
export async function recheckNow(scope: BillingScope, onSlice: (state: RecheckState) => void): Promise<RecheckState> {
  let begun: RecheckState | undefined
  for (;;) {
    const done = await recheckWhile(scope, {
      mayBegin: () => !begun,
      mayContinue(state) {
        begun = state
        onSlice(state)
        return true
      },
    })
    const state = done ?? (begun && (await readRecheck(scope.em, scope.billing.provider.name)))
    if (state && state.finishedAt !== null) return state
    await sleep(SECOND)
  }
}

const isTime = (scope: BillingScope, state: RecheckState | null): boolean =>
  isDue(state, scope.billing.settings.recheck.every, scope.clock.now())

interface Until {
  mayBegin: (state: RecheckState | null) => boolean
  mayContinue: (state: RecheckState) => boolean
}

async function recheckWhile(scope: BillingScope, { mayBegin, mayContinue }: Until): Promise<RecheckState | null> {
  const holder = newId()
  const held = await holdRecheck(scope, holder)
  if (!held) return null
  try {
    let state = mayBegin(held.state)
      ? newRecheck(held.state, scope.clock.now(), await scope.billing.time.now())
      : held.state
    if (state?.finishedAt !== null) return null

    const budget = createCallBudget(scope.billing.settings.recheck.callsPerSecond)
    const counted = countingCalls(scope, () => budget.count())
    for (;;) {
      state = await doSlice(counted, state, { holder, budget })
      if (!(await storeRecheck(scope, holder, state))) return null
      if (state.finishedAt !== null || !mayContinue(state)) return state
      await budget.keepRate()
    }
  } finally {
    await releaseRecheck(scope, holder)
  }
}

interface Work {
  holder: string
  budget: CallBudget
}

async function doSlice(scope: BillingScope, state: RecheckState, { holder, budget }: Work): Promise<RecheckState> {
  const { isolated, failures, conclude } = isolateFailures(scope.log)
  const callsBefore = budget.calls
  const calling = withTimeBudget({ ...scope, em: scope.em.fork() }, JOB_PROVIDER_BUDGET)
  const slice = await finderOf(calling.billing.provider, state.step)(calling, state)
  let corrected = 0
  for (const object of slice.toAsk) {
    await budget.keepRate()
    await holdRecheck(scope, holder)
    const found = await isolated(`${object.kind} ${object.id}`, async () =>
      reconcileObject(scope, await scope.billing.time.now(), object),
    )
    corrected += found?.length ?? 0
  }
  conclude()
  if (slice.unreadable.length > 0) scope.log.error({ objects: slice.unreadable }, 'can not read these objects')

  const next = placeAfter(scope, state, slice)
  if (next.finishedAt !== null) scope.log.info({ recheck: next }, 'recheck of everything done')
  return {
    ...next,
    listed: state.listed + slice.listed,
    asked: state.asked + slice.toAsk.length,
    corrected: state.corrected + corrected,
    failed: state.failed + failures.length + slice.unreadable.length,
    calls: state.calls + budget.calls - callsBefore,
  }
}

function placeAfter({ clock }: BillingScope, state: RecheckState, { next }: Slice): RecheckState {
  if (next) return { ...state, ...next }
  const start = { after: null, before: null, tied: [] }
  const step = STEPS[STEPS.indexOf(state.step) + 1]
  if (step) return { ...state, ...start, step }
  const finishedAt = clock.now().toISOString()
  return { ...state, ...start, finishedAt, lastFinishedAt: finishedAt }
}
