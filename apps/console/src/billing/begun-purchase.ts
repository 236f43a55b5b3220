interface BegunPurchase {
  code: string
  name: string
}

const keyOf = (sessionId: string) => `tollgate purchase ${sessionId}`

/** Remembers in this tab which plan a checkout page sells. For wording only: the backend decides what was bought. */
export function rememberPurchase(sessionId: string, { code, name }: BegunPurchase): void {
  sessionStorage.setItem(keyOf(sessionId), `${code} ${name}`)
}

/** @returns null if the checkout page was opened in another tab. */
export function recallPurchase(sessionId: string): BegunPurchase | null {
  // A code has no spaces, but a name may.
  const [, code, name] = /^(\S+) (.+)$/.exec(sessionStorage.getItem(keyOf(sessionId)) ?? '') ?? []
  return code && name ? { code, name } : null
}
