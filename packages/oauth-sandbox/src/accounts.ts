import { createHash } from 'node:crypto'

export type ProviderName = 'google' | 'github'

/** A user's account at the provider. */
export interface Account {
  readonly provider: ProviderName
  /** Never changes: Google's `sub`, GitHub's `id`. */
  readonly id: string
  readonly login: string
  readonly name: string
  readonly email: string | null
  readonly emailVerified: boolean
}

/** An account described on the authorize page. */
export interface NewAccount {
  id?: string
  login: string
  name: string
  email: string
  emailStatus: 'verified' | 'unverified' | 'none'
}

const PREDEFINED: readonly Account[] = [
  google('100000000000000000001', 'ada', 'Ada Lovelace', 'ada@gmail.example', true),
  google('100000000000000000002', 'alan', 'Alan Turing', 'alan@gmail.example', true),
  google('100000000000000000003', 'eve', 'Eve Unproven', 'eve@gmail.example', false),
  github('1001', 'octo-grace', 'Grace Hopper', 'grace@hub.example', true),
  github('1002', 'octo-linus', 'Linus', null, false),
  github('1003', 'octo-mallory', 'Mallory Unproven', 'mallory@hub.example', false),
]

/** All accounts of the sandbox: the predefined ones, and those created on the authorize page. */
export class Accounts {
  readonly #byKey = new Map<string, Account>(PREDEFINED.map((account) => [keyOf(account), account]))
  readonly #onChange: () => void

  /** @param known the accounts from an earlier run. */
  constructor(known: readonly Account[], onChange: () => void) {
    for (const account of known) this.#byKey.set(keyOf(account), account)
    this.#onChange = onChange
  }

  all(): Account[] {
    return [...this.#byKey.values()]
  }

  of(provider: ProviderName): Account[] {
    return this.all().filter((account) => account.provider === provider)
  }

  find(provider: ProviderName, id: string): Account | undefined {
    return this.#byKey.get(keyOf({ provider, id }))
  }

  /**
   * Creates an account, or changes the account with this id. A new login with an old id is a renamed account. An old
   * login with a new id is a login that another person has taken over. Without an id, the login identifies the account.
   */
  put(provider: ProviderName, { id, login, name, email, emailStatus }: NewAccount): Account {
    const known = this.of(provider).find((account) => account.login === login)
    const account: Account = {
      provider,
      id: idOf(provider, id) ?? known?.id ?? numberFor(`login ${login}`),
      login,
      name,
      email: emailStatus === 'none' ? null : email,
      emailVerified: emailStatus === 'verified',
    }
    this.#byKey.set(keyOf(account), account)
    this.#onChange()
    return account
  }
}

function keyOf({ provider, id }: Pick<Account, 'provider' | 'id'>): string {
  return `${provider}:${id}`
}

/** GitHub's ids are numbers, so any other id is mapped to a number, always the same one. */
function idOf(provider: ProviderName, id: string | undefined): string | undefined {
  if (id === undefined || provider === 'google' || /^[1-9]\d{0,14}$/.test(id)) return id
  return numberFor(`id ${id}`)
}

function numberFor(text: string): string {
  return String(createHash('sha256').update(text).digest().readUIntBE(0, 6))
}

function google(id: string, login: string, name: string, email: string, emailVerified: boolean): Account {
  return { provider: 'google', id, login, name, email, emailVerified }
}

function github(id: string, login: string, name: string, email: string | null, emailVerified: boolean): Account {
  return { provider: 'github', id, login, name, email, emailVerified }
}
