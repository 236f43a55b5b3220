/** Shown only if it takes long enough to wonder. */
export function Loading({ what = 'One moment…' }: { what?: string }) {
  return (
    <p className="loading" role="status">
      {what}
    </p>
  )
}
