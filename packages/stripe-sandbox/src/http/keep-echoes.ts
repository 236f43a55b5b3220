import { keepFields } from '../resources/echoes.ts'
import type { Account } from '../state/account.ts'
import { echoed } from './described-params.ts'

type Json = Record<string, unknown>

/** Keeps what a call gave for fields that the sandbox only shows, so that the object has them from now on. */
export function keepEchoes(account: Account, route: string, answer: unknown, accepted: Json): void {
  const fields = Object.fromEntries(echoed(route, accepted))
  if (Object.keys(fields).length === 0 || !isHash(answer) || typeof answer['id'] !== 'string') return
  keepFields(account, answer['id'], fields)
}

const isHash = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
