import type { EntityManager } from '@mikro-orm/postgresql'
import { z } from 'zod'
import { after } from '../../platform/clock.ts'
import { newId } from '../../platform/database/ids.ts'
import { MINUTE, SECOND } from '../../platform/durations.ts'
import type { BillingScope } from '../billing-scope.ts'

/** The steps of a recheck, in their order. */
export const STEPS = ['subscriptions', 'unlisted', 'invoices', 'refunds', 'disputes'] as const

const RecheckState = z.object({
  id: z.uuid(),
  /** In wall time. */
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  /** When a recheck last finished: this one, or one before. */
  lastFinishedAt: z.iso.datetime().nullable(),
  /** In billing time: when it started. */
  billingNow: z.iso.datetime(),
  step: z.enum(STEPS),
  /** How far the step has come: an id of the provider's list; in `unlisted`, the id of a row. */
  after: z.string().nullable(),
  /** Of the last subscription of the page before: when the provider created it. */
  before: z.iso.datetime().nullable(),
  /** The subscriptions of earlier pages that were created in that same second. */
  tied: z.array(z.string()),
  /** Number of objects on the provider's lists. */
  listed: z.number(),
  /** Number of objects that differed or were missing, and were fetched one by one. */
  asked: z.number(),
  /** Number of rows that were corrected. */
  corrected: z.number(),
  failed: z.number(),
  /** Number of calls to the provider. */
  calls: z.number(),
})

/** A recheck of everything: how far it has come, and what it has found. */
export type RecheckState = z.infer<typeof RecheckState>

/** How long a process holds the recheck before another one may continue it. */
const HELD_FOR = `interval '${MINUTE / SECOND} seconds'`

/**
 * Takes or keeps the right to do the next slice. Only one process of the deployment has it.
 *
 * @returns null if another process has it, or if the reconciler has never run.
 */
export async function holdRecheck(
  { em, billing }: Pick<BillingScope, 'em' | 'billing'>,
  holder: string,
): Promise<{ state: RecheckState | null } | null> {
  const [row] = await em.execute<{ recheck: unknown }[]>(
    `update provider_cursors set recheck_holder = ?, recheck_held_until = now() + ${HELD_FOR}
     where provider = ? and (recheck_holder = ? or recheck_held_until is null or recheck_held_until < now())
     returning recheck`,
    [holder, billing.provider.name, holder],
  )
  // A state that an older or newer version wrote may have another form. Then a new recheck begins.
  return row ? { state: RecheckState.safeParse(row.recheck).data ?? null } : null
}

/** @returns false if another process holds the recheck by now; then nothing is stored. */
export async function storeRecheck(
  { em, billing }: Pick<BillingScope, 'em' | 'billing'>,
  holder: string,
  state: RecheckState,
): Promise<boolean> {
  const { affectedRows } = await em.execute<{ affectedRows: number }>(
    `update provider_cursors set recheck = ?, recheck_held_until = now() + ${HELD_FOR}
     where provider = ? and recheck_holder = ?`,
    [JSON.stringify(state), billing.provider.name, holder],
    'run',
  )
  return affectedRows > 0
}

/** Lets another process continue at once. */
export async function releaseRecheck(
  { em, billing }: Pick<BillingScope, 'em' | 'billing'>,
  holder: string,
): Promise<void> {
  await em.execute(
    'update provider_cursors set recheck_holder = null, recheck_held_until = null where provider = ? and recheck_holder = ?',
    [billing.provider.name, holder],
  )
}

/** @returns the state of the last recheck, finished or not; null if there was none. */
export async function readRecheck(em: EntityManager, provider: string): Promise<RecheckState | null> {
  const [row] = await em.execute<{ recheck: unknown }[]>('select recheck from provider_cursors where provider = ?', [
    provider,
  ])
  return RecheckState.safeParse(row?.recheck).data ?? null
}

/** Whether it is time for a new recheck. */
export function isDue(state: RecheckState | null, every: number | null, now: Date): boolean {
  if (every === null) return false
  return !state || (state.finishedAt !== null && after(new Date(state.startedAt), every) <= now)
}

export function newRecheck(previous: RecheckState | null, now: Date, billingNow: Date): RecheckState {
  const counts = { listed: 0, asked: 0, corrected: 0, failed: 0, calls: 0 }
  const begin = { step: STEPS[0], after: null, before: null, tied: [] }
  const times = { startedAt: now.toISOString(), billingNow: billingNow.toISOString(), finishedAt: null }
  return { id: newId(), ...times, lastFinishedAt: previous?.lastFinishedAt ?? null, ...begin, ...counts }
}
