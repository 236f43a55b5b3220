import * as accounts from '../accounts/accounts.errors.ts'
import * as admin from '../admin/admin.errors.ts'
import * as auth from '../auth/auth.errors.ts'
import * as billing from '../billing/billing.errors.ts'
import * as cards from '../billing/card.errors.ts'
import * as checkout from '../billing/checkout.errors.ts'
import * as discounts from '../billing/discount.errors.ts'
import * as features from '../billing/feature.errors.ts'
import * as planMoves from '../billing/plan-move.errors.ts'
import * as recoveries from '../billing/recovery.errors.ts'
import * as switches from '../billing/switch.errors.ts'
import * as events from '../events/events.errors.ts'
import * as webhooks from '../events/webhooks.errors.ts'
import { DomainError, HTTP_STATUS, type ErrorCode } from '../platform/errors/errors.ts'
import * as general from '../platform/errors/errors.ts'
import * as limits from '../platform/limits/limits.errors.ts'
import * as service from '../service/service.errors.ts'

/** Why a call can be refused, for the client's types and for the table in docs/contract/errors.md. */
export interface Reason {
  readonly reason: string
  readonly code: ErrorCode
  readonly httpStatus: number
  /** When it happens and what to do about it, in Markdown. */
  readonly when: string
}

/** Every module that declares error classes. */
const MODULES: readonly object[] = [
  general,
  limits,
  auth,
  accounts,
  billing,
  cards,
  checkout,
  discounts,
  features,
  planMoves,
  recoveries,
  switches,
  webhooks,
  admin,
  events,
  service,
]

/**
 * Every reason, in alphabetical order.
 *
 * @throws {Error} when a class has no `when`, or when two classes with one reason have different codes.
 */
export function reasons(): Reason[] {
  const all = new Map<string, Reason>()
  for (const value of MODULES.flatMap((module): unknown[] => Object.values(module))) {
    const found = reasonOf(value)
    if (!found) continue
    const known = all.get(found.reason)
    if (known && known.code !== found.code)
      throw new Error(`${found.reason} has two codes: ${known.code} and ${found.code}.`)
    all.set(found.reason, known ? { ...known, when: `${known.when} Or: ${found.when}` } : found)
  }
  return [...all.values()].toSorted((a, b) => (a.reason < b.reason ? -1 : 1))
}

/** @returns undefined for what is no error class. */
function reasonOf(value: unknown): Reason | undefined {
  if (typeof value !== 'function' || value === DomainError || !(value.prototype instanceof DomainError))
    return undefined
  const when: unknown = Reflect.get(value, 'when')
  if (typeof when !== 'string') throw new Error(`${value.name} does not say when it is thrown.`)
  const error: unknown = Reflect.construct(value, [])
  if (!(error instanceof DomainError)) return undefined
  return { reason: error.reason, code: error.code, httpStatus: HTTP_STATUS[error.code], when }
}
