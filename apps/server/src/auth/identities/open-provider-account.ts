import { randomBytes } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import { newId } from '../../platform/database/ids.ts'
import { standInAddress } from '../../platform/reserved-domain.ts'
import type { Scope } from '../../platform/scope.ts'
import { Profile } from '../profile.entity.ts'
import type { ProviderAccount } from '../providers/provider.ts'
import { User } from '../user.entity.ts'

const LONGEST_USERNAME = 32
const SHORTEST_USERNAME = 3

/**
 * Opens an account with a verified address and without a password, for a user of a provider.
 *
 * If a username or a stand-in address is taken, it tries the next one. Another transaction may be taking it at the same
 * time: `on conflict do nothing` waits for that one and inserts nothing. An error would abort our transaction.
 *
 * @param email the verified address; null for a GitHub account without one.
 * @returns null when another account has the verified address.
 */
export async function openProviderAccount(
  em: EntityManager,
  { clock }: Pick<Scope, 'clock'>,
  account: ProviderAccount,
  email: string | null,
): Promise<User | null> {
  const id = newId()
  const now = clock.now()
  for (const address of email === null ? standIns(account) : [email]) {
    for (const username of usernames(account, email)) {
      const inserted = await em.execute<unknown[]>(
        `insert into users (id, email, username, username_key, is_verified, is_active, is_admin, provider, created_at, updated_at)
         values (?, ?, ?, ?, true, true, false, ?, ?, ?) on conflict do nothing returning id`,
        [id, address, username, username.toLowerCase(), account.provider, now, now],
      )
      if (inserted.length > 0) return withProfile(em, id, account, now)
      if ((await em.count(User, { email: address })) > 0) break // the address is taken, not the username
    }
  }
  return null
}

async function withProfile(em: EntityManager, id: string, account: ProviderAccount, updatedAt: Date): Promise<User> {
  const user = await em.findOneOrFail(User, { id })
  const { firstName, lastName, avatarUrl } = account
  em.create(Profile, { user, firstName, lastName, avatarUrl, updatedAt })
  await em.flush()
  return user
}

/** A GitHub login may pass to another person, who then gets the second address. */
function standIns({ login, subject }: ProviderAccount): string[] {
  const name = (login ?? subject).toLowerCase().replaceAll(/[^a-z0-9-]/g, '-')
  return [standInAddress(name), standInAddress(`${name}+${subject}`)]
}

/** Usernames to try: the user's name at the provider without characters we don't allow, then with random suffixes. */
function usernames({ login, firstName, lastName }: ProviderAccount, email: string | null): string[] {
  const wanted = [login, email?.split('@', 1)[0], [firstName, lastName].filter(Boolean).join('.')]
  const base = wanted.map(usernameFrom).find((name) => name.length >= SHORTEST_USERNAME) ?? 'user'
  const numbered = (bytes: number) => {
    const suffix = `-${randomBytes(bytes).toString('hex')}`
    return `${base.slice(0, LONGEST_USERNAME - suffix.length)}${suffix}`
  }
  return [...(base === 'user' ? [] : [base]), numbered(2), numbered(3), numbered(6), numbered(8)]
}

function usernameFrom(text: string | null | undefined): string {
  return (text ?? '')
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9_.-]/g, '')
    .slice(0, LONGEST_USERNAME)
}
