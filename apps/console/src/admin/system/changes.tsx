import { formatMoment } from '../../words/dates.ts'
import { t } from '../texts/catalogue.ts'
import { changesInWords } from './changes-in-words.ts'

interface ChangesProps {
  before: Readonly<Record<string, unknown>> | null
  after: Readonly<Record<string, unknown>> | null
}

/** What changed, in words, and below it all fields as they are stored. */
export function Changes({ before, after }: ChangesProps) {
  const words = changesInWords(before, after)
  const fields = changedFields({ before, after })
  if (fields.length === 0) return null
  return (
    <div className="changes-cell">
      {words.length > 0 && <ChangeList changes={words.map(({ label, ...change }) => ({ name: label, ...change }))} />}
      <details className="changes-raw">
        <summary>{t.audit.allFields}</summary>
        <ChangeList changes={fields} />
      </details>
    </div>
  )
}

interface Change {
  name: string
  before: string | null
  after: string | null
}

function ChangeList({ changes }: { changes: readonly Change[] }) {
  return (
    <dl className="changes">
      {changes.map(({ name, before, after }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {before !== null && <del>{before}</del>}
            {before !== null && after !== null && <span aria-hidden="true">→</span>}
            {after !== null && <ins>{after}</ins>}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** Field by field. Of something new or deleted, only what it is or was. */
function changedFields({ before, after }: ChangesProps): Change[] {
  const all = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  const names = all.filter((name) => !before || !after || shown(before[name]) !== shown(after[name]))
  return names.map((name) => ({
    name,
    before: before && name in before ? shown(before[name]) : null,
    after: after && name in after ? shown(after[name]) : null,
  }))
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return t.system.none
  if (typeof value === 'string') return isMoment(value) ? formatMoment(new Date(value)) : value
  return JSON.stringify(value)
}

const isMoment = (text: string) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) && !Number.isNaN(Date.parse(text))
