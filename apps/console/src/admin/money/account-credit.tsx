import { useQuery } from '@tanstack/react-query'
import { formatMoney } from '@tollgate/client'
import { trpc } from '../../api.ts'
import { t } from '../texts/catalogue.ts'

/** What the account has as credit at the payment provider. Nothing while it has none, or the provider does not answer. */
export function AccountCredit({ accountId }: { accountId: string }) {
  const query = useQuery(trpc.admin.accounts.credit.queryOptions({ id: accountId }, { retry: false }))
  const words = t.money.accountMoney
  return query.data?.credit.map(({ currency, cents }) => (
    <p key={currency}>
      {cents > 0 ? words.credit(formatMoney(cents, currency)) : words.owes(formatMoney(-cents, currency))}
    </p>
  ))
}
