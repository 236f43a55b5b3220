import type { Request } from 'express'
import { Timelines } from './clock/timelines.ts'
import { secretKeyFrom } from './http/auth.ts'
import { publishableKeyOf } from './http/publishable-key.ts'
import { openAccount, type OpenAccount, type Shared } from './open-account.ts'
import { Account } from './state/account.ts'
import { forgetOld } from './state/forget-old.ts'
import { KeyRing } from './state/key-ring.ts'
import type { StateFile } from './state/state-file.ts'

interface Options extends Omit<Shared, 'keys' | 'timelines'> {
  readonly secretKeys: readonly [string, ...string[]]
  readonly file: StateFile | null
}

interface Loaded {
  readonly account: Account
  readonly timelines: Timelines
}

/**
 * The accounts of a sandbox, each with its own objects. A request reaches the one that its secret key opens.
 *
 * The first account of a state file has its tables without a prefix. The tables of the others begin with their id.
 */
export class Accounts {
  readonly keys: KeyRing
  readonly #options: Options
  readonly #shared: Shared
  readonly #loaded = new Map<string, Loaded>()
  readonly #open = new Map<string, OpenAccount>()
  readonly #main: OpenAccount
  #publicUrl = ''

  constructor(options: Options) {
    const { file, secretKeys } = options
    this.#options = options
    const first = new Account()
    this.keys = new KeyRing(first)
    this.#shared = { ...options, keys: this.keys, timelines: [] }
    const timelines = this.#prepare(first, '')
    file?.load((prefix) => this.#load(prefix.slice(0, -1)))
    for (const key of secretKeys) this.keys.add(key)
    first.id = this.keys.all()[0]?.account ?? ''
    this.#loaded.set(first.id, { account: first, timelines })
    for (const { account } of this.#loaded.values()) forgetOld(account)
    this.#main = this.of(this.keys.find(secretKeys[0])?.account ?? first.id)
  }

  /** The account of the first key that the sandbox was started with. */
  get main(): OpenAccount {
    return this.#main
  }

  /** All accounts, also those that no request has reached yet. */
  all(): OpenAccount[] {
    return [...new Set(this.keys.all().map((key) => key.account))].map((id) => this.of(id))
  }

  /** Starts all accounts, once the address of the hosted pages is known. */
  start(publicUrl: string): void {
    this.#publicUrl = publicUrl
    for (const open of this.all()) {
      open.account.publicUrl = publicUrl
      open.start()
    }
  }

  of(id: string): OpenAccount {
    const known = this.#open.get(id)
    if (known) return known
    const { account, timelines } = this.#loaded.get(id) ?? this.#create(id)
    const open = openAccount(account, timelines, this.#shared)
    this.#open.set(id, open)
    return open
  }

  /**
   * The account that answers a request: that of the secret key, or of an object in the path, or `?account=`. Otherwise
   * it is the main one. `pk_test_…` opens the account of the secret key `sk_test_…` that ends alike.
   */
  for(request: Request): OpenAccount {
    const name = publishableKeyOf(request)?.replace('pk_', 'sk_') ?? secretKeyFrom(request.get('authorization'))
    const key = this.keys.find(name ?? '')
    if (key) return this.of(key.account)
    const { account } = request.query
    if (typeof account === 'string' && this.keys.all().some((each) => each.account === account)) return this.of(account)
    const names = request.path.split('/').filter((part) => part !== '')
    return this.all().find((open) => names.some((name) => open.account.knows(name))) ?? this.#main
  }

  #create(id: string): Loaded {
    const [first] = this.#loaded.values()
    const loaded = this.#load(id)
    loaded.account.publicUrl = this.#publicUrl
    if (first && first.account.offset > 0)
      loaded.account.clockOffset.insert({ id: 'offset', seconds: first.account.offset })
    return loaded
  }

  #load(id: string): Loaded {
    const account = new Account(id)
    const loaded = { account, timelines: this.#prepare(account, `${id}/`) }
    this.#loaded.set(id, loaded)
    return loaded
  }

  /** Connects an account without rows to the clock and to the state file. */
  #prepare(account: Account, prefix: string): Timelines {
    const { file, settings } = this.#options
    account.settings = settings
    file?.add(prefix, account.tables())
    if (file) account.journal.onCommit((changes) => file.append(prefix, changes))
    const timelines = new Timelines(account, this.#shared.timelines)
    this.#shared.timelines.push(timelines)
    return timelines
  }
}
