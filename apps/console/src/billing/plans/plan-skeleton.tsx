import { Skeleton } from '../../parts/skeleton.tsx'
import { t } from '../../texts/catalogue.ts'

/** Three plans that are loading, as large as most plans are. */
export function PlanSkeleton() {
  return (
    <>
      <p className="visually-hidden" role="status">
        {t.plans.loading}
      </p>
      <p className="lead quiet" aria-hidden="true">
        {t.plans.lead}
      </p>
      <ul className="plans" aria-hidden="true">
        {[1, 2, 3].map((card) => (
          <li key={card} className="card plan plan-skeleton">
            <Skeleton lines={6} />
          </li>
        ))}
      </ul>
    </>
  )
}
