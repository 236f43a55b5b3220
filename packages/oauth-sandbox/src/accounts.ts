import { createHash } from 'node:crypto'

export type ProviderName = 'google' | 'github'

/** Somebody's account at the provider. */
export interface Account {
  readonly provider: ProviderName
  /** What stays the same whatever else changes: Google's `sub`, GitHub's `id`. */
  readonly id: string
  readonly login: string
  readonly name: string
  readonly email: string | null
  readonly emailVerified: boolean
}

/** What the authorize page says of an account that is not on the list. */
export interface NewAccount {
  id?: string
  login: string
  name: string
  email: string
  emailStatus: 'verified' | 'unverified' | 'none'
}

const READY: readonly Account[] = [
  google('100000000000000000001', 'ada', 'Ada Lovelace', 'ada@gmail.example', true),
  google('100000000000000000002', 'alan', 'Alan Turing', 'alan@gmail.example', true),
  google('100000000000000000003', 'eve', 'Eve Unproven', 'eve@gmail.example', false),
  github('1001', 'octo-grace', 'Grace Hopper', 'grace@hub.example', true),
  github('1002', 'octo-linus', 'Linus', null, false),
  github('1003', 'octo-mallory', 'Mallory Unproven', 'mallory@hub.example', false),
]

/** All accounts that the sandbox knows: the ready ones, and those that people made on the authorize page. */
export class Accounts {
  readonly #byKey = new Map<string, Account>(READY.map((account) => [keyOf(account), account]))
  readonly #onChange: () => void

  /** @param known those of an earlier run. */
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
   * Makes an account, or changes the one that has this id: a new login under an old id is a renamed account, an old
   * login under a new id is one that somebody else has taken over. Without an id, the same login is the same account.
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

/** A picture's address that leads nowhere: the sandbox needs no network. */
export function avatarOf({ provider, id }: Account): string {
  return `https://avatars.example/${provider}/${id}.png`
}

function keyOf({ provider, id }: Pick<Account, 'provider' | 'id'>): string {
  return `${provider}:${id}`
}

/** GitHub's ids are numbers, so any other word becomes one: always the same. */
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
