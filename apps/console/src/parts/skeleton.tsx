interface SkeletonProps {
  /** How many lines of text will appear here. */
  lines?: number
  /** Reserves the height of the content, so that the page does not move when it arrives. A CSS class sets it. */
  className?: string
}

/** Gray bars in place of content that is loading. Screen readers hear only `Loading`. */
export function Skeleton({ lines = 1, className }: SkeletonProps) {
  return (
    <span className={className ? `skeleton ${className}` : 'skeleton'} aria-hidden="true">
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className="skeleton-line" />
      ))}
    </span>
  )
}
