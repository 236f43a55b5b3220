import { AccountLink } from '../../accounts/account-link.tsx'
import { t } from '../../texts/catalogue.ts'
import { isOwed } from '../../words/payment-status.ts'
import type { Subscription } from '../../words/subscription-status.ts'
import { PortalButton } from '../cards/portal-button.tsx'
import { usePayments } from '../payments/use-payments.ts'
import { subscribePath } from '../plans/subscribe-path.ts'
import { CancelSubscription } from './cancel-subscription.tsx'
import { KeepPlan } from './keep-plan.tsx'
import { ResumeSubscription } from './resume-subscription.tsx'

interface SubscriptionActionsProps {
  subscription: Subscription
  /** Whether another plan waits for its end. Then there is nothing to decide about this one. */
  isFollowed: boolean
  /** Called with a short message about what was done. */
  onDone: (what: string) => void
}

/** Everything the user can do with the subscription in its current state. */
export function SubscriptionActions({ subscription, isFollowed, onDone }: SubscriptionActionsProps) {
  const { plan, cardManagement, status, accessReason, cancelAt, cancelAtPeriodEnd, scheduledChange } = subscription
  if (accessReason === 'ended') {
    return (
      <p className="actions">
        <AccountLink className="button" to="/plans">
          {t.billing.seePlans}
        </AccountLink>
      </p>
    )
  }
  if (isFollowed) return null
  const isInDebt = status === 'past_due' || status === 'unpaid' || status === 'pending'
  return (
    <div className="actions">
      {isInDebt && cardManagement === 'portal' && <PayDebt subscription={subscription} />}
      {isInDebt && cardManagement === 'cards' && <OtherCard subscription={subscription} />}
      {cancelAt && <ResumeSubscription onResumed={() => onDone(t.billing.continues)} />}
      {(status === 'active' || status === 'trialing') && !cancelAtPeriodEnd && (
        <AccountLink className="button" to="/plans">
          {t.billing.changePlan}
        </AccountLink>
      )}
      {scheduledChange && <KeepPlan plan={plan} onKept={() => onDone(t.billing.staysOn(plan.name))} />}
      {status !== 'pending' && !cancelAtPeriodEnd && (
        <CancelSubscription subscription={subscription} onCanceled={() => onDone(t.billing.canceled)} />
      )}
    </div>
  )
}

/** Without a portal, another card pays the next attempt. After the last one, a page takes the amount, while one can. */
function OtherCard({ subscription: { status, plan, recovery } }: { subscription: Subscription }) {
  const isPayable = recovery?.action === 'pay'
  return status === 'unpaid' && !isPayable ? (
    <AccountLink className="button" to={subscribePath(plan.code)}>
      {t.billing.subscribeAgain}
    </AccountLink>
  ) : (
    <AccountLink className="button" to="/subscription/cards">
      {isPayable ? t.billing.payInvoice : t.billing.otherCard}
    </AccountLink>
  )
}

/** Two ways to make up for a failed payment: pay the invoice, or add another card for the next attempt. */
function PayDebt({ subscription }: { subscription: Subscription }) {
  const payments = usePayments()
  const owed = payments.data?.find((payment) => isOwed(payment) && payment.subscriptionId === subscription.id)
  return (
    <>
      {owed?.invoiceUrl && (
        <a className="button" href={owed.invoiceUrl} target="_blank" rel="noreferrer">
          {t.billing.payInvoice}
        </a>
      )}
      <PortalButton label={t.billing.otherCard} quiet={Boolean(owed?.invoiceUrl)} />
    </>
  )
}
