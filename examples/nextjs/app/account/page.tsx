import { redirect } from 'next/navigation'
import { currentUser, tollgate } from '../../tollgate/visitor'

/** Only for users: `currentUser` asks the backend, because a visitor can forge cookies. */
export default async function Account() {
  const user = await currentUser()
  if (!user) redirect('/login')
  const { api } = await tollgate()
  const subscription = user.isVerified ? await api.billing.subscriptions.current.query() : null
  return (
    <main>
      <h1>{user.username}</h1>
      <p>Plan: {subscription?.plan.name ?? 'none'}</p>
      <form action={logOut}>
        <button>Log out</button>
      </form>
    </main>
  )
}

async function logOut() {
  'use server'
  const { api } = await tollgate()
  await api.auth.logout.mutate()
  redirect('/')
}
