import type { RouterOutputs } from '@tollgate/client'
import { Link } from 'react-router'
import { Badge } from '../../parts/badge.tsx'
import { formatMoment } from '../../words/dates.ts'
import type { Tone } from '../../words/tone.ts'
import { t } from '../texts/catalogue.ts'
import { targetPath } from './targets.ts'

type Item = RouterOutputs['admin']['attention']['items'][number]

const TONES: Readonly<Record<Item['severity'], Tone>> = { critical: 'bad', warning: 'warning', info: 'calm' }

/** What a person has to look at, the worst first. Each item leads to its rows. */
export function NeedsYou({ items }: { items: readonly Item[] }) {
  return (
    <section className="overview-needs" aria-label={t.overview.needsYou}>
      <h2>{t.overview.needsYou}</h2>
      {items.length === 0 ? (
        <p className="overview-calm">{t.overview.nothing}</p>
      ) : (
        <ul>
          {items.map((item) => (
            <li key={item.kind}>
              <Link to={targetPath(item.target)}>
                <Badge tone={TONES[item.severity]} label={t.overview.severities[item.severity]} />
                <span className="overview-need">{t.overview.attention[item.kind](item.count)}</span>
                <span className="quiet">{whenOf(item)}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function whenOf({ since, due }: Item): string {
  if (due) return t.overview.due(formatMoment(due))
  return since ? t.overview.since(formatMoment(since)) : ''
}
