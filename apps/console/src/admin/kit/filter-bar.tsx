import { useEffect, useId, useState } from 'react'
import { t } from '../texts/catalogue.ts'
import type { Filters } from './filters.ts'

/** How long to wait after the last key before the list is asked again, in milliseconds. */
const TYPING_PAUSE_MS = 250

/** The filters of a list as fields. In a narrow window, all but the search are behind a button. */
export function FilterBar({ filters }: { filters: Filters }) {
  const [isOpen, setIsOpen] = useState(false)
  const id = useId()
  const names = Object.keys(filters.definitions)
  const search = names.find((name) => filters.definitions[name]?.kind === 'text')
  const others = names.filter((name) => name !== search)
  const set = others.filter((name) => filters.written(name) !== '').length
  return (
    <search className="filters" aria-label={t.kit.filters}>
      {search !== undefined && <FilterField name={search} filters={filters} isSearch />}
      {/* In a narrow window, the others would fill the first screen. */}
      <button
        type="button"
        className="button button-quiet button-small filters-toggle"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setIsOpen(!isOpen)}
      >
        {t.kit.filtersSet(set)}
      </button>
      <div id={id} className="filters-more" data-open={isOpen || undefined}>
        {others.map((name) => (
          <FilterField key={name} name={name} filters={filters} isSearch={false} />
        ))}
      </div>
      {filters.isFiltered && (
        <button type="button" className="button button-quiet button-small" onClick={filters.clear}>
          {t.kit.clearFilters}
        </button>
      )}
    </search>
  )
}

function FilterField({ name, filters, isSearch }: { name: string; filters: Filters; isSearch: boolean }) {
  const id = useId()
  const filter = filters.definitions[name]
  if (!filter) return null
  const written = filters.written(name)
  return (
    <div className={isSearch ? 'filter filter-search' : 'filter'}>
      <label htmlFor={id}>{filter.label}</label>
      {filter.options ? (
        <select id={id} value={written || filter.fallback} onChange={({ target }) => filters.set(name, target.value)}>
          {filter.fallback === undefined && <option value="">{t.kit.any}</option>}
          {filter.options.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      ) : filter.kind === 'day' ? (
        <input id={id} type="date" value={written} onChange={({ target }) => filters.set(name, target.value)} />
      ) : (
        <TextInput id={id} isSearch={isSearch} written={written} onWrite={(next) => filters.set(name, next)} />
      )}
    </div>
  )
}

interface TextInputProps {
  id: string
  isSearch: boolean
  written: string
  onWrite: (written: string) => void
}

/** Shows each key at once, and changes the URL when the user pauses. */
function TextInput({ id, isSearch, written, onWrite }: TextInputProps) {
  const [typed, setTyped] = useState<string | null>(null)

  useEffect(() => {
    if (typed === null) return
    const timer = setTimeout(() => {
      onWrite(typed)
      setTyped(null)
    }, TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [typed, onWrite])

  return (
    <input
      id={id}
      type="search"
      data-search={isSearch || undefined}
      value={typed ?? written}
      onChange={({ target }) => setTyped(target.value)}
    />
  )
}
