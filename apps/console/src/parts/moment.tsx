import { formatDay, formatMoment } from '../words/dates.ts'

/** A moment in the reader's locale and time zone; the exact time shows on hover. */
export function Moment({ at, withTime = true }: { at: Date; withTime?: boolean }) {
  return (
    <time dateTime={at.toISOString()} title={at.toISOString()}>
      {withTime ? formatMoment(at) : formatDay(at)}
    </time>
  )
}
