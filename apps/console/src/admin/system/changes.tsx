import { formatMoment } from '../../words/dates.ts'
import { t } from '../texts/catalogue.ts'

interface ChangesProps {
  before: Readonly<Record<string, unknown>> | null
  after: Readonly<Record<string, unknown>> | null
}

/** What changed, field by field. Of something new or deleted, only what it is or was. */
export function Changes({ before, after }: ChangesProps) {
  const all = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  const names = all.filter((name) => !before || !after || shown(before[name]) !== shown(after[name]))
  if (names.length === 0) return null
  return (
    <dl className="changes">
      {names.map((name) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {before && name in before && <del>{shown(before[name])}</del>}
            {before && after && name in before && name in after && <span aria-hidden="true">→</span>}
            {after && name in after && <ins>{shown(after[name])}</ins>}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return t.system.none
  if (typeof value === 'string') return isMoment(value) ? formatMoment(new Date(value)) : value
  return JSON.stringify(value)
}

const isMoment = (text: string) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) && !Number.isNaN(Date.parse(text))
