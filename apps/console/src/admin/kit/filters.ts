import { useMemo } from 'react'
import { useSearchParams } from 'react-router'
import { t } from '../texts/catalogue.ts'

interface Option<Value extends string> {
  value: Value
  label: string
}

/** One filter of a list. `read` makes the API's value of what stands in the URL; undefined if that is nothing useful. */
export interface Filter<Value> {
  kind: 'text' | 'code' | 'choice' | 'day'
  label: string
  options?: readonly Option<string>[]
  /** The value that counts while none is chosen; without one, any value does. */
  fallback?: string
  read: (written: string) => Value | undefined
}

/** A filter that people type. The first one of a list is its search field. */
export const text = (label: string): Filter<string> => ({
  kind: 'text',
  label,
  read: (written) => written.trim() || undefined,
})

/** A currency's code, once it is complete. */
export const currency: Filter<string> = {
  kind: 'code',
  label: t.kit.currency,
  read: (written) => (/^[a-z]{3}$/i.test(written.trim()) ? written.trim().toLowerCase() : undefined),
}

/**
 * A filter with a few values.
 *
 * @param fallback the one that counts while none is chosen; without it, any value does.
 */
export function choice<Value extends string>(
  label: string,
  options: readonly Option<Value>[],
  fallback?: Value,
): Filter<Value> {
  return {
    kind: 'choice',
    label,
    options,
    ...(fallback && { fallback }),
    read: (written) => options.find(({ value }) => value === written)?.value,
  }
}

/** A filter that is yes, no, or any. */
export const flag = (label: string): Filter<boolean> => ({
  kind: 'choice',
  label,
  options: [
    { value: 'yes', label: t.kit.yes },
    { value: 'no', label: t.kit.no },
  ],
  read: (written) => (written === 'yes' ? true : written === 'no' ? false : undefined),
})

const DAY_MS = 86_400_000

/**
 * A filter for a day in UTC, `YYYY-MM-DD`: as the figures and files have it, and the same for everyone who opens a link.
 *
 * @param edge what the API gets: the day's first moment, its last one, or the first one after it.
 */
export const day = (label: string, edge: 'start' | 'last' | 'after'): Filter<Date> => ({
  kind: 'day',
  label: t.kit.inUtc(label),
  read(written) {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(written)) return undefined
    const start = Date.parse(`${written}T00:00:00.000Z`)
    if (Number.isNaN(start)) return undefined
    return new Date(start + { start: 0, last: DAY_MS - 1, after: DAY_MS }[edge])
  },
})

export type FilterSet = Readonly<Record<string, Filter<unknown>>>
type Values<Filters extends FilterSet> = {
  [Name in keyof Filters]?: Filters[Name] extends Filter<infer Value> ? Value : never
}

export interface Filters<Definitions extends FilterSet = FilterSet> {
  definitions: Definitions
  /** What the API gets: only the filters that are set. */
  values: Values<Definitions>
  /** What stands in the URL. */
  written: (name: string) => string
  set: (name: string, written: string) => void
  clear: () => void
  isFiltered: boolean
}

/** The filters of a list. They live in the URL, so that a view can be shared, saved and gone back to. */
export function useFilters<Definitions extends FilterSet>(definitions: Definitions): Filters<Definitions> {
  const [query, setQuery] = useSearchParams()
  // The same values for the same URL: they are a query's key.
  const values = useMemo(() => {
    const read = Object.entries(definitions).map(
      ([name, filter]) => [name, filter.read(query.get(name) ?? filter.fallback ?? '')] as const,
    )
    // eslint-disable-next-line typescript/no-unsafe-type-assertion -- each value comes from the filter of its name
    return Object.fromEntries(read.filter(([, value]) => value !== undefined)) as Values<Definitions>
  }, [definitions, query])

  const change = (edit: (next: URLSearchParams) => void) =>
    setQuery(
      (now) => {
        const next = new URLSearchParams(now)
        edit(next)
        return next
      },
      { replace: true, preventScrollReset: true },
    )

  return {
    definitions,
    values,
    written: (name) => query.get(name) ?? '',
    set: (name, written) =>
      change((next) => {
        if (written) next.set(name, written)
        else next.delete(name)
      }),
    clear: () =>
      change((next) => {
        for (const name of Object.keys(definitions)) next.delete(name)
      }),
    isFiltered: Object.keys(values).some((name) => Boolean(query.get(name))),
  }
}
