import { MRR_KINDS, type MrrKind } from '../src/admin/figures.schemas.ts'
import { addDays } from '../src/admin/figures/day.ts'

const PER_YEAR = { day: 365n, week: 52n, month: 12n, year: 1n } as const
/** Amounts per year are exact to a millionth. */
const MILLION = 1_000_000n

export interface Row {
  id: string
  account_id: string
  status: string
  provider: string
  price: string
  discount: string | null
  included_tax: string | null
  currency: string
  billing_period: 'monthly' | 'yearly'
  interval_unit: keyof typeof PER_YEAR | null
  interval_count: number | null
  plan: string
}

/** What a row pays per year, in millionths. */
export function yearlyOf({
  status,
  price,
  discount,
  included_tax,
  billing_period,
  interval_unit,
  interval_count,
}: Row): bigint {
  if (status !== 'active' && status !== 'past_due') return 0n
  const net = BigInt(price) - BigInt(discount ?? 0) - BigInt(included_tax ?? 0)
  const times = interval_unit ? PER_YEAR[interval_unit] : billing_period === 'yearly' ? 1n : 12n
  return divided(net * times * MILLION, BigInt(interval_count ?? 1))
}

/** Rounded half up. */
const divided = (part: bigint, whole: bigint): bigint => (2n * part + whole) / (2n * whole)
export const perMonth = (yearly: bigint): number => Number(divided(yearly, 12n * MILLION))

/** What each account paid after each day, by currency. */
export class History {
  readonly #days = new Map<string, Map<string, bigint>>()

  note(day: string, rows: readonly Row[]): void {
    const sums = new Map<string, bigint>()
    for (const row of rows) {
      const key = `${row.account_id} ${row.currency}`
      sums.set(key, (sums.get(key) ?? 0n) + yearlyOf(row))
    }
    this.#days.set(day, sums)
  }

  /** What all pay after a day, and how many of them. */
  after(day: string, currency: string): { yearly: bigint; subscribers: number } {
    const paying = [...this.#at(day)].filter(([key, amount]) => key.endsWith(currency) && amount > 0n)
    return { yearly: paying.reduce((sum, [, amount]) => sum + amount, 0n), subscribers: paying.length }
  }

  /** How many accounts changed in each way on a day, and by how much per year. */
  changesOn(day: string, currency: string): Record<MrrKind, { count: number; yearly: bigint }> {
    const changes = Object.fromEntries(MRR_KINDS.map((kind) => [kind, { count: 0, yearly: 0n }])) as Record<
      MrrKind,
      { count: number; yearly: bigint }
    >
    if (!this.#days.has(day)) return changes
    const [before, now] = [this.#at(addDays(day, -1)), this.#at(day)]
    for (const key of new Set([...before.keys(), ...now.keys()])) {
      if (!key.endsWith(currency)) continue
      const [opened, closed] = [before.get(key) ?? 0n, now.get(key) ?? 0n]
      if (opened === closed) continue
      const hadBefore = [...this.#days].some(([past, sums]) => past < day && (sums.get(key) ?? 0n) > 0n)
      const kind =
        opened === 0n
          ? hadBefore
            ? 'reactivation'
            : 'new'
          : closed === 0n
            ? 'churn'
            : closed > opened
              ? 'expansion'
              : 'contraction'
      changes[kind].count += 1
      changes[kind].yearly += closed - opened
    }
    return changes
  }

  #at(day: string): Map<string, bigint> {
    const last = [...this.#days.keys()]
      .filter((known) => known <= day)
      .toSorted()
      .at(-1)
    return this.#days.get(last ?? '') ?? new Map<string, bigint>()
  }
}
