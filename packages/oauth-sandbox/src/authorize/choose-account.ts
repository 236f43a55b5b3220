import type { Account, Accounts, NewAccount, ProviderName } from '../accounts.ts'

/**
 * Finds or makes the account that the form names. What is typed in wins over the list, where something is always chosen.
 *
 * @returns a sentence when the form is not filled in well enough.
 */
export function chooseAccount(accounts: Accounts, provider: ProviderName, form: URLSearchParams): Account | string {
  const typed = (name: string) => (form.get(name) ?? '').trim()
  const [id, login, name, email] = [typed('id'), typed('login'), typed('name'), typed('email')]
  if (id === '' && login === '' && name === '' && email === '') {
    return accounts.find(provider, typed('identity')) ?? 'Choose an account, or describe another one.'
  }

  const emailStatus = typed('email_status') || (email === '' ? 'none' : 'verified')
  if (!isEmailStatus(emailStatus)) return 'The address is verified, unverified or none.'
  if (emailStatus !== 'none' && !/^[^@\s]+@[^@\s]+$/.test(email))
    return 'Give an e-mail address, or say that there is none.'
  if (!/^[\w.-]{0,255}$/.test(id)) return 'An id has letters and digits only.'
  const madeUp = login || email.split('@', 1)[0] || name || id
  const ownLogin = provider === 'github' ? githubLogin(madeUp) : madeUp
  return accounts.put(provider, { ...(id ? { id } : {}), login: ownLogin, name: name || madeUp, email, emailStatus })
}

function isEmailStatus(text: string): text is NewAccount['emailStatus'] {
  return text === 'verified' || text === 'unverified' || text === 'none'
}

/** GitHub's logins have letters, digits and single hyphens, at most 39 signs. */
function githubLogin(text: string): string {
  return (
    text
      .replaceAll(/[^A-Za-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')
      .slice(0, 39) || 'someone'
  )
}
