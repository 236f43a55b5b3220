import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { trpc } from '../../api.ts'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { formatPrice } from '../../words/price.ts'
import { Section } from '../kit/detail.tsx'
import { t } from '../texts/catalogue.ts'
import { AccountCredit } from './account-credit.tsx'
import { AccessBadge } from './badges.tsx'
import { CancelAct } from './cancel-act.tsx'
import { ChangeAct } from './change-act.tsx'
import { GrantAct } from './grant-act.tsx'
import { whatIsNext } from './money-words.ts'
import { PaymentTable } from './parts.tsx'
import './money.css'

const words = t.money.accountMoney
/** How many of the latest payments show. */
const PAYMENTS = 5

/** An account's money on the pages about people: its subscription, what can be done about it, and its last payments. */
export function AccountMoney({ accountId }: { accountId: string }) {
  const subscriptions = useQuery(trpc.admin.subscriptions.list.queryOptions({ accountId, limit: 1 }))
  const payments = useQuery(trpc.admin.payments.list.queryOptions({ accountId, limit: PAYMENTS }))
  const [latest] = subscriptions.data?.items ?? []
  const isLive = latest !== undefined && latest.status !== 'canceled'
  const failed = [subscriptions, payments].find(({ isError }) => isError)
  return (
    <Section
      title={words.title}
      aside={
        subscriptions.data && (
          <span className="money-acts">
            {isLive && latest.provider !== 'manual' && <ChangeAct subscription={latest} />}
            {isLive ? <CancelAct id={latest.id} /> : <GrantAct accountId={accountId} />}
          </span>
        )
      }
    >
      {failed && <LoadFailure error={failed.error} retry={() => void failed.refetch()} />}
      {subscriptions.data &&
        (latest ? (
          <p className="badges">
            <Link to={`/admin/subscriptions/${latest.id}`}>{latest.plan.name}</Link>
            <AccessBadge {...latest} />
            <span>{formatPrice(latest)}</span>
            <span className="quiet">{whatIsNext(latest)}</span>
          </p>
        ) : (
          <p className="quiet">{words.none}</p>
        ))}
      <AccountCredit accountId={accountId} />
      {payments.data && payments.data.items.length > 0 && (
        <>
          <h3 className="money-subtitle">{words.lastPayments}</h3>
          <PaymentTable caption={words.lastPayments} items={payments.data.items} empty={t.money.payments.empty} />
        </>
      )}
    </Section>
  )
}
