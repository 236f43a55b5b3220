import { useQuery } from '@tanstack/react-query'
import { formatMoney } from '@tollgate/client'
import { AccountLink } from '../../accounts/account-link.tsx'
import { useAccountInput } from '../../accounts/use-account.ts'
import { trpc } from '../../api.ts'
import { BusyButton } from '../../parts/busy-button.tsx'
import { Fact } from '../../parts/fact.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Page } from '../../parts/page.tsx'
import { Problem } from '../../parts/problem.tsx'
import { t } from '../../texts/catalogue.ts'
import { formatDay } from '../../words/dates.ts'
import { formatPrice } from '../../words/price.ts'
import type { Subscription } from '../../words/subscription-status.ts'
import { useCheckout } from '../checkout/use-checkout.ts'
import { ChangeProblem } from './change-problem.tsx'

const inCurrency = (name: string, currency: string) => t.changes.switch.plan(name, currency.toUpperCase())

interface SwitchPlanProps {
  from: Subscription
  /** A plan of another provider. */
  to: Subscription['plan']
}

/** Shows when a plan of another provider begins, and what is due; then the user goes on to its checkout page. */
export function SwitchPlan({ from, to }: SwitchPlanProps) {
  const account = useAccountInput()
  const checkout = useCheckout()
  const preview = useQuery({
    ...trpc.billing.subscriptions.previewSwitch.queryOptions({
      ...account,
      planCode: to.code,
      billingPeriod: to.billingPeriod,
      currency: to.currency,
    }),
    gcTime: 0,
  })
  const words = t.changes
  const day = preview.data && formatDay(preview.data.startsAt, from.timeZone)
  return (
    <Page title={words.title} narrow>
      {preview.error && (
        <ChangeProblem error={preview.error} from={from} to={to} retry={() => void preview.refetch()} />
      )}
      {checkout.error && (
        <Notice tone="bad">
          <Problem error={checkout.error} />
        </Notice>
      )}
      {preview.isPending && <Loading what={words.asking} />}
      {preview.data && day && !preview.error && (
        <section className="card" aria-label={words.what}>
          <h2>{words.fromTo(inCurrency(from.plan.name, from.currency), inCurrency(to.name, to.currency))}</h2>
          <p>{words.switch.meaning(day, to.name)}</p>
          <dl className="facts">
            <Fact term={words.dueNow} value={formatMoney(preview.data.dueNowCents, preview.data.currency)} />
            <Fact
              term={words.next}
              value={words.nextValue(formatMoney(preview.data.nextPaymentCents, preview.data.currency), day)}
            />
            <Fact term={words.takesEffect} value={words.onDay(day)} />
            <Fact term={words.price} value={formatPrice(to)} />
          </dl>
          {preview.data.cardCheckCents > 0 && (
            <p className="quiet">
              {words.switch.cardCheck(formatMoney(preview.data.cardCheckCents, preview.data.currency))}
            </p>
          )}
          <p className="actions">
            <BusyButton busy={checkout.isLeaving} onClick={() => checkout.leave({ plan: to, as: 'switch' })}>
              {words.switch.saveCard}
            </BusyButton>
            <AccountLink className="button button-quiet" to="/plans">
              {words.nothing}
            </AccountLink>
          </p>
        </section>
      )}
    </Page>
  )
}
