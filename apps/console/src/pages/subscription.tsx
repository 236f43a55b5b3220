import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { trpc } from '../api.ts'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Loading } from '../parts/loading.tsx'
import { Page } from '../parts/page.tsx'
import { Payments } from '../parts/payments.tsx'
import { SubscriptionCard } from '../parts/subscription-card.tsx'
import { VerificationNotice } from '../parts/verification-notice.tsx'
import { useUser } from '../use-user.ts'

export function MySubscription() {
  const user = useUser()
  return (
    <Page title="My subscription">
      {user?.isVerified ? (
        <>
          <Current />
          <h2 className="section-title">Payments</h2>
          <Payments />
        </>
      ) : (
        <VerificationNotice />
      )}
    </Page>
  )
}

function Current() {
  const current = useQuery(trpc.billing.subscriptions.current.queryOptions())
  if (current.isPending) return <Loading />
  if (current.isError) return <LoadFailure error={current.error} retry={() => void current.refetch()} />
  if (current.data) return <SubscriptionCard subscription={current.data} />
  return (
    <section className="card" aria-label="Your plan">
      <p className="lead">You have no subscription.</p>
      <p className="actions">
        <Link className="button" to="/plans">
          See the plans
        </Link>
      </p>
    </section>
  )
}
