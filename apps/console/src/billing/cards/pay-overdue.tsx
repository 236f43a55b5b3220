import { useQueryClient } from '@tanstack/react-query'
import { AccountLink } from '../../accounts/account-link.tsx'
import { useAccountInput } from '../../accounts/use-account.ts'
import { api, trpc } from '../../api.ts'
import { BusyButton } from '../../parts/busy-button.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Problem } from '../../parts/problem.tsx'
import { Support } from '../../parts/support.tsx'
import { t } from '../../texts/catalogue.ts'
import type { Subscription } from '../../words/subscription-status.ts'
import { rememberDeparture } from '../checkout/departure-memory.ts'
import { useDeparture } from '../checkout/use-departure.ts'
import { subscribePath } from '../plans/subscribe-path.ts'

const words = t.cards

/** Opens the provider's page that collects the overdue amount. If there is no such page, it says what to do instead. */
export function PayOverdue({ subscription: { status, plan } }: { subscription: Subscription }) {
  const account = useAccountInput()
  const queryClient = useQueryClient()
  const page = useDeparture(async () => {
    const { url, paysOverdue } = await api.billing.cards.add.mutate({ ...account, paysOverdue: true })
    rememberDeparture(account)
    if (paysOverdue) return url
    // The page would only check the card. What is owed may have been paid meanwhile.
    await queryClient.invalidateQueries(trpc.billing.pathFilter())
    return null
  })
  if (page.isOff) {
    const isOver = status === 'unpaid'
    return (
      <Notice tone="warning">
        <p>
          {words.notPayable} {isOver ? words.orAgain : words.otherWays}
        </p>
        {isOver && <SubscribeAgain plan={plan} />}
        <Support />
      </Notice>
    )
  }
  return (
    <Notice tone="bad">
      <p>{words.payable}</p>
      <p className="actions">
        <BusyButton busy={page.isLeaving} onClick={() => page.leave()}>
          {words.payNow}
        </BusyButton>
      </p>
      {page.error && (
        <p role="alert">
          <Problem error={page.error} />
        </p>
      )}
    </Notice>
  )
}

/** At a provider without a portal, a plan whose payment is given up can be bought again. */
export function SubscribeAgain({ plan }: Pick<Subscription, 'plan'>) {
  return (
    <p className="actions">
      <AccountLink className="button" to={subscribePath(plan.code)}>
        {t.billing.subscribeAgain}
      </AccountLink>
    </p>
  )
}
