import type { PlansFile } from '../plans-file.schemas.ts'
import type { PresentPlan } from './compare-plans.ts'

/** What can be allowed, by the form of its names. */
const FORMS = {
  'remove-feature': ['PLAN', 'FEATURE'],
  'lower-limit': ['PLAN', 'FEATURE'],
  'charge-overage': ['PLAN', 'FEATURE'],
  'lower-tier': ['PLAN'],
  'fewer-seats': ['PLAN'],
  retire: ['PLAN'],
} as const

/** For example `lower-limit:PLAN:FEATURE`. */
const KNOWN = Object.entries(FORMS).map(([kind, parts]) => [kind, ...parts].join(':'))

const isKind = (kind: string): kind is keyof typeof FORMS => Object.hasOwn(FORMS, kind)

/**
 * Finds names of `--allow` that allow nothing, whatever the plans are: most are misspelled. What is done already may
 * still be allowed, so that the same command can run again.
 *
 * @returns what is wrong with each, by its name.
 */
export function unknownNames(
  allowed: ReadonlySet<string>,
  file: PlansFile,
  present: readonly PresentPlan[],
): Record<string, string> {
  const plans = new Set([...Object.keys(file.plans), ...present.map(({ code }) => code)])
  const features = new Set([
    ...(file.features ?? []),
    ...Object.values(file.plans).flatMap((plan) => Object.keys(plan.features)),
    ...present.flatMap(({ terms }) => Object.keys(terms.features)),
  ])
  const problemOf = (name: string): string | null => {
    const [kind = '', plan = '', feature, ...rest] = name.split(':')
    if (!isKind(kind) || rest.length > 0 || (feature !== undefined) !== (FORMS[kind].length === 2))
      return `must be one of ${KNOWN.join(', ')}`
    if (!plans.has(plan)) return `names an unknown plan; the plans are ${listed(plans)}`
    // A feature that was removed may be in no plan any more.
    if (feature === undefined || kind === 'remove-feature' || features.has(feature)) return null
    return `names an unknown feature; the features are ${listed(features)}`
  }
  return Object.fromEntries(
    [...allowed].flatMap((name) => {
      const problem = problemOf(name)
      return problem === null ? [] : [[`--allow ${name}`, problem] as const]
    }),
  )
}

const listed = (names: ReadonlySet<string>): string => [...names].toSorted().join(', ') || 'none'
