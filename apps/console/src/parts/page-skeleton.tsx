import { t } from '../texts/catalogue.ts'
import { Skeleton } from './skeleton.tsx'

/** A page before anything is known about it. */
export function PageSkeleton() {
  return (
    <div className="page page-skeleton">
      <p className="visually-hidden" role="status">
        {t.parts.loading}
      </p>
      <Skeleton className="skeleton-title" />
      <div className="card" aria-hidden="true">
        <Skeleton lines={6} />
      </div>
    </div>
  )
}
