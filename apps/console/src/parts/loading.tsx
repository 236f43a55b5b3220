import { t } from '../texts/catalogue.ts'

/** Stays invisible for a moment, so that quick loads don't flicker. */
export function Loading({ what = t.parts.loading }: { what?: string }) {
  return (
    <p className="loading" role="status">
      {what}
    </p>
  )
}
