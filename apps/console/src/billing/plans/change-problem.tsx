import { isTollgateError } from '@tollgate/client'
import { AccountLink } from '../../accounts/account-link.tsx'
import { BusyButton } from '../../parts/busy-button.tsx'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Problem } from '../../parts/problem.tsx'
import { t } from '../../texts/catalogue.ts'
import { formatPrice } from '../../words/price.ts'
import type { Subscription } from '../../words/subscription-status.ts'
import { PortalButton } from '../cards/portal-button.tsx'
import { useCheckout } from '../checkout/use-checkout.ts'
import { ResumeSubscription } from '../subscription/resume-subscription.tsx'

interface ChangeProblemProps {
  error: unknown
  from: Subscription
  to: Subscription['plan']
  retry: () => void
}

/** Explains why a change failed, and offers what the user can do about it. */
export function ChangeProblem({ error, from, to, retry }: ChangeProblemProps) {
  if (!isTollgateError(error)) return <LoadFailure error={error} retry={retry} />
  switch (error.data.reason) {
    case 'PAYMENT_FAILED':
      return (
        <Notice tone="bad">
          <p>
            <Problem error={error} />
          </p>
          <OtherWays from={from} to={to} />
        </Notice>
      )
    case 'PAYMENT_METHOD_REQUIRED':
      return (
        <Notice tone="calm">
          <p>{from.priceCents === 0 ? t.changes.noCard : <Problem error={error} />}</p>
          <OtherWays from={from} to={to} />
        </Notice>
      )
    case 'ALREADY_CANCELING':
      return (
        <Notice tone="calm">
          <p>{t.changes.canceled(from.plan.name)}</p>
          <ResumeSubscription onResumed={retry} />
        </Notice>
      )
    case 'PAYMENT_DUE':
      return (
        <Notice tone="warning">
          <p>
            <Problem error={error} />
          </p>
          <AccountLink className="button button-quiet" to="/subscription">
            {t.changes.seeDue}
          </AccountLink>
        </Notice>
      )
    case 'SEAT_LIMIT':
      return (
        <Notice tone="warning">
          <p>{t.changes.fewSeats(to.name)}</p>
          <AccountLink className="button button-quiet" to="/members">
            {t.changes.seeMembers}
          </AccountLink>
        </Notice>
      )
    case 'CODE_NOT_VALID':
    case 'SAME_PLAN':
    case 'PLAN_NOT_FOUND':
    case 'NO_SUBSCRIPTION':
    case 'CURRENCY_MISMATCH':
    case 'PROVIDER_UNSUPPORTED':
      return (
        <Notice tone="bad">
          <Problem error={error} />
        </Notice>
      )
    default:
      return <LoadFailure error={error} retry={retry} />
  }
}

/** Offers to pay on the checkout page, or to replace the card and try again. */
function OtherWays({ from, to }: { from: Subscription; to: Subscription['plan'] }) {
  const checkout = useCheckout()
  const rest = from.priceCents === 0 ? '' : t.changes.credited(from.plan.name)
  return (
    <>
      <p>{t.changes.byCheckout(to.name, formatPrice(to)) + rest}</p>
      {checkout.error && (
        <p>
          <Problem error={checkout.error} />
        </p>
      )}
      <div className="actions">
        <BusyButton busy={checkout.isLeaving} onClick={() => checkout.leave({ plan: to, as: 'upgrade' })}>
          {t.changes.checkout}
        </BusyButton>
        {from.cardManagement === 'cards' ? (
          <AccountLink className="button button-quiet" to="/subscription/cards">
            {t.billing.manageCards}
          </AccountLink>
        ) : (
          <PortalButton />
        )}
      </div>
    </>
  )
}
