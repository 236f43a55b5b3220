import type { Account } from '../state/account.ts'

type Json = Record<string, unknown>

/** The same value, in which each object has the fields that were kept for it. */
export function withEchoes<T>(account: Account, value: T): T {
  return account.echoes.size === 0 ? value : (filledIn(account, value) as T)
}

function filledIn(account: Account, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry) => filledIn(account, entry))
  if (!isHash(value)) return value
  const inner = Object.fromEntries(Object.entries(value).map(([name, field]) => [name, filledIn(account, field)]))
  const whole = value['object'] === 'charge' ? merged(inner, ofPayment(account, value['payment_intent'])) : inner
  const kept = typeof value['id'] === 'string' ? account.echoes.find(value['id']) : undefined
  return kept ? merged(whole, kept.fields) : whole
}

/** What a charge shows because its payment intent does: https://docs.stripe.com/api/charges/object. */
const OF_PAYMENT = [
  'receipt_email',
  'shipping',
  'statement_descriptor',
  'statement_descriptor_suffix',
  'transfer_group',
] as const

function ofPayment(account: Account, intent: unknown): Json {
  const id = isHash(intent) ? intent['id'] : intent
  const fields = (typeof id === 'string' && account.echoes.find(id)?.fields) || {}
  return Object.fromEntries(OF_PAYMENT.flatMap((name) => (Object.hasOwn(fields, name) ? [[name, fields[name]]] : [])))
}

/** The fields of both. A hash is merged with a hash; anything else takes the place of what was there. */
function merged(into: Readonly<Json>, fields: Readonly<Json>): Json {
  const result: Json = { ...into }
  for (const [name, value] of Object.entries(fields)) {
    const present = result[name]
    result[name] = isHash(present) && isHash(value) ? merged(present, value) : value
  }
  return result
}

/** Keeps fields that an object shows from now on, beside those that were kept for it before. */
export function keepFields(account: Account, id: string, fields: Readonly<Json>): void {
  const kept = account.echoes.find(id)
  if (kept) account.echoes.patch(id, { fields: merged(kept.fields, fields) })
  else account.echoes.insert({ id, fields: { ...fields } })
}

const isHash = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
