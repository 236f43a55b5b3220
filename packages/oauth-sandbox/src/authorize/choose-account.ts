import type { Account, Accounts, NewAccount, ProviderName } from '../accounts.ts'

/**
 * Finds or creates the account that the form names. Typed fields win over the list, because the list always has a
 * selection.
 *
 * @returns an error message if the form is invalid.
 */
export function chooseAccount(accounts: Accounts, provider: ProviderName, form: URLSearchParams): Account | string {
  const typed = (name: string) => (form.get(name) ?? '').trim()
  const [id, login, name, email] = [typed('id'), typed('login'), typed('name'), typed('email')]
  if (id === '' && login === '' && name === '' && email === '') {
    return accounts.find(provider, typed('identity')) ?? 'Choose an account, or describe another one.'
  }

  const emailStatus = typed('email_status') || (email === '' ? 'none' : 'verified')
  if (!isEmailStatus(emailStatus)) return 'The email_status must be verified, unverified or none.'
  if (emailStatus !== 'none' && !/^[^@\s]+@[^@\s]+$/.test(email))
    return 'Enter an email address, or say that it is missing.'
  if (!/^[\w.-]{0,255}$/.test(id)) return 'An ID may have letters, digits, dots, hyphens and underscores only.'
  const fallback = login || email.split('@', 1)[0] || name || id
  const ownLogin = provider === 'github' ? githubLogin(fallback) : fallback
  return accounts.put(provider, { ...(id ? { id } : {}), login: ownLogin, name: name || fallback, email, emailStatus })
}

function isEmailStatus(text: string): text is NewAccount['emailStatus'] {
  return text === 'verified' || text === 'unverified' || text === 'none'
}

/** GitHub's logins have letters, digits and single hyphens, at most 39 characters. */
function githubLogin(text: string): string {
  return (
    text
      .replaceAll(/[^A-Za-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')
      .slice(0, 39) || 'someone'
  )
}
