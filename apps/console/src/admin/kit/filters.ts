import { useMemo } from 'react'
import { useSearchParams } from 'react-router'
import { t } from '../texts/catalogue.ts'

interface Option<Value extends string> {
  value: Value
  label: string
}

/** One filter of a list. `read` makes the API's value of what stands in the URL; undefined if that is nothing useful. */
export interface Filter<Value> {
  kind: 'text' | 'choice' | 'day'
  label: string
  options?: readonly Option<string>[]
  read: (written: string) => Value | undefined
}

/** A filter that people type. The first one of a list is its search field. */
export const text = (label: string): Filter<string> => ({
  kind: 'text',
  label,
  read: (written) => written.trim() || undefined,
})

/** A filter with a few values. */
export function choice<Value extends string>(label: string, options: readonly Option<Value>[]): Filter<Value> {
  return { kind: 'choice', label, options, read: (written) => options.find(({ value }) => value === written)?.value }
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

/**
 * A filter for a day in the reader's time zone, `YYYY-MM-DD`.
 *
 * @param edge whether the API gets the day's first moment or its last one.
 */
export const day = (label: string, edge: 'start' | 'end'): Filter<Date> => ({
  kind: 'day',
  label,
  read(written) {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(written)) return undefined
    const moment = new Date(`${written}T${edge === 'start' ? '00:00:00.000' : '23:59:59.999'}`)
    return Number.isNaN(moment.getTime()) ? undefined : moment
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
      ([name, filter]) => [name, filter.read(query.get(name) ?? '')] as const,
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
    isFiltered: Object.keys(values).length > 0,
  }
}
