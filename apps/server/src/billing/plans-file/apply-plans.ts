import { setTimeout as sleep } from 'node:timers/promises'
import { OPERATOR, recordAudit } from '../../platform/audit/audit.ts'
import { withTimeBudget, type BillingScope } from '../billing-scope.ts'
import type { PlansFile } from '../plans-file.schemas.ts'
import { createPlan } from '../plans/create-plan.ts'
import { retirePlan } from '../plans/retire-plan.ts'
import { updatePlan } from '../plans/update-plan.ts'
import { comparePlans, type Comparison, type PlanStep } from './compare-plans.ts'
import { describeStep } from './describe-step.ts'
import type { Loss } from './losses.ts'
import { readPresent } from './read-present.ts'
import { unknownNames } from './unknown-names.ts'
import { wantedPlans } from './wanted-plans.ts'

interface Options {
  isDryRun: boolean
  /** The names of losses that may happen. */
  allowed: ReadonlySet<string>
  print(line: string): void
}

/**
 * - `invalid`: the file can't be applied, and nothing has changed.
 * - `refused`: it would take something from subscribers that is not allowed. Nothing has changed, unless someone has
 *   subscribed while it ran.
 * - `pending`: it would change something; a dry run.
 */
export type Applied = 'nothing-to-do' | 'applied' | 'pending' | 'invalid' | 'refused'

/**
 * Makes the plans those of a plans file, and prints what it does before it does it.
 *
 * One process at a time applies a file. Each step is a transaction of its own that can be repeated, so after a crash the
 * next run finds the rest to do.
 *
 * @throws {PaymentProviderError} after the steps that succeeded.
 * @throws {RevisionStale} after the steps that succeeded, if an admin has changed a plan meanwhile.
 */
export async function applyPlans(scope: BillingScope, file: PlansFile, options: Options): Promise<Applied> {
  const { plans, problems } = wantedPlans(file, new Set(scope.billing.providers.keys()))
  if (hasProblems(problems, options)) return 'invalid'
  const compare = async (): Promise<Comparison> => {
    const present = await readPresent(scope.em.fork())
    const comparison = comparePlans(plans, present, file.tiers)
    const unknown = unknownNames(options.allowed, file, present)
    return { ...comparison, problems: { ...comparison.problems, ...unknown } }
  }
  if (options.isDryRun) return judge(await compare(), options) ?? 'pending'
  return oneAtATime(scope, async () => {
    const comparison = await compare()
    const verdict = judge(comparison, options)
    if (verdict) return verdict
    for (const step of comparison.steps) {
      // Others may have subscribed since the first comparison: the steps before this one call the providers.
      const present = (await compare()).steps.find((one) => one.kind === step.kind && nameOf(one) === nameOf(step))
      const taken = present?.losses.filter(({ name }) => !options.allowed.has(name)) ?? []
      if (taken.length > 0) {
        options.print(
          `Stopped before ${nameOf(step)}: someone who has just subscribed would lose something. If that is meant, add`,
        )
        options.print(`  ${allowing(taken)}`)
        return 'refused'
      }
      await carryOut(scope, step, file.tiers) // As printed: if an admin has changed the plan meanwhile, it is refused.
      options.print(`Done: ${step.kind} ${nameOf(step)}`)
    }
    return 'applied'
  })
}

/** @returns null if there are steps to carry out. */
function judge({ steps, unchanged, problems }: Comparison, options: Options): Applied | null {
  const { allowed, print } = options
  if (hasProblems(problems, options)) return 'invalid'
  if (steps.length === 0) {
    print('Nothing to do: the plans are those of the file.')
    return 'nothing-to-do'
  }
  for (const step of steps) for (const line of describeStep(step, allowed)) print(line)
  if (unchanged > 0) print(unchanged === 1 ? '= 1 plan stays as it is' : `= ${unchanged} plans stay as they are`)
  const refused = steps.flatMap(({ losses }) => losses.filter(({ name }) => !allowed.has(name)))
  if (refused.length === 0) return null
  print('Nothing has changed: this would take something from subscribers. If that is meant, add')
  print(`  ${allowing(refused)}`)
  return 'refused'
}

const nameOf = (step: PlanStep): string => (step.kind === 'rank' ? step.tier : step.code)
const allowing = (losses: readonly Loss[]): string => losses.map(({ name }) => `--allow ${name}`).join(' ')

function hasProblems(problems: Record<string, string>, { print }: Options): boolean {
  for (const [field, problem] of Object.entries(problems)) print(`${field}: ${problem}`)
  return Object.keys(problems).length > 0
}

async function carryOut(scope: BillingScope, step: PlanStep, ranks: PlansFile['tiers']): Promise<void> {
  const own = { ...scope, em: scope.em.fork() }
  switch (step.kind) {
    case 'rank':
      await own.em.transactional(async (em) => {
        await em.execute('update plans set tier_rank = ? where tier = ?', [step.after, step.tier])
        const { before, after } = step
        const changed = { before: { rank: before }, after: { rank: after } }
        recordAudit({ ...own, em }, OPERATOR, {
          action: 'tier.update',
          targetType: 'tier',
          targetId: step.tier,
          ...changed,
        })
      })
      return
    case 'create': {
      const { code, terms, sold } = step.plan
      await createPlan(
        withTimeBudget(own),
        OPERATOR,
        { ...terms, code, prices: [...sold.offers], seats: sold.seats },
        ranks,
      )
      return
    }
    case 'update': {
      const { id, before, after, changed, isSoldOtherwise } = step
      const { revision } = before // what it takes from subscribers was judged by that
      const terms = Object.fromEntries(changed.map((name) => [name, after.terms[name]]))
      const sold = isSoldOtherwise ? { prices: [...after.sold.offers], seats: after.sold.seats } : {}
      await updatePlan(withTimeBudget(own), OPERATOR, { id, revision, ...terms, ...sold }, ranks)
      return
    }
    case 'retire':
      await retirePlan(withTimeBudget(own), OPERATOR, { id: step.id, revision: step.before.revision })
  }
}

/** The key of the advisory lock: any number that no other lock uses. */
const LOCK = 7_105_219_464
const AGAIN_AFTER = 200

/** Holds an advisory lock in a transaction that does nothing else, however long that takes. It ends with the process. */
async function oneAtATime<T>({ em }: BillingScope, work: () => Promise<T>): Promise<T> {
  return em.fork().transactional(async (em) => {
    await em.execute('set local idle_in_transaction_session_timeout = 0')
    for (;;) {
      const [row] = await em.execute<{ mine: boolean }[]>('select pg_try_advisory_xact_lock(?) as mine', [LOCK])
      if (row?.mine) return work()
      await sleep(AGAIN_AFTER)
    }
  })
}
