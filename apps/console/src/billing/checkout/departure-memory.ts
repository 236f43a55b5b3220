interface BegunPurchase {
  code: string
  name: string
  accountId?: string | undefined
}

const keyOf = (sessionId: string) => `tollgate purchase ${sessionId}`

/** Remembers in this tab what a checkout page sells, and to which account. The backend decides what was bought. */
export function rememberPurchase(sessionId: string, { code, name, accountId = '' }: BegunPurchase): void {
  sessionStorage.setItem(keyOf(sessionId), `${code} ${accountId} ${name}`)
}

/** @returns null if the checkout page was opened in another tab. */
export function recallPurchase(sessionId: string): BegunPurchase | null {
  // Codes and ids have no spaces, but a name may.
  const [, code, accountId, name] = /^(\S+) (\S*) (.+)$/.exec(sessionStorage.getItem(keyOf(sessionId)) ?? '') ?? []
  return code && name ? { code, name, accountId: accountId || undefined } : null
}

const LEFT_FROM = 'tollgate left from'

/** Remembers in this tab for which account it went to the payment provider, whose links back don't name one. */
export function rememberDeparture({ accountId }: { accountId: string | undefined }): void {
  sessionStorage.setItem(LEFT_FROM, accountId ?? '')
}

/** @returns null if this tab has not gone to the payment provider. */
export function recallDeparture(): string | null {
  return sessionStorage.getItem(LEFT_FROM) || null
}
