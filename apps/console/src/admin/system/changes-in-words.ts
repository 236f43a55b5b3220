import { formatMoney } from '@tollgate/client'
import { formatMoment } from '../../words/dates.ts'
import type { Role } from '../../words/rights.ts'
import { ROLES } from '../../words/role.ts'
import { t } from '../texts/catalogue.ts'

type Values = Readonly<Record<string, unknown>>

export interface ChangeInWords {
  label: string
  /** Null if there was nothing before. */
  before: string | null
  /** Null if there is nothing now. */
  after: string | null
}

const MONEY: ReadonlySet<string> = new Set(['priceCents', 'amountCents', 'refundedCents'])

/** A change in words: only the fields that have a label, with readable values. */
export function changesInWords(before: Values | null, after: Values | null): ChangeInWords[] {
  const currency = textIn(after, 'currency') ?? textIn(before, 'currency')
  const fields = fieldsOf(before, after).filter(([field]) => currency !== null || !MONEY.has(field))
  const changes = fields.map(([field, label]) => {
    const say = (values: Values | null) => (values && field in values ? inWords(field, values[field], currency) : null)
    return { label, before: say(before), after: say(after) }
  })
  return changes.filter(
    (change, index) =>
      change.before !== change.after &&
      // Something new is described without its empty fields.
      !(before === null && change.after === t.audit.none) &&
      // A plan may be recorded both as an object and by its name.
      changes.findIndex(({ label, after }) => label === change.label && after === change.after) === index,
  )
}

const fieldsOf = (before: Values | null, after: Values | null) =>
  Object.entries(t.audit.fields).filter(
    ([field]) => isIn(field, before, after) && !(field === 'planCode' && isIn('planName', before, after)),
  )

const isIn = (field: string, ...sides: readonly (Values | null)[]) => sides.some((values) => values && field in values)

function inWords(field: string, value: unknown, currency: string | null): string {
  if (value === null || value === undefined || value === '') return t.audit.none
  if (typeof value === 'boolean') return value ? t.audit.yes : t.audit.no
  if (typeof value === 'number') return MONEY.has(field) && currency ? formatMoney(value, currency) : String(value)
  if (typeof value === 'string') return textInWords(field, value)
  if (Array.isArray(value)) return value.map((one) => inWords(field, one, currency)).join(', ') || t.audit.none
  return objectInWords(value, currency)
}

function textInWords(field: string, value: string): string {
  if (isMoment(value)) return formatMoment(new Date(value))
  if (field === 'role' && isRole(value)) return ROLES[value].label
  if (field === 'status') return STATUSES[value] ?? spaced(value)
  if (field === 'accessReason') return REASONS[value] ?? spaced(value)
  if (field === 'rule') return t.audit.rules[value] ?? spaced(value)
  if (field === 'template') return spaced(value)
  return value
}

/** A plan, a scheduled change of plan, or a refund. */
function objectInWords(value: object, currency: string | null): string {
  const values: Values = { ...value }
  const name = textIn(values, 'name')
  if (name !== null) return name
  if (typeof values['amountCents'] === 'number' && currency) return formatMoney(values['amountCents'], currency)
  const plan = values['plan']
  const at = textIn(values, 'at')
  if (typeof plan === 'object' && plan !== null && at !== null)
    return t.audit.scheduled(objectInWords(plan, currency), formatMoment(new Date(at)))
  return JSON.stringify(value)
}

const STATUSES: Readonly<Record<string, string>> = {
  ...t.money.plans.statuses,
  ...t.money.payments.statuses,
  ...t.money.statuses,
}
const REASONS: Readonly<Record<string, string>> = t.money.reasons

const textIn = (values: Values | null, name: string): string | null => {
  const value = values?.[name]
  return typeof value === 'string' ? value : null
}
const isRole = (value: string): value is Role => value in ROLES
const spaced = (name: string): string => name.replaceAll(/[-_.]/g, ' ')
const isMoment = (text: string) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) && !Number.isNaN(Date.parse(text))
