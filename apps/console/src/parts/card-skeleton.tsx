import { Skeleton } from './skeleton.tsx'

/** A card that is loading. It takes about as much room as the card that follows. */
export function CardSkeleton({ lines }: { lines: number }) {
  return (
    <div className="card">
      <Skeleton lines={lines} />
    </div>
  )
}
