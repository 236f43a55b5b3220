import { VerificationNotice } from '../account/verification-notice.tsx'
import { AccountLink } from '../accounts/account-link.tsx'
import { useAccount } from '../accounts/use-account.ts'
import { useSubscription } from '../billing/subscription/use-subscription.ts'
import { useUpcoming } from '../billing/subscription/use-upcoming.ts'
import { Badge } from '../parts/badge.tsx'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Page } from '../parts/page.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'
import { formatDay } from '../words/dates.ts'
import { formatPrice } from '../words/price.ts'
import { mayBill } from '../words/rights.ts'
import { describeStatus, type Subscription, type Upcoming } from '../words/subscription-status.ts'

const words = t.home.own

/** The first page after a login: what the user has, what needs them, and where everything is. */
export function Home() {
  const user = useUser()
  const account = useAccount()
  if (!user || !account) return null
  const isOrganization = account.kind === 'organization'
  return (
    <Page title={isOrganization ? words.helloOf(account.name) : words.hello(user.username)}>
      <VerificationNotice />
      <section className="card home-plan" aria-label={words.yourPlan}>
        {user.isVerified ? <OwnPlan isManaged={mayBill(account.role)} /> : <NoPlan />}
      </section>
      <nav aria-label={words.shortcuts}>
        <ul className="home-links">
          {user.isVerified && <Shortcut to="/subscription" title={words.payments} what={words.paymentsWhat} />}
          {isOrganization ? (
            <Shortcut to="/members" title={words.team} what={words.teamWhat} />
          ) : (
            user.isVerified && (
              <Shortcut to="/organizations/new" title={words.organization} what={words.organizationWhat} />
            )
          )}
          <Shortcut to="/profile" title={words.profile} what={words.profileWhat} />
          <Shortcut to="/sessions" title={words.sessions} what={words.sessionsWhat} />
        </ul>
      </nav>
    </Page>
  )
}

function Shortcut({ to, title, what }: { to: string; title: string; what: string }) {
  return (
    <li>
      <AccountLink className="card home-link" to={to}>
        <strong>{title}</strong>
        <span className="quiet">{what}</span>
      </AccountLink>
    </li>
  )
}

function OwnPlan({ isManaged }: { isManaged: boolean }) {
  const current = useSubscription()
  const upcoming = useUpcoming()
  if (current.isPending) return <Skeleton lines={4} />
  if (current.isError && !current.data) {
    return <LoadFailure error={current.error} retry={() => void current.refetch()} />
  }
  if (!current.data || current.data.accessReason === 'ended') return <NoPlan upcoming={upcoming} />
  return <Present subscription={current.data} upcoming={upcoming} isManaged={isManaged} />
}

interface PresentProps {
  subscription: Subscription
  /** The plan that waits for its end. */
  upcoming: Upcoming | null
  isManaged: boolean
}

function Present({ subscription, upcoming, isManaged }: PresentProps) {
  const { label, tone, meaning } = describeStatus(subscription, upcoming)
  const isDue = ['past_due', 'unpaid'].includes(subscription.status)
  return (
    <>
      <div className="subscription-head">
        <h2>{subscription.plan.name}</h2>
        <Badge tone={tone} label={label} />
      </div>
      <p>{meaning}</p>
      <p className="quiet">{formatPrice(subscription)}</p>
      <p className="actions">
        {isDue && isManaged && <SettleDebt subscription={subscription} />}
        <AccountLink className="button button-quiet" to="/subscription">
          {words.manage}
        </AccountLink>
      </p>
    </>
  )
}

/** The one thing that helps after a failed payment. */
function SettleDebt({ subscription: { recovery, cardManagement } }: Pick<PresentProps, 'subscription'>) {
  if (recovery?.payUrl) {
    return (
      <a className="button" href={recovery.payUrl} target="_blank" rel="noreferrer">
        {recovery.action === 'authenticate' ? words.confirmPayment : t.billing.payInvoice}
      </a>
    )
  }
  if (cardManagement === 'cards' && recovery) {
    return (
      <AccountLink className="button" to="/subscription/cards">
        {recovery.action === 'pay' ? t.billing.payInvoice : t.billing.otherCard}
      </AccountLink>
    )
  }
  return (
    <AccountLink className="button" to="/subscription">
      {words.seeDue}
    </AccountLink>
  )
}

function NoPlan({ upcoming = null }: { upcoming?: Upcoming | null }) {
  return (
    <>
      <h2>{words.noPlanYet}</h2>
      <p className="quiet">
        {upcoming
          ? t.billing.upcoming.alone(formatDay(upcoming.startsAt), upcoming.plan.name, formatPrice(upcoming))
          : words.noPlanWhat}
      </p>
      <p className="actions">
        <AccountLink className="button" to="/plans">
          {words.seePlans}
        </AccountLink>
      </p>
    </>
  )
}
