import type { Account } from '../state/account.ts'
import { echoed } from './described-params.ts'

type Json = Record<string, unknown>

/** Keeps what a call gave for fields that the sandbox only shows, so that the object has them from now on. */
export function keepEchoes(account: Account, route: string, answer: unknown, accepted: Json): void {
  const fields = Object.fromEntries(echoed(route, accepted))
  if (Object.keys(fields).length === 0 || !isHash(answer) || typeof answer['id'] !== 'string') return
  const { id } = answer
  const kept = account.echoes.find(id)
  if (kept) account.echoes.patch(id, { fields: merged(kept.fields, fields) })
  else account.echoes.insert({ id, fields })
}

/** The same value, in which each object has the fields that were kept for it. */
export function withEchoes<T>(account: Account, value: T): T {
  return account.echoes.size === 0 ? value : (filledIn(account, value) as T)
}

function filledIn(account: Account, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry) => filledIn(account, entry))
  if (!isHash(value)) return value
  const inner = Object.fromEntries(Object.entries(value).map(([name, field]) => [name, filledIn(account, field)]))
  const kept = typeof value['id'] === 'string' ? account.echoes.find(value['id']) : undefined
  return kept ? merged(inner, kept.fields) : inner
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

const isHash = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
