import { useQuery } from '@tanstack/react-query'
import type { RouterOutputs } from '@tollgate/client'
import { trpc } from '../../api.ts'
import { Badge } from '../../parts/badge.tsx'
import { BusyButton } from '../../parts/busy-button.tsx'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { Moment } from '../../parts/moment.tsx'
import type { Tone } from '../../words/tone.ts'
import { Section } from '../kit/detail.tsx'
import { t } from '../texts/catalogue.ts'

type Finding = RouterOutputs['admin']['doctor']['findings'][number]
const words = t.system.settings
const TONES: Record<Finding['state'], Tone> = { fine: 'good', odd: 'warning', wrong: 'bad' }
/** The worst comes first. */
const ORDER: Record<Finding['state'], number> = { wrong: 0, odd: 1, fine: 2 }
/** What the worst finding means for all. */
const HEADLINES: Record<Finding['state'], string> = { wrong: words.unhealthy, odd: words.odd, fine: words.healthy }

/** The checks of `doctor`. They run when the page opens, and again when someone asks. */
export function Doctor() {
  const doctor = useQuery({ ...trpc.admin.doctor.queryOptions(), staleTime: Infinity, retry: false })
  const findings = doctor.data?.findings.toSorted((a, b) => ORDER[a.state] - ORDER[b.state])
  return (
    <Section
      title={words.doctor}
      aside={
        <BusyButton quiet busy={doctor.isFetching} onClick={() => void doctor.refetch()}>
          {words.checkAgain}
        </BusyButton>
      }
    >
      {doctor.isError && <LoadFailure error={doctor.error} retry={() => void doctor.refetch()} />}
      <div className="doctor" aria-busy={doctor.isFetching} aria-live="polite">
        {doctor.data ? (
          <p className="quiet">
            {HEADLINES[findings?.[0]?.state ?? 'fine']} {words.checkedAt} <Moment at={doctor.data.checkedAt} />
          </p>
        ) : (
          doctor.isPending && <p className="quiet">{words.checking}</p>
        )}
        <ul>
          {findings?.map(({ about, state, text }) => (
            <li key={`${about} ${text}`}>
              <Badge tone={TONES[state]} label={words.states[state]} />
              <span className="doctor-about">{about}</span>
              <span>{text}</span>
            </li>
          ))}
        </ul>
      </div>
    </Section>
  )
}
