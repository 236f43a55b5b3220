import { formatMoney } from '@tollgate/client'
import Link from 'next/link'
import { currentUser, tollgate } from '../tollgate/visitor'

/** Public: the plans, for visitors with and without a session. */
export default async function Home() {
  const { api } = await tollgate()
  const [user, plans] = await Promise.all([currentUser(), api.billing.plans.list.query()])
  return (
    <main>
      <p>{user ? <Link href="/account">Hello, {user.username}</Link> : <Link href="/login">Log in</Link>}</p>
      <ul>
        {plans.map(({ id, name, priceCents, currency }) => (
          <li key={id}>
            {name}: {formatMoney(priceCents, currency)}
          </li>
        ))}
      </ul>
    </main>
  )
}
