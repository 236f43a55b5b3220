import { isTollgateError, reasonText } from '@tollgate/client'
import { redirect } from 'next/navigation'
import { tollgate } from '../../tollgate/visitor'

/** Works without JavaScript in the browser, too. */
export default async function Login({ searchParams }: { searchParams: Promise<{ error?: string }> }) {
  const { error } = await searchParams
  return (
    <form action={logIn}>
      {error !== undefined && <p role="alert">{reasonText(error)}</p>}
      <input name="email" type="email" autoComplete="username" required aria-label="Email" />
      <input name="password" type="password" autoComplete="current-password" required aria-label="Password" />
      <button>Log in</button>
    </form>
  )
}

async function logIn(form: FormData) {
  'use server'
  const { api } = await tollgate()
  let reason: string | null = null
  try {
    await api.auth.login.mutate({ email: String(form.get('email')), password: String(form.get('password')) })
  } catch (error) {
    reason = isTollgateError(error) ? error.data.reason : 'UNREACHABLE'
  }
  redirect(reason === null ? '/account' : `/login?error=${encodeURIComponent(reason)}`)
}
