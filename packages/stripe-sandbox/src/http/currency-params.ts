import { isCurrency } from '../money.ts'
import { invalidRequest } from './errors.ts'
import { hashOf } from './more-params.ts'
import { string, type Param } from './params.ts'

/** A currency, in lower case. An unknown one is refused. */
export function currencyCode(): Param<string> {
  const text = string()
  return { read: (value, path) => readCurrency(text.read(value, path), path) }
}

/** Something per currency: `currency_options[eur]`. The keys of the value are in lower case. */
export function byCurrency<T>(of: Param<T>): Param<Record<string, T>> {
  const entries = hashOf(of)
  return {
    ...entries,
    read: (value, path) =>
      Object.fromEntries(
        Object.entries(entries.read(value, path)).map(([code, entry]) => [
          readCurrency(code, `${path}[${code}]`),
          entry,
        ]),
      ),
  }
}

function readCurrency(code: string, param: string): string {
  const lower = code.toLowerCase()
  if (/^[a-z]{3}$/.test(lower) && isCurrency(lower)) return lower
  throw invalidRequest(`Invalid currency: ${code}.`, { param })
}
