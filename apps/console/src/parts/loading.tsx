/** Stays invisible for a moment, so that quick loads don't flicker. */
export function Loading({ what = 'One moment…' }: { what?: string }) {
  return (
    <p className="loading" role="status">
      {what}
    </p>
  )
}
